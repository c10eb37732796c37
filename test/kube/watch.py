# SPDX-License-Identifier: Apache-2.0
"""How `aksmesh status --watch` follows a cluster: changes, cuts, a forgotten past, and how it ends."""

import json
import os
import pty
import select
import signal
import subprocess
import time

from mesh import SYNCZ, canary, pod, sync, syncz

LIMIT = 30  # seconds to wait for something that comes at once


def texts():
    return ["\n---\n".join(json.dumps(each) for each in canary())]


class Following:
    """`status --watch -o json` as it goes on."""

    def __init__(self, bench, server, *arguments):
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": bench.folder, "KUBECONFIG": bench.write("config", server.kubeconfig())}
        self.process = subprocess.Popen([bench.binary, "status", "--watch", "-o", "json", *arguments], env=self.environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.text = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def next(self, limit=LIMIT):
        """The next document; None when none comes."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            try:
                document, used = json.JSONDecoder().raw_decode(self.text)
                self.text = self.text[used:].lstrip()
                return document
            except ValueError:
                pass
            if select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))[0]:
                piece = os.read(self.process.stdout.fileno(), 65536)
                if not piece:
                    return None
                self.text += piece.decode()
        return None

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, self.text + out.decode(), err.decode()


def meshed(document, namespace="shop"):
    return document and {each["namespace"]: each.get("meshed") for each in document["namespaces"]}.get(namespace)


def asked(server, plural, watching):
    return [each for each in server.requests if each.partition("?")[0].endswith("/" + plural) and ("watch=true" in each) == watching]


def wait_for_watch(server, plural, count=1):
    for _ in range(LIMIT * 20):
        if len(asked(server, plural, True)) >= count:
            return
        time.sleep(0.05)


def changes(checks, bench):
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        with Following(bench, server) as run:
            checks.same("watch: the first result", meshed(run.next()), 2)
            wait_for_watch(server, "pods")
            server.change("ADDED", pod("shop", "web-9", "asm-1-28", "1.28.10"))
            checks.same("watch: an object more", meshed(run.next()), 3)
            server.change("DELETED", pod("shop", "web-9"))
            checks.same("watch: one less", meshed(run.next()), 2)
            annotated = pod("shop", "web-1", "asm-1-28", "1.28.10")
            annotated["metadata"]["annotations"]["note"] = "says nothing"
            server.change("MODIFIED", annotated)
            time.sleep(2)
            server.change("MODIFIED", {**pod("shop", "web-1", "asm-1-28", "1.28.10"), "status": {"phase": "Failed"}})
            checks.same("watch: what changes nothing in it gives no result", meshed(run.next()), 1)
            checks.same("watch: each kind is listed once", len(asked(server, "pods", False)), 1)
            checks.check("watch: bookmarks are asked for", "" if all("allowWatchBookmarks=true" in each for each in asked(server, "pods", True))
                         else asked(server, "pods", True))
            checks.same("watch: Ctrl-C ends it without a word", run.end(), (130, "", ""))


def cuts(checks, bench):
    """Whatever ends a watch, what changes meanwhile is not lost."""
    for fault, lists in (("cut", 1), ("end", 1), ("500", 1), ("no event", 1), ("forgotten", 2), ("410", 2), ("401", 1)):
        with bench.server(texts()) as server:
            server.pods.answers = syncz()
            server.watch_faults["pods"] = [fault]
            user = bench.plugin('echo \'{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "%s"}}\'' %
                                server.token)
            server.user = user
            with Following(bench, server, "--no-proxies") as run:
                checks.same(f"watch, {fault}: the first result", meshed(run.next()), 2)
                wait_for_watch(server, "pods")
                server.change("ADDED", pod("shop", "web-9", "asm-1-28", "1.28.10"))
                checks.same(f"watch, {fault}: what comes after it", meshed(run.next()), 3)
                checks.same(f"watch, {fault}: lists", len(asked(server, "pods", False)), lists)
                checks.same(f"watch, {fault}: it ends", run.end()[0], 130)


def taken_up(checks, bench):
    """A watch that is cut goes on behind what it has told."""
    with bench.server(texts()) as server:
        server.watch_faults["pods"] = ["cut after a change"]
        first = server.version
        with Following(bench, server, "--no-proxies") as run:
            run.next()
            wait_for_watch(server, "pods")
            server.change("ADDED", pod("shop", "web-8", "asm-1-28", "1.28.10"))
            checks.same("watch, cut after a change: it is told", meshed(run.next()), 3)
            wait_for_watch(server, "pods", 2)
            server.change("ADDED", pod("shop", "web-9", "asm-1-28", "1.28.10"))
            checks.same("watch, cut after a change: the next is told", meshed(run.next()), 4)
            checks.same("watch, cut after a change: from where each watch began",
                        [each.partition("resourceVersion=")[2].partition("&")[0] for each in asked(server, "pods", True)], [str(first), str(first + 1)])


def late_list(checks, bench):
    """A kind that cannot be listed at first is told, and taken in once it can."""
    with bench.server(texts(), faults={"pods": ["500"] * 5}) as server:
        with Following(bench, server, "--no-proxies") as run:
            first, later = run.next(60), run.next(60)
            checks.same("watch, a list that fails at first", (first and [each["what"] for each in first["unavailable"]], meshed(later)),
                        (["pods in all namespaces"], 2))


def refused(checks, bench):
    with bench.server(texts()) as server:
        server.watch_faults["pods"] = ["403"]
        with Following(bench, server, "--no-proxies") as run:
            checks.same("watch without the right: the first result", meshed(run.next()), 2)
            out, err = run.process.communicate(timeout=60)
            checks.check("watch without the right: it is named", "" if run.process.returncode == 4 and b"watch pods in all namespaces" in err else err)
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        with Following(bench, server) as run:
            run.next()
            run.process.stdout.close()
            wait_for_watch(server, "pods")
            server.change("ADDED", pod("shop", "web-9", "asm-1-28", "1.28.10"))
            checks.same("watch: it ends when nobody reads", run.process.wait(timeout=60), 0)
            run.process.stdout = subprocess.DEVNULL
            run.process.stderr.close()
            run.process.stderr = None
            run.process.stdout = None


def istiods_alone(checks, bench):
    with bench.server(texts()) as server:
        server.pods.answers = syncz()
        with Following(bench, server) as run:
            first = run.next()
            server.pods.answers[("istiod-asm-1-29-a", SYNCZ)] = json.dumps([sync("cart", "cart-2", rejected=["CDS"])])
            later = run.next(60)
            checks.same("watch: what istiod says changes without an object",
                        [len([each for each in document["proxies"] if each["pod"] == "cart-2"]) for document in (first, later) if document], [0, 1])


def on_a_terminal(checks, bench):
    with bench.server(texts()) as server:
        main, side = pty.openpty()
        environment = {"PATH": "/usr/bin:/bin", "HOME": bench.folder, "TERM": "xterm", "KUBECONFIG": bench.write("config", server.kubeconfig())}
        process = subprocess.Popen([bench.binary, "status", "--watch", "--no-proxies"], env=environment, stdin=subprocess.DEVNULL, stdout=side,
                                   stderr=subprocess.DEVNULL)
        os.close(side)
        seen = b""

        def read_until(piece):
            nonlocal seen
            end = time.monotonic() + LIMIT
            while piece not in seen and time.monotonic() < end:
                if select.select([main], [], [], 1)[0]:
                    seen += os.read(main, 65536)

        read_until(b"without sidecars")
        before = seen.count(b"\x1b[2J")
        wait_for_watch(server, "pods")
        server.change("ADDED", pod("shop", "web-9", "asm-1-28", "1.28.10"))
        read_until(b"\x1b[2J\x1b[Hcontext test")
        checks.same("watch on a terminal: the next result takes the place of the first",
                    (before, seen.count(b"\x1b[2J\x1b[Hcontext test")), (0, 1))
        process.send_signal(signal.SIGINT)
        checks.same("watch on a terminal: Ctrl-C", process.wait(timeout=60), 130)
        os.close(main)


WATCH_CASES = [changes, cuts, taken_up, late_list, refused, istiods_alone, on_a_terminal]
