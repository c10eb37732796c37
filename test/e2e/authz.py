# SPDX-License-Identifier: Apache-2.0
"""Sends requests from application to application through real Envoys, and compares what `authz can` says of each with what came of it."""

import base64
import json
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from authz_cases import CASES, GATEWAY_CASES, ISSUER, STRICT_CASES, TOKEN_CASES, allow, deny, source
from bed import network, redirection
from bed.layout import SYSTEM
from bed.pods import is_running
from bed.processes import run_tool, wait_until

PREFIX = "authz-e2e-"
REVISIONS = ("asm-1-28", "asm-1-29")
PORTS = {"http": 80, "raw": 9090}
# Answers every request, and on the other port whoever sends something.
APPLICATION = """
import http.server, socketserver, threading
class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def answer(self):
        self.send_response(200); self.send_header('Content-Length', '3'); self.end_headers(); self.wfile.write(b'ok\\n')
    do_GET = do_POST = do_PUT = do_DELETE = answer
    def log_message(self, *words): pass
class Raw(socketserver.BaseRequestHandler):
    def handle(self): self.request.recv(9); self.request.sendall(b'ok')
socketserver.ThreadingTCPServer.allow_reuse_address = True
threading.Thread(target=socketserver.ThreadingTCPServer(('0.0.0.0', 9090), Raw).serve_forever, daemon=True).start()
http.server.ThreadingHTTPServer(('0.0.0.0', 8080), Web).serve_forever()
"""
# What the other side answers; nothing when it just closes. Envoy decides with the first bytes that a caller sends.
RAW_CALLER = "import socket, sys; s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5); s.settimeout(5); s.sendall(b'hi'); print(s.recv(9).decode())"
# Not that of a version manager, which other users cannot run.
PYTHON = "/usr/bin/python3"


def thing(api_version, kind, namespace, name, **rest):
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, **({"namespace": namespace} if namespace else {})}, **rest}


def pod(namespace, name, account, ports=()):
    out = thing("v1", "Pod", namespace, name, spec={"serviceAccountName": account, "containers": [
        {"name": "app", "image": "example.invalid/app:1", "ports": [{"containerPort": port} for port in ports]}]})
    out["metadata"]["labels"] = {"app": name}
    return out


def service(namespace, name, port, target):
    return thing("v1", "Service", namespace, name, spec={"selector": {"app": "server"}, "ports": [{"name": port, "port": PORTS[name if name == "raw" else "http"],
                                                                                                     "targetPort": target}]})


def gateway(namespace):
    """An ingress gateway that istiod injects, and what leads through it."""
    made = thing("v1", "Pod", namespace, "gateway", spec={"containers": [{"name": "istio-proxy", "image": "auto"}]})
    made["metadata"].update(labels={"app": "gateway", "sidecar.istio.io/inject": "true"}, annotations={"inject.istio.io/templates": "gateway"})
    return made


def way_in(namespace, called):
    hosts = ["web.example.com", "api.example.com"]
    return [thing("v1", "Service", namespace, "gateway", spec={"selector": {"app": "gateway"}, "ports": [{"name": "http", "port": 80, "targetPort": 8080}]}),
            thing("networking.istio.io/v1", "Gateway", namespace, "gateway", spec={
                "selector": {"app": "gateway"}, "servers": [{"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": hosts}]}),
            thing("networking.istio.io/v1", "VirtualService", namespace, "web", spec={
                "hosts": hosts, "gateways": ["gateway"], "http": [{"route": [{"destination": {"host": called}}]}]})]


class Signer:
    """Tokens of an issuer that the bed's istiods know by its key alone."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.key = self.folder.name + "/key.pem"
        run_tool("openssl", "genrsa", "-out", self.key, "2048")

    def jwks(self):
        modulus = run_tool("openssl", "rsa", "-in", self.key, "-noout", "-modulus").strip().partition("=")[2]
        return json.dumps({"keys": [{"kty": "RSA", "kid": "k", "alg": "RS256", "use": "sig", "e": "AQAB", "n": coded(bytes.fromhex(modulus))}]})

    def token(self, claims):
        body = ".".join(coded(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "k", "typ": "JWT"}, {**claims, "exp": int(time.time()) + 3600}))
        signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=body.encode(), capture_output=True, check=True)
        return body + "." + coded(signed.stdout)


def coded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def claim_words(claims, name=""):
    """As `--jwt-claim` takes them."""
    for key, value in claims.items():
        place = f"{name}[{key}]"
        if isinstance(value, dict):
            yield from claim_words(value, place)
        else:
            for one in value if isinstance(value, list) else [value]:
                yield f"{place}={one}"


class Stage:
    """Two namespaces, a server and two callers with real Envoys."""

    def __init__(self, bed, program):
        self.bed, self.api, self.program = bed, bed.cluster, program
        self.server_space, self.client_space = PREFIX + "server", PREFIX + "client"
        self.signer = Signer()
        self.pods = {}
        self.laid = []

    def up(self):
        spaces = zip((self.server_space, self.client_space), REVISIONS, strict=True)
        for space, revision in spaces:
            made = thing("v1", "Namespace", None, space)
            made["metadata"]["labels"] = {"istio.io/rev": revision}
            self.api.apply([made])
        # A kept connection would go on under the policies that held when it was made.
        once = {"host": "server." + self.server_space + ".svc.cluster.local", "trafficPolicy": {"connectionPool": {"http": {"maxRequestsPerConnection": 1}}}}
        self.api.apply([
            thing("v1", "ServiceAccount", self.server_space, "server"), thing("v1", "ServiceAccount", self.server_space, "near"),
            thing("v1", "ServiceAccount", self.client_space, "far"),
            service(self.server_space, "server", "http", 8080), service(self.server_space, "raw", "tcp", 9090),
            thing("networking.istio.io/v1", "DestinationRule", self.server_space, "server", spec=once),
            thing("security.istio.io/v1", "PeerAuthentication", self.server_space, "default", spec={"mtls": {"mode": "PERMISSIVE"}}),
            *way_in(self.client_space, once["host"])])
        for each in (pod(self.server_space, "server", "server", (8080, 9090)), pod(self.server_space, "near", "near"), pod(self.client_space, "far", "far"),
                     gateway(self.client_space)):
            wait_until("the account of " + each["metadata"]["name"], lambda each=each: self.api.create(each))
        wait_until("the pods", self.running)
        self.bed.pods.start_proxies([self.server_space, self.client_space])
        self.bed.pods.wait_proxies()
        self.bed.processes.start(PREFIX + "application", *redirection.as_application(self.pods["server"], PYTHON, "-c", APPLICATION))
        self.addresses = {name: self.api.get("v1", "Service", name, self.server_space)["spec"]["clusterIP"] for name in ("server", "raw")}
        wait_until("the application to be reached", lambda: self.send({"who": "far", "path": "/"}) and self.send({"who": "near", "port": "raw"}))

    def running(self):
        found = [each for space in (self.server_space, self.client_space) for each in self.api.list("v1", "Pod", space)]
        self.pods = {each["metadata"]["name"]: each for each in found if is_running(each)}
        return len(self.pods) == 4

    def down(self):
        self.bed.processes.stop(PREFIX + "application", seconds=2)
        for each in self.pods.values():
            self.bed.processes.stop(self.bed.pods.running.pop(each["metadata"]["uid"]), seconds=3)
            self.api.delete({"apiVersion": "v1", "kind": "Pod", "metadata": each["metadata"]}, grace=0)
            network.remove(network.name_of(each))
        spaces = {self.server_space, self.client_space}
        for space in spaces:
            self.api.delete(thing("v1", "Namespace", None, space))
        wait_until("the namespaces to be gone", lambda: not spaces & {each["metadata"]["name"] for each in self.api.list("v1", "Namespace")})

    def filled(self, value):
        """With what the words of authz_cases.py stand for."""
        words = {"SERVER_IP": self.pods["server"]["status"]["podIP"], "FAR_IP": self.pods["far"]["status"]["podIP"],
                 "NEAR_IP": self.pods["near"]["status"]["podIP"], "SERVER": self.server_space, "CLIENT": self.client_space,
                 "OWN_REVISION": REVISIONS[0], "OTHER_REVISION": REVISIONS[1], "SERV*": self.server_space[:-2] + "*"}
        names = sorted(words, key=len, reverse=True)
        pattern = re.compile("|".join(re.escape(name) for name in names))
        return json.loads(pattern.sub(lambda found: words[found[0]], json.dumps(value)))

    def lay(self, number, policies):
        """Puts policies in the place of those before, and waits until the server's Envoy has them."""
        for each in self.laid:
            self.api.delete(each)
        self.laid = []
        for index, each in enumerate(self.filled(policies)):
            space = {"client": self.client_space, "root": SYSTEM}.get(each.get("place"), self.server_space)
            policy = thing("security.istio.io/v1", "AuthorizationPolicy", space, f"case-{number}-{index}", spec=dict(each["spec"]))
            if each.get("selector", "server") is not None:
                policy["spec"]["selector"] = {"matchLabels": each.get("selector", {"app": "server"})}
            policy["metadata"]["labels"] = each.get("labels", {})
            policy["metadata"]["annotations"] = {"istio.io/dry-run": "true"} if each.get("dry_run") else {}
            self.laid.append(policy)
        self.api.apply(self.laid)
        for pod_name in ("server." + self.server_space, "gateway." + self.client_space):
            wait_until("the Envoys to have their policies", lambda pod_name=pod_name: self.settled(pod_name))

    def settled(self, pod_name):
        listed = self.program.run("authz", "list", pod_name, "-o", "json").json
        return listed["complete"] and not listed["gone"] and not listed["pending"]

    def send(self, request):
        """Whether the request passes."""
        outside = request["who"] == "outside"
        plain = request["who"] in ("plain", "outside")
        caller = self.pods["far" if plain else request["who"]]
        begin = redirection.as_proxy(caller) if plain else redirection.as_application(caller)
        if request.get("port") == "raw":
            address = self.pods["server"]["status"]["podIP"] if plain else self.addresses["raw"]
            done = subprocess.run([*begin, PYTHON, "-c", RAW_CALLER, address, "9090"], capture_output=True, text=True, timeout=20, check=False)
            return done.stdout.strip() == "ok"
        called = self.pods["gateway" if outside else "server"]
        address = called["status"]["podIP"] + ":8080" if plain else self.addresses["server"] + ":80"
        words = ["curl", "-sS", "-g", "--path-as-is", "-m", "10", "-w", "\n%{http_code}", "-X", request.get("method", "GET"),
                 "-H", "Host: " + request.get("host", "server." + self.server_space)]
        for name, value in request.get("headers", {}).items():
            words += ["-H", f"{name}: {value}"]
        if "token" in request:
            words += ["-H", "Authorization: Bearer " + self.signer.token(request["token"])]
        done = subprocess.run([*begin, *words, f"http://{address}{request['path']}"], capture_output=True, text=True, timeout=20, check=False)
        text, _, status = done.stdout.rpartition("\n")
        if status == "200":
            return True
        if (status == "403" and "RBAC" in text) or status == "401" or (status == "000" and plain):
            return False
        raise LookupError(f"neither passed nor denied: {status} {text} {done.stderr}")

    def words(self, request):
        plain, port = request["who"] == "plain", request.get("port", "http")
        caller = "near." + self.server_space if request["who"] == "near" else "far." + self.client_space
        # The pod has the Service's name.
        called = f"service/{'raw' if port == 'raw' else 'server'}.{self.server_space}"
        out = ["--source", caller, "--destination", called, "--port", str(PORTS[port])]
        if request["who"] == "outside":
            out[1::2] = [self.pods["far"]["status"]["podIP"], "service/gateway." + self.client_space, "80"]
        if plain:
            out.append("--plaintext")
        if port == "raw":
            return out
        out += ["--path", request["path"], "--method", request.get("method", "GET"), "--host", request.get("host", "server." + self.server_space)]
        if request.get("sni"):
            out += ["--sni", f"outbound_.80_._.server.{self.server_space}.svc.cluster.local"]
        for name, value in request.get("headers", {}).items():
            out += ["--header", f"{name}={value}"]
        for each in claim_words(request.get("token", {})):
            out += ["--jwt-claim", each]
        return out


def try_cases(checks, stage, cases, number):
    for offset, (name, policies, requests) in enumerate(cases):
        stage.lay(number + offset, policies)
        for request in stage.filled(requests):
            shown = " ".join(f"{key}={value}" for key, value in request.items())
            passes = stage.send(request)
            told = stage.program.run("authz", "can", *stage.words(request), "-o", "json")
            verdict = told.json["verdict"] if told.out else told.err
            checks.same(f"authz: {name}: {shown}", verdict, "allowed" if passes else "denied")
    return number + len(cases)


def agents(pod_of):
    """The agent of a pod, through which istiod reaches its Envoy."""
    pids = run_tool("ip", "netns", "pids", network.name_of(pod_of)).split()
    return [int(pid) for pid in pids if Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() == "pilot-agent"]


def not_there_yet(checks, stage):
    """A policy that does not reach the proxy, because its agent stands still, and one that it does not get rid of."""
    stage.lay("late", [deny({})])
    old, early = (thing("security.istio.io/v1", "AuthorizationPolicy", stage.server_space, name, spec={"action": "ALLOW", "rules": [{}]})
                  for name in ("case-late-0", "early"))

    def listed():
        return stage.program.run("authz", "list", "server." + stage.server_space, "-o", "json").json

    still = agents(stage.pods["server"])
    for pid in still:
        os.kill(pid, signal.SIGSTOP)
    try:
        stage.api.apply([early])
        stage.api.delete(old)
        stage.laid = []
        shown = listed()
        differs = [[each["name"] for each in shown[which]] for which in ("pending", "gone")]
        checks.same("authz: policies are told that have not reached their proxy", (len(still), differs), (1, [["early"], ["case-late-0"]]))
    finally:
        for pid in still:
            os.kill(pid, signal.SIGCONT)
    wait_until("the server's Envoy to have them", lambda: not listed()["pending"] and not listed()["gone"], 60)
    stage.api.delete(early)


def from_a_snapshot(checks, stage):
    """What was written down tells the same."""
    stage.lay("saved", [allow(source(namespaces=["CLIENT"]))])
    words = stage.words({"who": "far", "path": "/"})
    saved = os.path.join(stage.program.folder.name, "authz.tar.gz")
    checks.ends("authz: a snapshot", stage.program.run("snapshot", saved), 0)
    live, later = (stage.program.run("authz", "can", *words, "-o", "json", *more) for more in ((), ("--snapshot", saved)))
    checks.same("authz: the snapshot tells the same", (later.code, {**later.json, "place": ""}), (live.code, {**live.json, "place": ""}))
    vague = stage.program.run("authz", "can", "--destination", f"server.{stage.server_space}", "-o", "json")
    checks.same("authz: what is not known is told", (vague.code, vague.json["verdict"], vague.json["items"][0]["missing"]), (5, "depends", ["--source"]))


def authz(checks, bed, program):
    stage = Stage(bed, program)
    try:
        stage.up()
        number = try_cases(checks, stage, (*CASES, *GATEWAY_CASES), 1)
        not_there_yet(checks, stage)
        from_a_snapshot(checks, stage)
        token = thing("security.istio.io/v1", "RequestAuthentication", stage.server_space, "tokens",
                      spec={"jwtRules": [{"issuer": ISSUER, "jwks": stage.signer.jwks()}]})
        stage.api.apply([token])
        time.sleep(3)
        number = try_cases(checks, stage, TOKEN_CASES, number)
        stage.api.delete(token)
        strict = thing("security.istio.io/v1", "PeerAuthentication", stage.server_space, "default", spec={"mtls": {"mode": "STRICT"}})
        stage.api.apply([strict])
        time.sleep(3)
        try_cases(checks, stage, STRICT_CASES, number)
    finally:
        stage.down()


AUTHZ = [authz]
