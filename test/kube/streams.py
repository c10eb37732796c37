# SPDX-License-Identifier: Apache-2.0
"""How pods are asked through the API server: which ways are tried, and what faults on them come to."""

import json
import os
import select
import signal
import socket
import subprocess
import threading
import time

import yaml
from mesh import SYNCZ, canary, istiod_pod, namespace, pod, sync, syncz


def texts():
    return ["\n---\n".join(json.dumps(each) for each in canary())]


def revisions(run):
    """What is known of connections, by revision."""
    return {each["revision"]: each.get("connected") for each in run.json["revisions"]}


ALL = {"asm-1-27": 0, "asm-1-28": 3, "asm-1-29": 1}


def ways(checks, bench):
    """Each way is taken when those before it are closed, and that is found out once, not once a pod."""
    for name, closed, wanted in (
            ("the proxy, where pods let it in", {"proxy": "open"}, ["proxy"] * 3),
            ("port-forward, where pods want their own loopback", {}, ["proxy"] + ["portforward"] * 3),
            ("port-forward, without the right for the proxy", {"proxy": "forbidden"}, ["portforward"] * 3),
            ("port-forward, where the API server does not reach pods", {"proxy": "unreachable"}, ["proxy"] + ["portforward"] * 3),
            ("port-forward, where it waits for them in vain", {"proxy": "silent"}, ["proxy"] + ["portforward"] * 3),
            ("exec, without the right for both", {"proxy": "forbidden", "portforward": "forbidden"}, ["exec"] * 3)):
        with bench.server(texts()) as server:
            server.pods.answers = syncz()
            server.pods.ways.update(closed)
            patience = ["--request-timeout", "1s"] if closed.get("proxy") == "silent" else []
            run = bench.run("status", "-o", "json", *patience, config=server.kubeconfig())
            checks.same("ways: " + name, (run.code, revisions(run)), (0, ALL))
            checks.same("ways: " + name + ", asked", sorted(way for way, *_ in server.pods.asked), sorted(wanted))
            checks.same("ways: " + name + ", only that page", {path for *_, path in server.pods.asked}, {SYNCZ})
            checks.same("ways: " + name + ", no right is looked up", server.pods.reviewed, [])
            refused = [each for each in server.requests if "/portforward" in each]
            if closed.get("portforward") == "forbidden":
                checks.same("ways: " + name + ", a refusal is met once", len(refused), 1)


def no_way(checks, bench):
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        server.pods.ways = {"proxy": "forbidden", "portforward": "forbidden", "exec": "forbidden"}
        run = bench.run("status", "-o", "json", config=server.kubeconfig())
        checks.same("no way: what could not be asked makes the exit code 5", run.code, 5)
        parts = run.json["unavailable"]
        checks.same("no way: it is told once for all istiods", [each["what"] for each in parts],
                    ["the proxies of istiod-asm-1-28-a, istiod-asm-1-28-b, istiod-asm-1-29-a"])
        for right in ("get pods/proxy", "create pods/portforward", "create pods/exec", "aks-istio-system"):
            checks.check("no way: the right is named: " + right, "" if right in parts[0]["why"] else parts)
        checks.same("no way: nothing is called disconnected", (run.json["proxies"], revisions(run)), ([], {"asm-1-27": 0, "asm-1-28": None, "asm-1-29": None}))
        checks.same("no way: nor counted", [row for row in run.json["namespaces"] if "disconnected" in row], [])
        checks.same("no way: each way is refused once", len([each for each in server.requests if "/pods/istiod" in each]), 3)
        text = " ".join(bench.run("status", config=server.kubeconfig()).out.split())
        checks.check("no way: marked in the table", "" if "shop asm-1-28 2 1 1 ? ?" in text and "asm-1-28 2/2 1.28.10 4 ? 2" in text else text)
        server.requests.clear()
        run = bench.run("status", "--no-proxies", "-o", "json", config=server.kubeconfig())
        checks.same("no proxies: nobody is asked", [each for each in server.requests if "/pods/" in each], [])
        checks.same("no proxies: nothing is said of them", (run.code, "proxies" in run.json, run.json["unavailable"]), (0, False, []))
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        server.pods.ways.update(portforward="forbidden", exec="forbidden")
        why = bench.run("status", "-o", "json", config=server.kubeconfig()).json["unavailable"][0]["why"]
        checks.check("no way: what the pods refuse is no want of a right", "" if "pods/exec" in why and "pods/proxy" not in why else why)


def sign_in_ends(checks, bench):
    """A token that ends between the lists and the streams is got anew, once for all streams."""
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        server.pods.ways["proxy"] = "forbidden"
        gives = """f=$(dirname "$0")/given; [ -e $f ] && t=%s || t=old; touch $f
echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "'$t'"}}'""" % server.token
        server.tokens["old"] = lambda path: "/pods/istiod" not in path
        run = bench.run("status", "-o", "json", config=server.kubeconfig(**bench.plugin(gives)))
        checks.same("a sign-in that ends: it is made anew", (run.code, run.out and revisions(run)), (0, ALL))
        checks.same("a sign-in that ends: once", bench.plugin_runs(), 2)


def roundabout(checks, bench):
    """Streams go where the kubeconfig says, as lists do: through its proxy, under the name of its certificate."""
    with bench.server(texts()) as server, Proxy() as proxy:
        server.pods.answers = syncz()
        config = yaml.safe_load(server.kubeconfig())
        config["clusters"][0]["cluster"].update({"proxy-url": proxy.url, "tls-server-name": "api.example.org"})
        run = bench.run("status", "-o", "json", config=yaml.safe_dump(config))
        checks.same("a proxy and another name: streams work", (run.code, revisions(run)), (0, ALL))
        checks.same("a proxy and another name: by port-forward", [way for way, *_ in server.pods.asked].count("portforward"), 3)
        checks.check("a proxy and another name: all goes through it", "" if len(proxy.targets) >= 4 else proxy.targets)
        checks.same("a proxy and another name: to the address", set(proxy.targets), {server.url.removeprefix("https://")})
        config["clusters"][0]["cluster"]["tls-server-name"] = "other.example.org"
        checks.ends("a proxy and another name: the wrong one", bench.run("status", config=yaml.safe_dump(config)), 1, "certificate")


class Proxy:
    """Passes on what CONNECT asks for, and answers nothing at all while `is_silent` says so."""

    def __init__(self, is_silent=lambda: False):
        self.targets = []
        self.is_silent = is_silent
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        self.targets.append(head.split()[1].decode())
        if self.is_silent():
            client.recv(1)
            return
        host, _, port = self.targets[-1].rpartition(":")
        with client, socket.create_connection((host, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            pairs = {client: server, server: client}
            while True:
                for end in select.select(list(pairs), [], [])[0]:
                    try:
                        piece = end.recv(65536)
                        pairs[end].sendall(piece)
                    except OSError:
                        return
                    if not piece:
                        return


def stream_faults(checks, bench):
    """A fault of one stream leaves the others alone; `exec` is the last resort."""
    for fault, goes_on in (("in pieces", False), ("chunked", False), ("no length", False), ("cut", True), ("farewell", True), ("wrong frames", True),
                           ("no HTTP", True), ("refused port", True), ("no WebSocket", True), ("another protocol", True)):
        with bench.server(texts()) as server:
            server.pods.answers = syncz()
            server.pods.ways["proxy"] = "forbidden"
            server.pods.faults = {"istiod-asm-1-28-b": [fault]}
            run = bench.run("status", "-o", "json", config=server.kubeconfig())
            checks.same(f"stream fault {fault}", (run.code, revisions(run)), (0, ALL))
            asked = [way for way, name, _ in server.pods.asked if name == "istiod-asm-1-28-b"]
            checks.same(f"stream fault {fault}: the next way is taken", "exec" in asked, goes_on)
    for fault, says in (("cut", "broke off"), ("fails", "failed to execute"), ("no such program", "not found in $PATH")):
        with bench.server(texts()) as server:
            server.pods.answers = syncz()
            server.pods.ways.update(proxy="forbidden", portforward="forbidden")
            server.pods.faults = {"istiod-asm-1-28-b": [fault]}
            run = bench.run("status", "-o", "json", config=server.kubeconfig())
            checks.same(f"exec fault {fault}: the others count", (run.code, revisions(run)), (5, {**ALL, "asm-1-28": None}))
            parts = run.json["unavailable"]
            checks.check(f"exec fault {fault}: told", "" if len(parts) == 1 and parts[0]["what"] == "the proxies of istiod-asm-1-28-b"
                         and says in parts[0]["why"] else parts)
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        server.pods.ways.update(proxy="forbidden", portforward="forbidden")
        server.pods.protocols = ("v4.channel.k8s.io",)
        checks.same("exec: an older server", revisions(bench.run("status", "-o", "json", config=server.kubeconfig())), ALL)


def gone_and_late(checks, bench):
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        server.pods.faults = {"istiod-asm-1-28-a": ["gone"]}
        run = bench.run("status", "-o", "json", config=server.kubeconfig())
        checks.same("a pod that is gone: the others count", (run.code, revisions(run)), (5, {**ALL, "asm-1-28": None}))
        checks.same("a pod that is gone: told", [each["why"] for each in run.json["unavailable"]], ['pods "istiod-asm-1-28-a" not found'])
        checks.same("a pod that is gone: nothing is called disconnected", [each for each in run.json["proxies"] if each["state"] == "disconnected"], [])
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        server.pods.ways["proxy"] = "forbidden"
        server.pods.faults = {"istiod-asm-1-29-a": ["hang"]}
        run = bench.run("status", "-o", "json", "--request-timeout", "1s", config=server.kubeconfig())
        checks.same("a stream that hangs: the others count", (run.code, revisions(run)), (5, {**ALL, "asm-1-29": None}))
        checks.check("a stream that hangs: told", "" if "time limit" in run.json["unavailable"][0]["why"] else run.out)
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        server.pods.ways["proxy"] = "forbidden"
        server.pods.faults = {"istiod-asm-1-28-b": ["hang"]}
        environment = {"PATH": "/usr/bin:/bin", "HOME": bench.folder, "KUBECONFIG": bench.write("config", server.kubeconfig())}
        process = subprocess.Popen([bench.binary, "status"], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, encoding="utf-8")
        for _ in range(200):
            if ("portforward", "istiod-asm-1-28-b", SYNCZ) in server.pods.asked:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        checks.same("interrupted in a stream", (process.returncode, out), (130, ""))


def pages(checks, bench):
    """What an istiod answers with another status, or that is no list."""
    for what, answer, says in (("no page", (404, "404 page not found\n"), "status 404"), ("no list", "{}", "no list"), ("no JSON", "[{", "no list")):
        with bench.server(texts()) as server:
            server.pods.answers = {**syncz(), ("istiod-asm-1-29-a", SYNCZ): answer}
            run = bench.run("status", "-o", "json", config=server.kubeconfig())
            parts = run.json["unavailable"]
            checks.check(f"istiod answers {what}", "" if run.code == 5 and len(parts) == 1 and says in parts[0]["why"] else parts)
    with bench.server(texts()) as server:
        server.pods.answers = {**syncz(), ("istiod-asm-1-29-a", SYNCZ): "null"}
        checks.same("istiod without proxies", revisions(bench.run("status", "-o", "json", config=server.kubeconfig())), {**ALL, "asm-1-29": 0})


def many(checks, bench):
    """Many istiods at once, but not all of them; a large answer."""
    letters = [f"{i:02}" for i in range(40)]
    objects = [namespace("shop", "asm-1-28"), *[istiod_pod("asm-1-28", letter) for letter in letters],
               *[pod("shop", f"web-{i}", "asm-1-28", "1.28.10") for i in range(400)]]
    with bench.server([json.dumps({"kind": "List", "items": objects})]) as server:
        server.pods.answers = {(f"istiod-asm-1-28-{letter}", SYNCZ): json.dumps([sync("shop", f"web-{int(letter) * 10 + i}") for i in range(10)])
                               for letter in letters}
        server.pods.answers[("istiod-asm-1-28-00", SYNCZ)] = json.dumps([sync("shop", f"web-{i}") for i in range(10)] +
                                                                        [sync("other", f"x-{i}") for i in range(3000)])
        run = bench.run("status", "-o", "json", config=server.kubeconfig())
        checks.same("many: each is asked once", (len(server.pods.asked), run.json["unavailable"], run.json["proxies"]), (41, [], []))
        checks.same("many: all count", revisions(run), {"asm-1-28": 3400})
        checks.check("many: at most 16 at once", "" if 1 < server.pods.most_at_once <= 16 else server.pods.most_at_once)


def no_connection(checks, bench):
    """What never answers the first byte cannot be reached; more time for requests is no help there."""
    with socket.create_server(("127.0.0.1", 0)) as silent, bench.server(texts()) as server:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        config = yaml.safe_load(server.kubeconfig())
        config["clusters"][0]["cluster"]["server"] = "https://" + address
        for name, changed in (("TLS is not answered", config), ("a proxy does not answer", yaml.safe_load(server.kubeconfig()))):
            if changed is not config:
                changed["clusters"][0]["cluster"]["proxy-url"] = "http://" + address
            run = bench.run("status", "--request-timeout", "200ms", config=yaml.safe_dump(changed))
            checks.ends("no connection, " + name, run, 6, "cannot reach", "no connection came about", "check the network, a firewall")
            checks.check("no connection, " + name + ": nobody is said to be late", run.err if "did not answer in time" in run.err else "")
    with bench.server(texts()) as server, Proxy(lambda: any("/proxy/" in each for each in server.requests)) as proxy:
        server.pods.answers = syncz()
        config = yaml.safe_load(server.kubeconfig())
        config["clusters"][0]["cluster"]["proxy-url"] = proxy.url
        run = bench.run("status", "-o", "json", "--request-timeout", "2s", config=yaml.safe_dump(config))
        whys = {each["why"].partition(";")[0] for each in run.json["unavailable"]}
        checks.same("no connection for streams: told as such", (run.code, whys), (5, {"no connection came about within the time limit"}))
    with bench.server(texts(), faults={each: ["hang"] * 9 for each in ("api", "apis")}) as server:
        run = bench.run("status", "--request-timeout", "1s", config=server.kubeconfig())
        checks.ends("no answer on a connection", run, 6, "did not answer in time", "--request-timeout 4s")
        checks.check("no answer on a connection: the network is well", run.err if "firewall" in run.err else "")


STREAM_CASES = [no_connection, ways, no_way, sign_in_ends, roundabout, stream_faults, gone_and_late, pages, many]
