# SPDX-License-Identifier: Apache-2.0
"""What lies between the program and Azure: proxies, bundles of certificates, tokens that end or do not suffice."""

import base64
import contextlib
import json
import os
import select
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
import time

from support import QUICK, SHORT, Cloud, Run

CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'
NOWHERE = "http://127.0.0.1:1"


class Tunnel(socketserver.StreamRequestHandler):
    """One CONNECT, then bytes in both directions."""

    def handle(self):
        server, line = self.server, self.rfile.readline().decode()
        headers = {}
        while (header := self.rfile.readline().decode().strip()):
            name, value = header.split(":", 1)
            headers[name.lower()] = value.strip()
        method, target = line.split()[:2]
        server.seen.append(f"{method} {target}")
        if "forbidden" in target:
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        wanted = server.wanted and "Basic " + base64.b64encode(server.wanted.encode()).decode()
        if wanted and headers.get("proxy-authorization") != wanted:
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n")
            return
        host, port = target.rsplit(":", 1)
        # A name that only the proxy knows leads to the simulator as well.
        with socket.create_connection(("127.0.0.1" if host.endswith(".invalid") else host, int(port))) as other:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            ways = {self.connection: other, other: self.connection}
            while True:
                for source in select.select(list(ways), [], [])[0]:
                    data = source.recv(65536)
                    if not data:
                        return
                    ways[source].sendall(data)


@contextlib.contextmanager
def proxy(wanted=""):
    """A proxy on loopback; `seen` are the lines it got. `wanted`: the user and password it asks for."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Tunnel) as server:
        server.daemon_threads = True
        server.seen, server.wanted = [], wanted
        server.address = f"127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def proxies(checks, programs):
    with Cloud(programs, SHORT) as cloud, proxy() as server:
        through = {"HTTPS_PROXY": "http://" + server.address}
        run = cloud.on("demo", "enable", "--yes", env=through)
        checks.ends("through HTTPS_PROXY", run, 0, "the mesh is enabled")
        checks.same("all goes through it", set(server.seen), {f"CONNECT 127.0.0.1:{cloud.port}"})
        seen = len(server.seen)
        for around in ("127.0.0.1", "other.example,127.0.0.1", "*"):
            run = cloud.on("demo", "show", env={"HTTPS_PROXY": NOWHERE, "NO_PROXY": around})
            checks.ends("NO_PROXY=" + around, run, 0)
        checks.same("nothing more went through it", len(server.seen), seen)
        run = cloud.on("demo", "show", env={**through, "AKSMESH_ARM_ENDPOINT": "https://forbidden.invalid"})
        checks.ends("what the proxy forbids", run, 1, "the proxy refuses it with status 403", "NO_PROXY")
        checks.same("that is asked for once", server.seen.count("CONNECT forbidden.invalid:443"), 1)
        run = cloud.on("demo", "show", env={"HTTPS_PROXY": NOWHERE})
        checks.ends("a proxy that is not there", run, 1, "HTTPS_PROXY")
        run = cloud.on("demo", "show", env={"HTTPS_PROXY": "http://no-such-proxy.invalid:3128"})
        checks.ends("a proxy without an address", run, 1, "the name of the proxy cannot be resolved", "HTTPS_PROXY")
    with Cloud(programs, QUICK) as cloud, proxy("user:pass-word") as server:
        run = cloud.on("demo", "show", env={"HTTPS_PROXY": "http://user:pass-word@" + server.address})
        checks.ends("a proxy with a password", run, 0)
        run = cloud.on("demo", "show", "-v", env={"HTTPS_PROXY": "http://user:other-word@" + server.address})
        checks.ends("a wrong password", run, 1, "the proxy wants a user and a password", "HTTPS_PROXY=")
        checks.same("it is not told", "other-word" in run.out + run.err, False)
        checks.same("it is not tried again and again", len(server.seen) < 5, True)


def bundles(checks, programs):
    with Cloud(programs, QUICK) as cloud, proxy() as server:
        ca = cloud.env.pop("SSL_CERT_FILE")
        checks.ends("no bundle", cloud.on("demo", "show"), 1, "certificate", "SSL_CERT_FILE=")
        for name in ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
            checks.ends("a bundle by " + name, cloud.on("demo", "show", env={name: ca}), 0)
        checks.ends("the first counts", cloud.on("demo", "show", env={"SSL_CERT_FILE": ca, "REQUESTS_CA_BUNDLE": "/none"}), 0)
        checks.ends("a bundle that is not there", cloud.on("demo", "show", env={"SSL_CERT_FILE": "/none"}), 1, "cannot be read")
        run = cloud.on("demo", "show", env={"SSL_CERT_FILE": ca, "HTTPS_PROXY": "http://" + server.address,
                                            "AKSMESH_ARM_ENDPOINT": f"https://azure.invalid:{cloud.port}"})
        checks.ends("the certificate of another name", run, 1, "not trusted, or is for another name")


@contextlib.contextmanager
def front(cloud):
    """nghttpx before the simulator, which itself speaks HTTP/1.1 only; it speaks HTTP/2 with who can."""
    def file(name, text=None):
        path = os.path.join(cloud.home, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as opened:
                opened.write(text)
        return path

    key, certificate, log = file("front.key"), file("front.pem"), file("front.log", "")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", certificate,
                    "-days", "2", "-subj", "/CN=front", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    with open(certificate, encoding="utf-8") as one, open(cloud.ready["ca"], encoding="utf-8") as other:
        bundle = file("both.pem", one.read() + other.read())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def begin():
        process = subprocess.Popen(["nghttpx", "--conf=" + file("front.conf", ""), f"--frontend=127.0.0.1,{port}", f"--backend=127.0.0.1,{cloud.port};;tls",
                                    "--insecure", "--no-ocsp", "--single-process", "--workers=1", "--accesslog-file=" + log,
                                    key, certificate], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    return process
            time.sleep(0.05)
        process.kill()
        raise RuntimeError("nghttpx did not start")

    running = [begin()]

    def again():
        running[0].kill()
        running[0].wait()
        running[0] = begin()

    try:
        yield {"AKSMESH_ARM_ENDPOINT": f"https://127.0.0.1:{port}", "SSL_CERT_FILE": bundle}, log, again
    finally:
        running[0].kill()
        running[0].wait()


def http2(checks, programs):
    """All of a change over HTTP/2, and the server going away in its middle."""
    if shutil.which("nghttpx") is None:
        print("not installed, so HTTP/2 is not tried: nghttpx", file=sys.stderr)
        return
    scenario = {**SHORT, "operationSeconds": 4, "polling": "none"}
    with Cloud(programs, scenario, [{"method": "GET", "path": "managedClusters/demo$", "status": 503}]) as cloud, front(cloud) as (env, log, again):
        process = cloud.start("enable", "--yes", "--cluster", "demo", env=env)
        cloud.until(cloud.puts)
        again()
        out, err = process.communicate(timeout=60)
        checks.ends("over HTTP/2", Run(process.returncode, out, err), 0, "the mesh is enabled")
        with open(log, encoding="utf-8") as opened:
            lines = opened.read().splitlines()
        checks.same("over HTTP/2, all of it", ({line.split('"')[1].split()[-1] for line in lines}, len(lines) > 4), ({"HTTP/2"}, True))
        checks.same("over HTTP/2, changed once", (len(cloud.puts()), len(cloud.events("changed"))), (1, 1))


def tokens_asked(cloud):
    return [each["body"]["form"] for each in cloud.requests("POST", "/token")]


def claims(checks, programs):
    """The token that does not suffice is not used again, and the next one is asked for with the claims."""
    challenge = {"WWW-Authenticate": 'Bearer realm="", authorization_uri="https://login.example", error="insufficient_claims", claims="'
                                     + base64.b64encode(CLAIMS.encode()).decode() + '"'}
    for what, place in (("a read", {"method": "GET", "path": "managedClusters/demo$"}), ("the change", {"method": "PUT"}),
                        ("a look at the operation", {"path": "/operations/"})):
        with Cloud(programs, SHORT, [{**place, "status": 401, "headers": challenge}]) as cloud:
            run = cloud.on("demo", "enable", "--yes", env={"AKSMESH_TOKEN_CACHE": ""})
            checks.ends("claims on " + what, run, 0, "the mesh is enabled")
            asked = [json.loads(form["claims"]) if "claims" in form else None for form in tokens_asked(cloud)]
            checks.same("claims on " + what + ", the tokens", asked, [None, json.loads(CLAIMS)])
            checks.ends("claims on " + what + ", the next run", cloud.on("demo", "show", env={"AKSMESH_TOKEN_CACHE": ""}), 0)
            checks.same("claims on " + what + ", the good token was kept", len(tokens_asked(cloud)), 2)
    with Cloud(programs, QUICK, [{"path": "managedClusters/demo$", "status": 401, "headers": challenge, "count": -1}]) as cloud:
        checks.ends("claims without end", cloud.on("demo", "show"), 4, "token")
        checks.same("claims without end, two tokens", len(tokens_asked(cloud)), 2)


def ending_tokens(checks, programs):
    """Five minutes before its end a token is renewed, in the middle of an operation too."""
    with Cloud(programs, {**SHORT, "operationSeconds": 4, "tokenSeconds": 302}) as cloud:
        checks.ends("a token that ends", cloud.on("demo", "enable", "--yes"), 0, "the mesh is enabled")
        checks.check("it is renewed in time", "" if len(tokens_asked(cloud)) > 1 else "it is not")
        refused = [each["path"] for each in cloud.events("request") if each["status"] == 401]
        checks.same("and never refused", refused, [])
    with Cloud(programs, {**SHORT, "operationSeconds": 3}, [{"path": "/operations/", "expire": True, "count": 2}]) as cloud:
        checks.ends("tokens that are revoked", cloud.on("demo", "enable", "--yes", env={"AKSMESH_TOKEN_CACHE": ""}), 0, "the mesh is enabled")
        checks.same("each is renewed", len(tokens_asked(cloud)), 3)


CASES = [proxies, http2, bundles, claims, ending_tokens]
