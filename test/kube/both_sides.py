# SPDX-License-Identifier: Apache-2.0
"""Tries commands that look at a cluster from both sides: through Azure (the simulator) and through its API server."""

import os

from api_server import SERVED
from health import codes, texts, verdicts
from mesh import canary, namespace, pod
from support import QUICK, Cloud, Programs
from watch import Following, gateway_with, wait_for_watch

ROOM = {"AKM1103", "AKM1105"}  # the end of support moves with the day


def both(bench, server, scenario=QUICK):
    """The simulator, with a kubeconfig that leads to the API server."""
    cloud = Cloud(Programs([bench.binary]), scenario)
    cloud.env["KUBECONFIG"] = bench.write("config", server.kubeconfig())
    return cloud


def same_cluster(cloud, name):
    cloud.elsewhere(name, "properties.fqdn", "127.0.0.1")


def preflight_of_both(checks, bench):
    with bench.server(texts(canary())) as server, both(bench, server) as cloud:
        other = cloud.on("mesh", "preflight", "--phase", "upgrade")
        checks.ends("both sides: another cluster", other, 2, "are not the same cluster", "--no-azure")
        checks.same("both sides: then nothing of it is read", [each for each in server.requests if "pods" in each], [])
        same_cluster(cloud, "mesh")
        run = cloud.on("mesh", "preflight", "--phase", "upgrade", "-o", "json")
        checks.same("both sides: complete", (run.json["complete"], run.json["unavailable"]), (True, []))
        told = verdicts(run)
        checks.same("both sides: what Azure tells is known", [told[each] for each in ("AKM1101", "AKM1109", "AKM1110", "AKM1111")], ["pass"] * 4)
        checks.check("both sides: what the cluster tells too", "" if "AKM3007" in codes(run) else codes(run))
        checks.check("both sides: the target is said", "" if "--revision chooses another" in run.err else run.err)
        far = cloud.on("mesh", "preflight", "--phase", "upgrade", "--revision", "asm-1-17", "-o", "json")
        found = [each for each in far.json["findings"] if each["code"] == "AKM1104"] + [each for each in far.json["findings"] if each["code"] == "AKM1109"]
        checks.same("both sides: a target that is not one", {each["object"]["kind"] for each in found}, {"ManagedCluster"})
        same_cluster(cloud, "osm")
        enable = cloud.on("osm", "preflight", "--phase", "enable", "-o", "json")
        checks.same("both sides: what only Azure sees", [each["object"]["kind"] for each in enable.json["findings"] if each["code"] == "AKM1001"],
                    ["ManagedCluster"])
        health = cloud.on("mesh", "check", "-o", "json")
        checks.same("both sides: check asks Azure when the cluster is named", verdicts(health)["AKM6007"], "pass")
        checks.same("both sides: a cluster without a window for patches",
                    [each["message"] for each in health.json["findings"] if each["code"] == "AKM4009"],
                    ["the cluster has the maintenance configurations aksManagedAutoUpgradeSchedule, and no default"])
        checks.same("both sides: nothing was changed", cloud.writes(), [])
        cloud.faults({"method": "GET", "path": "maintenanceConfigurations", "status": 403, "count": -1})
        blind = cloud.on("mesh", "check", "-o", "json")
        checks.same("both sides: a window that may not be looked at is unknown", (verdicts(blind)["AKM4009"], blind.json["complete"]), ("unknown", False))
        cloud.faults({"method": "GET", "path": "meshRevisionProfiles", "status": 403, "count": -1})
        part = cloud.on("mesh", "preflight", "--phase", "upgrade", "-o", "json")
        checks.same("both sides: a right that is missing leaves its rules unknown", verdicts(part)["AKM1101"], "unknown")
        checks.same("both sides: and no more", [each for each in part.json["unknown"] if each["code"] == "AKM1111"], [])
        alone = cloud.on("mesh", "preflight", "--phase", "upgrade", "--only", "AKM1101")
        checks.ends("both sides: what could not be asked is no success", alone, 5, "could not read the revisions that the region offers")
        cloud.faults()
        well = cloud.on("mesh", "preflight", "--phase", "upgrade", "--only", "AKM1101")
        checks.ends("both sides: a check that asks nothing but Azure", well, 0)


def azure_alone(checks, bench):
    plan = ("preflight", "--phase", "upgrade", "-o", "json")
    with bench.server(texts(canary())) as server, both(bench, server) as cloud:
        run = cloud.on("mesh", *plan, "--no-cluster")
        told = verdicts(run)
        checks.same("Azure alone: what it tells is known", [told[each] for each in ("AKM1101", "AKM1109", "AKM1110", "AKM1111")], ["pass"] * 4)
        checks.same("Azure alone: what the cluster tells is unknown", told["AKM3007"], "unknown")
        checks.same("Azure alone: on purpose, so nothing is missing", (run.code, run.json["complete"]), (0, True))
        checks.same("Azure alone: the cluster is not asked", server.requests, [])
        cloud.faults({"method": "GET", "path": "managedClusters/mesh$", "status": 403, "count": -1})
        checks.ends("Azure alone: it refuses", cloud.on("mesh", *plan, "--no-cluster"), 4, "AuthorizationFailed")
        files = bench.write("some.yaml", texts(canary())[0])
        checks.ends("Azure refuses, files are looked at", cloud.on("mesh", *plan, "--no-cluster", "--fail-on", "never", files), 5)
    refusing = dict(denied_at_all=[plural for _, _, plural, *_ in SERVED])
    with bench.server(texts(canary()), **refusing) as server, both(bench, server) as cloud:
        same_cluster(cloud, "mesh")
        part = cloud.on("mesh", *plan, "--fail-on", "never")
        checks.same("both sides: only the cluster refuses", (part.code, [each["what"] for each in part.json["unavailable"]]), (5, ["context test"]))
        cloud.faults({"method": "GET", "path": "managedClusters/mesh$", "status": 403, "count": -1})
        checks.ends("both sides: both refuse", cloud.on("mesh", *plan), 4, "cannot read anything of the cluster", "of Azure: ")


def completing(checks, bench):
    with bench.server(texts(canary())) as server, both(bench, server) as cloud:
        name = "canary"
        unseen = cloud.on(name, "upgrade", "complete", "--confirm", name)
        checks.ends("complete: the context is another cluster", unseen, 5, "is another cluster", "--skip-checks AKM3007")
        named = cloud.on(name, "upgrade", "complete", "--confirm", name, "--context", "test")
        checks.ends("complete: the context that was named is another cluster", named, 2, "are not the same cluster")
        same_cluster(cloud, name)
        bound = cloud.on(name, "upgrade", "complete", "--confirm", name)
        checks.ends("complete: workloads still need the older revision", bound, 1, "asm-1-28", "--skip-checks AKM3007")
        checks.same("complete: nothing was sent", cloud.puts(), [])
        back = cloud.on(name, "upgrade", "rollback", "--yes")
        checks.ends("rollback: workloads need the newer one", back, 1, "asm-1-29", "AKM3007")
        moved = [each for each in canary() if each["kind"] not in ("Pod", "Namespace") and "istio-revision-tag" not in each["metadata"]["name"]]
        server.objects[:] = [*moved, namespace("shop", "asm-1-29"), pod("shop", "web", "asm-1-29", "1.29.6")]
        done = cloud.on(name, "upgrade", "complete", "--confirm", name)
        checks.ends("complete: when all have moved nothing is to be skipped", done, 0, "the upgrade is complete")


def disabling(checks, bench):
    route = {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": {"name": "web", "namespace": "shop"}, "spec": {"hosts": ["web"]}}
    with bench.server(texts([*canary(), route])) as server, both(bench, server) as cloud:
        same_cluster(cloud, "mesh")
        plan = cloud.on("mesh", "disable", "--dry-run")
        for words in ("1 VirtualService may be deleted", "sidecars stay in 2 pods of namespace cart"):
            checks.ends("disable: what it leaves behind, " + words, plan, 0, words)
        done = cloud.on("mesh", "disable", "--confirm", "mesh")
        checks.ends("disable: seen and confirmed, nothing is to be skipped", done, 0, "the mesh is disabled")
    with bench.server(texts(canary()), denied_at_all=["pods"]) as server, both(bench, server) as cloud:
        same_cluster(cloud, "mesh")
        blind = cloud.on("mesh", "disable", "--confirm", "mesh")
        checks.ends("disable: what cannot be looked at stops it", blind, 5, "could not list pods", "--skip-checks AKM4003")
        checks.same("disable: then nothing was sent", cloud.puts(), [])


def asked_again(checks, bench):
    """Waiting and following ask Azure as well, each time anew."""
    objects = canary()
    with bench.server(texts(objects)) as server, both(bench, server) as cloud:
        same_cluster(cloud, "mesh")
        before = len(cloud.requests("GET", "/managedClusters/mesh"))
        cloud.faults({"method": "GET", "path": "meshRevisionProfiles", "status": 503, "count": 5})
        run = cloud.on("mesh", "check", "--wait", "--only", "AKM1102", "-o", "json", "--timeout", "120s")
        checks.same("check --wait with Azure: until that has answered", (run.code, run.json.get("complete"), verdicts(run)["AKM1102"]), (0, True, "pass"))
        checks.same("check --wait with Azure: each look asks it", len(cloud.requests("GET", "/managedClusters/mesh")) - before, 2)
        checks.same("check --wait with Azure: what failed is told once", run.err.count("could not look, and tries again"), 1)
        cloud.faults()
        with Following(bench, server, "--only", "AKM6007", "--only", "AKM5009", "--cluster", "mesh", command="check", env=cloud.env) as follow:
            first = follow.next()
            verdict = {each["code"]: each["verdict"] for each in first["checks"]}
            checks.same("check --watch with Azure: both sides", verdict, {"AKM5009": "findings", "AKM6007": "pass"})
            wait_for_watch(server, "deployments")
            server.change("MODIFIED", gateway_with(2))
            later = follow.next()
            checks.same("check --watch with Azure: what changes", later and {each["code"]: each["verdict"] for each in later["checks"]},
                        {"AKM5009": "pass", "AKM6007": "pass"})
            checks.same("check --watch with Azure: it ends", follow.end()[0], 130)
        checks.same("check --watch with Azure: it is not asked with each change", len(cloud.requests("GET", "/managedClusters/mesh")) - before, 3)


def credentials_in_memory(checks, bench):
    with bench.server(texts(canary())) as server, both(bench, server) as cloud:
        before = sorted(os.listdir(cloud.home)) + sorted(os.listdir(bench.folder))
        run = cloud.on("mesh", "snapshot", os.path.join(bench.folder, "x.tar.gz"), "--from-azure", "--request-timeout", "2s", "--timeout", "5s")
        # The name of the simulated cluster leads nowhere: that it is asked for shows whose credentials count.
        checks.check("from Azure: its cluster is asked, not the kubeconfig's", "" if run.code != 0 and "mesh-dns-0a1b2c3d" in run.err else (run.code, run.err))
        checks.same("from Azure: the kubeconfig's is left alone", server.requests, [])
        checks.same("from Azure: nothing is written", sorted(os.listdir(cloud.home)) + sorted(os.listdir(bench.folder)), before)
        checks.ends("from Azure: beside a context", cloud.on("mesh", "check", "--from-azure", "--context", "test"), 2, "exclude each other")


def simulator_is_there(bench):
    return os.path.exists(os.path.join(os.path.dirname(bench.binary), "aksmesh-sim"))


def both_sides(checks, bench):
    if not simulator_is_there(bench):
        print("left out: both sides, because the simulator of Azure does not stand beside the program")
        return
    for case in (preflight_of_both, azure_alone, completing, disabling, asked_again, credentials_in_memory):
        case(checks, bench)


BOTH_SIDES_CASES = [both_sides]
