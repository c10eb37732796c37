# SPDX-License-Identifier: Apache-2.0
"""How `aksmesh status` tells the state of a mesh."""

import json
import os

from documents import problems_of
from mesh import CANARY_STATUS, canary, injector, istiod, namespace, pod, syncz


def status(checks, bench):
    def of(name, server, *arguments):
        run = bench.run("status", "-o", "json", *arguments, config=server.kubeconfig())
        checks.check(name + ", its schema", problems_of("status", run.json))
        return run

    texts = ["\n---\n".join(json.dumps(each) for each in canary())]
    with bench.server(texts) as server:
        server.pods.answers = syncz()
        run = of("status", server)
        document = run.json
        for each in document["revisions"]:
            each.pop("supportedUntil", None)
        for part, wanted in CANARY_STATUS.items():
            checks.same("status, " + part, document[part], wanted)
        checks.same("status: what is wrong does not change the exit code", run.code, 0)
        told = {(each["code"], each["places"]) for each in document["conditions"]}
        for wanted in (("AKM3002", 1), ("AKM3004", 1), ("AKM3006", 1)):
            checks.check(f"status: condition {wanted}", "" if wanted in told else told)
        checks.same("status: that an upgrade is under way is no defect", [each for each in told if each[0] == "AKM3007"], [])
        checks.same("status: Secrets are not asked for", [each for each in server.requests if "secrets" in each], [])
        text = bench.run("status", config=server.kubeconfig()).out
        for line in ("context test, Kubernetes v1.34.2", "asm-1-28 2/2 1.28.10 4 3 2 prod", "pay asm-1-28 (prod) 1 0 0 1 0", "gone none (asm-1-27) 1 0 1 1 0",
                     "aks-istio-ingress/aks-istio-ingressgateway-external asm-1-29 0/2 20.1.2.3", "1 namespace without sidecars and without label",
                     "asm-1-27 not there - 1 0 1"):
            checks.check("status, text: " + line, "" if line in " ".join(text.split()) else text)
        typed = bench.run("status", "--context", "test", config=server.kubeconfig()).out
        checks.check("status: the next command is about the same cluster", "" if "analyze --only AKM3002 --context test" in typed else typed)
    with bench.server(texts, denied_at_all=["pods"]) as server:
        run = of("status without pods", server)
        checks.same("status without pods: the exit code", run.code, 5)
        checks.same("status without pods: no count is made up",
                    [key for row in run.json["namespaces"] + run.json["revisions"] for key in row if key in ("meshed", "unmeshed", "stale", "proxies", "connected")], [])
        checks.same("status without pods: the right is named", [each["what"] for each in run.json["unavailable"]], ["pods in all namespaces"])
        text = bench.run("status", config=server.kubeconfig()).out
        checks.check("status without pods: marked in the table", "" if "shop asm-1-28 ? ? ? ? ?" in " ".join(text.split()) else text)
    with bench.server(texts, denied_at_all=["deployments"]) as server:
        run = of("status without deployments", server)
        checks.same("status without deployments: no revision is called missing", "revisions" in run.json, False)
        rows = {each["namespace"]: each for each in run.json["namespaces"]}
        checks.same("status without deployments: nor is a namespace's", [row for row in rows.values() if "installed" in row or "stale" in row],
                    [row for row in rows.values() if "revision" in row])
        checks.same("status without deployments: a tag still tells", (rows["pay"]["revision"], rows["pay"]["stale"]), ("asm-1-28", 0))
        text = bench.run("status", config=server.kubeconfig()).out
        checks.check("status without deployments: nor in the text", text if "not there" in text else "")
    with bench.server(texts, denied_at_all=["namespaces"]) as server:
        text = " ".join(bench.run("status", config=server.kubeconfig()).out.split())
        checks.check("status without namespaces: no revision is made up", "" if "shop ? 2 ? ? ? ?" in text and "without label" not in text else text)
        checks.same("status without namespaces: nor in JSON", "namespaces" in of("status without namespaces", server).json, False)
    with bench.server(texts, denied_at_all=["mutatingwebhookconfigurations"]) as server:
        run = of("status without webhooks", server)
        checks.same("status without webhooks: a tag is no revision", [each["revision"] for each in run.json["revisions"]], ["asm-1-27", "asm-1-28", "asm-1-29"])
        rows = {each["namespace"]: each for each in run.json["namespaces"]}
        checks.same("status without webhooks: what a tag leads to is not known", [key for key in ("revision", "installed", "stale") if key in rows["pay"]], [])
    with bench.server(texts, denied_at_all=["configmaps"]) as server:
        rows = {each["namespace"]: each for each in of("status without injectors", server).json["namespaces"]}
        checks.same("status without injectors: which patch is new is not known", "stale" in rows["shop"], False)
    odd = [*istiod("asm-1-29", "1.29.6", -3, -3), injector("a", {"istio.io/tag": "prod", "istio.io/rev": "asm-1-28"}),
           injector("b", {"istio.io/tag": "none"}), namespace("pay", "prod"), pod("pay", "pay-1", "asm-1-28", "1.28.10"), namespace("own"),
           {**pod("own", "own-1", "asm-1-29", "1.29.6"), "metadata": {"name": "own-1", "namespace": "own", "labels": {"istio.io/rev": "asm-1-29"}}}]
    with bench.server([json.dumps(each) for each in odd]) as server:
        rows = {each["namespace"]: each for each in of("status of odd objects", server).json["namespaces"]}
        checks.same("status: a tag of a revision that is gone", (rows["pay"]["installed"], rows["pay"]["stale"]), (False, 1))
        checks.same("status: a pod that asks for itself", rows["own"]["stale"], 0)
    with bench.server(["{apiVersion: v1, kind: Namespace, metadata: {name: plain}}"]) as server:
        run = of("status of a cluster without the mesh", server)
        checks.same("status of a cluster without the mesh", (run.json["revisions"], run.code), ([], 0))
        checks.ends("status of a cluster without the mesh, text", bench.run("status", config=server.kubeconfig()), 0, "no revision of the add-on is installed")


def snapshot_of_a_namespace(checks, bench):
    """What the picture does not hold is not known, and never none."""
    path = os.path.join(bench.folder, "shop-alone.tar.gz")
    with bench.server([json.dumps(each) for each in canary()]) as server:
        config = server.kubeconfig()
        server.pods.answers = syncz()
        bench.run("snapshot", path, "-n", "shop", config=config)
        live = bench.run("status", "-o", "json", config=config).json
    run = bench.run("status", "-o", "json", "--snapshot", path)
    checks.check("status of a namespace's snapshot, its schema", problems_of("status", run.json))
    rows, all_rows = ({each["namespace"]: each for each in one["namespaces"]} for one in (run.json, live))
    checks.same("status of a namespace's snapshot: that one is as it was live", rows["shop"], all_rows["shop"])
    counts = ("meshed", "unmeshed", "stale", "disconnected", "rejectedConfiguration", "staleConfiguration")
    checks.same("status of a namespace's snapshot: no count is made up for the others",
                [(name, key) for name, row in rows.items() if name != "shop" for key in counts if key in row], [])
    checks.same("status of a namespace's snapshot: they are there", {"pay", "gone"} <= set(rows), True)
    checks.same("status of a namespace's snapshot: nor are sums", ["otherNamespaces" in run.json, [each for each in run.json["revisions"] if "proxies" in each]], [False, []])
    checks.same("status of a namespace's snapshot: what istiods tell stays", [each.get("connected") for each in run.json["revisions"]],
                [each.get("connected") for each in live["revisions"]])
    checks.same("status of a namespace's snapshot: it is not whole, and says so", (run.code, run.json["complete"], [each["what"] for each in run.json["unavailable"]]),
                (5, False, ["the other namespaces"]))
    text = bench.run("status", "--snapshot", path).out
    flat = " ".join(text.split())
    for line in ("shop asm-1-28 2 1 1 ", "pay asm-1-28 (prod) ? ? ? ? ?", "could not read the other namespaces: only the objects of aks-istio-egress"):
        checks.check("status of a namespace's snapshot, text: " + line, "" if line in flat else text)
    checks.check("status of a namespace's snapshot: none is counted as outside", text if "without sidecars" in text else "")


STATUS_CASES = [status, snapshot_of_a_namespace]
