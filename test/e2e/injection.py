#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares what `injection explain` says of new pods with what the webhooks of a real cluster do to them: injection.py BINARY KUBECONFIG.

The cluster has two revisions of the add-on. Namespaces of the prefix below are made and removed, so are a tag and two webhook
configurations; kubectl must be on the PATH. Ends with `N passed, N failed`.
"""

import json
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "test", "azure"))
from support import Checks, Run  # noqa: E402

PREFIX = "injection-e2e-"
TAG = "e2e-tag"
SYSTEM = "aks-istio-system"
DECIDES = "sidecar.istio.io/inject"
REV = "istio.io/rev"


class Cluster:
    def __init__(self, binary, kubeconfig):
        self.binary = os.path.abspath(binary)
        self.env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "KUBECONFIG": kubeconfig}

    def start(self, *words, text=None):
        done = subprocess.run(words, env=self.env, input=text or "", capture_output=True, text=True, timeout=180, check=False)
        return Run(done.returncode, done.stdout, done.stderr)

    def kubectl(self, *words, text=None):
        return self.start("kubectl", *words, text=text)

    def aksmesh(self, *words, text=None):
        return self.start(self.binary, *words, text=text)

    def get(self, *words):
        return json.loads(self.kubectl("get", *words, "-o", "json").out)


def pod(namespace, name, labels=None, annotations=None, **spec):
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": namespace, "labels": labels or {}, "annotations": annotations or {}},
            "spec": {"containers": [{"name": "app", "image": "example.invalid/app:1"}], **spec}}


def pods_of(namespace, first, second):
    """Every way in which a pod may speak of injection."""
    shapes = {
        "plain": {}, "label-false": {"labels": {DECIDES: "false"}}, "label-true": {"labels": {DECIDES: "true"}},
        "label-odd": {"labels": {DECIDES: "yes"}}, "label-empty": {"labels": {DECIDES: ""}},
        "annotation-false": {"annotations": {DECIDES: "false"}}, "annotation-true": {"annotations": {DECIDES: "true"}},
        "true-over-false": {"labels": {DECIDES: "true"}, "annotations": {DECIDES: "false"}},
        "false-over-true": {"labels": {DECIDES: "false"}, "annotations": {DECIDES: "true"}},
        "odd-over-false": {"labels": {DECIDES: "no"}, "annotations": {DECIDES: "false"}},
        "host": {"hostNetwork": True}, "host-true": {"hostNetwork": True, "labels": {DECIDES: "true"}},
        "own-first": {"labels": {REV: first}}, "own-second": {"labels": {REV: second}}, "own-tag": {"labels": {REV: TAG}},
        "own-unknown": {"labels": {REV: "asm-9-99"}}, "own-false": {"labels": {REV: first, DECIDES: "false"}},
        "own-host": {"labels": {REV: first}, "hostNetwork": True}}
    return [pod(namespace, name, **shape) for name, shape in shapes.items()]


def deed(made):
    """What the webhooks did to a pod: the revision of its sidecar, or none."""
    containers = made["spec"]["containers"] + made["spec"].get("initContainers", [])
    if not any(each["name"] == "istio-proxy" for each in containers):
        return "none"
    return made["metadata"]["annotations"].get(REV) or json.loads(made["metadata"]["annotations"]["sidecar.istio.io/status"])["revision"]


def said(item):
    if item["verdict"] == "injected":
        return item["revision"]
    return {"not-injected": "none", "refused": "refused", "several": "several"}.get(item["verdict"], item["verdict"])


def compare(checks, cluster, what, pods):
    """Explains the pods as files, makes them, and compares."""
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": pods})
    answer = cluster.aksmesh("injection", "explain", "-f", "-", "--live", "-o", "json", text=text)
    if answer.code != 0:
        checks.check(what + ": explained", f"{answer.code}: {answer.err}")
        return {}
    told = {(each["namespace"], each["name"]): each for each in json.loads(answer.out)["items"]}
    cluster.kubectl("create", "-f", "-", text=text)
    for each in pods:
        namespace, name = each["metadata"]["namespace"], each["metadata"]["name"]
        got = cluster.kubectl("get", "pod", name, "-n", namespace, "-o", "json")
        done = deed(json.loads(got.out)) if got.code == 0 else "refused"
        item = told[namespace, name]
        expected = said(item)
        if expected == "several":  # the second one finds the first one's sidecar; which is whose cannot be told any more
            checks.check(f"{what}: {name}", "" if done not in ("none", "refused") else f"said {expected}, was {done}")
        else:
            checks.check(f"{what}: {name}", "" if done == expected else f"said {expected} because {item['reason']}, was {done}")
    return told


def revisions_of(cluster):
    found = cluster.get("mutatingwebhookconfigurations", "-l", REV + ",!istio.io/tag")["items"]
    return sorted({each["metadata"]["labels"][REV] for each in found})


def labelled(cluster, name, **labels):
    """A namespace with labels; `rev` stands for istio.io/rev."""
    wanted = {REV if key == "rev" else key.replace("_", "-"): value for key, value in labels.items()}
    cluster.kubectl("create", "-f", "-", text=json.dumps(
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": PREFIX + name, "labels": wanted}}))
    return PREFIX + name


def combinations(checks, cluster, first, second):
    cases = {"revision": {"rev": first}, "other": {"rev": second}, "tag": {"rev": TAG}, "none": {}, "enabled": {"istio_injection": "enabled"},
             "disabled": {"istio_injection": "disabled"}, "both": {"rev": first, "istio_injection": "enabled"}, "unknown": {"rev": "asm-9-99"}}
    causes = set()
    for name, labels in cases.items():
        namespace = labelled(cluster, name, **labels)
        told = compare(checks, cluster, f"namespace {name}", pods_of(namespace, first, second))
        causes |= {each["cause"] for each in told.values()}
    checks.check("combinations: most causes came up", "" if len(causes) >= 11 else str(sorted(causes)))


def setting(checks, cluster, first, second):
    """Labels by `injection set` do what they promise."""
    namespace = labelled(cluster, "set", istio_injection="enabled")
    for target, expected in ((first, first), (TAG, first), (second, second)):
        run = cluster.aksmesh("injection", "set", namespace, "--revision", target, "--yes", "-o", "json")
        checks.same(f"set: {target}", (run.code, run.json["state"]), (0, "done"))
        told = compare(checks, cluster, f"set to {target}", [pod(namespace, "pod-" + target)])
        checks.same(f"set: {target} injects", [said(each) for each in told.values()], [expected])
    row = json.loads(cluster.aksmesh("injection", "list", "-n", namespace, "-o", "json").out)["items"][0]
    checks.same("list: sidecars of both revisions", {each["revision"]: each["pods"] for each in row["sidecars"]}, {first: 2, second: 1})
    checks.same("list: those of the other restart", row["restart"], 2)
    again = cluster.aksmesh("injection", "set", namespace, "--revision", second, "--yes", "-o", "json")
    checks.same("set: nothing to do", (again.code, again.json["state"]), (0, "unchanged"))
    off = cluster.aksmesh("injection", "set", namespace, "--off", "--yes", "-o", "json")
    checks.same("set: off", (off.code, sorted({each["why"] for each in off.json["restarts"]})), (0, ["leaves"]))
    compare(checks, cluster, "set off", [pod(namespace, "pod-off")])


def moving(checks, cluster, first, second):
    namespace = labelled(cluster, "moved", rev=TAG)
    compare(checks, cluster, "tag before it moves", [pod(namespace, "before")])
    run = cluster.aksmesh("tag", "set", TAG, "--revision", second, "--yes", "-o", "json")
    checks.same("tag: moved", (run.code, run.json["state"]), (0, "done"))
    checks.check("tag: the pods to restart are told", "" if any(each["name"] == "before" and each["why"] == "other-revision"
                                                              for each in run.json["restarts"]) else run.out)
    compare(checks, cluster, "tag after it moved", [pod(namespace, "after")])
    rows = json.loads(cluster.aksmesh("tag", "list", "-o", "json").out)["items"]
    checks.same("tag: as listed", [(each["revision"], each["state"]) for each in rows if each["tag"] == TAG], [(second, "ok")])
    cluster.aksmesh("tag", "set", TAG, "--revision", first, "--yes")


def broken(checks, cluster, first):
    """A tag whose istiod is gone refuses pods; one that doubles another injects twice."""
    model = next(each for each in cluster.get("mutatingwebhookconfigurations", "-l", "istio.io/tag=" + TAG)["items"])
    model["metadata"] = {"name": PREFIX + "gone", "labels": {REV: "asm-1-1", "istio.io/tag": "e2e-gone"}}
    for webhook in model["webhooks"]:
        webhook["clientConfig"] = {"service": {"name": "istiod-asm-1-1", "namespace": SYSTEM, "path": "/inject", "port": 443},
                                   "caBundle": webhook["clientConfig"].get("caBundle", "")}
    text = json.dumps(model).replace(f'"{TAG}"', '"e2e-gone"')
    cluster.kubectl("create", "-f", "-", text=text)
    namespace = labelled(cluster, "gone", rev="e2e-gone")
    told = compare(checks, cluster, "revision gone", [pod(namespace, "plain"), pod(namespace, "out", {DECIDES: "false"}),
                                                      pod(namespace, "noted", None, {DECIDES: "false"}), pod(namespace, "host", hostNetwork=True)])
    checks.same("revision gone: refused", sorted(said(each) for each in told.values()), ["none", "refused", "refused", "refused"])
    rows = json.loads(cluster.aksmesh("tag", "list", "-o", "json").out)["items"]
    checks.same("revision gone: the tag is stale", [each["state"] for each in rows if each["tag"] == "e2e-gone"], ["stale"])
    refused = cluster.aksmesh("injection", "set", namespace, "--revision", "e2e-gone", "--yes")
    checks.same("revision gone: nobody is sent there", refused.code, 1)
    removed = cluster.aksmesh("tag", "remove", "e2e-gone", "--yes", "-o", "json")
    checks.same("revision gone: the tag is removed", (removed.code, removed.json["state"]), (0, "done"))
    compare(checks, cluster, "tag removed", [pod(namespace, "later")])

    double = next(each for each in cluster.get("mutatingwebhookconfigurations", "-l", f"{REV}={first},!istio.io/tag")["items"])
    double["metadata"] = {"name": PREFIX + "double", "labels": {REV: first}}
    cluster.kubectl("create", "-f", "-", text=json.dumps(double))
    namespace = labelled(cluster, "double", rev=first)
    told = compare(checks, cluster, "two webhooks", [pod(namespace, "plain")])
    checks.same("two webhooks: told", [said(each) for each in told.values()], ["several"])
    clash = cluster.aksmesh("injection", "set", namespace, "--revision", first, "--yes")
    checks.same("two webhooks: nobody is sent there", clash.code, 1)
    cluster.kubectl("delete", "mutatingwebhookconfiguration", PREFIX + "double")


def conditions(checks, cluster, first):
    """matchConditions are told as unknown, whatever they come to."""
    hook = next(each for each in cluster.get("mutatingwebhookconfigurations", "-l", "istio.io/tag=" + TAG)["items"])
    hook["metadata"] = {"name": PREFIX + "conditions", "labels": {REV: first, "istio.io/tag": "e2e-conditions"}}
    for webhook in hook["webhooks"]:
        webhook["matchConditions"] = [{"name": "never", "expression": "false"}]
    cluster.kubectl("create", "-f", "-", text=json.dumps(hook).replace(f'"{TAG}"', '"e2e-conditions"'))
    namespace = labelled(cluster, "conditions", rev="e2e-conditions")
    text = json.dumps(pod(namespace, "plain"))
    run = cluster.aksmesh("injection", "explain", "-f", "-", "--live", "-o", "json", text=text)
    checks.same("matchConditions", (run.code, [each["cause"] for each in run.json["items"]]), (5, ["match-conditions"]))
    cluster.kubectl("delete", "mutatingwebhookconfiguration", PREFIX + "conditions")


def selectors(checks, cluster, first):
    """The injector's own selectors, which its istiod takes up while it runs."""
    name = "istio-sidecar-injector-" + first
    config = cluster.get("configmap", name, "-n", SYSTEM)
    before = config["data"]["config"]
    if "neverInjectSelector:" not in before:
        return checks.check("selectors: the ConfigMap has them", "it has none: " + before[:200])
    lines = [line for line in before.splitlines() if not line.startswith(("neverInjectSelector:", "alwaysInjectSelector:", "  []"))]
    after = "\n".join(["neverInjectSelector: [{matchLabels: {role: never}}]", "alwaysInjectSelector: [{matchLabels: {role: always}}]", *lines]) + "\n"
    namespace = labelled(cluster, "selectors", rev=first)

    def put(text):
        return cluster.kubectl("patch", "configmap", name, "-n", SYSTEM, "--type=merge", "-p", json.dumps({"data": {"config": text}}))

    def wait_for(role, wanted):
        for _ in range(60):
            text = json.dumps(pod(namespace, "probe", {"role": role}))
            made = cluster.kubectl("create", "--dry-run=server", "-o", "json", "-f", "-", text=text)
            if made.code == 0 and (deed(json.loads(made.out)) != "none") == wanted:
                return
            time.sleep(1)

    put(after)
    wait_for("never", False)
    compare(checks, cluster, "selectors", [pod(namespace, "never", {"role": "never"}), pod(namespace, "plain"),
                                           pod(namespace, "never-true", {"role": "never", DECIDES: "true"})])
    put(after.replace("policy: enabled", "policy: disabled"))
    wait_for("plain", False)
    compare(checks, cluster, "policy disabled", [pod(namespace, "quiet"), pod(namespace, "always", {"role": "always"}),
                                                 pod(namespace, "asks", {DECIDES: "true"}), pod(namespace, "never-2", {"role": "never"})])
    put(before)
    wait_for("plain", True)
    return None


def ignored(checks, cluster, first):
    cluster.kubectl("label", "namespace", "kube-public", f"{REV}={first}")
    compare(checks, cluster, "kube-public", [pod("kube-public", PREFIX + "pod"), pod("kube-public", PREFIX + "asks", {DECIDES: "true"})])
    cluster.kubectl("delete", "pod", "-n", "kube-public", PREFIX + "pod", PREFIX + "asks", "--force", "--grace-period=0")
    cluster.kubectl("label", "namespace", "kube-public", REV + "-")


def clean(cluster):
    names = [each["metadata"]["name"] for each in cluster.get("namespaces")["items"] if each["metadata"]["name"].startswith(PREFIX)]
    for name in names:
        cluster.kubectl("delete", "pods", "--all", "-n", name, "--force", "--grace-period=0")
    if names:
        cluster.kubectl("delete", "namespace", *names, "--wait=true")
    for kind, name in (("mutatingwebhookconfiguration", PREFIX + "gone"), ("mutatingwebhookconfiguration", PREFIX + "double"),
                       ("mutatingwebhookconfiguration", PREFIX + "conditions")):
        cluster.kubectl("delete", kind, name, "--ignore-not-found")


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: injection.py BINARY KUBECONFIG")
    cluster = Cluster(sys.argv[1], sys.argv[2])
    checks = Checks()
    clean(cluster)
    revisions = revisions_of(cluster)
    if len(revisions) < 2:
        sys.exit("the cluster needs two revisions, and has: " + " ".join(revisions))
    first, second = revisions[:2]
    run = cluster.aksmesh("tag", "set", TAG, "--revision", first, "--yes", "-o", "json")
    checks.same("tag: made", (run.code, run.json["state"]), (0, "done"))
    try:
        combinations(checks, cluster, first, second)
        setting(checks, cluster, first, second)
        moving(checks, cluster, first, second)
        broken(checks, cluster, first)
        conditions(checks, cluster, first)
        selectors(checks, cluster, first)
        ignored(checks, cluster, first)
    finally:
        clean(cluster)
        gone = cluster.aksmesh("tag", "remove", TAG, "--yes", "-o", "json")
        checks.same("tag: removed", (gone.code, gone.json["state"]), (0, "done"))
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
