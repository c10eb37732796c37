# SPDX-License-Identifier: Apache-2.0
"""Checks of the commands about injection and revision tags, for run.py."""

import json
import os
import pty
import subprocess

from documents import problems_of
from mesh import namespace, pod

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SYSTEM = "aks-istio-system"
REV = "istio.io/rev"
TAG = "istio.io/tag"


def hook(name, revision, value, by_namespace):
    away = [{"key": "istio-injection", "operator": "DoesNotExist"}]
    chosen = [{"key": REV, "operator": "In", "values": [value]}]
    kept = [{"key": "sidecar.istio.io/inject", "operator": "NotIn", "values": ["false"]}]
    return {"name": name, "failurePolicy": "Fail", "admissionReviewVersions": ["v1"], "sideEffects": "None",
            "clientConfig": {"caBundle": "Q0E=", "service": {"name": "istiod-" + revision, "namespace": SYSTEM, "path": "/inject", "port": 443}},
            "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"], "scope": "*"}],
            "namespaceSelector": {"matchExpressions": (chosen if by_namespace else [{"key": REV, "operator": "DoesNotExist"}]) + away},
            "objectSelector": {"matchExpressions": kept if by_namespace else kept + chosen}}


def webhooks(revision, tag=None, name=None):
    value = tag or revision
    labels = {"app": "sidecar-injector", REV: revision, **({TAG: tag} if tag else {})}
    return {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
            "metadata": {"name": name or f"istio-{'revision-tag' if tag else 'sidecar-injector'}-{value}-{SYSTEM}", "labels": labels},
            "webhooks": [hook("rev.namespace.sidecar-injector.istio.io", revision, value, True),
                         hook("rev.object.sidecar-injector.istio.io", revision, value, False)]}


def catching(name, by_namespace):
    """A webhook of the first revision whose namespaces are chosen otherwise than the add-on does it."""
    out = webhooks("asm-1-28", name=name)
    out["webhooks"] = out["webhooks"][:1]
    out["webhooks"][0]["namespaceSelector"] = by_namespace
    return out


def service(name):
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": SYSTEM}, "spec": {}}


def settings(revision, tag):
    values = {"global": {"hub": "mcr.microsoft.com/oss/istio", "tag": tag, "proxy": {"image": "proxyv2"}}}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "istio-sidecar-injector-" + revision, "namespace": SYSTEM},
            "data": {"values": json.dumps(values), "config": "policy: enabled\nneverInjectSelector: [{matchLabels: {role: batch}}]\n"}}


def of_deployment(item, name):
    item["metadata"].setdefault("labels", {})["pod-template-hash"] = "5d9c7b"
    item["metadata"]["ownerReferences"] = [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": name + "-5d9c7b", "controller": True}]
    return item


def deployment(place, name, labels=None, annotations=None, **spec):
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": place},
            "spec": {"template": {"metadata": {"labels": {"app": name, **(labels or {})}, "annotations": annotations or {}},
                                  "spec": {"containers": [{"name": "app", "image": "a"}], **spec}}}}


def labelled(name, **labels):
    return {"apiVersion": "v1", "kind": "Namespace",
            "metadata": {"name": name, "labels": {REV if key == "rev" else key.replace("_", "-"): value for key, value in labels.items()}}}


def cluster():
    tools = of_deployment(pod("plain", "tools-1", "asm-1-28", "1.28.10"), "tools")
    tools["metadata"]["labels"][REV] = "asm-1-28"
    return [
        webhooks("asm-1-28"), webhooks("asm-1-29"), webhooks("asm-1-28", "prod"), webhooks("asm-1-27", "old"),
        service("istiod-asm-1-28"), service("istiod-asm-1-29"), settings("asm-1-28", "1.28.10"), settings("asm-1-29", "1.29.6"),
        namespace(SYSTEM), namespace("kube-system"), namespace("plain"), namespace("shop", "asm-1-28"), namespace("web", "prod"),
        namespace("lost", "old"), labelled("legacy", istio_injection="enabled"), labelled("both", rev="asm-1-28", istio_injection="enabled"),
        deployment("shop", "cart"), deployment("shop", "cache", {"sidecar.istio.io/inject": "false"}), deployment("shop", "agent", hostNetwork=True),
        deployment("shop", "batch", {"role": "batch"}), deployment("plain", "tools", {REV: "asm-1-28"}), deployment("plain", "asks", {"sidecar.istio.io/inject": "true"}),
        of_deployment(pod("shop", "cart-1", "asm-1-28", "1.28.10"), "cart"), of_deployment(pod("shop", "cart-2", "asm-1-28", "1.28.9"), "cart"),
        tools, pod("plain", "bare"),
        of_deployment(pod("web", "front-1", "asm-1-28", "1.28.10"), "front"), pod("legacy", "sleep"), pod("both", "db")]


def serve(bench, objects=None, **options):
    return bench.server([json.dumps(each) for each in (cluster() if objects is None else objects)], **options)


def valid(checks, what, kind, document):
    checks.check(what + ", its schema", problems_of(kind, document))


class Teller:
    """Runs commands against one server and holds their documents against the schemas."""

    def __init__(self, checks, bench, server):
        self.checks, self.bench, self.server = checks, bench, server

    def text(self, *words):
        return self.bench.run(*words, config=self.server.kubeconfig())

    def document(self, kind, *words):
        run = self.text(*words, "-o", "json")
        if not run.out:
            self.checks.check(" ".join(words), f"{run.code}: {run.err}")
            return run
        valid(self.checks, " ".join(words), kind, run.json)
        return run

    def change(self, *words):
        return self.document("kube-change", *words)


def listing(checks, bench):
    with serve(bench) as server:
        tell = Teller(checks, bench, server)
        run = tell.document("injection", "injection", "list")
        rows = {each["namespace"]: each for each in run.json["items"]}
        checks.same("list: its namespaces, sorted", list(rows), ["both", "legacy", "lost", "plain", "shop", "web"])
        shown = {name: (row["verdict"], row.get("revision"), row["injected"], row["notInjected"], row.get("restart")) for name, row in rows.items()}
        # istioctl calls plain and its pods those of the first revision, and wants them restarted.
        checks.same("list: a namespace without label is nobody's", shown["plain"], ("not-injected", None, 1, 1, 0))
        checks.same("list: a revision", shown["shop"], ("injected", "asm-1-28", 2, 0, 1))
        checks.same("list: a tag comes to its revision", (*shown["web"], rows["web"]["tag"]), ("injected", "asm-1-28", 1, 0, 0, "prod"))
        checks.same("list: a tag whose revision is gone", shown["lost"][:2], ("refused", "asm-1-27"))
        checks.same("list: istio-injection", (shown["legacy"], rows["legacy"]["cause"]), (("not-injected", None, 0, 1, 0), "no-default-revision"))
        checks.same("list: both labels", rows["both"]["cause"], "injection-label")
        checks.same("list: what restarts is named", rows["shop"]["restarts"], [{"kind": "Deployment", "name": "cart", "pods": 1, "why": "other-image"}])
        checks.same("list: it is no error", run.code, 0)
        text = tell.text("injection", "list").out
        for line in ("shop asm-1-28 asm-1-28 2 0 1 asm-1-28:2 -", "plain - - 1 1 0 asm-1-28:1 -", "lost old refused 0 0 0"):
            checks.check("list, text: " + line, "" if line in " ".join(text.split()) else text)
        checks.check("list: no colours in a pipe", text if "\x1b" in text else "")
        checks.same("list: twice the same", tell.text("injection", "list").out, text)
        server.requests.clear()
        one = tell.document("injection", "injection", "list", "-n", "shop")
        checks.same("list: one namespace", [each["namespace"] for each in one.json["items"]], ["shop"])
        asked = [each for each in server.requests if "pods" in each or "configmaps" in each or "services" in each]
        checks.same("list: and no more is read than that", sorted(each.partition("?")[0] for each in asked),
                    ["/api/v1/namespaces/aks-istio-system/configmaps", "/api/v1/namespaces/aks-istio-system/services", "/api/v1/namespaces/shop/pods"])
        checks.ends("list: a namespace that is not there", tell.text("injection", "list", "-n", "shopp"), 1, "no namespace 'shopp'", "did you mean shop?")
        checks.ends("list: one and all", tell.text("injection", "list", "-n", "shop", "-A"), 2, "exclude each other")
    with serve(bench, denied_at_all=["pods"]) as server:
        run = Teller(checks, bench, server).document("injection", "injection", "list")
        checks.same("list without pods: no count is made up", (run.code, [key for row in run.json["items"] for key in row if key in ("injected", "restart")]), (5, []))
    with serve(bench, denied_at_all=["mutatingwebhookconfigurations"]) as server:
        run = Teller(checks, bench, server).document("injection", "injection", "list")
        checks.same("list without webhooks: nothing is claimed", (run.code, {each["verdict"] for each in run.json["items"]}), (5, {"unknown"}))
    with serve(bench, denied_at_all=["configmaps"]) as server:
        rows = {each["namespace"]: each for each in Teller(checks, bench, server).document("injection", "injection", "list").json["items"]}
        checks.same("list without ConfigMaps: which image is new is not known", "restart" in rows["shop"], False)


def explaining(checks, bench):
    with serve(bench) as server:
        tell = Teller(checks, bench, server)
        run = tell.document("injection-explain", "injection", "explain", "-n", "shop")
        causes = {each["name"]: each["cause"] for each in run.json["items"] if each["kind"] == "Deployment"}
        checks.same("explain: every workload of the namespace", causes, {"agent": "host-network", "batch": "never-selector", "cache": "pod-label", "cart": "namespace-label"})
        one = tell.document("injection-explain", "injection", "explain", "deploy/cart", "-n", "shop").json["items"][0]
        checks.same("explain: who takes it", [each["webhook"] for each in one["webhooks"] if each["matches"] == "yes"],
                    [f"istio-sidecar-injector-asm-1-28-{SYSTEM}/rev.namespace.sidecar-injector.istio.io"])
        checks.check("explain: what has to restart", "" if any("kubectl rollout restart deployment/cart -n shop" in each for each in one["advice"]) else one["advice"])
        plain = {each["name"]: each for each in tell.document("injection-explain", "injection", "explain", "-n", "plain").json["items"]}
        checks.same("explain: a pod's own revision, one without, and a wish that does nothing", [plain[name]["cause"] for name in ("tools", "bare", "asks")],
                    ["pod-revision-label", "namespace-unlabelled", "pod-label-alone"])
        checks.check("explain: what to do", "" if plain["asks"]["advice"][0].startswith("aksmesh injection set plain --revision asm-1-29") else plain["asks"])
        for words, says in ((("asks", "-n", "plain"), "not injected"), (("deployment/tools", "-n", "plain"), "injected by revision asm-1-28"),
                            (("po/bare", "-n", "plain"), "has no label istio.io/rev")):
            checks.ends("explain: " + " ".join(words), tell.text("injection", "explain", *words), 0, says)
        everything = tell.document("injection-explain", "injection", "explain", "-A")
        checks.check("explain: all namespaces", "" if {"shop", "plain", "legacy"} <= {each["namespace"] for each in everything.json["items"]} else everything.out)
        checks.same("explain: without -n that of the context", {each["namespace"] for each in tell.document("injection-explain", "injection", "explain").json["items"]}, {"shop"})
        checks.ends("explain: a name that is not there", tell.text("injection", "explain", "cort", "-n", "shop"), 1, "no workload 'cort'", "did you mean cart?")
        checks.ends("explain: a type that is none", tell.text("injection", "explain", "service/x"), 2, "no kind of workload")
        files = bench.write("new.yaml", "\n---\n".join(json.dumps(each) for each in (deployment("lost", "a"), deployment("new", "b"), deployment("web", "c"), labelled("new", rev="prod"))))
        server.requests.clear()
        merged = tell.document("injection-explain", "injection", "explain", "-f", files, "--live")
        checks.same("explain: files in the cluster", [(each["name"], each["verdict"], each["where"]["file"]) for each in merged.json["items"]],
                    [("a", "refused", files), ("b", "injected", files), ("c", "injected", files)])
        checks.same("explain: pods are not read for that", [each for each in server.requests if "pods" in each], [])
    offline = tell.bench.run("injection", "explain", "-f", files, "-o", "json")
    valid(checks, "explain: files alone", "injection-explain", offline.json)
    checks.same("explain: files alone do not tell", (offline.code, {each["cause"] for each in offline.json["items"]}), (5, {"webhooks-unseen"}))
    broken = tell.bench.run("injection", "explain", "-f", bench.write("broken.yaml", "a: [\n"), "-f", "nowhere.yaml", "-o", "json")
    valid(checks, "explain: files that cannot be read", "injection-explain", broken.json)
    checks.same("explain: files that cannot be read are named", (broken.code, [os.path.basename(each["what"]).partition(":")[0] for each in broken.json["unavailable"]]),
                (5, ["nowhere.yaml", "broken.yaml"]))
    whole = bench.write("whole.yaml", "\n---\n".join(json.dumps(each) for each in (webhooks("asm-1-28"), service("istiod-asm-1-28"), labelled("n", rev="asm-1-28"), deployment("n", "a"),
                                                                             deployment("m", "b"), deployment("m", "host", hostNetwork=True))))
    alone = tell.bench.run("injection", "explain", "-f", whole, "-o", "json")
    checks.same("explain: files that hold all that decides", {each["name"]: each["cause"] for each in alone.json["items"]},
                {"a": "namespace-label", "b": "namespace-unseen", "host": "host-network"})


def setting(checks, bench):
    with serve(bench) as server:
        tell = Teller(checks, bench, server)
        checks.ends("set: nobody to ask", tell.text("injection", "set", "plain", "--revision", "asm-1-29"), 2, "without being confirmed", "--yes")
        checks.same("set: then nothing is written", server.writes, [])
        dry = tell.change("injection", "set", "plain", "--revision", "prod", "--dry-run")
        checks.same("set: a rehearsal", (dry.code, dry.json["state"], [each[1].endswith("dryRun=All") for each in server.writes]), (0, "planned", [True]))
        checks.same("set: a rehearsal changes nothing", server.get("Namespace", "plain")["metadata"]["labels"], {})
        checks.same("set: what would restart", [(each["name"], each["kind"], each["why"]) for each in dry.json["restarts"]], [("bare", "Pod", "joins")])
        server.writes.clear()
        version = server.get("Namespace", "both")["metadata"]["resourceVersion"]
        done = tell.change("injection", "set", "both", "plain", "--revision", "asm-1-29", "--yes")
        checks.same("set: done", (done.code, done.json["state"]), (0, "done"))
        checks.same("set: the labels", [server.get("Namespace", name)["metadata"]["labels"] for name in ("both", "plain")], [{REV: "asm-1-29"}] * 2)
        checks.same("set: one patch for each, guarded by what was read, and rehearsed before", [(each[0], "dryRun" in each[1]) for each in server.writes],
                    [("PATCH", True)] * 2 + [("PATCH", False)] * 2)
        checks.same("set: guarded by what was read", server.writes[0][2]["metadata"]["resourceVersion"], version)
        checks.same("set: how to undo it", done.json["undo"], ["aksmesh injection set both --revision asm-1-28", "kubectl label namespace both istio-injection=enabled",
                                                               "aksmesh injection set plain --off"])
        again = tell.change("injection", "set", "plain", "--revision", "asm-1-29", "--yes")
        checks.same("set: again there is nothing to do", (again.code, again.json["state"], again.json["changes"], len(server.writes)), (0, "unchanged", [], 4))
        moved = tell.change("injection", "set", "shop", "--revision", "asm-1-29", "--yes")
        checks.same("set: the next command", moved.json["next"], ["kubectl rollout restart deployment/cart -n shop"])
        server.objects.append(catching("always", {}))
        writes = len(server.writes)
        for name in ("shop", "legacy"):
            run = tell.text("injection", "set", name, "--off", "--yes")
            checks.ends("set: off cannot be had, " + name, run, 1, "cannot stop injection into namespace " + name, "webhook")
        checks.same("set: off cannot be had, then nothing is changed", len(server.writes), writes)
        server.objects.pop()
        server.objects.append(catching("by-default", {"matchLabels": {"istio-injection": "enabled"}}))
        server.objects.append(namespace("twice", "asm-1-28"))
        server.objects[-1]["metadata"]["labels"]["istio-injection"] = "enabled"
        run = tell.text("injection", "set", "twice", "--off", "--dry-run")
        checks.ends("set: off drops the other label too", run, 0, "the label istio-injection goes, because for it a webhook takes the namespace")
        server.objects[-2:] = []
        off = tell.change("injection", "set", "shop", "--off", "--yes")
        checks.same("set: off", (REV in server.get("Namespace", "shop")["metadata"]["labels"], {each["why"] for each in off.json["restarts"]}), (False, {"leaves"}))
        typed = tell.text("injection", "set", "legacy", "--revision", "asm-1-28", "--yes", "--context", "test").out
        checks.check("set: commands name the context", "" if "injection set legacy --off --context test" in typed else typed)
        writes = len(server.writes)
        for words, code, says in ((("plain", "--revision", "asm-1-30"), 1, "installed: asm-1-28, asm-1-29"), (("plian", "--revision", "prod"), 1, "did you mean plain?"),
                                  (("kube-system", "--revision", "prod"), 2, "one of the platform"), (("plain", "--revision", "old"), 1, "is not there"),
                                  (("plain",), 2, "neither --revision nor --off"), (("plain", "--off", "--revision", "prod"), 2, "exclude each other"), ((), 2, "which namespace")):
            checks.ends("set: refused " + " ".join(words), tell.text("injection", "set", *words, "--yes"), code, says)
        checks.same("set: and nothing is written", len(server.writes), writes)


def setting_faults(checks, bench):
    with serve(bench, denied_writes=["namespaces"]) as server:
        tell = Teller(checks, bench, server)
        checks.ends("set without the right", tell.text("injection", "set", "plain", "--revision", "prod", "--yes"), 4, "cannot patch", "ask for the right to patch namespaces")
        dry = tell.change("injection", "set", "plain", "--revision", "prod", "--dry-run")
        checks.same("set without the right: a rehearsal tells", (dry.code, any("the right to patch namespaces" in each for each in dry.json["warnings"])), (0, True))
    with serve(bench) as server:
        tell = Teller(checks, bench, server)
        server.write_faults["PATCH"] = ["", "", "", "raced"]
        run = tell.text("injection", "set", "plain", "legacy", "--revision", "prod", "--yes")
        checks.ends("set: somebody else was faster", run, 1, "has been modified", "before that this was changed: namespace legacy", "run the command again")
        checks.same("set: and keeps what they made", server.get("Namespace", "plain")["metadata"]["labels"], {})
        server.write_faults["PATCH"] = ["429"]
        checks.ends("set: turned away, it is asked again", tell.text("injection", "set", "plain", "--revision", "prod", "--yes"), 0, "injected from prod")
        server.writes.clear()
        server.write_faults["PATCH"] = ["lost"]
        run = tell.text("injection", "set", "plain", "--off", "--yes")
        checks.ends("set: an answer that breaks off", run, 1, "is not known")
        checks.same("set: is not sent again blindly", len(server.writes), 1)
        checks.ends("set: running it again looks first", tell.text("injection", "set", "plain", "--off", "--yes"), 0, "nothing to do")
    with serve(bench, denied_at_all=["mutatingwebhookconfigurations"]) as server:
        run = Teller(checks, bench, server).text("injection", "set", "plain", "--revision", "prod", "--yes")
        checks.ends("set without seeing webhooks", run, 5, "could not be listed", "the right to list mutatingwebhookconfigurations")
        checks.same("set without seeing webhooks: nothing is written", server.writes, [])
    applied = namespace("plain")
    applied["metadata"]["labels"] = {REV: "asm-1-28"}
    applied["metadata"]["managedFields"] = [{"manager": "helm-controller", "operation": "Apply", "fieldsV1": {"f:metadata": {"f:labels": {"f:" + REV: {}}}}}]
    with serve(bench, [each for each in cluster() if each["metadata"]["name"] != "plain"] + [applied]) as server:
        run = Teller(checks, bench, server).change("injection", "set", "plain", "--revision", "asm-1-29", "--dry-run")
        checks.check("set: who applies the label is named", "" if any("helm-controller" in each for each in run.json["warnings"]) else run.out)


def asked(bench, server, answer, *words):
    """A command on a terminal, where somebody types an answer."""
    ours, theirs = pty.openpty()
    environment = {"PATH": "/usr/bin:/bin", "HOME": bench.folder, "TERM": "dumb", "KUBECONFIG": bench.write("config", server.kubeconfig())}
    process = subprocess.Popen([bench.binary, *words], env=environment, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, text=True, encoding="utf-8")
    os.close(theirs)
    os.write(ours, answer.encode())
    out, _ = process.communicate(timeout=60)
    seen = b""
    try:
        while more := os.read(ours, 4096):
            seen += more
    except OSError:
        pass  # the other end is closed
    os.close(ours)
    return process.returncode, out, seen.decode("utf-8", "replace")


def asking(checks, bench):
    with serve(bench) as server:
        code, _, seen = asked(bench, server, "n\n", "injection", "set", "plain", "--revision", "prod")
        checks.same("asked: declined", (code, server.writes), (1, []))
        for line in ("context test", "this will inject sidecars of prod into namespace plain", "tag prod leads to revision asm-1-28", "go on? [y/N]", "you declined"):
            checks.check("asked: " + line, "" if line in seen else seen)
        code, out, _ = asked(bench, server, "y\n", "tag", "remove", "prod")
        checks.same("asked: agreed", (code, [each[0] for each in server.writes]), (0, ["DELETE"]))
        checks.check("asked: how to undo it", "" if "aksmesh tag set prod --revision asm-1-28" in out else out)


def tags(checks, bench):
    with serve(bench, cluster() + [webhooks("asm-1-29", "twice"), webhooks("asm-1-28", "twice", "istio-revision-tag-twice")]) as server:
        tell = Teller(checks, bench, server)
        other = server.get("MutatingWebhookConfiguration", f"istio-revision-tag-prod-{SYSTEM}")
        run = tell.document("tags", "tag", "list")
        checks.same("tags: listed", [(each["tag"], each["revision"], each["namespaces"], each["state"]) for each in run.json["items"]],
                    [("old", "asm-1-27", ["lost"], "stale"), ("prod", "asm-1-28", ["web"], "ok"), ("twice", "asm-1-29", [], "several")])
        checks.check("tags: as text", "" if "prod asm-1-28 web ok -" in " ".join(tell.text("tag", "list").out.split()) else tell.text("tag", "list").out)
        for each in other["webhooks"]:
            each["clientConfig"]["caBundle"] = "T0xE"
        checks.same("tags: another authority", tell.document("tags", "tag", "list").json["items"][1]["state"], "ca-differs")
        mended = tell.change("tag", "set", "prod", "--revision", "asm-1-28", "--yes")
        checks.same("tags: setting it again mends it", (mended.json["state"], tell.document("tags", "tag", "list").json["items"][1]["state"]), ("done", "ok"))
        moved = tell.change("tag", "set", "old", "--revision", "asm-1-29", "--yes")
        checks.same("tags: a stale one is moved", (moved.json["state"], tell.document("tags", "tag", "list").json["items"][0]["state"]), ("done", "ok"))
        checks.same("tags: no way back to what is gone", moved.json["undo"], [])
        checks.ends("tags: one that is there twice", tell.text("tag", "set", "twice", "--revision", "asm-1-28", "--yes"), 1, "more than one webhook configuration", "tag remove twice")
        server.objects.append({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "left", "namespace": SYSTEM, "labels": {TAG: "left", REV: "asm-1-28"}}})
        checks.same("tags: a service that is left", tell.document("tags", "tag", "list").json["items"][0]["state"], "webhook-missing")
        tell.change("tag", "remove", "left", "--yes")
        server.objects.remove(server.get("Service", "istiod-asm-1-28", SYSTEM))
        checks.same("tags: no service", tell.document("tags", "tag", "list").json["items"][1]["state"], "service-missing")
    with serve(bench, denied_at_all=["services"]) as server:
        run = Teller(checks, bench, server).document("tags", "tag", "list")
        checks.same("tags without services", (run.code, {each["tag"]: each["state"] for each in run.json["items"]}), (5, {"old": "stale", "prod": "unknown"}))
    with serve(bench, []) as server:
        checks.ends("tags: none", Teller(checks, bench, server).text("tag", "list"), 0, "there are no revision tags")


def tag_changes(checks, bench):
    with serve(bench) as server:
        tell = Teller(checks, bench, server)
        name = f"istio-revision-tag-canary-{SYSTEM}"
        dry = tell.change("tag", "set", "canary", "--revision", "asm-1-29", "--dry-run")
        checks.same("tag set: a rehearsal", (dry.json["state"], server.get("MutatingWebhookConfiguration", name)), ("planned", None))
        server.writes.clear()
        made = tell.change("tag", "set", "canary", "--revision", "asm-1-29", "--yes")
        checks.same("tag set: made", (made.code, made.json["state"], made.json["undo"]), (0, "done", ["aksmesh tag remove canary"]))
        checks.same("tag set: applied, not forced", [(each[0], "fieldManager=aksmesh" in each[1], "force" in each[1]) for each in server.writes], [("PATCH", True, False)] * 4)
        config = server.get("MutatingWebhookConfiguration", name)
        checks.same("tag set: as the revision's, but for the tag", config["webhooks"], json.loads(json.dumps(webhooks("asm-1-29")["webhooks"]).replace('["asm-1-29"]', '["canary"]')))
        checks.same("tag set: its service", server.get("Service", "istiod-revision-tag-canary", SYSTEM)["spec"]["selector"], {"app": "istiod", REV: "asm-1-29"})
        again = tell.change("tag", "set", "canary", "--revision", "asm-1-29", "--yes")
        checks.same("tag set: again there is nothing to do", again.json["state"], "unchanged")
        server.writes.clear()
        moved = tell.change("tag", "set", "prod", "--revision", "asm-1-29", "--yes")
        checks.same("tag set: moved, and what follows", (moved.json["restarts"], moved.json["undo"]),
                    ([{"namespace": "web", "kind": "Deployment", "name": "front", "pods": 1, "why": "other-revision"}], ["aksmesh tag set prod --revision asm-1-28"]))
        checks.same("tag set: what is there is guarded", ["resourceVersion" in each[2]["metadata"] for each in server.writes if "mutating" in each[1]], [True, True])
        checks.same("tag set: the next command", moved.json["next"], ["kubectl rollout restart deployment/front -n web"])
        writes = len(server.writes)
        for words, code, says in ((("default", "--revision", "asm-1-28"), 2, "depend on that one istiod"), (("asm-1-29", "--revision", "asm-1-28"), 2, "name of a revision"),
                                  (("x", "--revision", "asm-9-99"), 1, "installed: asm-1-28, asm-1-29"), (("x", "--revision", "prod"), 2, "is a tag itself"),
                                  (("X_Y", "--revision", "asm-1-28"), 2, "small letters"), (("x",), 2, "which revision"), (("x", "y", "--revision", "asm-1-28"), 2, "one tag")):
            checks.ends("tag set: refused " + " ".join(words), tell.text("tag", "set", *words, "--yes"), code, says)
        checks.ends("tag set: the default one is refused", tell.text("tag", "set", "default", "--revision", "asm-1-28", "--yes"), 2, "depend on that one istiod")
        checks.same("tag set: and nothing is written", len(server.writes), writes)
        server.writes.clear()
        gone = tell.change("tag", "remove", "prod", "--yes")
        checks.same("tag remove: what is there, as it was read", sorted(("uid" in each[2]["preconditions"], each[0], "dryRun" in each[2]) for each in server.writes),
                    [(True, "DELETE", False)] * 2 + [(True, "DELETE", True)] * 2)
        checks.same("tag remove: who still wants it", ([each["why"] for each in gone.json["restarts"]], gone.json["next"], gone.json["undo"], "web" in " ".join(gone.json["warnings"])),
                    (["leaves"], ["aksmesh injection set web --revision asm-1-29"], ["aksmesh tag set prod --revision asm-1-29"], True))
        checks.ends("tag remove: what is not there", tell.text("tag", "remove", "canry", "--yes"), 1, "there is no such tag", "did you mean canary?")


def tag_faults(checks, bench):
    # istioctl compares a name that no configuration of the add-on has, and never sees such a clash.
    clash = webhooks("asm-1-28", None, "handmade")
    clash = json.loads(json.dumps(clash).replace('["asm-1-28"]', '["canary"]'))
    with serve(bench, cluster() + [clash]) as server:
        tell = Teller(checks, bench, server)
        checks.ends("tag set: one that would inject twice", tell.text("tag", "set", "canary", "--revision", "asm-1-29", "--yes"), 1, "injected twice", "handmade/rev.namespace")
        checks.same("tag set: is not made", server.writes, [])
    with serve(bench, owners={f"istio-revision-tag-canary-{SYSTEM}": "argocd"}) as server:
        run = Teller(checks, bench, server).text("tag", "set", "canary", "--revision", "asm-1-29", "--yes")
        checks.ends("tag set: another manager owns it", run, 1, 'conflict with "argocd"')
        checks.same("tag set: then nothing is made", server.get("Service", "istiod-revision-tag-canary", SYSTEM), None)
    with serve(bench, denied_writes=["mutatingwebhookconfigurations"]) as server:
        tell = Teller(checks, bench, server)
        checks.ends("tag remove without the right", tell.text("tag", "remove", "prod", "--yes"), 4,
                    "ask for the right to delete mutatingwebhookconfigurations.admissionregistration.k8s.io")
        checks.ends("tag set without the right", tell.text("tag", "set", "prod", "--revision", "asm-1-29", "--yes"), 4,
                    "ask for the right to patch mutatingwebhookconfigurations.admissionregistration.k8s.io")
    with serve(bench) as server:
        tell = Teller(checks, bench, server)
        server.write_faults["DELETE"] = ["", "raced"]
        server.objects.append({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "of-prod", "namespace": SYSTEM, "labels": {TAG: "prod", REV: "asm-1-28"}}})
        server.stamp(server.objects[-1])
        checks.ends("tag remove: somebody else was faster", tell.text("tag", "remove", "prod", "--yes"), 1, "precondition", "run the command again")
        checks.same("tag remove: and keeps what they made", server.get("MutatingWebhookConfiguration", f"istio-revision-tag-prod-{SYSTEM}") is None, False)
    with serve(bench, denied_at_all=["services"]) as server:
        checks.ends("tag set without seeing services", Teller(checks, bench, server).text("tag", "set", "x", "--revision", "asm-1-28", "--yes"), 5, "could not be listed")
    with serve(bench, denied_at_all=["pods"]) as server:
        run = Teller(checks, bench, server).change("tag", "set", "prod", "--revision", "asm-1-29", "--dry-run")
        checks.check("tag set without seeing pods", "" if any("could not be" in each for each in run.json["warnings"]) else run.out)


def recorded(checks, bench):
    """Clusters of which the neighbour's answers were recorded; left out where the recordings are not."""
    folder = os.path.join(os.environ.get("AKSMESH_CORPUS", os.path.join(ROOT, "..", "shared", "data")), "istioctl")
    if not os.path.isdir(folder):
        print("left out: there are no recordings of istioctl (AKSMESH_CORPUS)")
        return

    def items_of(*path):
        out = []
        for kind in os.listdir(os.path.join(folder, *path)):
            with open(os.path.join(folder, *path, kind), encoding="utf-8") as file:
                out += json.load(file)["items"]
        return out

    first = [each for each in items_of("s1", "k8s") if each["kind"] not in ("Event", "Node")]
    with serve(bench, first) as server:
        tell = Teller(checks, bench, server)
        rows = {each["namespace"]: (each["cause"], each["injected"], each["notInjected"], each.get("restart"))
                for each in tell.document("injection", "injection", "list").json["items"]}
        # istioctl: plain of asm-1-27 with 2 to restart, legacy with 1, and a ConfigMap that tells no policy.
        checks.same("recorded: list", rows, {
            "both": ("injection-label", 0, 0, 0), "default": ("namespace-unlabelled", 0, 0, 0), "legacy": ("no-default-revision", 0, 1, 0),
            "off": ("no-default-revision", 0, 1, 0), "pay": ("namespace-label", 2, 0, 0), "plain": ("namespace-unlabelled", 1, 1, 0),
            "shop": ("namespace-label", 6, 1, 0)})
        for words, wanted in ((("deploy/productpage-v1", "-n", "shop"), ("injected", "asm-1-27")), (("deploy/ratings-v1", "-n", "shop"), ("not-injected", None)),
                              (("deploy/batch", "-n", "off"), ("not-injected", None)), (("deploy/tools", "-n", "plain"), ("injected", "asm-1-28"))):
            item = tell.document("injection-explain", "injection", "explain", *words).json["items"][0]
            checks.same("recorded: explain " + words[0], (item["verdict"], item.get("revision")), wanted)
    kinds = ("MutatingWebhookConfiguration", "Namespace", "Pod", "Service")
    for step, golden in (("after-set", "04-list-json"), ("after-overwrite", "21-list"), ("after-default-removed", "32-list")):
        with serve(bench, [each for each in items_of("s2", step) if each["kind"] in kinds]) as server:
            rows = [(each["tag"], each["revision"], ",".join(each["namespaces"])) for each in Teller(checks, bench, server).document("tags", "tag", "list").json["items"]]
            with open(os.path.join(folder, "golden", "s2", golden + ".stdout"), encoding="utf-8") as file:
                text = file.read()
            wanted = [(each["tag"], each["revision"], ",".join(each["namespaces"])) for each in json.loads(text)] if golden.endswith("json") else \
                [tuple(line.split()) for line in text.splitlines()[1:] if not line.startswith(" ")]
            checks.same(f"recorded: tags {step}", rows, sorted(wanted))


CASES = [recorded, listing, explaining, setting, setting_faults, asking, tags, tag_changes, tag_faults]
