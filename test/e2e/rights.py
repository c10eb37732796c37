# SPDX-License-Identifier: Apache-2.0
"""What a reader sees whose rights are narrowed step by step, under real RBAC."""

from bed import plane

PLACE = "readers"
RBAC = "rbac.authorization.k8s.io"
# What the built-in role `view` does not cover.
BEYOND_VIEW = ("nodes", "mutatingwebhookconfigurations.admissionregistration.k8s.io", "customresourcedefinitions.apiextensions.k8s.io",
               "virtualservices.networking.istio.io")


def account(cluster, name, kind=None, namespace=None):
    """A kubeconfig of a service account, bound to the role `view` by a binding of the kind, if any."""
    things = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": PLACE, "labels": {"istio.io/rev": "asm-1-28"}}},
              {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": PLACE}}]
    if kind:
        meta = {"name": name, **({"namespace": namespace} if namespace else {})}
        things.append({"apiVersion": RBAC + "/v1", "kind": kind, "metadata": meta,
                       "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": "view"},
                       "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": PLACE}]})
    cluster.apply(things)
    return cluster.token(PLACE, name)


def view_only(checks, bed, program):
    config = plane.kubeconfig({"token": account(bed.cluster, "viewer", "ClusterRoleBinding")}, bed.plane.server)
    for command in ("analyze", "status"):
        run = program.run(command, "-o", "json", kubeconfig=config)
        checks.same(f"view: {command} could not read everything", run.code, 5)
        text = program.run(command, kubeconfig=config)
        checks.same(f"view: {command} ends the same as text", text.code, 5)
        told = run.out + text.out + text.err
        wanted = BEYOND_VIEW if command == "analyze" else BEYOND_VIEW[1:2]
        checks.same(f"view: {command} names what it may not list", [each for each in wanted if each not in told], [])
    document = program.run("status", "-o", "json", kubeconfig=config).json
    told = " ".join(each["why"] for each in document["unavailable"] if each["what"].startswith("the proxies of"))
    checks.same("view: status names what would open the way to istiod",
                [each for each in ("get pods/proxy", "create pods/portforward", "create pods/exec") if each not in told], [])
    checks.same("view: status calls no proxy disconnected", document["proxies"], [])
    checks.same("view: status still tells the control planes", {each["revision"]: each["istiod"] for each in document["revisions"]},
                {revision: {"ready": 2, "wanted": 2} for revision in ("asm-1-28", "asm-1-29")})
    document = program.run("analyze", "-o", "json", kubeconfig=config).json
    wanted = [each for each in document["unavailable"] if each["what"].split(" ")[0] == "pods"]
    checks.same("view: pods are not among what is missing", wanted, [])
    checks.same("view: nothing passes that could not be looked at", blind_passes(document), [])


def blind_passes(document):
    verdicts = {each["code"]: each["verdict"] for each in document["checks"]}
    return [each["code"] for each in document["unknown"] if "could not list" in each["why"] and verdicts[each["code"]] == "pass"]


def one_namespace(checks, bed, program):
    config = plane.kubeconfig({"token": account(bed.cluster, "of-shop", "RoleBinding", "shop")}, bed.plane.server)
    run = program.run("analyze", "-n", "shop", "-o", "json", kubeconfig=config)
    checks.same("one namespace: analyze -n could not read everything", run.code, 5)
    missing = [each["what"] for each in run.json["unavailable"]]
    checks.same("one namespace: its pods and services are read", [each for each in missing if each.split(" ")[0] in ("pods", "services", "configmaps")], [])
    checks.check("one namespace: the nodes are named as missing", "" if any(each.startswith("nodes") for each in missing) else missing)
    checks.same("one namespace: nothing passes that could not be looked at", blind_passes(run.json), [])
    run = program.run("analyze", kubeconfig=config)
    checks.ends("one namespace: of all namespaces nothing can be read", run, 4, "is forbidden", "permissions")
    run = program.run("status", kubeconfig=config)
    checks.ends("one namespace: neither for status", run, 4, "is forbidden", "permissions")


def no_rights(checks, bed, program):
    config = plane.kubeconfig({"token": account(bed.cluster, "nobody")}, bed.plane.server)
    for command in ("analyze", "status"):
        run = program.run(command, kubeconfig=config)
        checks.ends(f"no rights: {command} is not permitted", run, 4, "is forbidden", "permissions")
        run = program.run(command, "-o", "json", kubeconfig=config)
        checks.ends(f"no rights: {command} -o json is not permitted", run, 4, "is forbidden", "permissions")


def wrong_token(checks, bed, program):
    config = plane.kubeconfig({"token": "made-up-token"}, bed.plane.server)
    for command in ("analyze", "status"):
        run = program.run(command, kubeconfig=config)
        checks.ends(f"a made-up token: {command} is not signed in", run, 4, "401")
        checks.check(f"a made-up token: {command} does not print it", "it does" if "made-up-token" in run.out + run.err else "")


RIGHTS = [view_only, one_namespace, no_rights, wrong_token]
