#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what the simulator answers, and what it was sent, against the OpenAPI document of the service: conform.py BINARY

With `--journal FILE` it does so with the requests of a journal instead, such as those of another client.
The document is not part of this project: it is read from AKSMESH_CORPUS (default ../shared/data beside the checkout), and where
it is not there nothing is checked and the output says so. Ends with `N passed, N failed`.
"""

import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import AKS, SUBSCRIPTION, Simulator, istio  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VERSION = "2026-06-01"


def document_path():
    corpus = os.environ.get("AKSMESH_CORPUS", os.path.join(os.path.dirname(ROOT), "shared", "data"))
    return os.path.join(corpus, "arm", "managedclusters-mesh.openapi.json")


def same_but_case(jsonschema):
    """The live service changes the case of some values, such as nodeIPConfiguration."""
    def enum(_, allowed, instance, __):
        if str(instance).lower() not in [str(each).lower() for each in allowed]:
            yield jsonschema.ValidationError(f"{instance!r} is not one of {allowed!r}")
    return enum


class Service:
    """The operations of the document, and validators of their bodies."""

    def __init__(self, document, jsonschema):
        self.document = document
        self.validator = jsonschema.validators.extend(jsonschema.Draft4Validator, {"enum": same_but_case(jsonschema)})
        self.paths = []
        for path, methods in document["paths"].items():
            parts = [r"[^/]+" if part.startswith("{") else re.escape(part) for part in path.split("/")]
            self.paths.append((re.compile("/".join(parts) + "$", re.IGNORECASE), methods))

    def operation(self, method, path):
        fitting = [methods[method.lower()] for pattern, methods in self.paths if pattern.match(path) and method.lower() in methods]
        return fitting[0] if fitting else None

    def problems(self, schema, body):
        validator = self.validator({**schema, "definitions": self.document["definitions"]})
        return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(without_nulls(body))]

    def answer_problems(self, method, path, status, body):
        operation = self.operation(method, path)
        if operation is None:
            return [f"the document has no {method} {path}"]
        response = operation["responses"].get(str(status), operation["responses"]["default"])
        if not response.get("schema"):
            return []
        # The container service itself leaves the envelope of an error out.
        if status >= 400 and "error" not in body:
            body = {"error": {**body, "details": body.get("details") or []}}
        # Known deviation of the live service: null where the schema requires a list.
        if path.endswith("/upgradeProfiles/default"):
            body["properties"]["agentPoolProfiles"] = []
        return self.problems(response["schema"], body)

    def body_problems(self, method, path, body):
        operation = self.operation(method, path)
        for parameter in operation["parameters"]:
            if parameter.get("in") == "body":
                return self.problems(parameter["schema"], body)
        return []


def without_nulls(value):
    """The live service says null of some members that are not set (`"config": null`), and clients send that back."""
    if isinstance(value, dict):
        return {key: without_nulls(child) for key, child in value.items() if child is not None}
    if isinstance(value, list):
        return [without_nulls(child) for child in value]
    return value


def exchanges(sim):
    """Requests of every kind; (method, path, status, body) of each."""
    out = []

    def call(method, path, body=None):
        answer = sim.call(method, path, body, VERSION)
        out.append((method, path, answer.status, answer.json if answer.text else None))
        return answer

    here = sim.cluster_path
    for path in (f"{SUBSCRIPTION}{AKS}/managedClusters", f"{SUBSCRIPTION}/resourceGroups/rg-mesh{AKS}/managedClusters",
                 f"{SUBSCRIPTION}{AKS}/locations/westus2/meshRevisionProfiles",
                 f"{SUBSCRIPTION}{AKS}/locations/westus2/meshRevisionProfiles/istio",
                 f"{SUBSCRIPTION}{AKS}/locations/mars/meshRevisionProfiles", here("nope"), here("demo", "nope")):
        call("GET", path)
    for name in ("demo", "mesh", "canary", "osm", "lts", "old"):
        for below in ("", "/meshUpgradeProfiles", "/meshUpgradeProfiles/istio", "/upgradeProfiles/default", "/agentPools",
                      "/maintenanceConfigurations"):
            call("GET", here(name) + below)
        for credential in ("/listClusterUserCredential", "/listClusterAdminCredential"):
            call("POST", here(name) + credential)
    change_meshes(sim, call)
    call("PATCH", here("lts"), {"tags": {"a": "b"}})
    return out


def change_meshes(sim, call):
    def put(name, profile):
        body = sim.get(name, VERSION)
        body["properties"]["serviceMeshProfile"] = profile
        answer = call("PUT", sim.cluster_path(name), body)
        if answer.status == 200:
            sim.poll(answer)
            sim.settled(name)
            call("GET", sim.cluster_path(name))

    put("demo", istio())
    put("demo", istio("asm-1-29", components={"ingressGateways": [{"mode": "External", "enabled": True}],
                                              "egressGateways": [{"name": "e", "enabled": True, "gatewayConfigurationName": "c"}]}))
    put("demo", {"mode": "Disabled"})
    put("mesh", istio("asm-1-28", "asm-1-29"))
    put("mesh", istio("asm-1-29"))
    put("osm", istio())


def read_service():
    """Nothing when the document or the means to read it are not there."""
    try:
        import jsonschema
    except ImportError:
        print("left out: the OpenAPI document, python3-jsonschema is not installed")
        return None
    if not os.path.exists(document_path()):
        print("left out: the OpenAPI document of the service, which is not there")
        return None
    with open(document_path(), encoding="utf-8") as file:
        return Service(json.load(file), jsonschema)


def journal_checks(service, entries):
    return [(f"the body of PUT {entry['path']}", service.body_problems("PUT", entry["path"], entry["body"]))
            for entry in entries if entry.get("method") == "PUT"]


def checks(binary):
    """Pairs of what was checked and what is wrong with it."""
    service = read_service()
    if service is None:
        return []
    out = []
    with Simulator(binary, {"operationSeconds": 0.1, "lagSeconds": 0, "pageSize": 10}) as sim:
        for method, path, status, body in exchanges(sim):
            if body is not None:
                out.append((f"the answer {status} to {method} {path}", service.answer_problems(method, path, status, body)))
        out += journal_checks(service, sim.events("request"))
    return out


def main():
    failures = 0
    if sys.argv[1] == "--journal":
        service = read_service()
        with open(sys.argv[2], encoding="utf-8") as file:
            found = journal_checks(service, json.load(file)) if service else []
    else:
        found = checks(os.path.abspath(sys.argv[1]))
    for what, wrong in found:
        if wrong:
            failures += 1
            print(f"FAILED {what}\n  {wrong[:5]}")
    print(f"{len(found) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
