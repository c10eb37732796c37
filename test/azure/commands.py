# SPDX-License-Identifier: Apache-2.0
"""Each command with nothing in its way: texts, JSON, exit codes, and what is sent."""

import functools

from support import CA, COMPLETE, DISABLE, QUICK, VAULT, Cloud, istio

COMPONENTS = "properties.serviceMeshProfile.istio.components"
EXTERNAL = {"ingressGateways": [{"mode": "External", "enabled": True}]}
NO_EXTERNAL = {"ingressGateways": [{"mode": "External", "enabled": False}]}
INTERNAL = {"ingressGateways": [{"mode": "Internal", "enabled": True}]}


def egress(enabled):
    return {"egressGateways": [{"name": "out", "namespace": "aks-istio-egress", "gatewayConfigurationName": "sgc", "enabled": enabled}]}


OUT = ["--egress-name", "out"]
AZ_OUT = ["--istio-egressgateway-name", "out"]
SGC = ["--gateway-configuration-name", "sgc"]
PLUGIN = {"keyVaultId": VAULT, "certObjectName": "a", "keyObjectName": "b", "rootCertObjectName": "c", "certChainObjectName": "d"}


def mesh(*revisions, **components):
    return istio(*(revisions or ["asm-1-28"]), components=components)


# Cluster, command, components it starts with, profile it ends with.
CHANGES = [
    ("demo", ["enable"], None, mesh("asm-1-29")),
    ("demo", ["enable", "--revision", "asm-1-28"], None, mesh()),
    ("demo", ["enable", *CA], None, istio("asm-1-29", components={}, certificateAuthority={"plugin": PLUGIN})),
    ("demo", ["enable", "--proxy-redirection-mechanism", "CNIChaining"], None,
     mesh("asm-1-29", proxyRedirectionMechanism="CNIChaining")),
    ("mesh", ["gateway", "enable", "external"], None, mesh(**EXTERNAL)),
    ("mesh", ["gateway", "enable", "internal"], None, mesh(**INTERNAL)),
    ("mesh", ["gateway", "enable", "external"], NO_EXTERNAL, mesh(**EXTERNAL)),
    ("mesh", ["gateway", "disable", "external"], EXTERNAL, mesh(**NO_EXTERNAL)),
    ("mesh", ["gateway", "enable", "egress", *OUT, *SGC], None, mesh(**egress(True))),
    ("mesh", ["gateway", "disable", "egress", *OUT], egress(True), mesh(**egress(False))),
    ("mesh", ["enable-ingress-gateway", "--ingress-gateway-type", "Internal"], None, mesh(**INTERNAL)),
    ("mesh", ["disable-ingress-gateway", "--ingress-gateway-type", "External"], EXTERNAL, mesh(**NO_EXTERNAL)),
    ("mesh", ["enable-egress-gateway", *AZ_OUT, *SGC], None, mesh(**egress(True))),
    ("mesh", ["disable-egress-gateway", *AZ_OUT], egress(True), mesh(**egress(False))),
    ("mesh", ["redirection", "set", "CNIChaining"], None, mesh(proxyRedirectionMechanism="CNIChaining")),
    ("mesh", ["proxy-redirection-mechanism", "--mechanism", "InitContainers"], None,
     mesh(proxyRedirectionMechanism="InitContainers")),
    ("mesh", ["upgrade", "start", "--revision", "asm-1-30"], None, mesh("asm-1-28", "asm-1-30")),
    ("canary", COMPLETE, None, mesh("asm-1-29")),
    ("canary", ["upgrade", "rollback"], None, mesh("asm-1-28")),
    ("mesh", DISABLE, None, {"mode": "Disabled"}),
]


def reads(checks, programs):
    with Cloud(programs, QUICK) as cloud:
        def text(what, *arguments, words):
            checks.ends(what, cloud.run(*arguments), 0, *words)

        def document(what, schema, *arguments):
            run = cloud.run(*arguments, "-o", "json")
            checks.same(what, (run.code, run.json["schema"] if run.out else run.err), (0, schema))
            return run.json

        for words in (["revisions"], ["get-revisions"]):
            text(words[0], *words, "-l", "westus2", words=["asm-1-30", "1.36"])
            found = document(words[0] + ", JSON", "aksmesh/revisions/v1", *words, "-l", "westus2")
            checks.same(words[0] + ", items", [each["revision"] for each in found["items"]], ["asm-1-28", "asm-1-29", "asm-1-30"])
        for words in (["upgrade", "list"], ["get-upgrades"]):
            text(words[-1], *words, "-n", "mesh", words=["asm-1-28", "asm-1-29, asm-1-30"])
            found = document(words[-1] + ", JSON", "aksmesh/revisions/v1", *words, "-n", "mesh")
            checks.same(words[-1] + ", targets", found["items"][0]["upgrades"], ["asm-1-29", "asm-1-30"])
        text("show", "show", "-n", "mesh", words=["mesh (westus2)", "asm-1-28"])
        found = document("show, JSON", "aksmesh/mesh/v1", "show", "-n", "canary")
        checks.same("show, what", (found["mesh"]["revisions"], found["mesh"]["upgrading"]), (["asm-1-28", "asm-1-29"], True))
        text("upgrade status", "upgrade", "status", "-n", "canary", words=["asm-1-28 -> asm-1-29"])
        document("upgrade status, JSON", "aksmesh/mesh/v1", "upgrade", "status", "-n", "canary")
        text("ca show", "ca", "show", "-n", "mesh", words=["self-signed"])
        checks.same("ca show, JSON", document("ca show, JSON", "aksmesh/ca/v1", "ca", "show", "-n", "mesh")["pluggedIn"], False)
        text("redirection show", "redirection", "show", "-n", "mesh", words=["not set", "init containers before asm-1-30"])
        found = document("redirection show, JSON", "aksmesh/redirection/v1", "redirection", "show", "-n", "mesh")
        checks.same("redirection show, not set", (found["mode"], "mechanism" in found), ("Istio", False))
        text("redirection show of no mesh", "redirection", "show", "-n", "demo", words=["the mesh is off"])
        text("wait for nothing", "wait", "-n", "mesh", words=["Succeeded"])
        cloud.elsewhere("mesh", COMPONENTS, {**EXTERNAL, **egress(True), "proxyRedirectionMechanism": "CNIChaining"})
        text("redirection show, set", "redirection", "show", "-n", "mesh", words=["CNIChaining: a CNI plug-in on each Linux node"])
        text("gateway list", "gateway", "list", "-n", "mesh", words=["external", "egress", "sgc"])
        found = document("gateway list, JSON", "aksmesh/gateways/v1", "gateway", "list", "-n", "mesh")
        checks.same("gateway list, items", [each["kind"] for each in found["items"]], ["external", "egress"])
        checks.ends("no cluster of this name", cloud.on("nope", "show"), 1, "there is no such cluster")
        checks.ends("a canary has no list of upgrades", cloud.on("canary", "upgrade", "list"), 1, "upgrade status")
        checks.same("reading writes nothing", cloud.writes(), [])


def one_change(checks, programs, row):
    cluster, command, components, wanted = row
    name = f"{' '.join(command[:3])} on {cluster}"
    confirmed = ["--yes"]
    if command in (COMPLETE, DISABLE):
        # These two want the name of the cluster, and a word for what the program cannot see.
        confirmed = ["--confirm", cluster]
        command = [word for word in command if word not in confirmed]
        unseen(checks, name, programs, cluster, [*command[:command.index("--skip-checks")], *confirmed])
    with Cloud(programs, QUICK) as cloud:
        if components:
            cloud.elsewhere(cluster, COMPONENTS, components)
        before = cloud.body(cluster)
        checks.ends(name + ", --dry-run", cloud.on(cluster, *command, "--dry-run"), 0, "changes nothing with --dry-run", "properties.")
        planned = cloud.on(cluster, *command, "--dry-run", "-o", "json")
        checks.same(name + ", --dry-run, JSON", (planned.code, planned.json["state"]), (0, "planned"))
        checks.ends(name + ", nobody to be asked", cloud.on(cluster, *command), 2, "nobody can be asked here", confirmed[0])
        if confirmed[0] == "--confirm":
            checks.ends(name + ", --yes is not enough", cloud.on(cluster, *command, "-y"), 2, "--confirm " + cluster)
            checks.ends(name + ", another name", cloud.on(cluster, *command, "-y", "--confirm", "other"), 2, "'other'")
        checks.same(name + ", nothing sent so far", cloud.writes(), [])
        run = cloud.on(cluster, *command, *confirmed, "-o", "json")
        checks.ends(name, run, 0)
        checks.same(name + ", state", run.json["state"], "done")
        checks.same(name + ", changes", run.json["changes"], planned.json["changes"])
        checks.same(name + ", profile", cloud.profile(cluster), wanted)
        checks.same(name + ", one request changes", len(cloud.writes()), 1)
        what_was_sent(checks, name, cloud, before)
        again = cloud.on(cluster, *command, *confirmed)
        if command[0] == "upgrade" and command[1] != "start":
            checks.ends(name + ", again", again, 1, "no upgrade is in progress")
        else:
            checks.ends(name + ", again", again, 0, "nothing to do")
            unchanged = cloud.on(cluster, *command, *confirmed, "-o", "json")
            checks.same(name + ", again, JSON", (unchanged.code, unchanged.json["state"]), (0, "unchanged"))
        checks.same(name + ", the second run sends nothing", len(cloud.writes()), 1)


def unseen(checks, name, programs, cluster, command):
    with Cloud(programs, QUICK) as cloud:
        checks.ends(name + ", what cannot be seen", cloud.on(cluster, *command), 5, "could not look into the cluster", "--skip-checks")
        checks.same(name + ", unseen, nothing sent", cloud.writes(), [])


def what_was_sent(checks, name, cloud, before):
    put = cloud.puts()[0]
    checks.same(name + ", If-Match", put["headers"].get("if-match"), f'"{before["eTag"]}"')
    checks.same(name + ", api-version", put["query"], {"api-version": "2026-03-01"})
    sent = put["body"]
    outside = {"id", "name", "type", "systemData", "eTag"} & set(sent)
    inside = {"provisioningState", "powerState", "currentKubernetesVersion", "fqdn", "azurePortalFQDN", "maxAgentPools"} & set(sent["properties"])
    pools = {key for pool in sent["properties"]["agentPoolProfiles"] for key in pool} & {
        "nodeImageVersion", "currentOrchestratorVersion", "eTag", "provisioningState"}
    identity = set(sent.get("identity", {})) & {"principalId", "tenantId"}
    checks.same(name + ", nothing read-only is sent", outside | inside | pools | identity, set())
    # Python's reader keeps the spelling of these numbers apart from integers, which it does not change.
    checks.same(name + ", unknown members are sent as they are", sent["properties"]["futureProfile"], before["properties"]["futureProfile"])
    checks.same(name + ", and stay", cloud.body(before["name"])["properties"]["futureProfile"], before["properties"]["futureProfile"])
    text = cloud.raw("GET", "/sim/journal").text
    lost = [number for number in ("1.0e2", "9007199254740993", "123456789012345678901234567890", "1E-7", "2.50") if number not in text]
    checks.same(name + ", numbers keep their spelling", lost, [])
    rest = {key: value for key, value in sent["properties"].items() if key != "serviceMeshProfile"}
    other = {key: before["properties"].get(key) for key in rest}
    for properties in (other, rest):
        properties.pop("agentPoolProfiles")
        for addon in (properties.get("addonProfiles") or {}).values():
            addon.pop("identity", None)
        properties["networkProfile"].get("loadBalancerProfile", {}).pop("effectiveOutboundIPs", None)
    checks.same(name + ", the rest is sent as it was", rest, other)


def next_steps(checks, programs):
    """What is printed can be pasted: the service chose the revision, and it is there."""
    with Cloud(programs, QUICK) as cloud:
        run = cloud.on("demo", "enable", "--yes", "-o", "json")
        checks.same("enable, what to do next", run.json["next"], [
            "kubectl label namespace NAMESPACE istio.io/rev=asm-1-29 --overwrite   (then restart its workloads)",
            "aksmesh gateway enable external --cluster demo"])


CASES = [reads, next_steps]
for row in CHANGES:
    case = functools.partial(one_change, row=row)
    case.__name__ = " ".join(row[1])
    CASES.append(case)
