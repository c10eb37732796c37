#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries the simulator of Azure: run.py BINARY. Ends with `N passed, N failed`."""

import base64
import hashlib
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import conform  # noqa: E402
from client import AKS, CLIENT, SUBSCRIPTION, TENANT, Simulator, istio  # noqa: E402

FAST = {"operationSeconds": 0.3, "lagSeconds": 0.1}
VAULT = f"{SUBSCRIPTION}/resourceGroups/rg-mesh/providers/Microsoft.KeyVault/vaults/kv"
PLUGIN = {"keyVaultId": VAULT, "certObjectName": "a", "keyObjectName": "b", "rootCertObjectName": "c", "certChainObjectName": "d"}

passed = 0
failed = 0


def check(what, wrong):
    """Counts one check; `wrong` says what is wrong, empty when all is well."""
    global passed, failed
    if not wrong:
        passed += 1
        return
    failed += 1
    print(f"FAILED {what}\n  {str(wrong)[:600]}")


def same(what, found, wanted):
    check(what, "" if found == wanted else f"{found!r} is not {wanted!r}")


def refused(what, answer, status, code, words=""):
    same(what, (answer.status, answer.code), (status, code))
    check(what + ", words", "" if words in answer.message else answer.text)


def sign_in(sim):
    same("a token", sim.sign_in().status, 200)
    wrong = sim.sign_in(client_secret="wrong")
    same("a wrong secret", (wrong.status, wrong.json["error_codes"]), (401, [7000215]))
    same("an unknown client", sim.sign_in(client_id="x").json["error_codes"], [700016])
    same("an unknown tenant", sim.sign_in(tenant="00000000-0000-0000-0000-000000000001").json["error_codes"], [90002])
    same("no token", sim.raw("GET", "/subscriptions?api-version=2022-12-01").code, "AuthenticationFailed")
    same("any token", sim.raw("GET", "/subscriptions?api-version=2022-12-01", headers={"Authorization": "Bearer x"}).code,
         "InvalidAuthenticationToken")
    sim.sign_in(scope="https://vault.azure.net/.default")
    same("a token for something else", sim.call("GET", "/subscriptions", version="2022-12-01").status, 401)
    sim.token = None
    imds = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/"
    same("IMDS", sim.raw("GET", imds, headers={"Metadata": "true"}).json["token_type"], "Bearer")
    same("IMDS without its header", sim.raw("GET", imds).status, 400)
    same("IMDS, an unknown identity", sim.raw("GET", imds + "&client_id=x", headers={"Metadata": "true"}).status, 400)
    app_service = "/msi/token?api-version=2019-08-01&resource=https://management.azure.com/"
    same("App Service", sim.raw("GET", app_service, headers={"X-IDENTITY-HEADER": "h"}).status, 200)
    device_code(sim)


def device_code(sim):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    code = sim.raw("POST", f"/{TENANT}/oauth2/v2.0/devicecode", "client_id=x&scope=y", form).json["device_code"]
    asked = f"grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code={code}"
    first = sim.raw("POST", f"/{TENANT}/oauth2/v2.0/token", asked, form)
    same("a device code, waiting", first.json["error"], "authorization_pending")
    second = sim.raw("POST", f"/{TENANT}/oauth2/v2.0/token", asked, form).json
    refreshed = sim.raw("POST", f"/{TENANT}/oauth2/v2.0/token",
                        f"grant_type=refresh_token&refresh_token={second['refresh_token']}"
                        "&scope=https://management.azure.com/.default", form)
    same("a refreshed token", refreshed.status, 200)


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed_in_with_certificate(binary):
    """A client assertion is verified with the certificate of the scenario."""
    if not shutil.which("openssl"):
        print("left out: client assertions, openssl is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        key, pem = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=sp", "-days", "2",
                        "-keyout", key, "-out", pem], check=True, capture_output=True)
        digest = subprocess.run(["openssl", "x509", "-in", pem, "-outform", "DER"], check=True, capture_output=True).stdout
        with open(pem, encoding="utf-8") as file:
            certificate = file.read()
        with Simulator(binary, {"certificate": certificate}) as sim:
            header = {"alg": "RS256", "typ": "JWT", "x5t": encoded(hashlib.sha1(digest).digest())}
            claims = {"aud": f"{sim.ready['endpoint']}/{TENANT}/oauth2/v2.0/token", "iss": CLIENT, "sub": CLIENT, "jti": "1",
                      "exp": int(time.time()) + 600}

            def attempt(**changed):
                text = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps({**claims, **changed}).encode())}"
                signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text.encode(), check=True,
                                           capture_output=True).stdout
                form = {"client_assertion": f"{text}.{encoded(signature)}"}
                answer = sim.sign_in(**form)
                forged = sim.sign_in(client_assertion=f"{text}.{encoded(signature[:-1] + b'x')}")
                return answer.json.get("error_codes", answer.status), forged.status

            same("an assertion, and a forged one", attempt(), (200, 401))
            same("an assertion that is too old", attempt(exp=1)[0], [700024])
            same("an assertion for another endpoint", attempt(aud="https://x")[0], [700023])


def reads(sim):
    same("subscriptions", len(sim.call("GET", "/subscriptions", version="2022-12-01").json["value"]), 1)
    page = sim.call("GET", f"{SUBSCRIPTION}{AKS}/managedClusters").json
    names = [each["name"] for each in page["value"]]
    rest = sim.call("GET", page["nextLink"].split(str(sim.port), 1)[1]).json
    names += [each["name"] for each in rest["value"]]
    same("the list, in two pages", (names, "nextLink" in rest), (["demo", "mesh", "canary", "osm", "lts", "old"], False))
    refused("no api-version", sim.call("GET", sim.cluster_path("demo"), version=""), 400, "MissingApiVersionParameter")
    refused("another api-version", sim.call("GET", sim.cluster_path("demo"), version="2024-01-01"), 400, "InvalidApiVersionParameter")
    refused("a missing cluster", sim.call("GET", sim.cluster_path("nope")), 404, "ResourceNotFound")
    refused("a missing group", sim.call("GET", sim.cluster_path("demo", "nope")), 404, "ResourceGroupNotFound")
    refused("a missing subscription", sim.call("GET", "/subscriptions/x/providers/Microsoft.ContainerService/managedClusters"),
            404, "SubscriptionNotFound")
    same("paths without case", sim.call("GET", sim.cluster_path("DEMO", "RG-mesh").replace("resourceGroups", "RESOURCEGROUPS")).status, 200)
    revisions = sim.call("GET", f"{SUBSCRIPTION}{AKS}/locations/westus2/meshRevisionProfiles").json
    same("revisions", [each["revision"] for each in revisions["value"][0]["properties"]["meshRevisions"]],
         ["asm-1-28", "asm-1-29", "asm-1-30"])
    refused("a region that is none", sim.call("GET", f"{SUBSCRIPTION}{AKS}/locations/mars/meshRevisionProfiles"), 400,
            "NoRegisteredProviderFound", "for location 'mars'")

    def targets(name):
        answer = sim.call("GET", sim.cluster_path(name) + "/meshUpgradeProfiles").json
        return [item["properties"].get("upgrades") for item in answer["value"]]

    same("upgrades", [targets("mesh"), targets("old"), targets("lts"), targets("demo")],
         [[["asm-1-29", "asm-1-30"]], [["asm-1-28"]], [None], []])
    refused("upgrades during one", sim.call("GET", sim.cluster_path("canary") + "/meshUpgradeProfiles/istio"), 400, "BadRequest",
            "Mesh upgrade is in progress")
    credential = sim.call("POST", sim.cluster_path("demo") + "/listClusterUserCredential").json["kubeconfigs"][0]
    check("a kubeconfig", "" if b"current-context: demo" in base64.b64decode(credential["value"]) else credential)
    sim.sim("POST", "change", {"cluster": "demo", "path": "properties.disableLocalAccounts", "value": True})
    refused("no static credential", sim.call("POST", sim.cluster_path("demo") + "/listClusterAdminCredential"), 400, "BadRequest")


def lifecycle(sim):
    before = sim.get("demo")
    answer = sim.put("demo", istio())
    same("enabling", (answer.status, answer.json["properties"]["provisioningState"]), (200, "Updating"))
    check("a long link", "" if len(answer.headers["azure-asyncoperation"]) > 3000 else answer.headers)
    check("no Retry-After", answer.headers.get("retry-after"))
    refused("a second change meanwhile", sim.put("demo", istio()), 409, "OperationNotAllowed", "in progress update managed cluster")
    words, last = sim.poll(answer)
    check("odd words on the way", "" if {"InProgress", "ReconcilingDNS", "ReconcilingAddons"} <= set(words) else words)
    same("the end", last["status"], "Succeeded")
    same("still updating when it succeeded", sim.get("demo")["properties"]["provisioningState"], "Updating")
    after = sim.settled("demo")
    same("the mesh", after["properties"]["serviceMeshProfile"], {"mode": "Istio", "istio": {"components": {}, "revisions": ["asm-1-29"]}})
    check("another ETag", "" if after["eTag"] != before["eTag"] else after["eTag"])
    same("what no one knows is kept", after["properties"]["futureProfile"], before["properties"]["futureProfile"])
    text = sim.call("GET", sim.cluster_path("demo")).text
    check("numbers as they were written", [n for n in ("1.0e2", "9007199254740993", "2.50", "1E-7") if f": {n}," not in text])
    gateway = {"ingressGateways": [{"mode": "External", "enabled": True}]}
    same("a gateway", sim.change("demo", istio("asm-1-29", components=gateway))["properties"]["serviceMeshProfile"]["istio"]["components"],
         gateway)
    kept = sim.change("demo", istio(components=gateway))["properties"]["serviceMeshProfile"]["istio"]["revisions"]
    same("an empty list of revisions keeps them", kept, ["asm-1-29"])
    disabled = sim.change("demo", {**istio("asm-1-29"), "mode": "Disabled"})
    same("disabled", disabled["properties"]["serviceMeshProfile"], {"mode": "Disabled"})


def upgrades(sim):
    def revisions(*names):
        return sim.change("mesh", istio(*names))["properties"]["serviceMeshProfile"]["istio"]["revisions"]

    same("start", revisions("asm-1-28", "asm-1-29"), ["asm-1-28", "asm-1-29"])
    refused("a third", sim.put("mesh", istio("asm-1-28", "asm-1-29", "asm-1-30")), 400, "BadRequest",
            "Request exceeds maximum allowed number of revisions (2)")
    refused("another target in between", sim.put("mesh", istio("asm-1-28", "asm-1-30")), 400, "BadRequest", "Mesh upgrade is in progress")
    same("rollback", revisions("asm-1-28"), ["asm-1-28"])
    same("start, skipping one", revisions("asm-1-28", "asm-1-30"), ["asm-1-28", "asm-1-30"])
    same("complete", revisions("asm-1-30"), ["asm-1-30"])
    refused("back", sim.put("mesh", istio("asm-1-30", "asm-1-28")), 400, "BadRequest", "is not an upgrade of asm-1-30")
    refused("the same twice", sim.put("mesh", istio("asm-1-30", "asm-1-30")), 400, "BadRequest", "more than once")
    refused("a switch in one step", sim.put("lts", istio("asm-1-29")), 400, "BadRequest")
    refused("a revision that does not fit", sim.put("lts", istio("asm-1-28", "asm-1-29")), 400, "BadRequest",
            "Service mesh revision asm-1-29 is not compatible with cluster version 1.30.14.")
    refused("a revision that is not offered", sim.put("demo", istio("asm-1-17")), 400, "BadRequest",
            "Reason: Revision asm-1-17 is not supported by the service mesh add-on.")
    refused("two revisions at once", sim.put("demo", istio("asm-1-28", "asm-1-29")), 400, "BadRequest")
    old = sim.change("old", istio("asm-1-26", components={"ingressGateways": [{"mode": "Internal", "enabled": True}]}))
    same("a change beside an old revision", old["properties"]["serviceMeshProfile"]["istio"]["revisions"], ["asm-1-26"])
    sim.change("old", {"mode": "Disabled"})
    refused("a stale revision", sim.put("old", istio("asm-1-26")), 400, "BadRequest", "asm-1-26 is not supported")


def rules(sim):
    def components(**members):
        return istio(components=members)

    gateway = {"mode": "External", "enabled": True}
    cases = [
        ("demo", {"istio": {}}, "Missing service mesh mode: "),
        ("demo", {"mode": "Istio"}, "Istio profile is missing even though Service Mesh mode is Istio"),
        ("osm", istio(), "Istio based Azure service mesh is incompatible with feature openServiceMesh"),
        ("demo", components(ingressGateways=[{"mode": "Public", "enabled": True}]), "Invalid istio ingress mode: Public"),
        ("demo", components(ingressGateways=[gateway, gateway]),
         "Too many ingresses for type: External. Only 1 ingress gateway are allowed"),
        ("demo", components(egressGateways=[{"enabled": True}]), "name must not be empty"),
        ("demo", components(egressGateways=[{"enabled": True, "name": "e"}]), "gatewayConfigurationName"),
        ("demo", components(proxyRedirectionMechanism="x"), "Invalid proxy redirection mechanism"),
        ("demo", istio(certificateAuthority={"plugin": {"keyVaultId": VAULT}}),
         "missing required parameters: certObjectName, keyObjectName, rootCertObjectName, certChainObjectName for plugin"),
        ("demo", istio(certificateAuthority={"plugin": {**PLUGIN, "keyVaultId": "kv"}}), "'KeyVaultId': 'kv' is not a valid"),
        ("mesh", istio("asm-1-28", certificateAuthority={"plugin": PLUGIN}), "AzureKeyvaultSecretsProvider addon is required"),
    ]
    for name, profile, words in cases:
        refused(words, sim.put(name, profile), 400, "BadRequest", words)
    taken = sim.change("demo", istio(certificateAuthority={"plugin": PLUGIN}))
    same("a plug-in authority", taken["properties"]["serviceMeshProfile"]["istio"]["certificateAuthority"], {"plugin": PLUGIN})


def etags(sim):
    tag = sim.get("demo")["eTag"]
    same("another ETag", sim.put("demo", istio(), headers={"If-Match": '"other"'}).status, 412)
    same("two headers", sim.put("demo", istio(), headers={"If-Match": tag, "If-None-Match": "*"}).status, 400)
    same("not there", sim.put("demo", istio(), headers={"If-None-Match": "*"}).status, 412)
    pools = sim.get("demo")["properties"]["agentPoolProfiles"]
    sim.sim("POST", "change", {"cluster": "demo", "path": "properties.agentPoolProfiles.nodepool1.count", "value": 5})
    changed = sim.get("demo")
    same("a pool's change leaves the cluster's tag", changed["eTag"], tag)
    same("and gives the pool another", changed["properties"]["agentPoolProfiles"][0]["eTag"] == pools[0]["eTag"], False)
    sim.sim("POST", "change", {"cluster": "demo", "path": "tags.owner", "value": "other"})
    same("a second writer", sim.put("demo", istio(), headers={"If-Match": tag}).status, 412)
    quoted = sim.put("demo", istio(), headers={"If-Match": f'"{sim.get("demo")["eTag"]}"'})
    same("the right one", quoted.status, 200)
    sim.poll(quoted)
    same("the second writer's change", sim.settled("demo")["properties"]["agentPoolProfiles"][0]["count"], 5)
    sim.sim("PUT", "scenario", {"ifMatch": "quoted"})
    same("only quoted", sim.put("demo", istio(), headers={"If-Match": sim.get("demo")["eTag"]}).status, 412)
    sim.sim("PUT", "scenario", {"ifMatch": "both"})
    created = sim.call("PUT", sim.cluster_path("fresh"), {"location": "westus2", "properties": {"agentPoolProfiles": [{"name": "a", "count": 1}]}})
    same("a new cluster", created.status, 201)


def node_images(sim):
    stale = sim.get("mesh")["properties"]["agentPoolProfiles"][0]["nodeImageVersion"]
    path = "properties.agentPoolProfiles.nodepool1.nodeImageVersion"
    sim.sim("POST", "change", {"cluster": "mesh", "path": path, "value": "AKSUbuntu-2204gen2containerd-202608.10.0"})
    body = {"location": "westus2", "properties": {"agentPoolProfiles": [{"name": "nodepool1", "nodeImageVersion": stale}]}}
    sim.poll(sim.call("PUT", sim.cluster_path("mesh"), body))
    sim.settled("mesh")
    same("an old image in an old api-version", sim.events("poolRollback"), [])
    sim.poll(sim.call("PUT", sim.cluster_path("mesh"), body, "2026-06-01"))
    same("an old image in a new api-version", [event["to"] for event in sim.events("poolRollback")], [stale])
    sim.settled("mesh")
    body["properties"]["agentPoolProfiles"][0]["nodeImageVersion"] = "never-seen"
    same("an image it never had", sim.call("PUT", sim.cluster_path("mesh"), body, "2026-06-01").status, 400)


def cut_off(sim, method="GET"):
    try:
        sim.call(method, sim.cluster_path("demo"), {"location": "westus2"} if method == "PUT" else None)
    except (http.client.HTTPException, OSError):
        return True
    return False


def faults(sim):
    def script(*list_of_faults):
        sim.sim("PUT", "faults", list(list_of_faults))

    script({"method": "GET", "path": "managedClusters/demo$", "status": 429, "headers": {"Retry-After": "3"}})
    first = sim.call("GET", sim.cluster_path("demo"))
    same("429 once", (first.status, first.headers["retry-after"], sim.call("GET", sim.cluster_path("demo")).status), (429, "3", 200))
    script({"path": "demo", "status": 502})
    check("HTML", "" if sim.call("GET", sim.cluster_path("demo")).text.startswith("<html>") else "no HTML")
    script({"cut": "before"}, {"cut": "half"})
    same("cut twice", (cut_off(sim), cut_off(sim), cut_off(sim)), (True, True, False))
    script({"malformed": True})
    check("half of the JSON", "" if not sim.call("GET", sim.cluster_path("demo")).text.endswith("}") else "whole")
    script({"expire": True})
    same("an expired token", sim.call("GET", sim.cluster_path("demo")).code, "ExpiredAuthenticationToken")
    sim.token = None
    script({"delayMs": 300})
    begun = time.monotonic()
    sim.call("GET", sim.cluster_path("demo"))
    check("slow", "" if time.monotonic() - begun >= 0.3 else "fast")
    script({"method": "PUT", "cut": "before", "applied": True})
    same("cut after it was done", (cut_off(sim, "PUT"), sim.get("demo")["properties"]["provisioningState"]), (True, "Updating"))
    sim.settled("demo")
    script({"method": "PUT", "stale": True})
    same("another was first", sim.put("demo", istio()).status, 412)
    script({"method": "PUT", "change": {"path": "tags.seen", "value": "yes"}})
    tag = sim.get("demo")["eTag"]
    same("another is first", sim.put("demo", istio(), headers={"If-Match": tag}).status, 412)
    same("what another wrote", sim.get("demo")["tags"]["seen"], "yes")
    operations(sim, script)


def operations(sim, script):
    script({"method": "PUT", "fail": True})
    same("a failure", sim.poll(sim.put("demo", istio()))[1]["error"]["code"], "ReconcileAddonsError")
    same("a failed cluster", sim.settled("demo")["properties"]["provisioningState"], "Failed")
    script({"method": "PUT", "fail": "silent"})
    check("a failure without words", sim.poll(sim.put("demo", istio()))[1].get("error"))
    sim.settled("demo")
    script({"method": "PUT", "note": True})
    words, last = sim.poll(sim.put("demo", istio()))
    same("a note on a success", (last["status"], last["error"]["code"]), ("Succeeded", "NotLatestOperation"))
    sim.settled("demo")
    script({"method": "PUT", "hang": True})
    answer = sim.put("demo", istio())
    time.sleep(0.5)
    refused("a hanging operation", sim.put("demo", istio()), 409, "OperationNotAllowed")
    aborted = sim.call("POST", sim.cluster_path("demo") + "/abort")
    same("abort", (aborted.status, sim.poll(aborted)[1]["status"]), (202, "Succeeded"))
    same("an aborted operation", sim.poll(answer)[1]["status"], "Canceled")
    same("nothing to abort", sim.call("POST", sim.cluster_path("demo") + "/abort").status, 409)
    script({"method": "GET", "probability": 0.5, "seed": 7, "status": 503})
    statuses = [sim.call("GET", sim.cluster_path("demo")).status for _ in range(40)]
    check("about half", "" if 10 < statuses.count(503) < 30 else statuses)


def polling(sim):
    sim.sim("PUT", "scenario", {"polling": "location", "retryAfter": 1})
    link = sim.put("demo", istio()).headers
    check("only a location", "azure-asyncoperation" in link)

    def follow():
        return sim.call("GET", link["location"].split(str(sim.port), 1)[1])

    running = follow()
    same("202 and a link", (running.status, running.headers["location"], running.headers["retry-after"]), (202, link["location"], "1"))
    time.sleep(0.4)
    same("the end of it", follow().status, 204)
    sim.settled("demo")
    sim.sim("PUT", "faults", [{"method": "PUT", "fail": True}])
    link = sim.put("demo", istio()).headers
    time.sleep(0.4)
    same("a failure", (follow().status, follow().code), (409, "ReconcileAddonsError"))
    sim.settled("demo")
    sim.sim("PUT", "scenario", {"polling": "none", "retryAfter": 0})
    answer = sim.put("demo", istio())
    same("no link", ("location" in answer.headers, sim.settled("demo")["properties"]["provisioningState"]), (False, "Succeeded"))


def throttling(sim):
    sim.sim("PUT", "scenario", {"throttle": True})
    answers = [sim.call("PUT", sim.cluster_path("demo"), "{}") for _ in range(21)]
    same("20 at once", [answer.status for answer in answers], [400] * 20 + [429])
    refused("the refusal", answers[-1], 429, "Throttled", "The PutManagedClusterHandler.PUT request limit has been exceeded")
    check("a minute", "" if 50 <= int(answers[-1].headers["retry-after"]) <= 60 else answers[-1].headers)


def writers(sim):
    """Another writer at random moments: what it wrote last is there at the end for a client that uses the ETag."""
    sim.sim("PUT", "faults", [{"path": "managedClusters/demo$", "probability": 0.4, "seed": 3, "change": {"path": "tags.other"}}])
    statuses = []
    for _ in range(20):
        body = sim.get("demo")
        tag = body.pop("eTag")
        body["tags"]["own"] = str(len(statuses))
        answer = sim.call("PUT", sim.cluster_path("demo"), body, headers={"If-Match": f'"{tag}"'})
        statuses.append(answer.status)
        if answer.status == 200:
            sim.poll(answer)
            sim.settled("demo")
    check("some went through, some did not", "" if set(statuses) == {200, 412} else statuses)
    sim.sim("PUT", "faults", [])
    same("the last word", sim.get("demo")["tags"]["other"], sim.events("writtenElsewhere")[-1]["value"])


def journal(sim):
    sim.sim("DELETE", "journal")
    sim.sign_in()
    sim.change("demo", istio("asm-1-30"))
    entries = sim.sim("GET", "journal")
    text = json.dumps(entries)
    check("no secrets", [word for word in ("fake-secret", sim.token) if word in text])
    put = next(entry for entry in entries if entry.get("method") == "PUT")
    same("the body of a request", put["body"]["properties"]["serviceMeshProfile"], istio("asm-1-30"))
    changes = sim.events("changed")[0]["changes"]
    same("what a request changed", [change["path"] for change in changes], ["properties.serviceMeshProfile"])


def scenarios(binary):
    whole = {"location": "eastus", "properties": {"provisioningState": "Succeeded", "currentKubernetesVersion": "1.33.1"}}
    clusters = [{"resourceGroup": "rg", "name": "a", "set": {"properties.currentKubernetesVersion": "1.31.2"}, "kubeconfig": "kind: Config\n"},
                {"id": f"{SUBSCRIPTION}/resourceGroups/rg{AKS}/managedClusters/b", "body": whole}]
    with Simulator(binary, {**FAST, "clusters": clusters, "revisions": [], "errorNote": "running", "conflict": "pending"}) as sim:
        a = sim.call("GET", sim.cluster_path("a", "rg")).json
        same("a member that is set", a["properties"]["currentKubernetesVersion"], "1.31.2")
        b = sim.call("GET", sim.cluster_path("b", "rg")).json
        same("a whole body", (b["name"], b["location"], sorted(b["properties"])), ("b", "eastus", sorted(whole["properties"])))
        same("no revisions", sim.call("GET", f"{SUBSCRIPTION}{AKS}/locations/westus2/meshRevisionProfiles").json, {"value": []})
        given = sim.call("POST", sim.cluster_path("a", "rg") + "/listClusterUserCredential").json["kubeconfigs"][0]["value"]
        same("a kubeconfig that is given", base64.b64decode(given), b"kind: Config\n")
        put = {"location": "westus2", "properties": {"serviceMeshProfile": istio()}}
        refused("nothing that fits", sim.call("PUT", sim.cluster_path("a", "rg"), put), 400, "BadRequest", "Kubernetes version 1.31.2")
        started = sim.call("PUT", sim.cluster_path("a", "rg"), {"location": "westus2", "tags": {}})
        refused("another operation", sim.call("PUT", sim.cluster_path("a", "rg"), put), 409, "OperationNotAllowed", "(Updating)")
        same("an error on a running operation", "error" in sim.poll(started)[1], False)
        sim.sim("POST", "reset")
        same("after a reset", sim.call("GET", sim.cluster_path("a", "rg")).json["tags"], {"env": "test", "owner": "platform"})
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "scenario.json")
        with open(name, "w", encoding="utf-8") as file:
            file.write('{"operationSecond": 1}')
        done = subprocess.run([binary, "--directory", folder, "--scenario", name], capture_output=True, timeout=10, check=False)
        same("a member no scenario has", (done.returncode, b"no member operationSecond" in done.stderr), (2, True))


def main():
    binary = os.path.abspath(sys.argv[1])
    for case in (sign_in, reads, lifecycle, upgrades, rules, etags, node_images, faults, polling, throttling, writers, journal):
        try:
            with Simulator(binary, FAST) as sim:
                case(sim)
            same(f"{case.__name__}: the end of the program", sim.ended, 0)
        except Exception:
            check(case.__name__, traceback.format_exc()[-1200:])
    for case in (signed_in_with_certificate, scenarios):
        try:
            case(binary)
        except Exception:
            check(case.__name__, traceback.format_exc()[-1200:])
    for what, wrong in conform.checks(binary):
        check(what, wrong)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
