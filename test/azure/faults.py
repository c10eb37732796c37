# SPDX-License-Identifier: Apache-2.0
"""Faults of the service and of the network, at each place of a change."""

import base64
import functools
import os

from support import COMPLETE, DISABLE, QUICK, SECRET, SHORT, Cloud

ENABLE = ["enable", "--yes"]
DEMO = "managedClusters/demo$"
POLL = "/operations/"
BROKEN = {"headers": {}, "text": "<html><body>Bad Gateway</body></html>"}
CLAIMS = base64.b64encode(b'{"access_token":{"nbf":{"essential":true,"value":"1"}}}').decode()

# What is wrong, the faults, and how often the change arrives. All end well.
PASSING = [
    ("429 with Retry-After on the first read", [{"method": "GET", "path": DEMO, "status": 429, "headers": {"Retry-After": "1"}, "count": 2}], 1),
    ("a storm of 500 on reads", [{"method": "GET", "path": DEMO, "status": 500, "count": 3}], 1),
    ("a storm of 503 on reads", [{"method": "GET", "path": DEMO, "status": 503, "count": 3}], 1),
    ("429 on the change", [{"method": "PUT", "status": 429, "headers": {"Retry-After": "1"}, "count": 2}], 3),
    ("503 on the change", [{"method": "PUT", "status": 503}], 2),
    ("the answer to the change is lost", [{"method": "PUT", "cut": "before", "applied": True}], 2),
    ("500 although the change was taken", [{"method": "PUT", "status": 500, "applied": True}], 1),
    ("the answer to the change is cut", [{"method": "PUT", "cut": "half"}], 1),
    ("the answer to the change is malformed", [{"method": "PUT", "malformed": True}], 1),
    ("503 on looks at the operation", [{"path": POLL, "status": 503, "count": 3}], 1),
    ("404 on a look at the operation", [{"path": POLL, "status": 404, "count": -1}], 1),
    ("HTML instead of the operation", [{"path": POLL, "status": 502, **BROKEN, "count": 2}], 1),
    ("HTML with 200 instead of the operation", [{"path": POLL, "status": 200, **BROKEN}], 1),
    ("a malformed operation", [{"path": POLL, "malformed": True, "count": 2}], 1),
    ("a connection cut while looking", [{"path": POLL, "cut": "half", "count": 2}], 1),
    ("a malformed cluster at the start", [{"method": "GET", "path": DEMO, "malformed": True, "count": 2}], 1),
    ("a web page with 200 instead of the cluster", [{"method": "GET", "path": DEMO, "status": 200, **BROKEN}], 1),
    ("a malformed cluster at the end", [{"method": "GET", "path": DEMO, "malformed": True, "skip": 1}], 1),
    ("an expired token at the start", [{"method": "GET", "path": DEMO, "expire": True}], 1),
    ("an expired token at the change", [{"method": "PUT", "expire": True}], 2),
    ("an expired token while looking", [{"path": POLL, "expire": True}], 1),
    ("a claims challenge", [{"method": "GET", "path": DEMO, "status": 401, "headers": {
        "WWW-Authenticate": f'Bearer error="insufficient_claims", claims="{CLAIMS}"'}}], 1),
    ("an error noted on a good operation", [{"method": "PUT", "note": True}], 1),
]


def passing(checks, programs, row):
    what, faults, puts = row
    with Cloud(programs, SHORT, faults) as cloud:
        run = cloud.on("demo", *ENABLE)
        checks.ends(what, run, 0, "asm-1-29")
        checks.same(what + ", the state", cloud.profile("demo")["mode"], "Istio")
        checks.same(what + ", requests to change", len(cloud.puts()), puts)
        checks.same(what + ", done once", len(cloud.events("changed")), 1)


def answers_that_tell_nothing(checks, programs):
    """To a change that left no operation to follow: the cluster is read, and nothing is sent twice."""
    page = {"method": "PUT", "status": 200, **BROKEN}
    for command in (ENABLE, [*ENABLE, "--revision", "asm-1-28"]):
        for what, fault in (("half of an answer", {"method": "PUT", "malformed": True}), ("a web page, and it was taken", {**page, "applied": True})):
            with Cloud(programs, QUICK, [fault]) as cloud:
                checks.ends(what, cloud.on("demo", *command), 0, "the mesh is enabled")
                checks.same(what + ", sent once", (len(cloud.puts()), len(cloud.events("changed"))), (1, 1))
        with Cloud(programs, QUICK, [page]) as cloud:
            run = cloud.on("demo", *command)
            checks.ends("a web page, and it was not taken", run, 1, "none of Azure's", "does not have the change")
            checks.same("a web page, sent once", (len(cloud.puts()), cloud.profile("demo")), (1, None))


def polling(checks, programs, style):
    with Cloud(programs, {**SHORT, "polling": style, "lagSeconds": 0.5, "errorNote": "both"}) as cloud:
        checks.ends("following: " + style, cloud.on("demo", *ENABLE), 0, "state           Succeeded")


def lost_answers_of_upgrades(checks, programs):
    """The retry finds the own change done: not an upgrade that is gone, and no conflict."""
    lost = {"method": "PUT", "cut": "before", "applied": True}
    for scenario in (QUICK, SHORT):
        for cluster, command in (("canary", COMPLETE), ("canary", ["upgrade", "rollback", "--yes"]),
                                 ("mesh", ["upgrade", "start", "--revision", "asm-1-29", "--yes"]), ("mesh", DISABLE),
                                 ("mesh", ["gateway", "enable", "external", "--yes"])):
            with Cloud(programs, scenario, [lost]) as cloud:
                checks.ends("a lost answer: " + " ".join(command[:2]), cloud.on(cluster, *command), 0)
                checks.same("done once: " + " ".join(command[:2]), len(cloud.events("changed")), 1)


def failing(checks, programs):
    for what, fail, words in (("an operation that fails", True, ["Reconcile addons failed", "ReconcileAddonsError"]),
                              ("an operation that fails silently", "silent", ["the operation failed"])):
        with Cloud(programs, SHORT, [{"method": "PUT", "fail": fail}]) as cloud:
            checks.ends(what, cloud.on("demo", *ENABLE), 1, *words)
            run = cloud.on("mesh", "show", "-o", "json")
            checks.same(what + ", the program goes on", run.code, 0)
    with Cloud(programs, SHORT, [{"method": "PUT", "fail": True}]) as cloud:
        run = cloud.on("demo", *ENABLE, "-o", "json")
        checks.same("it fails, JSON", (run.code, run.out, run.error["schema"]), (1, "", "aksmesh/error/v1"))


def storms_without_end(checks, programs):
    for status in (429, 500, 503):
        with Cloud(programs, QUICK, [{"method": "PUT", "status": status, "headers": {"Retry-After": "0"}, "count": -1}]) as cloud:
            checks.ends(f"{status} without end", cloud.on("demo", *ENABLE), 1, str(status), "run the command again")
            checks.same(f"{status} without end, nothing changed", cloud.profile("demo"), None)
    with Cloud(programs, QUICK, [{"method": "GET", "path": DEMO, "malformed": True, "count": -1}]) as cloud:
        checks.ends("a cluster nobody can read", cloud.on("demo", "show"), 1, "cannot understand")
        checks.same("it is asked for five times", len(cloud.requests("GET", "/demo")), 5)


def signing_in(checks, programs):
    with Cloud(programs, QUICK) as cloud:
        run = cloud.on("demo", *ENABLE, env={"AZURE_CLIENT_SECRET": "wrong-secret-word"})
        checks.ends("a wrong secret", run, 4, "the client secret is wrong")
        checks.same("it is not told", "wrong-secret-word" in run.out + run.err, False)
        run = cloud.on("demo", *ENABLE, "-o", "json", env={"AZURE_CLIENT_SECRET": "wrong"})
        checks.same("a wrong secret, JSON", (run.error["kind"], run.out), ("auth", ""))
        checks.same("nothing was sent", cloud.writes(), [])
    with Cloud(programs, QUICK, [{"path": "managedClusters", "status": 401, "count": -1}]) as cloud:
        checks.ends("no token is good enough", cloud.on("demo", "show"), 4)
    with Cloud(programs, QUICK, [{"path": DEMO, "status": 403, "count": -1}]) as cloud:
        checks.ends("no right", cloud.on("demo", "show"), 4)
    # The operation began, then the secret was taken away: the waiting must not go on for ever.
    revoked = [{"path": POLL, "expire": True}, {"path": "/oauth2/", "skip": 1, "status": 401, "count": -1, "body": {
        "error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided.", "error_codes": [7000215]}}]
    with Cloud(programs, SHORT, revoked) as cloud:
        checks.ends("the secret is taken away while waiting", cloud.on("demo", *ENABLE, "--timeout", "60s"), 4, "the client secret is wrong")


def nobody_there(checks, programs):
    with Cloud(programs, QUICK) as cloud:
        run = cloud.on("demo", "show", env={"AKSMESH_ARM_ENDPOINT": "https://127.0.0.1:1"})
        checks.ends("nobody listens", run, 1, "127.0.0.1")
        run = cloud.on("demo", "show", env={"AKSMESH_ARM_ENDPOINT": "https://no-such-host.invalid"})
        checks.ends("no such host", run, 1, "no-such-host.invalid")
        run = cloud.on("demo", "show", env={"SSL_CERT_FILE": "/etc/hostname"})
        checks.same("a server that cannot be trusted", run.code, 1)
        checks.check("it says so", "" if "certificate" in run.err.lower() else run.err)


def no_secrets(checks, programs):
    trace = "trace.jsonl"
    with Cloud(programs, SHORT, [{"path": POLL, "expire": True}, {"method": "PUT", "status": 503}]) as cloud:
        file = os.path.join(cloud.home, trace)
        run = cloud.on("demo", *ENABLE, "-v", "--trace-file", file)
        checks.ends("a run with -v and --trace-file", run, 0, "PUT")
        with open(file, encoding="utf-8") as opened:
            text = opened.read()
        checks.same("the trace has the requests", all(word in text for word in ("PUT", "oauth2", "futureProfile")), True)
        cloud.sign_in()
        # A token of this simulator begins like each other one; so does the signature of a status link.
        for name, word in (("secret", SECRET), ("token", cloud.token[:24]), ("signature", "SSSSSSSS"), ("certificate", "CCCCCCCC")):
            for place, content in (("trace", text), ("stderr", run.err), ("stdout", run.out)):
                checks.same(f"no {name} in {place}", word in content, False)


CASES = [storms_without_end, answers_that_tell_nothing, nobody_there, signing_in, lost_answers_of_upgrades, failing, no_secrets]
for function, rows in ((passing, PASSING), (polling, ["operation", "location", "both", "none"])):
    for row in rows:
        case = functools.partial(function, **{"row" if function is passing else "style": row})
        case.__name__ = row[0] if function is passing else row
        CASES.append(case)
