# SPDX-License-Identifier: Apache-2.0
"""How `status --watch` and `check --watch` follow a cluster: changes, cuts, a forgotten past, and how it ends."""

import json
import os
import pty
import select
import signal
import subprocess
import time

from health import measured, with_limits
from health import texts as texts_of
from mesh import SYNCZ, canary, pod, sync, syncz

LIMIT = 30  # seconds to wait for something that comes at once


def texts():
    return ["\n---\n".join(json.dumps(each) for each in canary())]


class Following:
    """`status --watch -o json`, or another command, as it goes on."""

    def __init__(self, bench, server, *arguments, command="status", env=None):
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": bench.folder, "KUBECONFIG": bench.write("config", server.kubeconfig()),
                            **(env or {})}
        self.process = subprocess.Popen([bench.binary, command, "--watch", "-o", "json", *arguments], env=self.environment,
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


def gateway_with(ready):
    """The gateway of the canary of which no pod is ready, with some."""
    found = [each for each in canary() if each["kind"] == "Deployment" and each["metadata"]["name"].endswith("external-asm-1-29")]
    return {**found[0], "status": {"readyReplicas": ready, "replicas": 2}}


def found(document):
    return document and sorted({each["code"] for each in document["findings"]})


def of_check(checks, bench):
    only = ["--only", "AKM5009"]
    with bench.server(texts()) as server:
        with Following(bench, server, *only, command="check") as run:
            checks.same("check --watch: the first result", found(run.next()), ["AKM5009"])
            wait_for_watch(server, "deployments")
            server.change("MODIFIED", gateway_with(2))
            checks.same("check --watch: what has come right", found(run.next()), [])
            server.change("ADDED", pod("shop", "web-9", "asm-1-28", "1.28.10"))
            time.sleep(2)
            server.change("MODIFIED", gateway_with(0))
            checks.same("check --watch: what changes nothing in it gives no result", found(run.next()), ["AKM5009"])
            checks.same("check --watch: each kind is listed once", len(asked(server, "deployments", False)), 1)
            checks.same("check --watch: Ctrl-C ends it without a word", run.end(), (130, "", ""))
    with bench.server(texts()) as server:
        server.watch_faults["deployments"] = ["403"]
        with Following(bench, server, *only, command="check") as run:
            checks.same("check --watch without the right: the first result", found(run.next()), ["AKM5009"])
            out, err = run.process.communicate(timeout=60)
            checks.check("check --watch without the right: it is named", "" if run.process.returncode == 4 and b"watch deployments" in err else (out, err))
    with bench.server(texts()) as server:
        with Following(bench, server, *only, command="check") as run:
            run.next()
            run.process.stdout.close()
            wait_for_watch(server, "deployments")
            server.change("MODIFIED", gateway_with(2))
            checks.same("check --watch: it ends when nobody reads", run.process.wait(timeout=60), 0)
            run.process.stdout = subprocess.DEVNULL
            run.process.stderr.close()
            run.process.stderr = None
            run.process.stdout = None
    with bench.server(texts()) as server:
        with Following(bench, server, *only, "--timeout", "3s", command="check") as run:
            checks.same("check --watch with an end: the first result", found(run.next()), ["AKM5009"])
            checks.same("check --watch with an end: it comes", run.process.wait(timeout=60), 6)


def of_metrics(checks, bench):
    """They can be listed only."""
    objects = [*with_limits(canary()), measured("istiod-asm-1-28-a", "2000Mi")]
    with bench.server(texts_of(objects)) as server:
        with Following(bench, server, "--only", "AKM9110", command="check") as run:
            checks.same("check --watch: what istiod uses is looked at", found(run.next()), ["AKM9110"])
            wait_for_watch(server, "pods")
            checks.same("check --watch: and not watched", [each for each in server.requests if "metrics.k8s.io" in each and "watch=true" in each], [])
    with bench.server(texts_of(objects), denied_at_all=["pods.metrics.k8s.io"]) as server:
        with Following(bench, server, "--only", "AKM9110", command="check") as run:
            checks.same("check --watch: without the right it is not known", [each["why"] for each in run.next()["unknown"]],
                        ["could not list PodMetrics.metrics.k8s.io"])


def of_one_namespace(checks, bench):
    """Who may read one namespace only can follow that one."""
    only = ["--only", "AKM3006", "-n", "shop"]
    with bench.server(texts(), denied=["pods"]) as server:
        with Following(bench, server, *only, command="check") as run:
            first = run.next()
            checks.same("check --watch -n: the first result", [each["name"] for each in (one["object"] for one in first["findings"])], ["web-2"])
            for _ in range(LIMIT * 20):
                if [each for each in server.requests if each.startswith("/api/v1/namespaces/shop/pods?watch=true")]:
                    break
                time.sleep(0.05)
            server.change("DELETED", pod("shop", "web-2"))
            later = run.next()
            checks.same("check --watch -n: what changes there", later and later["findings"], [])
            run.end()


def check_in_words(checks, bench):
    """In a pipe a result after the other, on a terminal in its place."""
    with bench.server(texts()) as server:
        environment = {"PATH": "/usr/bin:/bin", "HOME": bench.folder, "KUBECONFIG": bench.write("config", server.kubeconfig())}
        process = subprocess.Popen([bench.binary, "check", "--watch", "--short", "--only", "AKM5009", "-q"], env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wait_for_watch(server, "deployments")
        server.change("MODIFIED", gateway_with(1))
        seen = b""
        end = time.monotonic() + LIMIT
        while b"0 errors" not in seen and time.monotonic() < end:
            if select.select([process.stdout], [], [], 1)[0]:
                seen += os.read(process.stdout.fileno(), 65536)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        first, _, second = seen.decode().partition("\n\n")
        checks.same("check --watch in a pipe: a result after the other", ("AKM5009" in first, "AKM5009" in second, "\x1b" in first + second, process.returncode),
                    (True, False, False, 130))
    with bench.server(texts()) as server:
        main, side = pty.openpty()
        environment = {**environment, "TERM": "xterm", "KUBECONFIG": bench.write("config", server.kubeconfig())}
        process = subprocess.Popen([bench.binary, "check", "--watch", "--short", "--only", "AKM5009"], env=environment, stdin=subprocess.DEVNULL,
                                   stdout=side, stderr=subprocess.DEVNULL)
        os.close(side)
        wait_for_watch(server, "deployments")
        server.change("MODIFIED", gateway_with(1))
        seen = b""
        end = time.monotonic() + LIMIT
        while b"\x1b[2J\x1b[H" not in seen and time.monotonic() < end:
            if select.select([main], [], [], 1)[0]:
                seen += os.read(main, 65536)
        before, _, _ = seen.partition(b"\x1b[2J\x1b[H")
        checks.same("check --watch on a terminal: the next takes the place of the first", (b"AKM5009" in before, seen.count(b"\x1b[2J\x1b[H")), (True, 1))
        process.send_signal(signal.SIGINT)
        checks.same("check --watch on a terminal: Ctrl-C", process.wait(timeout=60), 130)
        os.close(main)


def unfit(checks, bench):
    with bench.server(texts()) as server:
        config = server.kubeconfig()
        for what, arguments, words in (
                ("beside --wait", ["--wait"], "--watch and --wait exclude each other"),
                ("beside a snapshot", ["--snapshot", "x"], "--watch and --snapshot exclude each other"),
                ("writing a baseline", ["--write-baseline", "x"], "--watch and --write-baseline exclude each other"),
                ("in a format for one result", ["-o", "sarif"], "--watch cannot print the format 'sarif'")):
            checks.ends("check --watch: " + what, bench.run("check", "--watch", *arguments, config=config), 2, words)
        checks.same("check --watch: after a mistake nothing is asked", server.requests, [])


WATCH_CASES = [changes, cuts, taken_up, late_list, refused, istiods_alone, on_a_terminal, of_check, of_metrics, of_one_namespace, check_in_words, unfit]
