# SPDX-License-Identifier: Apache-2.0
"""Compares what `mtls`, `telemetry show` and `certs` say is in force with the configuration and certificates of the bed's Envoys."""

import json
import subprocess
import time

from bed import network
from bed.client import ApiError
from bed.processes import BedError, wait_until

NAMESPACE = "in-force-e2e"
REVISION = "asm-1-28"
PORT = 8080
LABELS = {"app": "web"}


def admin(pod, path):
    """What the Envoy of a pod answers at its admin port."""
    run = subprocess.run(["ip", "netns", "exec", network.name_of(pod), "curl", "-sS", "-m", "10", "http://127.0.0.1:15000" + path],
                         capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise BedError(run.stderr.strip())
    return json.loads(run.stdout)


def thing(api_version, kind, name, spec):
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": NAMESPACE}, "spec": spec}


def telemetry(name, spec):
    return thing("telemetry.istio.io/v1", "Telemetry", name, spec)


def policy(name, spec):
    return thing("security.istio.io/v1", "PeerAuthentication", name, spec)


def rule(mode):
    return thing("networking.istio.io/v1", "DestinationRule", "web", {"host": "web", "trafficPolicy": {"tls": {"mode": mode}}})


def base():
    pods = {"metadata": {"labels": LABELS}, "spec": {"containers": [
        {"name": "web", "image": "example.invalid/web:1", "ports": [{"containerPort": PORT}, {"containerPort": 9090}]}]}}
    return [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": {"istio.io/rev": REVISION}}},
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": NAMESPACE},
             "spec": {"selector": LABELS, "ports": [{"name": "http", "port": PORT}, {"name": "http-more", "port": 9090}]}},
            thing("apps/v1", "Deployment", "web", {"replicas": 1, "selector": {"matchLabels": LABELS}, "template": pods})]


class Place:
    """A namespace with one Envoy."""

    def __init__(self, bed, program):
        self.bed, self.program, self.pod = bed, program, None

    def __enter__(self):
        api = self.bed.cluster
        first, *rest = base()
        api.create(first)
        account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": NAMESPACE}}
        wait_until("its account", lambda: self.exists(account))
        for each in rest:
            api.create(each)
        wait_until("its pod", lambda: [each for each in api.list("v1", "Pod", NAMESPACE) if each["status"].get("podIP")])
        wait_until("its roots", lambda: self.exists({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "istio-ca-root-cert", "namespace": NAMESPACE}}))
        self.bed.pods.start_proxies([NAMESPACE])
        self.bed.pods.wait_proxies()
        self.pod = api.list("v1", "Pod", NAMESPACE)[0]
        return self

    def __exit__(self, *_):
        self.bed.cluster.delete({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
        # The next one makes it anew, and others would find what is in it.
        wait_until("its namespace to be gone", lambda: not self.exists({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}))

    def exists(self, wanted):
        try:
            return self.bed.cluster.call("GET", self.bed.cluster.path(wanted)) is not None
        except ApiError:
            return False

    def said(self, *words):
        run = self.program.run(*words, "deployment/web", "-n", NAMESPACE, "-o", "json")
        if run.code != 0:
            raise BedError(f"{' '.join(words)}: {run.code} {run.err}")
        return run.json["items"][0]

    def compare(self, checks, name, things, said, seen):
        """`said` and `seen` give the same words, once Envoy has what the objects say; then the objects go."""
        for each in things:
            self.bed.cluster.create(each)
        time.sleep(1)  # what was before may say the same, and istiod waits a little for more changes
        expected = said()
        last = []

        def agree():
            last[:] = [seen()]
            return last[0] == expected

        try:
            wait_until(f"Envoy to have {name}", agree, 20)
        except BedError:
            pass
        # Once more: what agrees must not be what was there before.
        checks.same(f"{name}", seen() if last and last[0] == expected else last[0] if last else None, expected)
        for each in things:
            self.bed.cluster.delete(each)


def dump_of(pod, section):
    return [each for each in admin(pod, "/config_dump")["configs"] if each["@type"].endswith(section)]


def managers(listener):
    for chain in listener.get("filter_chains", []) + ([listener["default_filter_chain"]] if "default_filter_chain" in listener else []):
        for each in chain.get("filters", []):
            if each["name"] == "envoy.filters.network.http_connection_manager":
                yield chain, each["typed_config"]


def active_listeners(pod):
    return [each["active_state"]["listener"] for section in dump_of(pod, "ListenersConfigDump") for each in section["dynamic_listeners"]
            if "active_state" in each]


def telemetry_seen(pod):
    """Access logs and tracing of the HTTP ports of the Envoy's two sides: `server` comes in, `client` goes out."""
    out = {"accessLogging": {}, "tracing": {}}
    for listener in active_listeners(pod):
        side = "server" if listener["name"] == "virtualInbound" else "client" if listener["name"].endswith(f"_{PORT}") else None
        for chain, manager in managers(listener) if side else ():
            if side == "server" and not str(chain.get("filter_chain_match", {}).get("destination_port", "")) == str(PORT):
                continue
            paths = sorted(log["typed_config"].get("path", log["name"]) for log in manager.get("access_log", []))
            filters = sorted({json.dumps(log["filter"])[:200] for log in manager.get("access_log", []) if "filter" in log})
            out["accessLogging"][side] = (bool(paths), bool(filters))
            tracing = manager.get("tracing", {})
            out["tracing"][side] = ("provider" in tracing, tracing.get("random_sampling", {}).get("value", 0) if "provider" in tracing else None)
    return out


def sides(plans):
    for plan in plans:
        for side in ("client", "server") if plan["traffic"] == "both" else (plan["traffic"],):
            yield side, plan


def telemetry_said(item):
    out = {"accessLogging": {}, "tracing": {}}
    for side, plan in sides(item["accessLogging"]):
        out["accessLogging"][side] = (plan["enabled"], any(each["name"] == "filter" for each in plan["details"]))
    for side, plan in sides(item["tracing"]):
        share = [float(each["value"]) for each in plan["details"] if each["name"] == "sampling"]
        # Envoy has a provider of Telemetry alone in its listeners, and that of defaultConfig in its bootstrap.
        on = plan["enabled"] and any(each["scope"] != "mesh-config" for each in plan["sources"])
        out["tracing"][side] = (on, (share[0] if share else 0) if on else None)
    return out


LOG = {"providers": [{"name": "envoy"}]}
TELEMETRIES = {
    "no Telemetry": [],
    "access log of the namespace": [telemetry("all", {"accessLogging": [LOG]})],
    "access log of the workload": [telemetry("web", {"selector": {"matchLabels": LABELS}, "accessLogging": [LOG]})],
    "access log of another workload": [telemetry("api", {"selector": {"matchLabels": {"app": "api"}}, "accessLogging": [LOG]})],
    "disabled for the workload": [telemetry("all", {"accessLogging": [LOG]}),
                                  telemetry("web", {"selector": {"matchLabels": LABELS}, "accessLogging": [{"disabled": True}]})],
    "what comes in alone": [telemetry("all", {"accessLogging": [{**LOG, "match": {"mode": "SERVER"}}]})],
    "what goes out alone": [telemetry("all", {"accessLogging": [{**LOG, "match": {"mode": "CLIENT"}}]})],
    "disabled for one side": [telemetry("all", {"accessLogging": [LOG, {"disabled": True, "match": {"mode": "CLIENT"}}]})],
    "with a filter": [telemetry("all", {"accessLogging": [{**LOG, "filter": {"expression": "response.code >= 500"}}]})],
    "an unknown provider": [telemetry("all", {"accessLogging": [{"providers": [{"name": "nobody"}]}]})],
    "a provider of metrics": [telemetry("all", {"accessLogging": [{"providers": [{"name": "prometheus"}]}]})],
    "disabled, without a provider": [telemetry("all", {"accessLogging": [{"disabled": True}]})],
    "disabled, with its provider": [telemetry("all", {"accessLogging": [{**LOG, "disabled": True}]})],
    "two for the workload": [telemetry("a", {"selector": {"matchLabels": LABELS}, "accessLogging": [LOG]}),
                             telemetry("b", {"selector": {"matchLabels": LABELS}, "accessLogging": [{"disabled": True}]})],
    "no provider": [telemetry("all", {"accessLogging": [{}]})],
    "sampling without provider": [telemetry("all", {"tracing": [{"randomSamplingPercentage": 10}]})]}


def telemetry_in_force(checks, bed, program):
    with Place(bed, program) as place:
        for name, things in TELEMETRIES.items():
            place.compare(checks, "telemetry show: " + name, things, lambda: telemetry_said(place.said("telemetry", "show")),
                          lambda: telemetry_seen(place.pod))


def chain_modes(pod):
    """By port: whether the Envoy takes TLS of the mesh, plain text, or both."""
    out = {}
    for listener in active_listeners(pod):
        if listener["name"] != "virtualInbound":
            continue
        for chain, _ in managers(listener):
            port = chain.get("filter_chain_match", {}).get("destination_port")
            if port in (PORT, 9090):
                out.setdefault(port, set()).add("tls" if "transport_socket" in chain else "plain")
    words = {("tls",): "STRICT", ("plain",): "DISABLE", ("plain", "tls"): "PERMISSIVE"}
    return {port: words[tuple(sorted(kinds))] for port, kinds in out.items()}


def caller_modes(pod):
    """By port of the Service: whether the Envoy speaks TLS to it. Left to itself it goes by a mark on each address."""
    marked = {}
    for section in [each for each in admin(pod, "/config_dump?include_eds")["configs"] if each["@type"].endswith("EndpointsConfigDump")]:
        for each in section.get("dynamic_endpoint_configs", []):
            config = each["endpoint_config"]
            marked[config.get("cluster_name")] = any(
                one.get("metadata", {}).get("filter_metadata", {}).get("envoy.transport_socket_match", {}).get("tlsMode") == "istio"
                for group in config.get("endpoints", []) for one in group.get("lb_endpoints", []))
    out = {}
    for section in dump_of(pod, "ClustersConfigDump"):
        for each in section.get("dynamic_active_clusters", []):
            cluster = each["cluster"]
            direction, port, subset, host = (cluster["name"].split("|") + [""] * 4)[:4]
            if direction == "outbound" and not subset and host == f"web.{NAMESPACE}.svc.cluster.local":
                matches = [one["name"] for one in cluster.get("transport_socket_matches", [])]
                by_itself = "tlsMode-istio" in matches and marked.get(cluster["name"])
                out[int(port)] = "tls" if by_itself or "transport_socket" in cluster else "plain"
    return out


def mtls_said(item):
    tls = {"ISTIO_MUTUAL", "SIMPLE", "MUTUAL"}
    return ({each["port"]: each["accepts"]["mode"] for each in item["ports"]},
            {one["port"]: "tls" if one.get("mode") in tls or one["result"] == "mutual-tls" else "plain" for each in item["ports"] for one in each["callers"]})


def selecting(**more):
    return {"selector": {"matchLabels": LABELS}, **more}


MODES = {
    "the mesh's": [],
    "namespace PERMISSIVE": [policy("all", {"mtls": {"mode": "PERMISSIVE"}})],
    "namespace DISABLE": [policy("all", {"mtls": {"mode": "DISABLE"}})],
    "namespace UNSET": [policy("all", {"mtls": {"mode": "UNSET"}})],
    "workload over namespace": [policy("all", {"mtls": {"mode": "STRICT"}}), policy("web", selecting(mtls={"mode": "PERMISSIVE"}))],
    "one port": [policy("web", selecting(mtls={"mode": "STRICT"}, portLevelMtls={PORT: {"mode": "DISABLE"}}))],
    "one port, the rest the namespace's": [policy("all", {"mtls": {"mode": "PERMISSIVE"}}),
                                           policy("web", selecting(portLevelMtls={PORT: {"mode": "STRICT"}}))],
    "a port UNSET": [policy("web", selecting(mtls={"mode": "PERMISSIVE"}, portLevelMtls={PORT: {"mode": "UNSET"}}))],
    "a rule that disables": [rule("DISABLE")],
    "a rule that asks for it": [rule("ISTIO_MUTUAL")],
    "a rule for TLS of others": [rule("SIMPLE")]}


def mtls_in_force(checks, bed, program):
    with Place(bed, program) as place:
        for name, things in MODES.items():
            place.compare(checks, "mtls: " + name, things, lambda: mtls_said(place.said("mtls")),
                          lambda: (chain_modes(place.pod), caller_modes(place.pod)))
        for each in (rule("DISABLE"), policy("all", {"mtls": {"mode": "STRICT"}})):
            bed.cluster.create(each)
        ports = place.said("mtls")["ports"]
        checks.same("mtls: DISABLE against STRICT is told", {(one["result"], one["conflict"]) for each in ports for one in each["callers"]}, {("refused", True)})


def certificates_in_force(checks, bed, program):
    """Every proxy of the bed: the serial numbers that its Envoy tells at /certs, and one root for all."""
    run = program.run("certs", "-A", "-o", "json")
    checks.same("certs: of the bed end well", (run.code, run.json["complete"], run.json["remarks"]), (0, True, []))
    checks.same("certs: all have a root in common", (run.json["shareARoot"], len(run.json["roots"])), (True, 1))
    pods = {(each["metadata"]["namespace"], each["metadata"]["name"]): each for each in bed.cluster.list("v1", "Pod")}
    checks.check("certs: every proxy answered", "" if len(run.json["proxies"]) >= 12 else len(run.json["proxies"]))
    for proxy in run.json["proxies"]:
        own = {each["name"]: each["certificates"][0]["serialNumber"] for each in proxy["secrets"] if each["certificates"]}
        told = admin(pods[proxy["namespace"], proxy["pod"]], "/certs")["certificates"]
        pairs = {(entry["serial_number"].lstrip("0"), root["serial_number"].lstrip("0")) for each in told
                 for entry in each.get("cert_chain", []) for root in each.get("ca_cert", [])}
        checks.check(f"certs: those of {proxy['pod']}", "" if (own["default"], own["ROOTCA"]) in pairs else f"{own} not in {pairs}")
    first, second = (f"{each['pod']}.{each['namespace']}" for each in (run.json["proxies"][0], run.json["proxies"][-1]))
    two = program.run("certs", first, second)
    checks.check("certs: two pods have a root in common", "" if two.code == 0 and "have a root in common" in two.out else two.out + two.err)
    soon = program.run("certs", "-A", "--expires-within", "36500", "--fail-on", "warning", "-o", "json")
    checks.same("certs: the threshold sets the exit code", (soon.code, {each["problem"] for each in soon.json["remarks"]}), (3, {"expiring-root"}))
    gone = program.run("certs", first, "nobody.shop", "-o", "json")
    checks.same("certs: the rest is shown without one that is not there", (gone.code, gone.json["complete"], len(gone.json["proxies"])), (5, False, 1))


IN_FORCE = (certificates_in_force, mtls_in_force, telemetry_in_force)
