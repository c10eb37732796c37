# SPDX-License-Identifier: Apache-2.0
"""How `aksmesh dashboard` forwards connections of this machine to pods."""

import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

from documents import problems_of
from mesh import canary, namespace, pod

PAGE = "/server_info"
LONG = "/config_dump"


def objects(*more):
    return [json.dumps({"kind": "List", "items": [*canary(), *more]})]


def labelled(place, name, labels):
    out = pod(place, name)
    out["metadata"]["labels"] = labels
    return out


class Dashboard:
    """The program while it forwards."""

    def __init__(self, bench, server, *arguments, path="/usr/bin:/bin"):
        environment = {"PATH": path, "HOME": bench.folder, "KUBECONFIG": bench.write("config", server.kubeconfig())}
        self.errors = os.path.join(bench.folder, "errors")
        with open(self.errors, "w", encoding="utf-8") as errors:
            self.process = subprocess.Popen([bench.binary, "dashboard", *arguments, "-o", "json"], env=environment, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8")
        text = ""
        for line in self.process.stdout:
            text += line
            if line == "}\n":
                break
        self.json = json.loads(text) if text else {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def get(self, path=PAGE):
        """What comes of a request; the name of what goes wrong."""
        local = self.json["local"]
        try:
            with urllib.request.urlopen(f"http://{local['host']}:{local['port']}{path}", timeout=20) as answer:
                return answer.read().decode()
        except (OSError, urllib.error.HTTPError) as wrong:
            return type(wrong).__name__

    def err(self):
        with open(self.errors, encoding="utf-8") as file:
            return file.read()

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


def forwards(checks, bench):
    with bench.server(objects()) as server:
        server.pods.answers = {("web-1", PAGE): "the page", ("web-1", LONG): "x" * 3_000_000}
        with Dashboard(bench, server, "envoy", "web-1.shop", "--local-port", "0") as run:
            checks.check("dashboard: its schema", problems_of("dashboard", run.json))
            checks.same("dashboard: what it leads to", (run.json["namespace"], run.json["pod"], run.json["port"]), ("shop", "web-1", 15000))
            checks.same("dashboard: only this machine can connect", run.json["local"]["host"], "127.0.0.1")
            checks.same("dashboard: a page", run.get(), "the page")
            checks.same("dashboard: another one", run.get(), "the page")
            found = []
            threads = [threading.Thread(target=lambda: found.append(run.get())) for _ in range(12)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            checks.same("dashboard: several at once", found, ["the page"] * 12)
            checks.same("dashboard: a long one", len(run.get(LONG)), 3_000_000)
            checks.same("dashboard: one that reads slowly gets all of it", slow(run.json["local"]["port"]), 3_000_000)
            checks.same("dashboard: Ctrl-C", run.interrupt(), 130)
            checks.check("dashboard: says how it ends", "" if "until Ctrl-C" in run.err() else repr(run.err()))


def slow(port):
    """Bytes of a body that is read by and by, while it waits in the tunnel."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(f"GET {LONG} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(1)
        text = b""
        while b"\r\n\r\n" not in text:
            text += client.recv(65536)
        count = len(text.partition(b"\r\n\r\n")[2])
        while count < 3_000_000 and (piece := client.recv(65536)):
            count += len(piece)
        return count


def memory_of(process):
    """Bytes that it holds now."""
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS"))


def bounded(checks, bench):
    """What nobody reads waits at the server; who says no more than its request still gets the answer."""
    with bench.server(objects()) as server:
        server.pods.answers = {("web-1", PAGE): "the page", ("web-1", LONG): "x" * 40_000_000}
        with Dashboard(bench, server, "envoy", "web-1.shop", "--local-port", "0") as run:
            place = (run.json["local"]["host"], run.json["local"]["port"])
            run.get()
            before = memory_of(run.process)
            with socket.create_connection(place, timeout=20) as client:
                client.sendall(f"GET {LONG} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                time.sleep(3)
                grown = memory_of(run.process) - before
                checks.check("dashboard: a tunnel holds little", "" if grown < 10_000_000 else f"{grown} bytes")
            checks.same("dashboard: who goes away in the middle disturbs nobody", run.get(), "the page")
            with socket.create_connection(place, timeout=20) as client:
                client.sendall(f"GET {PAGE} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                client.shutdown(socket.SHUT_WR)
                text = b""
                while piece := client.recv(65536):
                    text += piece
            checks.check("dashboard: one side has ended, the answer comes, and then the other ends", "" if text.endswith(b"the page") else repr(text))
            wait_until_none(server)
            checks.same("dashboard: no tunnel is left", server.pods.at_once, 0)


def wait_until_none(server):
    for _ in range(100):
        if server.pods.at_once == 0:
            return
        time.sleep(0.1)


def ports(checks, bench):
    with bench.server(objects()) as server, socket.create_server(("127.0.0.1", 0)) as taken:
        server.pods.answers = {("web-1", PAGE): "the page"}
        number = str(taken.getsockname()[1])
        run = bench.run("dashboard", "envoy", "web-1.shop", "-p", number, config=server.kubeconfig())
        checks.ends("dashboard: a port that is taken", run, 1, "cannot listen on port " + number, "another program has that port", "--local-port")
        with Dashboard(bench, server, "envoy", "web-1.shop", "--ui-port", number) as other:
            checks.check("dashboard: the pod's number is taken", "" if other.json["local"]["port"] != int(number) else repr(other.json))
            checks.same("dashboard: then a free one does", other.get(), "the page")
        for address, host in (("::1", "[::1]"), ("localhost", "127.0.0.1")):
            with Dashboard(bench, server, "proxy", "web-1.shop", "--address", address) as other:
                checks.same(f"dashboard: on {address}", (other.json["local"]["host"], other.get()), (host, "the page"))
        for address in ("nowhere", "192.0.2.1"):
            checks.ends(f"dashboard: on {address}", bench.run("dashboard", "envoy", "web-1.shop", "--listen", address, config=server.kubeconfig()), 2, address)
        with Dashboard(bench, server, "envoy", "web-1.shop", "--listen", "0.0.0.0") as other:
            other.get()
            checks.check("dashboard: for everybody, and that is told", "" if "whoever reaches 0.0.0.0" in other.err() else repr(other.err()))


def goes_wrong(checks, bench):
    with bench.server(objects()) as server:
        server.pods.answers = {("web-1", PAGE): "the page"}
        checks.ends("dashboard: a pod that is not there", bench.run("dashboard", "envoy", "web-9.shop", config=server.kubeconfig()), 1,
                    "there is no pod 'web-9' in namespace shop", "did you mean web-1")
        server.pods.ways["portforward"] = "forbidden"
        checks.ends("dashboard: without the right", bench.run("dashboard", "envoy", "web-1.shop", config=server.kubeconfig()), 4,
                    "create pods/portforward in namespace shop")
    with bench.server(objects()) as server:
        server.pods.answers = {("web-1", PAGE): "the page"}
        server.pods.faults = {"web-1": ["", "refused port"]}
        with Dashboard(bench, server, "envoy", "web-1.shop", "--local-port", "0") as run:
            checks.check("dashboard: a port where nobody listens", "" if run.get() != "the page" else "it answers")
            checks.check("dashboard: that is told", "" if "takes no connection: error forwarding port 15000" in run.err() else repr(run.err()))
            checks.same("dashboard: and it goes on", run.get(), "the page")
            server.pods.answers = {}
            run.get()
            checks.same("dashboard: it ends when the pod is gone", run.process.wait(timeout=30), 1)
            checks.check("dashboard: and says so", "" if "not found" in run.err() else repr(run.err()))
    with bench.server(objects()) as server:
        server.pods.answers = {("web-1", PAGE): "the page"}
        with Dashboard(bench, server, "envoy", "web-1.shop", "--local-port", "0", "--timeout", "4s") as run:
            checks.same("dashboard: until its time is over", run.process.wait(timeout=30), 6)


def finds(checks, bench):
    """Which pod is meant, where none is named."""
    more = [namespace("tools"), labelled("tools", "grafana-1", {"app.kubernetes.io/name": "grafana"})]
    with bench.server(objects(*more)) as server:
        server.pods.answers = {("grafana-1", PAGE): "the page", ("istiod-asm-1-29-a", PAGE): "istiod", ("web-1", PAGE): "the page"}
        with Dashboard(bench, server, "grafana", "--local-port", "0") as run:
            checks.same("dashboard: an add-on in any namespace", (run.json["namespace"], run.json["pod"], run.json["port"]), ("tools", "grafana-1", 3000))
        for word, port in (("istiod", 15014), ("istiod-debug", 15014), ("controlz", 9876)):
            with Dashboard(bench, server, word, "istiod-asm-1-29-a", "-p", "0") as run:
                checks.same(f"dashboard {word}: of a pod by its name", (run.json["namespace"], run.json["port"], run.get()), ("aks-istio-system", port, "istiod"))
        server.pods.answers[("istiod-asm-1-28-a", PAGE)] = "older"
        with Dashboard(bench, server, "istiod", "--revision", "prod", "--local-port", "0") as run:
            checks.same("dashboard istiod: a tag leads to its revision", (run.json["pod"], run.get()), ("istiod-asm-1-28-a", "older"))
            checks.check("dashboard istiod: that is told", "" if "tag prod leads to revision asm-1-28" in run.err() else repr(run.err()))
            checks.check("dashboard istiod: and which of several", "" if "is one of 2 pods" in run.err() else repr(run.err()))
        checks.ends("dashboard istiod: no revision or tag of the name", bench.run("dashboard", "istiod", "-r", "prdo", config=server.kubeconfig()), 1,
                    "there is no revision or tag 'prdo'", "did you mean prod?")
        checks.ends("dashboard istiod: a revision without istiod", bench.run("dashboard", "istiod", "-r", "asm-1-99", config=server.kubeconfig()), 1,
                    "there is no istiod of revision asm-1-99 in aks-istio-system")
        missing = bench.run("dashboard", "prometheus", config=server.kubeconfig())
        checks.ends("dashboard: no Prometheus in the cluster", missing, 1, "app.kubernetes.io/name=prometheus", "Azure Monitor workspace", "az monitor account show")
        checks.ends("dashboard: no Kiali in a namespace", bench.run("dashboard", "kiali", "-n", "shop", config=server.kubeconfig()), 1, "in namespace shop", "app=kiali")
        for words, says in (((), "no dashboard is named"), (("grafanna",), "did you mean grafana"), (("envoy",), "no proxy is named"),
                            (("envoy", "web-1.shop", "--revision", "asm-1-28"), "--revision chooses an istiod"),
                            (("envoy", "web-1.shop", "-p", "70000"), "from 1 to 65535")):
            checks.ends("dashboard: " + " ".join(words), bench.run("dashboard", *words, config=server.kubeconfig()), 2, says)


def browsers(checks, bench):
    """The page is served while a browser is open; one that does not open is told."""
    with bench.server(objects()) as server:
        server.pods.answers = {("web-1", PAGE): "the page"}
        opened = os.path.join(bench.folder, "opened")
        bench.write("xdg-open", f"#!/bin/sh\nexec </dev/null; echo $$ \"$1\" >{opened}; exec sleep 100\n", 0o700)
        with Dashboard(bench, server, "envoy", "web-1.shop", "--local-port", "0", "--browser", path=bench.folder + ":/usr/bin:/bin") as run:
            begin = time.monotonic()
            checks.same("dashboard --browser: a page is served while it is open", (run.get(), time.monotonic() - begin < 15), ("the page", True))
            with open(opened, encoding="utf-8") as file:
                number, url = file.read().split()
            checks.same("dashboard --browser: it gets the address", url, run.json["url"])
            checks.same("dashboard --browser: nothing is said", "browser" in run.err(), False)
            run.interrupt()
            checks.check("dashboard --browser: Ctrl-C leaves it open", "" if os.path.exists(f"/proc/{number}") else "it is gone")
            os.kill(int(number), signal.SIGKILL)
        bench.write("xdg-open", "#!/bin/sh\nexit 3\n", 0o700)
        with Dashboard(bench, server, "envoy", "web-1.shop", "--local-port", "0", "--browser", path=bench.folder + ":/usr/bin:/bin") as run:
            checks.same("dashboard --browser: none opens, and the page is served", run.get(), "the page")
            checks.check("dashboard --browser: that is told", "" if "no browser was opened: xdg-open ended with 3" in run.err() else repr(run.err()))


DASHBOARD_CASES = [forwards, bounded, ports, goes_wrong, finds, browsers]
