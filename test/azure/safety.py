# SPDX-License-Identifier: Apache-2.0
"""A second writer, what stands against a change, and where az is weak and this program must do better."""

from support import CA, QUICK, VAULT, Cloud

START = ["upgrade", "start", "--revision", "asm-1-29", "--yes"]


def before_the_put(path, value, cluster="mesh"):
    return [{"method": "PUT", "path": "managedClusters/" + cluster + "$", "change": {"cluster": cluster, "path": path, "value": value}}]


def second_writer_elsewhere(checks, programs):
    for path, value in (("tags.owner", "other"), ("properties.futureProfile.float", 4.5),
                        ("properties.serviceMeshProfile.istio.components.ingressGateways", [{"mode": "Internal", "enabled": True}])):
        with Cloud(programs, QUICK, before_the_put(path, value)) as cloud:
            checks.ends("another changes " + path, cloud.on("mesh", *START), 0)
            found = cloud.body("mesh")
            for step in path.split("."):
                found = found[step] if isinstance(found, dict) else next(each for each in found if each["name"] == step)
            checks.same(f"another's {path} is still there", str(found).replace("\x02", ""), str(value))
            checks.same(f"with {path}, the change too", cloud.revisions("mesh"), ["asm-1-28", "asm-1-29"])
            tags = [put["headers"]["if-match"] for put in cloud.puts()]
            checks.same(f"with {path}, sent again with the new ETag", (len(tags), len(set(tags))), (2, 2))


def second_writer_of_a_pool(checks, programs):
    """The tag of the cluster stays the same then; what counts is that no body goes out that has lain around."""
    change = {"cluster": "mesh", "path": "properties.agentPoolProfiles.nodepool1.count", "value": 7}
    meanwhile = [{"path": "meshRevisionProfiles", "delayMs": 300, "change": change}]
    between_tries = [{"method": "PUT", "status": 503, "change": change}]
    for what, fault in (("while checks look", meanwhile), ("between two tries", between_tries)):
        with Cloud(programs, QUICK, fault) as cloud:
            checks.ends("a pool is scaled " + what, cloud.on("mesh", *START), 0)
            pools = cloud.body("mesh")["properties"]["agentPoolProfiles"]
            checks.same("it stays scaled", [pool["count"] for pool in pools if pool["name"] == "nodepool1"], [7])
            checks.same("and the change is there", cloud.revisions("mesh"), ["asm-1-28", "asm-1-29"])


def second_writer_of_the_mesh(checks, programs):
    revisions = "properties.serviceMeshProfile.istio.revisions"
    with Cloud(programs, QUICK, before_the_put(revisions, ["asm-1-28", "asm-1-30"])) as cloud:
        run = cloud.on("mesh", *START, "-o", "json")
        checks.same("another upgrades", (run.code, run.error["kind"]), (1, "conflict"))
        checks.same("another's upgrade is still there", cloud.revisions("mesh"), ["asm-1-28", "asm-1-30"])
    with Cloud(programs, QUICK, before_the_put("properties.serviceMeshProfile", {"mode": "Disabled"})) as cloud:
        checks.ends("another disables", cloud.on("mesh", *START), 1, "the mesh is not enabled")
        checks.same("it stays disabled", cloud.profile("mesh"), {"mode": "Disabled"})
    with Cloud(programs, QUICK, before_the_put(revisions, ["asm-1-28", "asm-1-29"])) as cloud:
        checks.ends("another makes the same change", cloud.on("mesh", *START), 0)
    with Cloud(programs, QUICK, before_the_put(revisions, ["asm-1-30"], "canary")) as cloud:
        checks.ends("another completes", cloud.on("canary", "upgrade", "rollback", "--yes"), 1)
        checks.same("it stays complete", cloud.revisions("canary"), ["asm-1-30"])


def etags(checks, programs):
    with Cloud(programs, QUICK, [{"method": "PUT", "stale": True, "count": -1}, ]) as cloud:
        run = cloud.on("mesh", *START)
        checks.ends("refused again and again", run, 1, "somebody else changed the cluster")
        checks.same("and not for ever", 2 <= len(cloud.puts()) <= 6, True)
    with Cloud(programs, QUICK, [{"method": "PUT", "status": 409}]) as cloud:
        checks.ends("the service's own check for a race", cloud.on("mesh", *START), 0)
    for form in ("bare", "quoted"):
        with Cloud(programs, {**QUICK, "ifMatch": form}) as cloud:
            checks.ends("a service that wants its ETags " + form, cloud.on("mesh", *START), 0)


def refusals(checks, programs):
    """What is known before anything is sent."""
    enable = ["enable", "--yes"]
    egress = ["gateway", "enable", "egress", "--egress-name", "out", "--gateway-configuration-name", "sgc", "--yes"]
    rows = [
        ("Open Service Mesh", "osm", enable, None, ["AKM1001", "openServiceMesh"]),
        ("mutual TLS of Cilium", "demo", enable,
         ("properties.networkProfile.advancedNetworking", {"security": {"transitEncryption": {"type": "mTLS"}}}), ["Cilium", "AKM1012"]),
        ("Kubernetes out of support", "demo", enable, ("properties.currentKubernetesVersion", "1.31.2"), ["1.31", "AKM1102"]),
        ("Istio CNI on a revision without it", "mesh", ["redirection", "set", "CNIChaining", "--yes"],
         ("properties.serviceMeshProfile.istio.revisions", ["asm-1-24"]), ["asm-1-24 has no Istio CNI", "AKM9001"]),
        ("a revision that is not offered", "demo", [*enable, "--revision", "asm-1-17"], None, ["offers", "not asm-1-17"]),
        ("a revision that does not fit", "demo", [*enable, "--revision", "asm-1-28"],
         ("properties.currentKubernetesVersion", "1.36.1"), ["1.36.1"]),
        ("a third revision", "canary", ["upgrade", "start", "--revision", "asm-1-30", "--yes"], None,
         ["at most two revisions", "upgrade complete", "upgrade rollback"]),
        ("the same revision", "mesh", ["upgrade", "start", "--revision", "asm-1-28", "--yes"], None, ["runs asm-1-28 already"]),
        ("a downgrade", "mesh", ["upgrade", "start", "--revision", "asm-1-28", "--yes"],
         ("properties.serviceMeshProfile.istio.revisions", ["asm-1-29"]), ["newer"]),
        ("no such upgrade", "mesh", ["upgrade", "start", "--revision", "asm-1-31", "--yes"], None, ["not asm-1-31"]),
        ("an upgrade of nothing", "demo", START, None, ["the mesh is not enabled", "aksmesh enable"]),
        ("no static egress gateways", "canary", egress, None, ["static egress gateways are switched off"]),
        ("a name that is none", "mesh", ["gateway", "enable", "egress", "--egress-name", "Out_1", "--gateway-configuration-name",
                                         "sgc", "--yes"], None, ["'Out_1'"]),
        ("no Key Vault add-on", "demo", [*enable, *CA], ("properties.addonProfiles.azureKeyvaultSecretsProvider.enabled", False),
         ["azureKeyvaultSecretsProvider"]),
        ("half of the certificates", "demo", [*enable, "--key-vault-id", VAULT, "--ca-cert-object-name", "a"], None,
         ["--ca-key-object-name", "--root-cert-object-name", "--cert-chain-object-name"]),
        ("a vault that is none", "demo", [*enable, *CA[2:], "--key-vault-id", "kv"], None, ["'kv'"]),
        ("a stopped cluster", "demo", enable, ("properties.powerState.code", "Stopped"), ["stopped"]),
        ("an operation under way", "demo", enable, ("properties.provisioningState", "Upgrading"), ["Upgrading"]),
    ]
    for what, cluster, command, change, words in rows:
        with Cloud(programs, QUICK) as cloud:
            if change:
                cloud.elsewhere(cluster, *change)
            checks.ends(what, cloud.on(cluster, *command), 1, *words)
            document = cloud.on(cluster, *command, "-o", "json")
            checks.same(what + ", JSON", (document.error["schema"], document.error["kind"], document.out),
                        ("aksmesh/error/v1", "conflict", ""))
            checks.same(what + ", nothing sent", cloud.writes(), [])


def skipped(checks, programs):
    with Cloud(programs, QUICK) as cloud:
        run = cloud.on("osm", "enable", "--yes", "--skip-checks", "AKM1001", "-o", "json")
        checks.same("--skip-checks sends, and the service refuses", (run.code, len(cloud.puts()), run.error["kind"]), (1, 1, "conflict"))
        checks.ends("the service's reason is told", cloud.on("osm", "enable", "--yes", "--skip-checks", "AKM1001"), 1, "openServiceMesh")
        checks.ends("another code skips nothing", cloud.on("osm", "enable", "--yes", "--skip-checks", "AKM1002"), 1, "AKM1001")
        checks.ends("a code that is none", cloud.on("osm", "enable", "--yes", "--skip-checks", "AKM0"), 2, "AKM0")
        checks.same("those sent nothing", len(cloud.puts()), 2)


def rights_on_the_cluster_only(checks, programs):
    """What only a check reads, of the subscription, may be hidden: the check could not look, and is skipped by its code."""
    hidden = [{"path": "meshRevisionProfiles", "status": 403, "count": -1}]
    for cluster, command in (("demo", ["enable", "--yes", "--revision", "asm-1-29"]), ("mesh", START)):
        with Cloud(programs, QUICK, hidden) as cloud:
            name = command[0] + " without a right on the subscription"
            checks.ends(name, cloud.on(cluster, *command), 5, "could not look", "--skip-checks AKM1104", "--skip-checks AKM1101")
            checks.same(name + ", JSON", cloud.on(cluster, *command, "-o", "json").error["kind"], "could-not-look")
            checks.ends(name + ", --dry-run", cloud.on(cluster, *command, "--dry-run"), 0, "could not look")
            checks.same(name + ", nothing sent", cloud.writes(), [])
            checks.ends(name + ", skipped", cloud.on(cluster, *command, "--skip-checks", "AKM1104,AKM1101"), 0, "skipped check: AKM1104")
    with Cloud(programs, QUICK, [*hidden, {"method": "GET", "path": "managedClusters/demo$", "status": 403, "count": -1}]) as cloud:
        checks.ends("without a right on the cluster", cloud.on("demo", "enable", "--yes", "--revision", "asm-1-29"), 4)


def weaknesses_of_az(checks, programs):
    with Cloud(programs, QUICK) as cloud:
        for command in (["enable-ingress-gateway", "--ingress-gateway-type", "External"],
                        ["enable-egress-gateway", "--istio-egressgateway-name", "e", "--gateway-configuration-name", "s"],
                        ["proxy-redirection-mechanism", "--mechanism", "CNIChaining"]):
            checks.ends(command[0] + " does not install the mesh", cloud.on("demo", *command, "--yes"), 1, "the mesh is not enabled")
        checks.same("nothing was installed", (cloud.writes(), cloud.profile("demo")), ([], None))

        stale = {"mode": "Disabled", "istio": {"revisions": ["asm-1-17"], "components": {
            "ingressGateways": [{"mode": "External", "enabled": True}]}}}
        cloud.elsewhere("demo", "properties.serviceMeshProfile", stale)
        checks.ends("a stale profile does not come back", cloud.on("demo", "enable", "--yes"), 0)
        checks.same("the mesh is a new one", cloud.profile("demo"), {"mode": "Istio", "istio": {"components": {}, "revisions": ["asm-1-29"]}})

    for addons in ({"azurepolicy": {"enabled": False, "config": None}}, {}, None):
        with Cloud(programs, QUICK) as cloud:
            cloud.elsewhere("demo", "properties.addonProfiles", addons)
            checks.ends(f"add-ons {addons}: no crash", cloud.on("demo", "enable", "--yes", *CA), 1, "azureKeyvaultSecretsProvider is off")

    with Cloud(programs, {**QUICK, "revisions": []}) as cloud:
        checks.ends("a region without revisions", cloud.run("revisions", "-l", "westus2"), 0)
        checks.ends("no crash where a region offers nothing", cloud.on("demo", "enable", "--revision", "asm-1-28", "--yes"), 1,
                    "offers no revision")

    with Cloud(programs, QUICK) as cloud:
        cloud.elsewhere("mesh", "properties.serviceMeshProfile.istio.components.egressGateways",
                        [{"name": "out", "enabled": True, "gatewayConfigurationName": "sgc"}])
        checks.ends("an egress gateway stored without its namespace is found",
                    cloud.on("mesh", "gateway", "disable", "egress", "--egress-name", "out", "--yes"), 0)
        checks.same("and is still one", len(cloud.profile("mesh")["istio"]["components"]["egressGateways"]), 1)
        checks.ends("an ingress gateway that is not there", cloud.on("mesh", "gateway", "disable", "internal", "--yes"), 0, "nothing to do")
        checks.same("no entry was made for it", "ingressGateways" in cloud.profile("mesh")["istio"]["components"], False)


CASES = [second_writer_elsewhere, second_writer_of_a_pool, second_writer_of_the_mesh, etags, refusals, skipped, rights_on_the_cluster_only, weaknesses_of_az]
