# SPDX-License-Identifier: Apache-2.0
"""Compares what `injection explain` says of new pods with what the webhooks of the bed do to them; tags and labels that the program sets."""

import copy
import json

from bed.client import ApiError
from bed.processes import wait_until

PREFIX = "injection-e2e-"
TAG = "e2e-tag"
SYSTEM = "aks-istio-system"
DECIDES = "sidecar.istio.io/inject"
REV = "istio.io/rev"
HOOKS = ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration")


class Cluster:
    """The bed's API server, and the program with its kubeconfig."""

    def __init__(self, bed, program):
        self.api = bed.cluster
        self.program = program

    def aksmesh(self, *words, text=None):
        return self.program.run(*words, text=text)

    def make(self, thing):
        """Whether it was taken."""
        try:
            self.api.create(thing)
        except ApiError:
            return False
        return True

    def made(self, thing):
        """The object as it is now; None when it is not there."""
        try:
            return self.api.call("GET", self.api.path(thing))
        except ApiError:
            return None

    def hooks(self, labels):
        """Webhook configurations, without what is the server's."""
        return [{"apiVersion": HOOKS[0], "kind": HOOKS[1], "metadata": {"labels": each["metadata"]["labels"]}, "webhooks": each["webhooks"]}
                for each in self.api.list(*HOOKS, labels=labels)]


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
    for each in pods:
        namespace, name = each["metadata"]["namespace"], each["metadata"]["name"]
        got = cluster.made(each) if cluster.make(each) else None
        done = deed(got) if got else "refused"
        item = told[namespace, name]
        expected = said(item)
        if expected == "several":  # the second one finds the first one's sidecar; which is whose cannot be told any more
            checks.check(f"{what}: {name}", "" if done not in ("none", "refused") else f"said {expected}, was {done}")
        else:
            checks.check(f"{what}: {name}", "" if done == expected else f"said {expected} because {item['reason']}, was {done}")
    return told


def revisions_of(cluster):
    return sorted({each["metadata"]["labels"][REV] for each in cluster.hooks(REV + ",!istio.io/tag")})


def labelled(cluster, name, **labels):
    """A namespace with labels; `rev` stands for istio.io/rev."""
    wanted = {REV if key == "rev" else key.replace("_", "-"): value for key, value in labels.items()}
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": PREFIX + name, "labels": wanted}}
    cluster.make(space)
    # Pods are refused until it has its account.
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": PREFIX + name}}
    wait_until(f"the account of namespace {PREFIX + name}", lambda: cluster.made(account) is not None)
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
    model = cluster.hooks("istio.io/tag=" + TAG)[0]
    model["metadata"] = {"name": PREFIX + "gone", "labels": {REV: "asm-1-1", "istio.io/tag": "e2e-gone"}}
    for webhook in model["webhooks"]:
        webhook["clientConfig"] = {"service": {"name": "istiod-asm-1-1", "namespace": SYSTEM, "path": "/inject", "port": 443},
                                   "caBundle": webhook["clientConfig"].get("caBundle", "")}
    checks.check("revision gone: its webhook is there", "" if cluster.make(json.loads(json.dumps(model).replace(f'"{TAG}"', '"e2e-gone"'))) else model)
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

    double = cluster.hooks(f"{REV}={first},!istio.io/tag")[0]
    double["metadata"] = {"name": PREFIX + "double", "labels": {REV: first}}
    checks.check("two webhooks: the second is there", "" if cluster.make(double) else double)
    namespace = labelled(cluster, "double", rev=first)
    told = compare(checks, cluster, "two webhooks", [pod(namespace, "plain")])
    checks.same("two webhooks: told", [said(each) for each in told.values()], ["several"])
    clash = cluster.aksmesh("injection", "set", namespace, "--revision", first, "--yes")
    checks.same("two webhooks: nobody is sent there", clash.code, 1)
    cluster.api.delete(double)


def conditions(checks, cluster, first):
    """matchConditions are told as unknown, whatever they come to."""
    hook = cluster.hooks("istio.io/tag=" + TAG)[0]
    hook["metadata"] = {"name": PREFIX + "conditions", "labels": {REV: first, "istio.io/tag": "e2e-conditions"}}
    for webhook in hook["webhooks"]:
        webhook["matchConditions"] = [{"name": "never", "expression": "false"}]
    checks.check("matchConditions: the webhook is there", "" if cluster.make(json.loads(json.dumps(hook).replace(f'"{TAG}"', '"e2e-conditions"'))) else hook)
    namespace = labelled(cluster, "conditions", rev="e2e-conditions")
    text = json.dumps(pod(namespace, "plain"))
    run = cluster.aksmesh("injection", "explain", "-f", "-", "--live", "-o", "json", text=text)
    checks.same("matchConditions", (run.code, [each["cause"] for each in run.json["items"]]), (5, ["match-conditions"]))
    cluster.api.delete(hook)


def selectors(checks, cluster, first):
    """The injector's own selectors, which its istiod takes up while it runs."""
    name = "istio-sidecar-injector-" + first
    config = cluster.api.get("v1", "ConfigMap", name, SYSTEM)
    before = config["data"]["config"]
    if "neverInjectSelector:" not in before:
        return checks.check("selectors: the ConfigMap has them", "it has none: " + before[:200])
    lines = [line for line in before.splitlines() if not line.startswith(("neverInjectSelector:", "alwaysInjectSelector:", "  []"))]
    after = "\n".join(["neverInjectSelector: [{matchLabels: {role: never}}]", "alwaysInjectSelector: [{matchLabels: {role: always}}]", *lines]) + "\n"
    namespace = labelled(cluster, "selectors", rev=first)

    def put(text):
        return cluster.api.merge(f"/api/v1/namespaces/{SYSTEM}/configmaps/{name}", {"data": {"config": text}})

    def wait_for(role, wanted):
        # Every istiod must have taken it up, and one of them answers: so it must answer often.
        def settled():
            return all((deed(cluster.api.call("POST", f"/api/v1/namespaces/{namespace}/pods?dryRun=All", pod(namespace, "probe", {"role": role}))) != "none")
                       == wanted for _ in range(10))

        wait_until(f"istiod to take up its injector's selectors, {role}", settled)

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
    path = "/api/v1/namespaces/kube-public"
    cluster.api.merge(path, {"metadata": {"labels": {REV: first}}})
    pods = [pod("kube-public", PREFIX + "pod"), pod("kube-public", PREFIX + "asks", {DECIDES: "true"})]
    compare(checks, cluster, "kube-public", copy.deepcopy(pods))
    for each in pods:
        cluster.api.delete(each, grace=0)
    cluster.api.merge(path, {"metadata": {"labels": {REV: None}}})


def clean(cluster):
    for name in ("gone", "double", "conditions"):
        cluster.api.delete({"apiVersion": HOOKS[0], "kind": HOOKS[1], "metadata": {"name": PREFIX + name}})
    spaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": each["metadata"]["name"]}}
              for each in cluster.api.list("v1", "Namespace") if each["metadata"]["name"].startswith(PREFIX)]
    for space in spaces:
        for each in cluster.api.list("v1", "Pod", space["metadata"]["name"]):
            cluster.api.delete({"apiVersion": "v1", "kind": "Pod", "metadata": each["metadata"]}, grace=0)
        cluster.api.delete(space)
    for space in spaces:
        wait_until(f"namespace {space['metadata']['name']} to be gone", lambda space=space: cluster.made(space) is None)


def injection(checks, bed, program):
    """Leaves the bed as it was."""
    cluster = Cluster(bed, program)
    first, second = revisions_of(cluster)[:2]
    run = cluster.aksmesh("tag", "set", TAG, "--revision", first, "--yes", "-o", "json")
    checks.same("tag: made", (run.code, run.json["state"]), (0, "done"))
    try:
        for case in (combinations, setting, moving):
            case(checks, cluster, first, second)
        for case in (broken, conditions, selectors, ignored):
            case(checks, cluster, first)
    finally:
        clean(cluster)
        gone = cluster.aksmesh("tag", "remove", TAG, "--yes", "-o", "json")
        checks.same("tag: removed", (gone.code, gone.json["state"]), (0, "done"))


INJECTION = [injection]
