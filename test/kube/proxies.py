# SPDX-License-Identifier: Apache-2.0
"""How `aksmesh proxy status` and `proxy stale` tell of every proxy."""

import copy
import json
import re

from documents import problems_of
from mesh import SYNCZ, canary, istiod_pod, pod, sync, syncz
from watch import Following

WEB1, CART1, WEB2, CART2 = "web-1.shop", "cart-1.cart", "web-2.shop", "cart-2.cart"


def texts(objects=None):
    return ["\n---\n".join(json.dumps(each) for each in objects or canary())]


def made_by(one, name, kind="ReplicaSet", digest="abc"):
    """The pod as a workload makes it."""
    one = copy.deepcopy(one)
    owner = f"{name}-{digest}" if kind == "ReplicaSet" else name
    one["metadata"]["ownerReferences"] = [{"kind": kind, "name": owner, "controller": True}]
    one["metadata"].setdefault("labels", {})["pod-template-hash"] = digest
    return one


def by_id(document):
    return {f"{each['name']}.{each['namespace']}": each for each in document["proxies"]}


def states(run):
    return {name: each["state"] for name, each in by_id(run.json).items()}


def every_proxy(checks, bench):
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        config = server.kubeconfig()
        run = bench.run("proxy", "status", "-o", "json", config=config)
        checks.check("proxy status: its schema", problems_of("proxy-status", run.json))
        checks.same("proxy status: of every revision and replica, without any option", (run.code, states(run)),
                    (0, {WEB1: "synced", CART1: "stale", WEB2: "error", CART2: "synced", "pay-1.pay": "disconnected", "gone-1.gone": "disconnected"}))
        asked = [each for each in server.pods.asked if each[0] != "proxy"]
        checks.same("proxy status: each istiod is asked once, for nothing else", sorted(asked),
                    [("portforward", f"istiod-asm-1-{name}", SYNCZ) for name in ("28-a", "28-b", "29-a")])
        checks.same("proxy status: and nothing but pods is listed", {each.partition("?")[0] for each in server.requests if "limit=" in each}, {"/api/v1/pods"})
        rows = by_id(run.json)
        checks.same("proxy status: the istiod and its revision", [rows[each].get(key) for each in (WEB2, CART2, "gone-1.gone") for key in ("istiod", "revision")],
                    ["istiod-asm-1-28-b", "asm-1-28", "istiod-asm-1-29-a", "asm-1-29", None, "asm-1-27"])
        checks.same("proxy status: the reason in the proxy's words", rows[WEB2]["reason"], "LDS: Error adding/updating LDS: no such thing")
        checks.same("proxy status: what is not acknowledged", rows[CART1]["reason"], "not acknowledged: EDS, RDS")
        checks.same("proxy status: when it was pushed", rows[WEB1]["pushedAt"], "2026-01-01T00:00:00Z")
        checks.same("proxy status: how many istiods, and their proxies", [each["proxies"] for each in run.json["istiods"]], [2, 1, 1])
        text = bench.run("ps", config=config).out.splitlines()
        checks.same("proxy status: the neighbour's columns, then ours", " ".join(text[0].split()),
                    "NAME CLUSTER ISTIOD VERSION SUBSCRIBED TYPES REVISION STATE REASON AGE")
        line = " ".join(next(each for each in text if each.startswith("web-2")).split())
        checks.check("proxy status: a row", "" if re.fullmatch(
            r"web-2\.shop Kubernetes istiod-asm-1-28-b 1\.28\.9 4 \(CDS,LDS,EDS,RDS\) asm-1-28 error Error adding/updating LDS: no such thing \d+[a-z0-9]*",
            line) else line)
        checks.same("proxy status: sorted as the neighbour sorts", [each.split()[0] for each in text[1:]], sorted(rows))
        checks.same("proxy status: JSON is no table", bench.run("proxy-status", "-o", "json", config=config).json["proxies"], run.json["proxies"])


def narrowed(checks, bench):
    objects = [made_by(each, "web") if each["metadata"]["name"] in ("web-1", "web-2") else each for each in canary()]
    with bench.server(texts(objects)) as server:
        server.pods.answers = syncz()
        config = server.kubeconfig()

        def shown(*arguments):
            return sorted(states(bench.run("proxy", "status", "-o", "json", *arguments, config=config)))
        checks.same("proxy status -n", shown("-n", "cart"), [CART1, CART2])
        checks.same("proxy status -n: only pods there and of the istiods are listed",
                    sorted({each.partition("?")[0] for each in server.requests if "limit=" in each}),
                    ["/api/v1/namespaces/aks-istio-system/pods", "/api/v1/namespaces/cart/pods"])
        server.pods.asked.clear()
        checks.same("proxy status -r", shown("-r", "asm-1-29"), [CART2])
        checks.same("proxy status -r: its istiods alone are asked", {each[1] for each in server.pods.asked}, {"istiod-asm-1-29-a"})
        checks.ends("proxy status -n: there is none of the name", bench.run("ps", "-n", "sohp", config=config), 1, "there is no namespace 'sohp'")
        checks.ends("proxy status -n: one without proxies", bench.run("ps", "-n", "plain", config=config), 0, "no proxies")
        checks.ends("proxy stale -n: there is none of the name", bench.run("proxy", "stale", "-n", "sohp", config=config), 1, "did you mean shop?")
        checks.same("proxy status -r: a tag leads to its revision", shown("-r", "prod"), [CART1, "pay-1.pay", WEB1, WEB2])
        checks.same("proxy status -r: of a revision that is gone", shown("-r", "asm-1-27"), ["gone-1.gone"])
        checks.ends("proxy status -r: an unknown name", bench.run("ps", "-r", "prdo", config=config), 1, "did you mean prod?")
        checks.ends("proxy status -r: a revision that nobody is of", bench.run("ps", "-r", "asm-1-99", config=config), 1, "there is no revision or tag 'asm-1-99'")
        checks.same("proxy status: a pod", shown("web-1"), [WEB1])
        checks.same("proxy status: a pod with its namespace", shown("web-1.shop", "pay-1.pay"), ["pay-1.pay", WEB1])
        checks.same("proxy status: a workload", shown("deploy/web"), [WEB1, WEB2])
        checks.same("proxy status: a workload of another namespace", bench.run("ps", "deploy/web.cart", config=config).code, 1)
        checks.ends("proxy status: nobody of the name", bench.run("ps", "web-9", config=config), 1, "there is no proxy 'web-9'")
        checks.ends("proxy status: no kind of workload", bench.run("ps", "service/web", config=config), 2, "'service/web' names no proxy")
        checks.ends("proxy status: a typing error in a kind", bench.run("ps", "deploymnet/web", config=config), 2, "did you mean deployment?")
        checks.same("proxy status: a kind with its group, as kubectl takes it", shown("deployments.apps/web"), [WEB1, WEB2])
        checks.same("proxy status: by state", shown("--proxy-state", "error", "--proxy-state", "stale"), [CART1, WEB2])
        checks.ends("proxy status: no such state", bench.run("ps", "--proxy-state", "bad", config=config), 2, "disconnected")
        checks.ends("proxy status: the exit code on request", bench.run("ps", "--exit-code", config=config), 3)
        checks.ends("proxy status: the exit code is about what is shown", bench.run("ps", "--exit-code", "web-1", config=config), 0)
        checks.ends("proxy status: without asking for it, it is 0", bench.run("ps", config=config), 0)
        summary = bench.run("ps", "--summary", config=config)
        checks.same("proxy status --summary", [" ".join(each.split()) for each in summary.out.splitlines()],
                    ["REVISION VERSION STATE PROXIES", "asm-1-27 1.27.3 disconnected 1", "asm-1-28 1.28.10 stale 1", "asm-1-28 1.28.10 synced 1",
                     "asm-1-28 1.28.10 disconnected 1", "asm-1-28 1.28.9 error 1", "asm-1-29 1.29.6 synced 1"])
        document = bench.run("ps", "--summary", "-o", "json", config=config).json
        checks.same("proxy status --summary: the document", (problems_of("proxy-status", document), "proxies" in document, len(document["summary"])), ("", False, 6))


def not_all(checks, bench):
    """An istiod that cannot be asked, or pods that cannot be listed, hide no more than they must."""
    with bench.server(texts()) as server:
        server.pods.answers = {**syncz(), ("istiod-asm-1-28-b", SYNCZ): (503, "no")}
        run = bench.run("proxy", "status", "-o", "json", config=server.kubeconfig())
        checks.same("proxy status, one istiod fails: the rest is shown", (run.code, states(run)), (5, {WEB1: "synced", CART1: "stale", CART2: "synced"}))
        checks.same("proxy status, one istiod fails: it is named", [each["what"] for each in run.json["unavailable"]], ["the proxies of istiod-asm-1-28-b"])
        text = bench.run("ps", config=server.kubeconfig())
        checks.same("proxy status, one istiod fails: in words, not in the table", (text.code, "istiod-asm-1-28-b" in text.err, len(text.out.splitlines())), (5, True, 4))
    with bench.server(texts(), denied=["pods"]) as server:
        server.pods.answers = syncz()
        run = bench.run("proxy", "status", "-o", "json", config=server.kubeconfig())
        checks.same("proxy status, pods of the system namespace alone: who is connected", (run.code, states(run)),
                    (5, {WEB1: "synced", CART1: "stale", WEB2: "error", CART2: "synced"}))
        checks.check("proxy status, pods of the system namespace alone: told", "" if "disconnected is not known" in run.out else run.out)
        checks.ends("proxy status, pods of the system namespace alone: a workload", bench.run("ps", "deploy/web", config=server.kubeconfig()), 5)
    with bench.server(texts(), denied_at_all=["mutatingwebhookconfigurations"]) as server:
        server.pods.answers = syncz()
        checks.ends("proxy status, webhooks unseen: a revision needs none", bench.run("ps", "-r", "asm-1-29", config=server.kubeconfig()), 0, "cart-2.cart")
        checks.ends("proxy status, webhooks unseen: a tag is not known", bench.run("ps", "-r", "prod", config=server.kubeconfig()), 5, "injection webhooks")
    with bench.server(texts(), denied_at_all=["pods"]) as server:
        checks.ends("proxy status without pods", bench.run("ps", config=server.kubeconfig()), 4, 'cannot list resource "pods"')
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        server.pods.ways = {"proxy": "forbidden", "portforward": "forbidden", "exec": "forbidden"}
        checks.ends("proxy status without rights to ask", bench.run("ps", config=server.kubeconfig()), 5, "create pods/portforward")


def by_version(checks, bench):
    """The neighbour's table is that of the newest istiod."""
    def table(revision, answer, *arguments):
        with bench.server(texts([istiod_pod(revision, "a"), pod("shop", "web-1", revision, "1")])) as server:
            server.pods.answers = {(f"istiod-{revision}-a", SYNCZ): json.dumps(answer)}
            return [" ".join(re.sub(r"\(\d[0-9a-z]*\)", "(age)", each).split()) for each in bench.run("ps", *arguments, config=server.kubeconfig()).out.splitlines()]
    ours = "REVISION STATE REASON AGE"
    shop = [sync("shop", "web-1", stale=["EDS"], rejected=["LDS"])]
    checks.same("proxy status, istiod 1.25", [each.partition(" asm-1-25 ")[0] for each in table("asm-1-25", shop)],
                [f"NAME CLUSTER CDS LDS EDS RDS ECDS ISTIOD VERSION {ours}",
                 "web-1.shop Kubernetes SYNCED (age) ERROR (age) STALE (age) SYNCED (age) IGNORED istiod-asm-1-25-a 1.28.10"])
    old = [{"cluster_id": "Kubernetes", "proxy": "web-1.shop", "istio_version": "1.22.1", "cluster_sent": "a", "cluster_acked": "a", "listener_sent": "b",
            "listener_acked": "a", "route_sent": "c"}]
    checks.same("proxy status, istiod 1.22", table("asm-1-22", old),
                [f"NAME CLUSTER CDS LDS EDS RDS ECDS ISTIOD VERSION {ours}",
                 "web-1.shop Kubernetes SYNCED STALE NOT SENT STALE (Never Acknowledged) NOT SENT istiod-asm-1-22-a 1.22.1 asm-1-22 stale "
                 "not acknowledged: LDS, RDS -"])
    checks.same("proxy status, istiod 1.22, asked for the newer table", table("asm-1-22", old, "-v", "0")[1].split(" istiod")[1],
                "-asm-1-22-a 1.22.1 3 (CDS,LDS,RDS) asm-1-22 stale not acknowledged: LDS, RDS -")
    checks.same("proxy status -v 1", table("asm-1-28", shop, "-v", "1")[0], f"NAME CLUSTER CDS ECDS EDS LDS RDS ISTIOD VERSION {ours}")


def followed(checks, bench):
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        with Following(bench, server, "-n", "shop", command="ps") as run:
            first = run.next()
            checks.same("proxy status --watch: the first result", {each["name"]: each["state"] for each in first["proxies"]}, {"web-1": "synced", "web-2": "error"})
            server.pods.answers = {**syncz(), ("istiod-asm-1-28-b", SYNCZ): json.dumps([sync("shop", "web-2", version="1.28.9")])}
            later = run.next()
            checks.same("proxy status --watch: shown anew when an istiod says so",
                        later and {each["name"]: each["state"] for each in later["proxies"]}, {"web-1": "synced", "web-2": "synced"})
            checks.same("proxy status --watch: Ctrl-C", run.end()[0], 130)


def of_a_snapshot(checks, bench):
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        config = server.kubeconfig()
        made = bench.run("snapshot", f"{bench.folder}/mesh.tar.gz", config=config)
        checks.ends("proxy status of a snapshot: it is made", made, 0)
        live = bench.run("proxy", "status", "-o", "json", config=config)
        stale = bench.run("proxy", "stale", "-o", "json", config=config)
    kept = bench.run("proxy", "status", "-o", "json", "--snapshot", f"{bench.folder}/mesh.tar.gz")
    checks.same("proxy status of a snapshot: as it was live", (kept.code, kept.json["proxies"]), (0, live.json["proxies"]))
    again = bench.run("proxy", "stale", "-o", "json", "--snapshot", f"{bench.folder}/mesh.tar.gz")
    checks.same("proxy stale of a snapshot: as it was live", (again.code, again.json["workloads"]), (0, stale.json["workloads"]))
    checks.ends("proxy status of a snapshot: nothing to follow", bench.run("ps", "--watch", "--snapshot", f"{bench.folder}/mesh.tar.gz"), 2, "does not change")


def causes(run):
    return {(each["namespace"], each["kind"], each["name"]): (each["type"], each["cause"], each["versions"], each.get("newVersion")) for each in run.json["workloads"]}


def stale(checks, bench):
    gateway = {**pod("aks-istio-ingress", "gw-1", "asm-1-28", "1.28.9"), "metadata": {
        **made_by(pod("aks-istio-ingress", "gw-1", "asm-1-28", "1.28.9"), "gw")["metadata"]}}
    objects = [made_by(each, "web") if each["metadata"]["name"] in ("web-1", "web-2") else each for each in canary()]
    objects += [gateway, made_by(pod("cart", "db-0", "asm-1-28", "1.28.10", native=True), "db", "StatefulSet"), made_by(pod("cart", "once-1", "asm-1-28", "1.28.10"), "once", "Job")]
    pinned = made_by(pod("shop", "pin-1", "asm-1-28", "1.28.1"), "pin")
    pinned["metadata"]["annotations"]["sidecar.istio.io/proxyImage"] = "example.invalid/proxyv2:1.28.1"
    with bench.server(texts([*objects, pinned])) as server:
        server.pods.answers = syncz()
        config = server.kubeconfig()
        run = bench.run("proxy", "stale", "-o", "json", config=config)
        checks.check("proxy stale: its schema", problems_of("proxy-stale", run.json))
        checks.same("proxy stale: by workload, with the cause", (run.code, causes(run)), (0, {
            ("aks-istio-ingress", "Deployment", "gw"): ("gateway", "version", ["1.28.9"], "1.28.10"),
            ("cart", "Job", "once"): ("sidecar", "moved", ["1.28.10"], "1.29.6"),
            ("cart", "Pod", "cart-1"): ("sidecar", "moved", ["1.28.10"], "1.29.6"),
            ("cart", "StatefulSet", "db"): ("sidecar", "moved", ["1.28.10"], "1.29.6"),
            ("gone", "Pod", "gone-1"): ("sidecar", "revision-gone", ["1.27.3"], None),
            ("shop", "Deployment", "web"): ("sidecar", "version", ["1.28.9"], "1.28.10")}))
        checks.same("proxy stale: what to paste", run.json["next"],
                    ["kubectl rollout restart deployment/gw -n aks-istio-ingress", "kubectl rollout restart statefulset/db -n cart",
                     "kubectl rollout restart deployment/web -n shop", "# Job cart/once: delete and create it, nothing restarts it", "# Pod cart/cart-1: delete and create it, nothing restarts it",
                     "aksmesh injection set gone --revision REV   # then restart"])
        counted = {each["namespace"]: each["stale"] for each in bench.run("status", "-o", "json", config=config).json["namespaces"] if each["stale"]}
        listed = {}
        for each in run.json["workloads"]:
            if each["type"] == "sidecar":
                listed[each["namespace"]] = listed.get(each["namespace"], 0) + len(each["pods"])
        checks.same("proxy stale: the same that status counts", listed, counted)
        checks.same("proxy stale -n", list(causes(bench.run("proxy", "stale", "-n", "shop", "-o", "json", config=config))), [("shop", "Deployment", "web")])
        checks.ends("proxy stale: the exit code on request", bench.run("proxy", "stale", "--exit-code", config=config), 3, "kubectl rollout restart deployment/web -n shop")
        server.pods.answers = {**syncz(), ("istiod-asm-1-28-a", SYNCZ): json.dumps([sync("shop", "web-1", version="1.28.3")])}
        told = bench.run("proxy", "stale", "-n", "shop", "-o", "json", config=config).json["workloads"]
        checks.same("proxy stale: what istiod tells goes before the image", [(each["versions"], each["pods"]) for each in told], [(["1.28.3", "1.28.9"], ["web-1", "web-2"])])
        alone = bench.run("proxy", "stale", "-n", "shop", "--no-proxies", "-o", "json", config=config)
        checks.same("proxy stale --no-proxies: the images tell", [each["pods"] for each in alone.json["workloads"]], [["web-2"]])
    with bench.server(texts([each for each in canary() if each["metadata"].get("namespace") not in ("shop", "cart", "gone")])) as server:
        server.pods.answers = syncz()
        checks.ends("proxy stale: nothing is", bench.run("proxy", "stale", "--exit-code", config=server.kubeconfig()), 0, "every proxy is what a new pod would get")
    with bench.server(texts(), denied_at_all=["configmaps"]) as server:
        server.pods.answers = syncz()
        run = bench.run("proxy", "stale", "-o", "json", config=server.kubeconfig())
        checks.same("proxy stale without ConfigMaps: told", (run.code, [each["what"].split()[0] for each in run.json["unavailable"]]), (5, ["configmaps"]))


PROXY_CASES = [every_proxy, narrowed, not_all, by_version, followed, of_a_snapshot, stale]
