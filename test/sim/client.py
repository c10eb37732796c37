# SPDX-License-Identifier: Apache-2.0
"""Starts the simulator and talks to it, for the tests written in Python."""

import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import tempfile
import time
import urllib.parse

TENANT = "00000000-0000-0000-0000-00000000aaaa"
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
CLIENT = "00000000-0000-0000-0000-00000000cccc"
AKS = "/providers/Microsoft.ContainerService"
VERSION = "2026-03-01"


def read_json(text):
    """Keeps the spelling of what is no integer, which Python would change; written back by write_json."""
    return json.loads(text, parse_float=lambda number: "\x02" + number)


def write_json(value):
    return re.sub(r'"\\u0002([^"]*)"', r"\1", json.dumps(value))


class Answer:
    def __init__(self, status, headers, text):
        self.status = status
        self.headers = headers
        self.text = text

    @property
    def json(self):
        return read_json(self.text)

    @property
    def code(self):
        """The code of an error, in either form."""
        return self.json.get("error", self.json).get("code")

    @property
    def message(self):
        return self.json.get("error", self.json).get("message")


class Simulator:
    def __init__(self, binary, scenario=None):
        self.folder = tempfile.TemporaryDirectory()
        arguments = [binary, "--directory", self.folder.name]
        if scenario:
            with open(os.path.join(self.folder.name, "scenario.json"), "w", encoding="utf-8") as file:
                json.dump(scenario, file)
            arguments += ["--scenario", file.name]
        self.process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
        self.ready = self.wait_until_ready()
        self.context = ssl.create_default_context(cafile=self.ready["ca"])
        self.port = urllib.parse.urlsplit(self.ready["endpoint"]).port
        self.connection = None
        self.token = None

    def wait_until_ready(self):
        name = os.path.join(self.folder.name, "ready.json")
        for _ in range(200):
            if os.path.exists(name):
                with open(name, encoding="utf-8") as file:
                    return json.load(file)
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError("the simulator did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.ended = self.process.wait(10)
        self.folder.cleanup()

    def raw(self, method, target, body=None, headers=None):
        """One exchange on the kept connection; raises what http.client says of a cut one."""
        if self.connection is None:
            self.connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=30)
        try:
            self.connection.request(method, target, body, headers or {})
            response = self.connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()},
                          response.read().decode())
        except Exception:
            self.connection = None
            raise

    def sign_in(self, tenant=TENANT, **form):
        fields = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": "fake-secret",
                  "scope": "https://management.core.windows.net//.default", **form}
        answer = self.raw("POST", f"/{tenant}/oauth2/v2.0/token", urllib.parse.urlencode(fields),
                          {"Content-Type": "application/x-www-form-urlencoded"})
        if answer.status == 200:
            self.token = answer.json["access_token"]
        return answer

    def call(self, method, path, body=None, version=VERSION, headers=None):
        """A call of Resource Manager, signed in."""
        if self.token is None:
            self.sign_in()
        sent = {"Authorization": "Bearer " + self.token, **(headers or {})}
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = body if isinstance(body, str) else write_json(body)
        query = f"?api-version={version}" if version and "?" not in path else ""
        return self.raw(method, path + query, body, sent)

    def sim(self, method, path, body=None):
        answer = self.raw(method, "/sim/" + path, None if body is None else json.dumps(body))
        return answer.json

    def cluster_path(self, name, group="rg-mesh"):
        return f"{SUBSCRIPTION}/resourceGroups/{group}{AKS}/managedClusters/{name}"

    def get(self, name, version=VERSION):
        return self.call("GET", self.cluster_path(name), version=version).json

    def put(self, name, profile, version=VERSION, headers=None):
        """Changes the mesh of a cluster by sending the whole body back, as clients do."""
        body = self.get(name, version)
        for key in ("id", "name", "type", "systemData", "eTag"):
            body.pop(key)
        body["properties"]["serviceMeshProfile"] = profile
        return self.call("PUT", self.cluster_path(name), body, version, headers)

    def poll(self, answer):
        """Follows the operation of an answer to its end; all its statuses."""
        link = urllib.parse.urlsplit(answer.headers["azure-asyncoperation"])
        seen = []
        for _ in range(500):
            status = self.call("GET", f"{link.path}?{link.query}").json
            seen.append(status["status"])
            if seen[-1] in ("Succeeded", "Failed", "Canceled"):
                return seen, status
            time.sleep(0.02)
        raise RuntimeError("the operation does not end")

    def settled(self, name):
        """The cluster once its state is final."""
        for _ in range(500):
            body = self.get(name)
            if body["properties"]["provisioningState"] in ("Succeeded", "Failed", "Canceled"):
                return body
            time.sleep(0.02)
        raise RuntimeError("the cluster does not settle")

    def change(self, name, profile, **options):
        """A change that is taken, to its end."""
        answer = self.put(name, profile, **options)
        if answer.status != 200:
            raise RuntimeError(answer.text)
        self.poll(answer)
        return self.settled(name)

    def events(self, kind):
        return [entry for entry in self.sim("GET", "journal") if entry["event"] == kind]


def istio(*revisions, **members):
    profile = {"mode": "Istio", "istio": dict(members)}
    if revisions:
        profile["istio"]["revisions"] = list(revisions)
    return profile
