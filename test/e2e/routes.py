# SPDX-License-Identifier: Apache-2.0
"""Compares where `proxy route` says that a request goes with where real Envoys send it, as their counters tell."""

import json
import subprocess
import time

from bed import network, redirection
from bed.processes import run_tool, wait_until

NAMESPACE = "routes-e2e"
REVISION = "asm-1-29"
INGRESS = "aks-istio-ingress"
GATEWAY = "aks-istio-ingressgateway-external"
NETWORKING = "networking.istio.io/v1"
HTTP, RAW, TLS = 9080, 7000, 8443
# Versions of Envoy differ in it.
UNDECIDED = {"two values"}
SERVER = """
import http.server, socketserver, sys, threading
class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = (self.headers.get("Host", "") + " " + self.path).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_GET = do_POST = do_PUT = do_DELETE = answer
    def log_message(self, *words): pass
class Bytes(socketserver.BaseRequestHandler):
    def handle(self): self.request.sendall(b"bytes"); self.request.close()
class Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
for port, handler in ((9080, Answer), (7000, Bytes), (8443, Bytes)):
    threading.Thread(target=Threads(("0.0.0.0", port), handler).serve_forever).start()
"""


def thing(kind, name, spec, version=NETWORKING):
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": NAMESPACE}, "spec": spec}


def deployment(name, labels):
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": "example.invalid/app:1"}]}}
    return thing("Deployment", name, {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}, "apps/v1")


def service(name, selector, *ports):
    return thing("Service", name, {"selector": selector, "ports": [{"name": word, "port": port} for word, port in ports]}, "v1")


def to(host, subset=None, weight=None):
    out = {"destination": {"host": host}}
    if subset:
        out["destination"]["subset"] = subset
    if weight is not None:
        out["weight"] = weight
    return out


def when(matches, *routes, **rest):
    out = {"match": matches if isinstance(matches, list) else [matches], **rest}
    if routes:
        out["route"] = list(routes)
    return out


def uri(**how):
    return {"uri": how}


def header(name, **how):
    return {"headers": {name: how}}


def routes_of_alpha():
    """One route for each thing that a route can look at or do, in front of one for all the rest."""
    first, second, other = to("alpha", "v1"), to("alpha", "v2"), to("beta")
    return [
        when(uri(exact="/exact"), second), when(uri(prefix="/api/"), second), when(uri(regex="/v[0-9]+/items"), second),
        when({"uri": {"prefix": "/case"}, "ignoreUriCase": True}, second),
        when(header("end-user", exact="jason"), second), when(header("x-kind", prefix="can"), second), when(header("x-text", regex="te.*t"), second),
        when({"uri": {"exact": "/present"}, **header("x-here")}, second),
        when({"uri": {"exact": "/without"}, "withoutHeaders": {"x-not": {"exact": "no"}}}, second),
        when({"queryParams": {"ver": {"exact": "2"}}}, second), when({"queryParams": {"rx": {"regex": "[a-c]+"}}}, second),
        when({"method": {"exact": "POST"}}, other), when({"authority": {"prefix": "ALPHA."}}, other),
        when(uri(exact="/old"), redirect={"uri": "/new", "redirectCode": 302}),
        when(uri(prefix="/away"), redirect={"authority": "else.example.com", "port": 8000, "scheme": "https"}),
        when(uri(exact="/teapot"), directResponse={"status": 418, "body": {"string": "short"}}),
        when(uri(exact="/broken"), first, fault={"abort": {"httpStatus": 555, "percentage": {"value": 100}}}),
        when(uri(exact="/late"), second, fault={"delay": {"fixedDelay": "0.2s", "percentage": {"value": 100}}}),
        when(uri(exact="/all"), to("alpha", "v1", 0), to("alpha", "v2", 100)), when(uri(exact="/half"), to("alpha", "v1", 50), to("beta", None, 50)),
        when(uri(prefix="/rw/"), second, rewrite={"uri": "/written/", "authority": "new.example.com"}), when(uri(prefix="/mirror"), second, mirror={"host": "beta"}),
        when(uri(exact="/lost"), to("nowhere")), when(uri(exact="/nobody"), to("empty")),
        when(uri(prefix="/patient"), second, timeout="3s", retries={"attempts": 2, "perTryTimeout": "1s", "retryOn": "5xx"}),
        {"route": [first]}]


def objects():
    alpha, beta = {"app": "alpha"}, {"app": "beta"}
    ports = (("http", HTTP), ("tcp-raw", RAW), ("tls-own", TLS))
    domains = [f"{word}.{NAMESPACE}.example.com" for word in ("way", "*.deep", "*")]
    servers = [{"port": {"number": 80, "name": "http-routes", "protocol": "HTTP"}, "hosts": domains},
               {"port": {"number": 80, "name": "http-safe", "protocol": "HTTP"}, "hosts": [f"safe.{NAMESPACE}.test"], "tls": {"httpsRedirect": True}}]
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": {"istio.io/rev": REVISION}}},
        *(deployment(f"alpha-{version}", {**alpha, "version": version}) for version in ("v1", "v2")), deployment("beta", beta), deployment("caller", {"app": "caller"}),
        service("alpha", alpha, *ports), service("beta", beta, *ports), service("empty", {"app": "none"}, ("http", HTTP)),
        service("raw-split", alpha, ("tcp-raw", RAW)), service("tls-split", alpha, ("tls-own", TLS)),
        thing("DestinationRule", "alpha", {"host": "alpha", "subsets": [{"name": each, "labels": {"version": each}} for each in ("v1", "v2")]}),
        thing("VirtualService", "alpha", {"hosts": ["alpha"], "http": routes_of_alpha()}),
        thing("VirtualService", "raw-split", {"hosts": ["raw-split"], "tcp": [{"match": [{"port": RAW}], "route": [to("beta", None, 100), to("alpha", None, 0)]}]}),
        thing("VirtualService", "tls-split", {"hosts": ["tls-split"], "tls": [
            {"match": [{"port": TLS, "sniHosts": ["one.example.com"]}], "route": [to("alpha")]}, {"match": [{"port": TLS, "sniHosts": ["*.example.com"]}], "route": [to("beta")]}]}),
        thing("Gateway", "way", {"selector": {"istio": GATEWAY}, "servers": servers}),
        thing("VirtualService", "way", {"hosts": domains[:1], "gateways": ["way"], "http": [
            when(uri(prefix="/to-beta"), to("beta")), when(header("x-v", exact="2"), to("alpha", "v2")), when(uri(prefix="/only"), to("alpha", "v1")),
            when(uri(prefix="/gone"), redirect={"uri": "/here"})]}),
        thing("VirtualService", "deep", {"hosts": domains[1:2], "gateways": ["way"], "http": [{"route": [to("beta")]}]}),
        thing("VirtualService", "any", {"hosts": domains[2:], "gateways": ["way"], "http": [{"route": [to("alpha", "v2")]}]}),
        thing("VirtualService", "safe", {"hosts": [f"safe.{NAMESPACE}.test"], "gateways": ["way"], "http": [{"route": [to("beta")]}]})]


# Name, URL, options of both curl and the program. A host without dots is a Service of the namespace.
def requests_of_caller():
    one = f"http://alpha:{HTTP}"
    head = "--header"
    yield from (
        ("all the rest", one + "/"), ("exact path", one + "/exact"), ("exact path with a query", one + "/exact?a=b"), ("not the exact path", one + "/exact/"),
        ("prefix", one + "/api/x"), ("not the prefix", one + "/api"), ("expression", one + "/v12/items"), ("not the whole expression", one + "/v12/items/x"),
        ("path in another case", one + "/CaSe/x"), ("path in a case that counts", one + "/EXACT"),
        ("header", one + "/", head, "end-user=jason"), ("another value", one + "/", head, "end-user=jasons"), ("header name in capitals", one + "/", head, "END-USER=jason"),
        ("two values", one + "/", head, "end-user=jason", head, "end-user=jason"), ("beginning of a header", one + "/", head, "x-kind=canary"),
        ("header by expression", one + "/", head, "x-text=test"), ("header by expression, not whole", one + "/", head, "x-text=tests"),
        ("header there", one + "/present", head, "x-here=1"), ("header not there", one + "/present"), ("without a header", one + "/without"),
        ("with another value", one + "/without", head, "x-not=yes"), ("with that value", one + "/without", head, "x-not=no"),
        ("parameter", one + "/?a=1&ver=2"), ("another parameter", one + "/?ver=22"), ("parameter by expression", one + "/?rx=abc"), ("first of two parameters", one + "/?ver=1&ver=2"),
        ("method", one + "/", "--method", "POST"), ("method DELETE", one + "/", "--method", "DELETE"),
        ("redirect", one + "/old"), ("redirect with a query", one + "/old?q=1"), ("redirect elsewhere", one + "/away/x"), ("answer of the proxy", one + "/teapot"),
        ("fault", one + "/broken"), ("delay", one + "/late"), ("weights 0 and 100", one + "/all"), ("weights 50 and 50", one + "/half"), ("rewritten", one + "/rw/x"),
        ("mirrored", one + "/mirror"), ("a host that is not there", one + "/lost"), ("a Service without pods", one + "/nobody"), ("retries", one + "/patient"),
        ("dots in the path", one + "/x/../exact"), ("escapes in the path", one + "/%65xact"), ("slashes in the path", one + "//exact"),
        ("host with namespace", f"http://alpha.{NAMESPACE}:{HTTP}/exact"), ("host with svc", f"http://alpha.{NAMESPACE}.svc:{HTTP}/exact"),
        ("whole host", f"http://alpha.{NAMESPACE}.svc.cluster.local:{HTTP}/exact"), ("host in capitals", one + "/exact", head, f"host=ALPHA.{NAMESPACE}:{HTTP}"),
        ("Host header of another", one + "/exact", head, f"host=beta:{HTTP}"), ("no such host", one + "/exact", head, "host=unknown.example.com"),
        ("a Service without rules", f"http://beta:{HTTP}/exact"), ("TCP", f"tcp://beta:{RAW}"), ("TCP of another", f"tcp://alpha:{RAW}"), ("HTTP to a TCP port", f"http://beta:{RAW}/"),
        ("TCP with weights", f"tcp://raw-split:{RAW}"), ("TLS of the application", f"https://beta:{TLS}/"),
        ("name of the server", f"https://tls-split:{TLS}/", "--sni", "one.example.com"), ("name of the server, with a star", f"https://tls-split:{TLS}/", "--sni", "two.example.com"),
        ("name of the server of none", f"https://tls-split:{TLS}/", "--sni", "one.example.org"))


def requests_to_gateway():
    way, top = f"http://way.{NAMESPACE}.example.com", f"{NAMESPACE}.example.com"
    yield from (
        ("path", way + "/to-beta/x"), ("header", way + "/x", "--header", "x-v=2"), ("second path", way + "/only"), ("no route", way + "/x"), ("redirect", way + "/gone"),
        ("domain with a star", f"http://a.{top}/"), ("longer domain with a star", f"http://a.deep.{top}/"), ("the end of the domain alone", f"http://deep.{top}/"),
        ("no such host", "http://nothing.example.org/"), ("port in the Host header", way + "/only", "--header", f"host=way.{top}:80"),
        ("to HTTPS", f"http://safe.{NAMESPACE}.test/x?y=1"))


def counters(pod):
    """Requests and connections of every cluster and endpoint that an Envoy has sent to."""
    text = run_tool("ip", "netns", "exec", network.name_of(pod), "curl", "-s", "-m", 10, "http://127.0.0.1:15000/clusters?format=json")
    out = {}
    for cluster in json.loads(text).get("cluster_statuses", []):
        if not cluster["name"].startswith(("outbound|", "PassthroughCluster")):
            continue
        for host in cluster.get("host_statuses", []):
            address = host["address"].get("socket_address", {})
            stats = {each["name"]: int(each.get("value", 0)) for each in host.get("stats", [])}
            out[cluster["name"], f"{address.get('address')}:{address.get('port_value')}"] = (stats.get("rq_total", 0), stats.get("cx_total", 0))
    return out


def sent(before, after):
    """Where at least one request or connection went; a connection that is used again counts by its requests."""
    return {place for place, now in after.items() if now[0] > before.get(place, (0, 0))[0] or now[1] > before.get(place, (0, 0))[1]}


def curl_words(url, address, options):
    host, _, rest = url.partition("://")[2].partition("/")
    name, _, port = host.partition(":")
    scheme = url.partition("://")[0]
    out = ["curl", "-sk", "-m", "5", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", "--path-as-is", "--noproxy", "*"]
    pairs = list(zip(options[::2], options[1::2]))
    for option, value in pairs:
        if option == "--method":
            out += ["-X", value]
        elif option == "--header":
            out += ["-H", value.replace("=", ": ", 1)]
        elif option == "--sni":
            name = value
    target = f"{'http' if scheme == 'tcp' else scheme}://{name}:{port or 80}/{rest}"
    if not port:
        target = target.replace(":80/", "/", 1)
    return [*out, "--resolve", f"{name}:{port or 80}:{address}", target]


def ask(words):
    done = subprocess.run([str(each) for each in words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False)
    status, _, location = done.stdout.partition(" ")
    return int(status or 0), location.strip()


class Routes:
    """The Envoy whose answers and counters are compared."""

    def __init__(self, checks, program, pod, what):
        self.checks = checks
        self.program = program
        self.pod = pod
        self.what = what
        self.count = 0

    def told(self, url, options):
        meta = self.pod["metadata"]
        run = self.program.run("proxy", "route", f"{meta['name']}.{meta['namespace']}", url, *options, "-o", "json")
        if run.code not in (0, 5):
            raise ValueError(f"proxy route {url}: {run.code} {run.err}")
        return run.json

    def compare(self, name, url, address, options, prefix):
        document = self.told(url, options)
        before = counters(self.pod)
        # Both of two clusters get some of 24 requests, but for once in eight million times.
        split = len(document["targets"]) > 1
        answers = [ask(prefix + curl_words(url, address, options)) for _ in range(24 if split else 1)]
        time.sleep(0.1)
        places = sent(before, counters(self.pod))
        said = self.summary(document, url)
        seen = self.observed(document, places, answers, url)
        self.checks.same(f"{self.what}, {name}: decided", document["decided"], name not in UNDECIDED)
        if not document["decided"]:
            return
        self.count += 1
        self.checks.same(f"{self.what}, {name}: {url} {' '.join(options)}", seen, said)

    def summary(self, document, url):
        end = document["end"]
        clusters = sorted(each["cluster"] for each in document["targets"])
        clusters += sorted(each["result"] for each in document["steps"] if each["kind"] == "mirror")
        out = {"end": end["kind"], "clusters": sorted(clusters)}
        if end["kind"] == "answered":
            out["status"] = end["status"]
            out["location"] = end.get("location", "")
        return out

    def observed(self, document, places, answers, url):
        """In the same words; an endpoint that was not told is one as well."""
        statuses = {status for status, _ in answers}
        clusters = sorted({cluster for cluster, _ in places})
        used = {(each["cluster"], one["address"]) for each in document["targets"] for one in each["endpoints"] if one["used"]}
        strange = [place for place in places if place[0] in {cluster for cluster, _ in used} and place not in used]
        if strange:
            return {"end": "an endpoint that was not told", "places": strange}
        if clusters:
            return {"end": "forwarded", "clusters": clusters}
        if statuses == {0}:
            return {"end": "refused", "clusters": []}
        return {"end": "answered", "clusters": [], "status": statuses.pop(), "location": answers[0][1]}


def start_servers(pods):
    out = []
    for pod in pods:
        out.append(subprocess.Popen(redirection.as_application(pod, "/usr/bin/python3", "-c", SERVER), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL))
    return out


def of_caller(checks, bed, program, pods):
    addresses = {each["metadata"]["name"]: each["spec"]["clusterIP"] for each in bed.cluster.list("v1", "Service", NAMESPACE)}
    caller = pods["caller"]
    routes = Routes(checks, program, caller, "sidecar")
    wait_until("the caller to know the routes", lambda: routes.told(f"http://alpha:{HTTP}/teapot", [])["end"].get("status") == 418)
    for name, url, *options in requests_of_caller():
        host = url.partition("://")[2].partition(":")[0]
        routes.compare(name, url, addresses[host.partition(".")[0]], options, redirection.as_application(caller))
    # The address as it is, and one that no Service has.
    for name, url, address in (("address of a Service", f"http://{addresses['alpha']}:{HTTP}/exact", addresses["alpha"]),
                               ("address of a Service of TCP", f"tcp://{addresses['beta']}:{RAW}", addresses["beta"]),
                               ("address of a pod past its Service", f"http://{pods['beta']['status']['podIP']}:7777/", pods["beta"]["status"]["podIP"])):
        routes.compare(name, url, address, [], redirection.as_application(caller))
    return routes.count


def of_gateway(checks, bed, program):
    pod = next(each for each in bed.cluster.list("v1", "Pod", INGRESS, f"istio={GATEWAY}") if each["status"].get("podIP"))
    routes = Routes(checks, program, pod, "gateway")
    wait_until("the gateway to know the routes", lambda: routes.told(f"http://way.{NAMESPACE}.example.com/gone", [])["end"].get("status") == 301)
    for name, url, *options in requests_to_gateway():
        routes.compare(name, url, pod["status"]["podIP"], options, [])
    return routes.count


def clean(bed, servers):
    for server in servers:
        server.kill()
        server.wait()
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    names = [network.name_of(each) for each in bed.cluster.list("v1", "Pod", NAMESPACE)]
    bed.cluster.delete(space)
    if names:
        bed.processes.stop(*names)
    for name in names:
        network.remove(name)
    wait_until("the namespace of the routes to be gone", lambda: all(each["metadata"]["name"] != NAMESPACE for each in bed.cluster.list("v1", "Namespace")))


def routes(checks, bed, program):
    servers = []
    try:
        bed.cluster.apply(objects())

        def running():
            return {each["metadata"]["labels"].get("version", each["metadata"]["labels"]["app"]): each
                    for each in bed.cluster.list("v1", "Pod", NAMESPACE) if each["status"].get("podIP")}
        wait_until("the pods of the routes", lambda: len(running()) == 4)
        bed.pods.start_proxies([NAMESPACE])
        bed.pods.wait_proxies()
        pods = running()
        servers += start_servers(pods.values())
        count = of_caller(checks, bed, program, pods) + of_gateway(checks, bed, program)
        checks.check("routes: enough was compared", "" if count >= 30 else f"only {count}")
    finally:
        clean(bed, servers)


ROUTES = [routes]
