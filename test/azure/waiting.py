# SPDX-License-Identifier: Apache-2.0
"""Not waiting, waiting later, being interrupted, killed, or out of time."""

import functools
import signal
import time

from support import COMPLETE, DISABLE, SHORT, Cloud

HANGS = [{"method": "PUT", "hang": True}]
FOLLOW = "wait --cluster-id /subscriptions/"
COMMANDS = [
    ("demo", ["enable", "--yes"]),
    ("mesh", ["gateway", "enable", "external", "--yes"]),
    ("mesh", ["redirection", "set", "CNIChaining", "--yes"]),
    ("mesh", ["upgrade", "start", "--revision", "asm-1-29", "--yes"]),
    ("canary", COMPLETE),
    ("canary", ["upgrade", "rollback", "--yes"]),
    ("mesh", DISABLE),
]


def not_waiting(checks, programs):
    with Cloud(programs, {**SHORT, "operationSeconds": 2}) as cloud:
        run = cloud.on("demo", "enable", "--yes", "--no-wait", "-o", "json")
        checks.same("--no-wait", (run.code, run.json["state"]), (0, "accepted"))
        checks.same("it does not wait", cloud.body("demo")["properties"]["provisioningState"], "Updating")
        checks.ends("another change meanwhile", cloud.on("demo", "gateway", "enable", "external", "--yes"), 1, "Updating")
        run = cloud.on("demo", "wait", "-o", "json")
        checks.same("wait", (run.code, run.json["provisioningState"]), (0, "Succeeded"))
        checks.same("one request to change", len(cloud.puts()), 1)
    with Cloud(programs, SHORT, [{"method": "PUT", "fail": True}]) as cloud:
        checks.ends("--no-wait on what will fail", cloud.on("demo", "enable", "--yes", "--no-wait"), 0, FOLLOW)
        checks.ends("wait tells of it", cloud.on("demo", "wait"), 1, "Reconcile addons failed")
        checks.ends("the same command sends it again", cloud.on("demo", "enable", "--yes"), 0, "the mesh is enabled")
        checks.same("two requests to change", len(cloud.puts()), 2)
    with Cloud(programs, SHORT, [{"method": "PUT", "status": 400, "body": {"error": {"code": "BadRequest", "message": "no"}}}]) as cloud:
        checks.ends("--no-wait on what is refused", cloud.on("demo", "enable", "--yes", "--no-wait"), 1, "BadRequest")


def out_of_time(checks, programs):
    with Cloud(programs, SHORT, HANGS) as cloud:
        checks.ends("--timeout", cloud.on("demo", "enable", "--yes", "--timeout", "4s"), 6, "still running in Azure", FOLLOW)
        checks.ends("--timeout of wait", cloud.on("demo", "wait", "--timeout", "2s"), 6, FOLLOW)
        run = cloud.on("demo", "wait", "--timeout", "2s", "-o", "json")
        checks.same("--timeout, JSON", (run.out, run.error["kind"]), ("", "timeout"))


def asked_to_wait_too_long(checks, programs):
    """Nobody sleeps past --timeout, and what ends the run is told as a timeout."""
    for what, fault in (("a read", {"method": "GET", "path": "managedClusters/demo$"}), ("the change", {"method": "PUT"}),
                        ("signing in", {"path": "/oauth2/"})):
        for status in (429, 503):
            late = {**fault, "status": status, "headers": {"Retry-After": "120"}, "count": -1}
            with Cloud(programs, SHORT, [late]) as cloud:
                began = time.monotonic()
                run = cloud.on("demo", "enable", "--yes", "--timeout", "10s", "-o", "json")
                where = f"{status} with Retry-After on {what}"
                checks.same(where, (run.code, run.error["kind"]), (6, "timeout"))
                checks.same(where + ", what to do", run.error["next"][0], "allow more time: --timeout 40s")
                checks.check(where + ", at once", "" if time.monotonic() - began < 9 else "it waited")
    slow = [{"method": "GET", "path": "managedClusters/demo$", "delayMs": 8000}]
    with Cloud(programs, SHORT, slow) as cloud:
        checks.ends("a slow answer", cloud.on("demo", "show", "--timeout", "2s"), 6, "--timeout 8s")


def polls(cloud):
    return [each for each in cloud.events("request") if "/operations/" in each["path"]]


def interrupted(checks, programs):
    for name, code in (("SIGINT", 130), ("SIGTERM", 143)):
        for command in (["enable", "--yes"], ["wait"]):
            with Cloud(programs, SHORT, HANGS) as cloud:
                if command[0] == "wait":
                    cloud.on("demo", "enable", "--yes", "--no-wait")
                seen = len(polls(cloud))
                process = cloud.start(*command, "--cluster", "demo")
                cloud.until(lambda: len(polls(cloud)) > seen)
                process.send_signal(getattr(signal, name))
                out, err = process.communicate(timeout=30)
                what = f"{name} while {command[0]}"
                checks.same(what, process.returncode, code)
                checks.check(what + ", how to follow", "" if FOLLOW in err and "goes on in Azure" in err else err)
                checks.same(what + ", nothing on stdout", out, "")


def interrupted_while_sending(checks, programs):
    """It must never be called interrupted and no more when Azure may have accepted the change."""
    for what, fault in (("in flight", {"delayMs": 8000}), ("between two tries", {"status": 500, "applied": True, "headers": {"Retry-After": "30"}})):
        with Cloud(programs, SHORT, [{"method": "PUT", **fault}]) as cloud:
            process = cloud.start("enable", "--yes", "--cluster", "demo")
            cloud.until(cloud.puts)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
            checks.same("Ctrl-C with the change " + what, (process.returncode, out), (130, ""))
            wanted = ["it is not known whether Azure has accepted the change", FOLLOW]
            checks.same(f"Ctrl-C with the change {what}, told", [each for each in wanted if each not in err], [])
            cloud.faults()
            checks.ends(f"Ctrl-C with the change {what}, again", cloud.on("demo", "enable", "--yes"), 0)
            checks.same(f"Ctrl-C with the change {what}, in the end", cloud.profile("demo")["mode"], "Istio")


def killed(checks, programs, row):
    cluster, command = row
    what = "killed: " + " ".join(command[:2])
    with Cloud(programs, {**SHORT, "operationSeconds": 3}) as cloud:
        process = cloud.start(*command, "--cluster", cluster)
        cloud.until(cloud.puts)
        process.kill()
        process.communicate()
        wanted = cloud.profile(cluster)
        checks.ends(what + ", again", cloud.on(cluster, *command), 0, "under way already")
        checks.same(what + ", one request to change", len(cloud.puts()), 1)
        checks.same(what + ", to its end", cloud.body(cluster)["properties"]["provisioningState"], "Succeeded")
        checks.same(what + ", the profile", cloud.profile(cluster), wanted)


CASES = [interrupted, interrupted_while_sending, out_of_time, asked_to_wait_too_long, not_waiting]
for row in COMMANDS:
    case = functools.partial(killed, row=row)
    case.__name__ = "killed: " + " ".join(row[1])
    CASES.append(case)
