# SPDX-License-Identifier: Apache-2.0
"""How `aksmesh describe` puts together what the mesh says of pods and services."""

import json
import os

from documents import problems_of
from envoy import Envoy
from mesh import canary, pod

MASKS = ["dynamic_active_clusters", "dynamic_route_configs", "dynamic_listeners"]
HOST = "web.shop.svc.cluster.local"


def thing(api, kind, place, name, spec):
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": place}, "spec": spec}


def labelled(place, name, labels, **more):
    out = pod(place, name, **more)
    out["metadata"]["labels"] = labels
    out["spec"]["containers"][0]["ports"] = [{"containerPort": 8080, "name": "web"}, {"containerPort": 53, "protocol": "UDP"}]
    return out


def objects():
    networking, security = "networking.istio.io/v1", "security.istio.io/v1"
    gate = labelled("aks-istio-ingress", "gate-1", {"istio": "aks-istio-ingressgateway-external"})
    return [
        *canary(), gate,
        labelled("shop", "new-1", {"app": "web", "version": "v2"}, revision="asm-1-28", tag="1.28.10"),
        labelled("shop", "old-1", {"app": "web", "version": "v1"}),
        thing("v1", "Service", "shop", "web", {"selector": {"app": "web"}, "ports": [{"name": "http-web", "port": 80, "targetPort": "web"}, {"port": 9000}]}),
        {**thing("v1", "Service", "aks-istio-ingress", "gate", {"selector": {"istio": "aks-istio-ingressgateway-external"}}),
         "status": {"loadBalancer": {"ingress": [{"ip": "20.1.2.3"}]}}},
        thing(networking, "DestinationRule", "shop", "web", {
            "host": "web", "subsets": [{"name": "v1", "labels": {"version": "v1"}}, {"name": "v2", "labels": {"version": "v2"}}],
            "trafficPolicy": {"tls": {"mode": "ISTIO_MUTUAL"}, "portLevelSettings": [{"port": {"number": 80}, "connectionPool": {}}]}}),
        thing(networking, "DestinationRule", "pay", "mine", {"host": HOST, "trafficPolicy": {"outlierDetection": {}}}),
        thing(networking, "VirtualService", "shop", "web", {
            "hosts": ["web"], "gateways": ["mesh", "front", "lost"], "http": [
                {"match": [{"uri": {"prefix": "/api"}, "headers": {"end-user": {"exact": "jason"}}}],
                 "route": [{"destination": {"host": "web", "subset": "v2"}}], "fault": {"delay": {"fixedDelay": "2s"}}},
                {"route": [{"destination": {"host": "web", "subset": "v1"}}]}]}),
        thing(networking, "Gateway", "shop", "front", {"selector": {"istio": "aks-istio-ingressgateway-external"},
                                                       "servers": [{"port": {"number": 443, "protocol": "HTTPS"}, "hosts": ["*"]}]}),
        thing(security, "PeerAuthentication", "aks-istio-system", "default", {"mtls": {"mode": "STRICT"}}),
        thing(security, "PeerAuthentication", "shop", "web", {"selector": {"matchLabels": {"app": "web"}}, "portLevelMtls": {"8080": {"mode": "DISABLE"}}}),
        thing(security, "AuthorizationPolicy", "shop", "web-get", {"selector": {"matchLabels": {"app": "web"}}, "rules": [{}]}),
        thing(security, "AuthorizationPolicy", "shop", "deny-some", {"action": "DENY", "rules": [{}]}),
        thing(security, "AuthorizationPolicy", "shop", "other", {"selector": {"matchLabels": {"app": "other"}}, "rules": [{}]}),
        thing(security, "RequestAuthentication", "shop", "tokens", {}),
        thing(networking, "Sidecar", "shop", "default", {}), thing(networking, "Sidecar", "aks-istio-system", "default", {}),
        thing("telemetry.istio.io/v1", "Telemetry", "aks-istio-system", "logs", {})]


def origin(kind, place, name):
    return {"metadata": {"filter_metadata": {"istio": {"config": f"/apis/networking.istio.io/v1/namespaces/{place}/{kind}/{name}"}}}}


def dump(section, **lists):
    return json.dumps({"configs": [{"@type": "type.googleapis.com/envoy.admin.v3." + section, **lists}]})


def rules(action, *names):
    return {"action": action, "policies": {f"ns[shop]-policy[{name}]-rule[0]": {} for name in names}}


def answers():
    """The proxy has a rule that is gone, lacks one policy, and has two filters on one port."""
    http = [{"name": "envoy.filters.http.rbac", "typed_config": {"rules": rules("DENY", "deny-some")}},
            {"name": "envoy.filters.http.rbac", "typed_config": {"rules": {"policies": {}}}}]
    chain = {"filter_chain_match": {"destination_port": 8080},
             "filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": {"http_filters": http}}]}
    listener = {"name": "virtualInbound", "filter_chains": [chain],
                "default_filter_chain": {"filters": [{"name": "envoy.filters.network.rbac", "typed_config": {"shadow_rules": rules("DENY", "tried")}}]}}
    found = [
        dump("ClustersConfigDump", dynamic_active_clusters=[{"cluster": {"name": f"outbound|80||{HOST}", **origin("destination-rule", "shop", "gone")}}]),
        dump("RoutesConfigDump", dynamic_route_configs=[{"route_config": {"name": "80", "virtual_hosts": [
            {"name": HOST + ":80", "domains": [HOST, "web"], "routes": [{"match": {"prefix": "/"}, **origin("virtual-service", "shop", "web")}]}]}}]),
        dump("ListenersConfigDump", dynamic_listeners=[{"name": "virtualInbound", "active_state": {"listener": listener}}])]
    return {("new-1", "/config_dump?mask=" + mask): text for mask, text in zip(MASKS, found)}


def texts():
    return [json.dumps({"kind": "List", "items": objects()})]


def describes_pod(checks, bench):
    with bench.server(texts()) as server:
        server.pods.answers = answers()
        run = bench.run("describe", "pod", "new-1.shop", "-o", "json", config=server.kubeconfig())
        checks.check("describe pod: its schema", problems_of("describe", run.json))
        checks.same("describe pod: ends well", (run.code, run.json["complete"], run.json["unavailable"]), (0, True, []))
        checks.same("describe pod: the proxy is asked for no more than that", sorted(path for _, _, path in server.pods.asked),
                    sorted("/config_dump?mask=" + mask for mask in MASKS))
        one = run.json["pods"][0]
        checks.same("describe pod: the pod", (one["revision"], one["proxy"], [port["port"] for port in one["ports"]]), ("asm-1-28", "sidecar", [8080, 53]))
        service = run.json["services"][0]
        checks.same("describe pod: ports", [(port["port"], port["protocol"], port.get("targetPort")) for port in service["ports"]],
                    [(80, "HTTP", 8080), (9000, "auto-detect", 9000)])
        checks.same("describe pod: rules, those for own clients last",
                    [(each["name"], each["forOwnClients"], each["matchingSubsets"], each["otherSubsets"]) for each in service["destinationRules"]],
                    [("web", False, ["v2"], ["v1"]), ("mine", True, [], [])])
        routes = service["virtualServices"][0]
        checks.same("describe pod: routes that reach it", [[target["reaches"] for target in each["targets"]] for each in routes["routes"]], [[True], [False]])
        checks.same("describe pod: gateways", [(each["name"], each["exists"], each["urls"], len(each["pods"])) for each in service["gateways"]],
                    [("front", True, ["https://20.1.2.3"], 1), ("lost", False, [], 0)])
        checks.same("describe pod: mutual TLS", (run.json["mutualTls"]["mode"], [(each["port"], each["mode"]) for each in run.json["mutualTls"]["ports"]],
                                                 [each["name"] for each in run.json["mutualTls"]["applied"]]), ("STRICT", [(8080, "DISABLE")], ["default", "web"]))
        checks.same("describe pod: policies that select it", [(each["kind"], each["name"], each["scope"], each.get("note"), each.get("inProxy", True))
                                                              for each in run.json["policies"]],
                    [("AuthorizationPolicy", "deny-some", "namespace", "DENY", True), ("AuthorizationPolicy", "web-get", "workload", "ALLOW", False),
                     ("RequestAuthentication", "tokens", "namespace", None, True), ("Sidecar", "default", "namespace", None, True),
                     ("Telemetry", "logs", "mesh", None, True)])
        checks.same("describe pod: all filters, by port", [(each.get("port"), each["action"], each["dryRun"], each["policies"]) for each in run.json["accessFilters"]],
                    [(8080, "ALLOW", False, []), (8080, "DENY", False, ["deny-some.shop"]), (None, "DENY", True, ["tried.shop"])])
        checks.same("describe pod: what the proxy lacks", [each["name"] for each in service["destinationRules"] if not each.get("inProxy", True)], ["web"])
        checks.same("describe pod: what it still has", run.json["staleInProxy"], ["AuthorizationPolicy tried.shop", "DestinationRule gone.shop"])
        text = bench.run("x", "describe", "po", "new-1", "-n", "shop", config=server.kubeconfig()).out
        for line in ("Pod: new-1.shop", "   Pod Ports: 8080 (app), 53/UDP (app)", "   Port: http-web 80/HTTP targets pod port 8080",
                     "DestinationRule: web.shop for \"web\" (not in the proxy yet)", "   Matching subsets: v2", "      (Non-matching subsets v1)",
                     "      Match: path /api* when headers are end-user=jason", "      With: fault injection: delay 2s",
                     "   1 additional destination that will not reach this pod", "   port 8080, HTTP: DENY by deny-some.shop",
                     "   Workload mTLS mode: STRICT", "   Exposed at https://20.1.2.3", "WARNING: there is no such Gateway",
                     "WARNING: the proxy is stale: it has DestinationRule gone.shop, which is gone"):
            checks.check("describe pod, text: " + line, "" if line in text else repr(text))


def without_proxy(checks, bench):
    """A pod without a sidecar, services, a snapshot, a proxy that does not answer."""
    with bench.server(texts()) as server:
        config = server.kubeconfig()
        run = bench.run("describe", "pod", "old-1.shop", "-o", "json", config=config)
        checks.same("describe pod without sidecar: described", (run.code, run.json["pods"][0]["proxy"], len(run.json["services"]), "mutualTls" in run.json),
                    (0, "none", 1, False))
        checks.check("describe pod without sidecar: said", "" if "not part of the mesh" in bench.run("describe", "pod", "old-1.shop", config=config).out else repr(run.out))
        checks.same("describe pod without sidecar: no proxy is asked", server.pods.asked, [])
        checks.ends("describe: a pod that is not there", bench.run("describe", "pod", "new-2.shop", config=config), 1, "no pod 'new-2'", "did you mean new-1")
        checks.ends("describe: another type", bench.run("describe", "pod", "svc/web", config=config), 2, "is no pod")
        lost = bench.run("describe", "svc", "web.shop", "-o", "json", config=config)
        checks.same("describe: a proxy that does not answer", (lost.code, lost.json["complete"], len(lost.json["unavailable"])), (5, False, 1))
        checks.check("describe: its schema then", problems_of("describe", lost.json))
        server.pods.answers = answers()
        server.pods.answers[("new-1", "/config_dump?mask=dynamic_listeners")] = (500, "no")
        part = bench.run("describe", "pod", "new-1.shop", "-o", "json", config=config).json
        checks.same("describe: a part of the proxy that cannot be had", (part["complete"], len(part["unavailable"]), part["staleInProxy"],
                                                                        [each for each in part["policies"] if "inProxy" in each]),
                    (False, 1, ["DestinationRule gone.shop"], []))
        server.pods.answers = answers()
        run = bench.run("des", "svc", "web.shop", "-o", "json", config=config)
        checks.same("describe service: the pods behind it", [(each["name"], each["proxy"]) for each in run.json["pods"]], [("new-1", "sidecar"), ("old-1", "none")])
        checks.same("describe service: subsets of all of them", run.json["services"][0]["destinationRules"][0]["matchingSubsets"], ["v1", "v2"])
        checks.same("describe service: whose proxy was asked", run.json["proxy"], "shop/new-1")
        file = os.path.join(bench.folder, "s.tar.gz")
        bench.run("snapshot", file, "--no-proxies", config=config)
        live, picture = run.json, bench.run("describe", "service", "web.shop", "--snapshot", file, "-o", "json").json
        checks.same("describe: a snapshot says the same of the API", [picture[part] for part in ("pods", "policies")],
                    [live["pods"], [{key: value for key, value in each.items() if key != "inProxy"} for each in live["policies"]]])
        sections = [json.loads(text)["configs"][0] for text in answers().values()]
        server.pods.answers, server.pods.proxies = {}, {"new-1": Envoy({"configs": sections}, {"cluster_statuses": []})}
        file = os.path.join(bench.folder, "whole.tar.gz")
        bench.run("snapshot", file, "--no-proxies", "--proxy-config", "new-1.shop", config=config)
        for subject in (("pod", "new-1.shop"), ("service", "web.shop")):
            live, saved = (bench.run("describe", *subject, "-o", "json", *source, config=config).json for source in ((), ("--snapshot", file)))
            checks.same(f"describe {subject[0]}: a snapshot that holds the proxy says the same", (saved.get("proxy"), {**saved, "place": ""}), ("shop/new-1", {**live, "place": ""}))
        checks.check("describe: what a snapshot has not is said", "" if "snapshot" in picture["notAsked"] and "proxy" not in picture else picture)
    with bench.server(texts(), denied=["virtualservices"], denied_at_all=["destinationrules"]) as server:
        server.pods.answers = answers()
        run = bench.run("describe", "pod", "new-1.shop", "-o", "json", config=server.kubeconfig())
        checks.same("describe: a right that is missing", (run.code, [each["what"] for each in run.json["unavailable"]]),
                    (5, ["destinationrules.networking.istio.io in namespace shop"]))
        checks.same("describe: nothing is called stale for that", [each for each in run.json["staleInProxy"] if "DestinationRule" in each], [])


def odd_services(checks, bench):
    """Services with nothing, or nothing of the usual kind, behind them."""
    def service(name, spec):
        return thing("v1", "Service", "shop", name, spec)
    over = labelled("shop", "over-1", {"app": "web", "version": "v9"}, revision="asm-1-28", tag="1.28.10", native=True)
    over["status"]["phase"] = "Succeeded"
    more = [over, labelled("shop", "new-2", {"app": "web", "version": "v2"}, revision="asm-1-28", tag="1.28.10", native=True),
            service("alias", {"type": "ExternalName", "externalName": "www.example.com", "ports": [{"name": "https", "port": 443}]}),
            service("each", {"clusterIP": "None", "selector": {"app": "web"}, "ports": [{"port": 8080}]}),
            service("bare", {"clusterIP": "None", "selector": {"app": "web"}}),
            service("by-hand", {"ports": [{"port": 80, "targetPort": 8080}]}),
            service("alone", {"selector": {"app": "nobody"}, "ports": [{"name": "http", "port": 80}, {"port": 81, "targetPort": "web"}]})]
    with bench.server([json.dumps({"kind": "List", "items": [*objects(), *more]})]) as server:
        server.pods.answers = answers()
        config = server.kubeconfig()

        def told(name):
            run = bench.run("describe", "service", name, "-o", "json", config=config)
            checks.check(f"describe service {name}: its schema", problems_of("describe", run.json))
            one = run.json["services"][0]
            return one.get("externalName"), one.get("headless", False), one["warnings"], [port.get("targetPort") for port in one["ports"]]
        checks.same("describe service: ExternalName", told("alias"), ("www.example.com", False, [], [None]))
        checks.same("describe service: headless", told("each"), (None, True, [], [8080]))
        checks.same("describe service: without ports", told("bare")[2], ["it has no ports, so Istio has no configuration for it"])
        checks.same("describe service: without selector", told("by-hand")[2:], (["it has no selector: its endpoints are made by somebody else"], [8080]))
        checks.same("describe service: without pods", told("alone")[2:], (["no pod that runs has the labels of its selector"], [80, None]))
        text = bench.run("describe", "service", "alone", config=config).out
        for line in ("   Port: http 80/HTTP targets pod port 80\n", "   Port: 81/auto-detect targets pod port web\n", "   WARNING: no pod that runs"):
            checks.check("describe service, text: " + line, "" if line in text else repr(text))
        text = bench.run("describe", "service", "alias", config=config).out
        checks.check("describe service, text: another name", "" if "another name for www.example.com\n   Port: https 443/HTTPS\n" in text else repr(text))
        run = bench.run("describe", "service", "web.shop.svc.cluster.local", "-o", "json", config=config)
        checks.same("describe service by its whole name: pods that have ended are not behind it",
                    (run.code, [each["name"] for each in run.json["pods"]]), (0, ["new-1", "new-2", "old-1"]))
        checks.same("describe service: whose policies are told", run.json["policiesOf"], "shop/new-1")
        checks.check("describe service: in words, too", "" if "those of pod shop/new-1, one of 3 pods" in run.err else repr(run.err))
        run = bench.run("describe", "pod", "over-1.shop", config=config)
        checks.ends("describe pod that has ended", run, 0, "Pod is not Running (Succeeded)", "It has ended, so no Service sends it anything", "Sidecar: native")
        run = bench.run("describe", "pod", "new-1", "-o", "json", config=config)
        checks.same("describe pod: of all services that select it", [each["name"] for each in run.json["services"]], ["bare", "each", "web"])
        checks.ends("describe: a namespace that is not there", bench.run("describe", "pod", "new-1.shpo", config=config), 1,
                    "there is no namespace 'shpo'", "did you mean shop?")
    with bench.server([json.dumps({"kind": "List", "items": [*objects(), *more]})], denied_at_all=["pods"]) as server:
        run = bench.run("describe", "service", "web", "-o", "json", config=server.kubeconfig())
        checks.same("describe service: pods that may not be seen are not called missing", (run.code, run.json["services"][0]["warnings"]), (5, []))


def wrong_names(checks, bench):
    """What is not there gets the nearest names; of several pods it is told which one is looked at."""
    web = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"}, "spec": {"selector": {"matchLabels": {"app": "web"}}}}
    with bench.server([json.dumps({"kind": "List", "items": [*objects(), web]})]) as server:
        server.pods.answers = answers()
        config = server.kubeconfig()
        for command in (("proxy", "config", "cluster"), ("proxy", "config", "log"), ("authz", "list"), ("certs",), ("dashboard", "envoy")):
            checks.ends(f"{command}: no such pod", bench.run(*command, "new-3.shop", config=config), 1, "there is no pod 'new-3' in namespace shop", "did you mean new-1",
                        "kubectl get pods -n shop")
            checks.ends(f"{command}: no such workload", bench.run(*command, "deploy/wbe.shop", config=config), 1, "there is no deployment 'wbe' in namespace shop",
                        "did you mean web?")
        checks.ends("proxy config: the name of a Deployment", bench.run("pc", "c", "web.shop", config=config), 1, "there is no pod 'web' in namespace shop",
                    "deployment/web.shop")
        checks.ends("describe service: a namespace that is called svc", bench.run("describe", "service", "web.svc", config=config), 1, "there is no namespace 'svc'")
        checks.ends("proxy config: a Service of a namespace that is called svc", bench.run("pc", "c", "svc/web.svc", config=config), 1, "there is no namespace 'svc'")
        checks.ends("proxy config: NAMESPACE/POD", bench.run("pc", "c", "shop/new-1", config=config), 2, "new-1.shop   (when that is a pod and its namespace)")
        run = bench.run("proxy", "config", "log", "new-1.shop", config=config)
        checks.ends("proxy config log: what a proxy says instead, without its line end", run, 1, "why:  it answers 404 page not found\n")
        server.pods.answers.update({(f"istiod-asm-1-{each}", "/none"): "" for each in ("28-a", "28-b", "29-a")})
        checks.ends("proxy config diff: no such pod", bench.run("proxy", "config", "diff", "new-3.shop", config=config), 1, "there is no pod 'new-3' in namespace shop",
                    "did you mean new-1")
        checks.ends("proxy config diff: a pod that no istiod has", bench.run("proxy", "config", "diff", "old-1.shop", config=config), 1,
                    "no istiod is connected with old-1.shop")
        checks.ends("proxy route: no such namespace", bench.run("proxy", "route", "deploy/web.shpo", "http://web/", config=config), 1,
                    "there is no namespace 'shpo'", "did you mean shop?")
        for words in (("deploy/web.shop",), ("service/web.shop.svc.cluster.local",), ("-l", "app=web", "-n", "shop")):
            run = bench.run("proxy", "config", "cluster", *words, config=config)
            checks.check(f"proxy config {words}: which of several", "" if "note: shop/new-1 is one of 2 pods" in run.err else repr(run.err))
        quiet = bench.run("proxy", "config", "cluster", "deploy/web.shop", "-q", config=config)
        checks.check("proxy config -q: nothing is told", "" if "one of" not in quiet.err else repr(quiet.err))
        lost = [each for each in bench.run("proxy", "config", "cluster", "new-1.shop", config=config).err.splitlines() if each.startswith("note: not all")]
        checks.same("proxy config: what could not be read is told once, without line ends", (len(lost), lost[0][-9:]), (1, "not found"))
    with bench.server(texts(), denied_at_all=["pods"]) as server:
        server.pods.answers = answers()
        checks.ends("proxy config: who may not list pods gets the words of the server", bench.run("proxy", "config", "cluster", "new-3.shop", config=server.kubeconfig()),
                    1, '"new-3" not found')


DESCRIBE_CASES = [describes_pod, without_proxy, odd_services, wrong_names]
