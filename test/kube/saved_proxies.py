# SPDX-License-Identifier: Apache-2.0
"""`aksmesh proxy config` of a proxy that runs and of the same in a snapshot, and how little of one that runs is asked for."""

import base64
import copy
import io
import json
import os
import re
import stat
import tarfile

from envoy import Envoy, recorded, section
from mesh import istiod_pod, namespace, pod, sync, SYNCZ

HIDDEN = "hunter2-would-be-seen"
KINDS = ("bootstrap", "cluster", "listener", "route", "endpoint", "eds", "secret", "ecds", "all")
FORMS = ("text", "wide", "json", "yaml")


def private(dump):
    """The dump of somebody who did not hide what Envoy hides."""
    dump = copy.deepcopy(dump)
    certificate = {"private_key": {"inline_string": HIDDEN}, "password": {"inline_bytes": base64.b64encode(HIDDEN.encode()).decode()}}
    key = {"name": "mine", "tls_certificate": certificate}
    section(dump, "SecretsConfigDump").setdefault("dynamic_active_secrets", []).append(
        {"name": "mine", "secret": key, "error_state": {"failed_configuration": key, "details": "no such thing"}})
    section(dump, "SecretsConfigDump").setdefault("static_secrets", []).append(
        {"name": "tickets", "secret": {"name": "tickets", "session_ticket_keys": {"keys": [{"inline_string": HIDDEN}]}}})
    section(dump, "BootstrapConfigDump")["bootstrap"]["static_resources"]["secrets"] = [key]
    return dump


def owned(name, labels):
    one = pod("shop", name, "asm-1-28", "1.28.10")
    one["metadata"]["labels"] = labels
    return one


def objects():
    def workload(kind, name, selector):
        return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": "shop"}, "spec": {"selector": selector}}
    return [
        istiod_pod("asm-1-28", "a"), namespace("shop", "asm-1-28"), namespace("aks-istio-system"),
        owned("web-1", {"app": "web"}), owned("web-2", {"app": "web"}), owned("front-1", {"app": "front", "tier": "edge"}), owned("bare-1", {"app": "bare"}),
        workload("Deployment", "web", {"matchLabels": {"app": "web"}}), workload("Deployment", "none", {"matchLabels": {"app": "none"}}),
        workload("Deployment", "bare", {"matchLabels": {"app": "bare"}}),
        workload("StatefulSet", "front", {"matchExpressions": [{"key": "tier", "operator": "In", "values": ["edge", "core"]}]}),
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"}, "spec": {"selector": {"app": "web"}, "clusterIP": "10.0.0.9"}},
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "productpage", "namespace": "shop"}, "spec": {"clusterIP": "10.96.42.42"}}]


def mesh(bench):
    return bench.server([json.dumps({"kind": "List", "items": objects()})])


def fill(server):
    """web-1 has neither extensions nor secrets of its own to hide, front-1 has both."""
    server.pods.answers = {("istiod-asm-1-28-a", SYNCZ): json.dumps([sync("shop", "web-1")])}
    dump, clusters = recorded("aks-httpbin")
    server.pods.proxies = {"web-1": Envoy(*recorded("aks-productpage")), "front-1": Envoy(private(dump), clusters)}


def members(path):
    with tarfile.open(path) as archive:
        return {each.name: archive.extractfile(each).read() for each in archive.getmembers()}


def rewritten(path, change):
    """The snapshot with other members."""
    files = change(members(path))
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            head = tarfile.TarInfo(name)
            head.size = len(content)
            archive.addfile(head, io.BytesIO(content))


# What an object of the cluster has of it is not in a snapshot either.
PRIVATE = ("of-wasm", "of-wasm-environment", "of-annotation", "of-proxy-metadata", "of-header")


def talkative(dump):
    """The dump of a proxy whose owners have written secrets into what is not made for them."""
    dump = copy.deepcopy(dump)
    wasm = {"vm_config": {"environment_variables": {"key_values": {"API_KEY": "of-wasm-environment"}}},
            "configuration": {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": '{"apiKey":"of-wasm"}'}}
    section(dump, "EcdsConfigDump")["ecds_filters"][0]["ecds_filter"]["typed_config"] = {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm", "config": wasm}
    node = section(dump, "BootstrapConfigDump")["bootstrap"]["node"]["metadata"]
    node["ANNOTATIONS"]["example.com/api-token"] = "of-annotation"
    node["PROXY_CONFIG"]["proxyMetadata"] = {"DB_HOST": "of-proxy-metadata"}
    listener = section(dump, "ListenersConfigDump")["dynamic_listeners"][0]["active_state"]["listener"]
    listener["access_log"] = [{"name": "x", "typed_config": {"request_headers_to_add": [{"header": {"key": "authorization", "value": "Bearer of-header"}}]}}]
    return dump


def given_away(checks, bench):
    path = os.path.join(bench.folder, "mesh.tar.gz")
    with mesh(bench) as server:
        fill(server)
        dump, clusters = recorded("aks-httpbin")
        dump = talkative(dump)
        checks.same("saved proxies: there is something to hide", [each for each in PRIVATE if each not in json.dumps(dump)], [])
        server.pods.proxies = {"web-1": Envoy(dump, clusters)}
        made = bench.run("snapshot", path, "--proxy-config", "web-1.shop", config=server.kubeconfig())
        checks.same("saved proxies: it is made", made.code, 0)
        text = members(path)["proxies/shop/web-1.json"].decode()
        checks.same("saved proxies: what else is private is not given away", [each for each in PRIVATE if each in text], [])
        server.pods.proxies = {"web-1": lambda path: (200, '{"configs":[5,null,{}]}')}
        made = bench.run("snapshot", path + "2", "--proxy-config", "web-1.shop", "-o", "json", config=server.kubeconfig())
        checks.same("saved proxies: one without anything is not there", (made.code, len(made.json["skipped"])), (5, 1))


def without_listeners(checks, bench):
    """A policy that selects a proxy to which istiod has given no listener, as of a gateway without Gateways."""
    policy = {"apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy", "metadata": {"name": "late", "namespace": "shop"}, "spec": {"rules": [{}]}}
    with bench.server([json.dumps({"kind": "List", "items": [*objects(), policy]})]) as server:
        fill(server)
        run = bench.run("authz", "list", "web-1.shop", config=server.kubeconfig())
        checks.check("authz list: a policy that has not reached a proxy", "" if "shop/late selects the pod, and its proxy does not have it yet" in run.err else run.err)
        dump, clusters = recorded("aks-productpage")
        section(dump, "ListenersConfigDump")["dynamic_listeners"] = []
        server.pods.proxies = {"web-1": Envoy(dump, clusters)}
        run = bench.run("authz", "list", "web-1.shop", config=server.kubeconfig())
        checks.check("authz list: and one that a proxy without listeners cannot have",
                     "" if "shop/late selects the pod, whose proxy listens nowhere" in run.err and "yet" not in run.err else run.err)


def same_as_live(checks, bench):
    path = os.path.join(bench.folder, "mesh.tar.gz")
    with mesh(bench) as server:
        fill(server)
        config = server.kubeconfig()
        made = bench.run("snapshot", path, "--proxy-config", "deployment/web.shop", "--proxy-config", "front-1", "-n", "shop", "-o", "json", config=config)
        streams = [sum(f"pods/{name}/portforward" in each for each in server.requests) for name in ("web-1", "front-1")]
        checks.check("saved proxies: all of one proxy is asked for at once, on two connections", "" if max(streams) <= 2 else str(streams))
        checks.same("saved proxies: the snapshot is whole", (made.code, made.err, made.json["skipped"]), (0, "", []))
        checks.same("saved proxies: they are among what it has", [each["file"] for each in made.json["lists"] if each["kind"] == "configuration of a proxy"],
                    ["proxies/shop/front-1.json", "proxies/shop/web-1.json"])

        def both(*command):
            live, saved = (bench.run(*command, *source, config=config) for source in ((), ("--snapshot", path)))
            return (saved.code, saved.out, saved.err), (live.code, live.out, re.sub("asking the proxy of .*\n", "", live.err))
        for proxy, selected in (("web-1.shop", "deploy/web.shop"), ("front-1.shop", "sts/front.shop")):
            for kind in KINDS:
                for form in FORMS:
                    checks.same(f"saved proxies: {kind} -o {form} of {proxy} as live", *both("proxy", "config", kind, proxy, "-o", form))
            checks.same(f"saved proxies: {selected} leads to it", *both("proxy", "config", "cluster", selected))
            checks.same(f"saved proxies: authz list of {proxy} as live", *both("authz", "list", proxy, "-o", "json"))
        checks.same("saved proxies: a Service leads to it", *both("proxy", "config", "cluster", "svc/web", "-n", "shop"))
        checks.same("saved proxies: filters", *both("proxy", "config", "cluster", "web-1.shop", "--fqdn", "reviews", "--port", "9080"))
        checks.same("saved proxies: proxy route as live", *both("proxy", "route", "web-1.shop", "http://productpage:9080/", "-o", "json"))
        checks.same("saved proxies: two of them compared", *both("proxy", "config", "diff", "web-1.shop", "front-1.shop", "-o", "json"))
        ecds = bench.run("proxy", "config", "ecds", "web-1.shop", config=config)
        checks.same("proxy config ecds: Envoy says with 400 that there are none", ("EcdsConfigDump" in json.dumps(recorded("aks-productpage")), ecds.code, "has no EcdsConfigDump" in ecds.err),
                    (False, 1, True))
        every = bench.run("proxy", "config", "all", "web-1.shop", "-o", "json", config=config)
        checks.same("proxy config all: a proxy without extensions is complete", (every.code, every.json["unavailable"]), (0, []))
    files = members(path)
    checks.same("saved proxies: nothing private inside", [name for name, content in files.items()
                                                          if HIDDEN.encode() in content or base64.b64encode(HIDDEN.encode()) in content], [])
    checks.check("saved proxies: the owner's alone", "" if stat.S_IMODE(os.stat(path).st_mode) == 0o600 else "others may read it")
    manifest = json.loads(files["manifest.json"])["proxies"]
    checks.same("saved proxies: the manifest lists them", [(each["namespace"], each["pod"], each["bytes"] == len(files[each["file"]])) for each in manifest],
                [("shop", "web-1", True), ("shop", "front-1", True)])
    alone = bench.write("dump.json", files["proxies/shop/web-1.json"].decode())
    for kind in ("endpoint", "cluster", "all"):
        checks.same(f"saved proxies: {kind} of the dump alone", bench.run("proxy", "config", kind, "-f", alone).out,
                    bench.run("proxy", "config", kind, "web-1.shop", "--snapshot", path).out)


def missing(checks, bench):
    path, bare = (os.path.join(bench.folder, name) for name in ("mesh.tar.gz", "bare.tar.gz"))
    with mesh(bench) as server:
        fill(server)
        config = server.kubeconfig()
        bench.run("snapshot", path, "--proxy-config", "web-1.shop", config=config)
        bench.run("snapshot", bare, config=config)
        checks.ends("snapshot --proxy-config: no type of object", bench.run("snapshot", "--proxy-config", "deploymnet/web", config=config), 2, "did you mean deployment?")
        checks.ends("saved proxies: what istiod holds is not there", bench.run("proxy", "config", "diff", "web-1.shop", "--snapshot", path), 2, "what istiod holds")
    run = bench.run("proxy", "config", "cluster", "front-1.shop", "--snapshot", path)
    checks.ends("saved proxies: without its namespace", bench.run("pc", "c", "web-1", "--snapshot", path), 1, "web-1.shop   (its namespace has to be told)")
    checks.ends("saved proxies: the snapshot as a dump", bench.run("pc", "c", "-f", path), 1, "it is packed by gzip", "--snapshot")
    checks.same("proxy config: options that leave nothing", "passes the options" in bench.run("pc", "c", "web-1.shop", "--fqdn", "nope", "--snapshot", path).err, True)
    checks.ends("saved proxies: another one", run, 1, "shop/front-1", "it has that of web-1.shop", "snapshot --proxy-config front-1.shop")
    checks.ends("saved proxies: a workload whose pods have none", bench.run("proxy", "config", "cluster", "deploy/bare.shop", "--snapshot", path), 1, "deployment shop/bare", "web-1.shop")
    checks.ends("saved proxies: a workload that is not there", bench.run("proxy", "config", "cluster", "deploy/nobody.shop", "--snapshot", path), 1, "no deployment shop/nobody")
    checks.ends("saved proxies: a snapshot without any", bench.run("proxy", "config", "cluster", "web-1.shop", "--snapshot", bare), 1, "without the configuration of any proxy", "--proxy-config web-1.shop")
    checks.ends("saved proxies: nobody is named", bench.run("proxy", "config", "cluster", "--snapshot", path), 2, "no proxy is named")
    checks.ends("saved proxies: two are", bench.run("proxy", "config", "cluster", "web-1.shop", "web-2.shop", "--snapshot", path), 2, "more than one proxy")
    checks.ends("saved proxies: and a file", bench.run("proxy", "config", "cluster", "-f", path, "--snapshot", path), 2, "exclude each other")
    checks.ends("saved proxies: labels", bench.run("proxy", "config", "cluster", "-l", "app=web", "--snapshot", path), 2, "exclude each other")
    checks.ends("saved proxies: no snapshot at all", bench.run("proxy", "config", "cluster", "web-1.shop", "--snapshot", bench.write("x", "{}")), 2, "cannot read the snapshot")
    rewritten(path, lambda files: {name: text[:len(text) // 2] if name.startswith("proxies/") else text for name, text in files.items()})
    run = bench.run("proxy", "config", "cluster", "web-1.shop", "--snapshot", path, "-o", "json")
    checks.same("saved proxies: one that is cut off", (run.code, run.json["complete"], len(run.json["unavailable"]), run.json["items"] != []), (5, False, 1, True))
    rewritten(path, lambda files: {name: text for name, text in files.items() if not name.startswith("proxies/")})
    checks.ends("saved proxies: one that was taken out", bench.run("proxy", "config", "cluster", "web-1.shop", "--snapshot", path), 1, "proxies/shop/web-1.json is not in it")


def not_all(checks, bench):
    path = os.path.join(bench.folder, "mesh.tar.gz")
    with mesh(bench) as server:
        fill(server)
        config = server.kubeconfig()
        server.pods.proxies["web-1"].broken = {"dynamic_listeners"}
        made = bench.run("snapshot", path, "-o", "json", *(f"--proxy-config={each}.shop" for each in ("web-1", "gone-1", "deploy/none", "front-1")), config=config)
        checks.same("saved proxies: what is not there is told", (made.code, made.json["complete"], [each["what"] for each in made.json["skipped"]]), (5, False, [
            "a part of the configuration of the proxy of shop/web-1", "the configuration of the proxy of shop/gone-1", "the configuration of the proxy of shop/none"]))
        for kind in ("listener", "cluster", "all"):
            live, saved = (bench.run("proxy", "config", kind, "web-1.shop", "-o", "json", *source, config=config) for source in ((), ("--snapshot", path)))
            checks.same(f"saved proxies: a list that Envoy cannot write, {kind} as live", (saved.code, saved.out), (live.code, live.out))
        checks.same("saved proxies: of the lists that are whole nothing is missing", bench.run("proxy", "config", "cluster", "web-1.shop", "--snapshot", path).code, 0)
        checks.ends("saved proxies: one that could not be asked", bench.run("proxy", "config", "cluster", "gone-1.shop", "--snapshot", path), 5, "shop/gone-1", "there is no pod 'gone-1'")
        fill(server)
        server.pods.proxies["web-1"].broken = {"static_clusters"}
        part = bench.run("proxy", "config", "cluster", "web-1.shop", config=config)
        checks.same("proxy config: lists that are asked for one by one are one section", (part.code, "there are no clusters" in part.err, len(part.out.splitlines()) > 2), (5, False, True))
        fill(server)
        small = os.path.join(bench.folder, "small.tar.gz")
        made = bench.run("snapshot", small, "-o", "json", "--proxy-config", "web-1.shop", "--max-size", "100Ki", config=config)
        checks.same("saved proxies: --max-size counts them", (made.code, [(each["what"], each["why"].partition(" (")[0]) for each in made.json["skipped"]]),
                    (5, [("the configuration of the proxy of shop/web-1", "left out of the snapshot: too large")]))
        checks.ends("saved proxies: one that was too large", bench.run("proxy", "config", "cluster", "web-1.shop", "--snapshot", small), 5, "too large")


def narrowed(checks, bench):
    """Envoy leaves out what is not named so; one that cannot, or does not, changes no row."""
    filters = (("cluster", "--fqdn", "reviews.shop.svc.cluster.local"), ("cluster", "--port", "9080", "--subset", "v1"), ("cluster", "--direction", "inbound"),
               ("route", "--name", "9080"), ("route", "--name", "none.of.it"), ("cluster", "--fqdn", "a|b.*"),
               ("eds", "--envoy-cluster", "OUTBOUND|9080||reviews.shop.svc.cluster.local"))
    with mesh(bench) as server:
        fill(server)
        config = server.kubeconfig()
        proxy = server.pods.proxies["web-1"]
        whole = bench.write("whole.json", json.dumps(proxy.dump))
        for command in filters:
            wanted = bench.run("proxy", "config", *command, "-f", whole, "-o", "json")
            checks.check(f"narrowed: there is something to find, {command}", "" if ("none" in command[2] or "a|" in command[2]) == (wanted.json["items"] == []) else wanted.out[:300])
            for proxy.names in ("understands", "refuses", "ignores"):
                server.pods.asked.clear()
                run = bench.run("proxy", "config", *command, "web-1.shop", "-o", "json", config=config)
                checks.same(f"narrowed: {' '.join(command)}, an Envoy that {proxy.names} it", (run.code, run.json["items"]), (0, wanted.json["items"]))
                asked = ["name_regex" in path for _, _, path in server.pods.asked]
                once = proxy.names == "ignores" or (proxy.names == "understands" and wanted.json["items"] != [])
                checks.same(f"narrowed: {' '.join(command)}, how often one that {proxy.names} it is asked", asked, [True] if once else [True, False])
        proxy.names = "understands"
        server.pods.asked.clear()
        route = bench.run("proxy", "route", "web-1.shop", "http://reviews:9080/", "-o", "json", config=config)
        named = [path for _, _, path in server.pods.asked if "name_regex" in path]
        checks.same("narrowed: proxy route wants one route configuration", (route.code, named), (0, ["/config_dump?mask=static_route_configs,dynamic_route_configs&name_regex=9080"]))
        proxy.dump["configs"] = [one for one in proxy.dump["configs"] if not one["@type"].endswith(".RoutesConfigDump")] + [
            {"@type": "type.googleapis.com/envoy.admin.v3.RoutesConfigDump"}]
        run = bench.run("proxy", "config", "route", "web-1.shop", "--name", "9080", config=config)
        checks.ends("narrowed: no routes at all is another thing than none of the name", run, 0, "there are no routes in shop/web-1")


def log_levels(checks, bench):
    """A proxy whose levels could not be changed is not shown with those it had."""
    with mesh(bench) as server:
        fill(server)
        config = server.kubeconfig()
        page = "active loggers:\n  rbac: warning\n  jwt: warning\n\n"
        server.pods.proxies = {"web-1": lambda path: (200, page if path == "/logging" else page.replace("rbac: warning", "rbac: debug")),
                               "web-2": lambda path: (200, page) if path == "/logging" else (500, "no")}
        run = bench.run("proxy", "config", "log", "deploy/web.shop", "--level", "rbac:debug", config=config)
        checks.same("proxy config log: what could not be changed is told, and not shown as it was",
                    (run.code, "web-1.shop:" in run.out, "web-2.shop:" in run.out, "rbac: debug" in run.out, "rbac: warning" in run.out, "web-2.shop" in run.err),
                    (5, True, False, True, False, True))
        odd = bench.run("proxy", "config", "cluster", "deploy/we?b.shop", config=config)
        checks.ends("proxy config: a name is no query", odd, 1)
        checks.same("proxy config: it is asked for as it is", [each for each in server.requests if "we%3Fb" in each or "we?b" in each],
                    ["/apis/apps/v1/namespaces/shop/deployments/we%3Fb"])


SAVED_PROXY_CASES = [given_away, without_listeners, same_as_live, missing, not_all, narrowed, log_levels]
