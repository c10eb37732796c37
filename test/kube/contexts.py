# SPDX-License-Identifier: Apache-2.0
"""How `aksmesh status` tells of several clusters in one table."""

import json
import os
import threading

import yaml
from documents import problems_of
from mesh import CANARY_STATUS, canary, syncz

PLAIN = ["{apiVersion: v1, kind: Namespace, metadata: {name: plain}}"]
NOBODY = "https://127.0.0.1:1"
COLUMNS = "CONTEXT SERVER REVISION ISTIOD VERSION SUPPORTED UNTIL GATEWAYS MESHED UNMESHED STALE CONDITIONS"


def texts():
    return ["\n---\n".join(json.dumps(each) for each in canary())]


def kubeconfig(servers, users=None):
    """A context, a cluster and a user of its own for each; a server is one of the tests or an address."""
    def cluster(server):
        return {"server": server} if isinstance(server, str) else {"server": server.url, "certificate-authority": server.certificate}

    def user(name, server):
        return (users or {}).get(name, {"token": "none" if isinstance(server, str) else server.token})
    return yaml.safe_dump({
        "apiVersion": "v1", "kind": "Config", "current-context": next(iter(servers)),
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}} for name in servers],
        "clusters": [{"name": name, "cluster": cluster(server)} for name, server in servers.items()],
        "users": [{"name": name, "user": user(name, server)} for name, server in servers.items()]})


def place(server):
    return server.url.removeprefix("https://")


def rows(run):
    """The cells of each row behind the head, as far as no cell holds a blank."""
    return [line.split() for line in run.out.split("\n\n")[0].splitlines()[1:]]


def several(checks, bench):
    with bench.server(texts()) as one, bench.server(PLAIN) as two, bench.server(texts(), denied_at_all=["pods"]) as part:
        one.pods.answers = syncz()
        config = kubeconfig({"prod-eu": one, "prod-us": two, "part": part, "gone": NOBODY, "nowhere": ""})
        run = bench.run("status", "--contexts", "prod-us,gone", "--contexts", "prod-eu,nowhere,prod-us", "-o", "json", config=config)
        checks.check("contexts: the schema", problems_of("status-contexts", run.json))
        checks.same("contexts: one entry each, as they were named", [each["context"] for each in run.json["contexts"]],
                    ["prod-us", "gone", "prod-eu", "nowhere"])
        told = {each["context"]: each for each in run.json["contexts"]}
        checks.same("contexts: where each is", [told[each].get("server") for each in ("prod-eu", "prod-us", "gone", "nowhere")],
                    [place(one), place(two), "127.0.0.1:1", None])
        alone = bench.run("status", "--context", "prod-eu", "--no-proxies", "-o", "json", config=config)
        checks.same("contexts: what is told of one is what it tells alone", told["prod-eu"]["status"], alone.json)
        checks.same("contexts: a cluster without the mesh", told["prod-us"]["status"]["revisions"], [])
        checks.same("contexts: why one cannot be read", (told["gone"]["error"]["kind"], told["gone"]["error"]["what"], "status" in told["gone"]),
                    ("network", "cannot reach 127.0.0.1:1", False))
        checks.same("contexts: a context that leads nowhere", (told["nowhere"]["error"]["kind"], told["nowhere"]["error"]["why"]),
                    ("usage", "it leads to no server"))
        checks.same("contexts: what is missing is told", (run.json["complete"], [each["what"] for each in run.json["unavailable"]]),
                    (False, ["context gone", "context nowhere"]))
        checks.same("contexts: some that could not be read", run.code, 5)
        checks.same("contexts: no istiod is asked", [each for each in one.requests if "/proxy/" in each or "portforward" in each], [])

        text = bench.run("status", "--contexts", "prod-eu,prod-us", config=config)
        checks.same("contexts, text: all could be read", text.code, 0)
        checks.same("contexts, text: the head", " ".join(text.out.splitlines()[0].split()), COLUMNS)
        wrong = "AKM3002,AKM3005,AKM3004,AKM3006"
        checks.same("contexts, text: a row for each revision", [row[:6] + row[-5:] for row in rows(text)], [
            ["prod-eu", place(one), "asm-1-27", "not", "there", "-", "-", "1", "0", "1", wrong],
            ["prod-eu", place(one), "asm-1-28", "2/2", "1.28.10", rows(text)[1][5], "2/2", "3", "1", "1", wrong],
            ["prod-eu", place(one), "asm-1-29", "1/2", "1.29.6", rows(text)[2][5], "0/2", "2", "0", "1", wrong],
            ["prod-us", place(two), "none", "-", "-", "-", "-", "0", "0", "0", "-"]])
        checks.check("contexts, text: the end of support", "" if rows(text)[1][5][:2] == "20" else text.out)
        gap = bench.run("status", "--contexts", "prod-us,gone,part", config=config)
        checks.ends("contexts, text: a row says why", gap, 5, "cannot reach 127.0.0.1:1: the connection is refused")
        checks.same("contexts, text: what could not be read is no number", [row[-4:] for row in rows(gap) if row[:3] == ["part", place(part), "asm-1-28"]],
                    [["?", "?", "?", "AKM3002,?"]])
        checks.ends("contexts, text: what is missing of one is named", gap, 5, "context part: could not read pods in all namespaces")
        checks.same("contexts, text: without its head", len(bench.run("status", "--contexts", "prod-us", "--no-headers", config=config).out.splitlines()), 1)
        checks.same("contexts: a part that is missing is not complete",
                    (bench.run("status", "--contexts", "part", "-o", "json", config=config).json["complete"], CANARY_STATUS["otherNamespaces"]), (False, 1))


def all_contexts(checks, bench):
    with bench.server(PLAIN) as one, bench.server(PLAIN) as two:
        first = bench.write("first", kubeconfig({"b": one, "c": two}))
        second = bench.write("second", kubeconfig({"a": two, "b": NOBODY}))
        run = bench.run("status", "--all-contexts", "-o", "json", env={"KUBECONFIG": first + ":" + second})
        checks.same("all contexts: of the merged kubeconfig, each once", ([each["context"] for each in run.json["contexts"]], run.code),
                    (["a", "b", "c"], 0))
        named = bench.run("status", "--all-contexts", "-o", "json", "--kubeconfig", second, env={"KUBECONFIG": first})
        checks.same("all contexts: of the file that was named", ([each["context"] for each in named.json["contexts"]], named.code), (["a", "b"], 5))
    checks.ends("all contexts: there is none", bench.run("status", "--all-contexts", config="{}"), 2, "no kubeconfig has any context", "aksmesh credentials")


def none_read(checks, bench):
    with bench.server(PLAIN) as one:
        config = kubeconfig({"gone": NOBODY, "stranger": one}, {"stranger": {"token": "of nobody"}})
        alone = bench.run("status", "--context", "gone", config=config)
        run = bench.run("status", "--contexts", "gone", config=config)
        checks.same("no context can be read: the code of one alone", (run.code, run.out), (alone.code, ""))
        both = bench.run("status", "--contexts", "gone,stranger", config=config)
        checks.ends("no context can be read: nobody is signed in", both, 4, "cannot read any of 2 clusters", "context gone: cannot reach", "context stranger: ")


def mistakes(checks, bench):
    with bench.server(PLAIN) as one:
        config = kubeconfig({"prod-eu": one, "prod-us": one})

        def wrong(what, *words, arguments, **options):
            checks.ends("contexts: " + what, bench.run("status", *arguments, config=config, **options), 2, *words)

        wrong("a name that is not there", "no kubeconfig has the context prd-eu, nor test", "did you mean prod-eu?", arguments=["--contexts", "prod-us,prd-eu,test"])
        wrong("an empty list", "has an empty name", arguments=["--contexts", ""])
        wrong("an empty name", "has an empty name", arguments=["--contexts", "prod-eu,,prod-us"])
        wrong("beside one", "--contexts and --context exclude each other", arguments=["--contexts", "prod-eu", "--context", "prod-us"])
        wrong("all beside one", "--all-contexts and --context exclude each other", arguments=["--all-contexts", "--context", "prod-us"])
        wrong("beside all", "exclude each other", arguments=["--all-contexts", "--contexts", "prod-us"])
        wrong("beside a snapshot", "--contexts and --snapshot exclude each other", arguments=["--contexts", "prod-eu", "--snapshot", "x"])
        wrong("followed", "--contexts and --watch exclude each other", arguments=["--contexts", "prod-eu", "--watch"])
        checks.same("contexts: after a mistake nothing is asked", one.requests, [])
        run = bench.run("status", "--contexts", "prod-eu", "-o", "json", config=config, env={"AKSMESH_CONTEXT": "prod-us"})
        checks.same("contexts: stronger than the variable of one", (run.code, [each["context"] for each in run.json["contexts"]]), (0, ["prod-eu"]))


def at_once(checks, bench):
    """Four are read together: each waits until all four have been asked. The fifth has its turn when one of them is done."""
    order, gate, lock = [], threading.Barrier(4), threading.Lock()
    names = ["a", "b", "c", "d", "e"]
    servers = {name: bench.server(PLAIN) for name in names}

    def watcher(name):
        def asked(_):
            with lock:
                first = name not in order
                order.append(name)
            if first and name != "e":
                gate.wait(20)  # broken when fewer are asked at once
        return asked

    for name, server in servers.items():
        server.on_request = watcher(name)
    try:
        run = bench.run("status", "--all-contexts", "-o", "json", config=kubeconfig(servers))
    finally:
        for server in servers.values():
            server.__exit__()
    checks.same("contexts at once: all are read", (run.code, [each["context"] for each in run.json["contexts"]]), (0, names))
    checks.same("contexts at once: four", gate.broken, False)
    still_on = set(order[order.index("e"):]) - {"e"}
    checks.check("contexts at once: no more than four", "" if len(still_on) < 4 else still_on)


def slow_ones(checks, bench):
    """A cluster that does not answer costs its own row, not those of others."""
    lists = ["pods", "services", "configmaps", "namespaces", "deployments", "daemonsets", "horizontalpodautoscalers", "mutatingwebhookconfigurations",
             "validatingwebhookconfigurations", "customresourcedefinitions", "nodes", "destinationrules", "virtualservices", "secrets"]
    for what, plurals in (("at all", ["api", "apis"]), ("with its lists", lists)):
        with bench.server(texts(), faults={each: ["hang"] * 9 for each in plurals}) as silent, bench.server(texts()) as one:
            run = bench.run("status", "--contexts", "silent,one", "--request-timeout", "30s", "--timeout", "4s", "-o", "json",
                            config=kubeconfig({"silent": silent, "one": one}))
            told = {each["context"]: each for each in run.json["contexts"]}
            checks.same(f"contexts: one that does not answer {what}",
                        (run.code, told["silent"].get("error", {}).get("kind"), told["one"].get("status", {}).get("complete")), (5, "timeout", True))


def sign_in(checks, bench):
    """Programs that sign in may ask at the terminal, so they never run side by side."""
    log = os.path.join(bench.folder, "log")
    with bench.server(PLAIN) as one, bench.server(PLAIN) as two, bench.server(PLAIN) as three:
        answer = json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": one.token}})
        user = bench.plugin(f"echo begin >> '{log}'; sleep 0.3; echo end >> '{log}'; echo '{answer}'")
        config = kubeconfig({"a": one, "b": two, "c": three}, {name: user for name in "abc"})
        run = bench.run("status", "--contexts", "a,b,c", config=config)
        checks.same("contexts: each signs in", (run.code, bench.plugin_runs()), (0, 3))
        with open(log, encoding="utf-8") as file:
            checks.same("contexts: one signs in after the other", file.read().split(), ["begin", "end"] * 3)
        broken = kubeconfig({"a": one, "b": two}, {"a": bench.plugin("exit 3")})
        half = bench.run("status", "--contexts", "a,b", "-o", "json", config=broken)
        checks.same("contexts: one that cannot sign in", (half.code, [each.get("error", {}).get("kind") for each in half.json["contexts"]]), (5, ["auth", None]))


def step_by_step(checks, bench):
    """Pages and a sign-in that ends half-way are met as with one cluster."""
    many = ["\n---\n".join(f"{{apiVersion: v1, kind: Namespace, metadata: {{name: n{number}}}}}" for number in range(1100))]
    with bench.server(many) as one, bench.server(PLAIN) as two:
        run = bench.run("status", "--contexts", "one,two", "-o", "json", config=kubeconfig({"one": one, "two": two}))
        checks.same("contexts: all pages", [each["status"]["otherNamespaces"] for each in run.json["contexts"]], [1100, 1])
        pages = [each for each in one.requests if each.startswith("/api/v1/namespaces?")]
        checks.same("contexts: page by page", len(pages), 3)
    with bench.server(PLAIN) as one:
        one.tokens["first"] = lambda path: path in ("/api", "/apis")
        first, later = (json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": token}})
                        for token in ("first", one.token))
        user = bench.plugin(f"""if [ "$(wc -l < "$(dirname "$0")/runs")" -eq 1 ]; then echo '{first}'; else echo '{later}'; fi""")
        run = bench.run("status", "--contexts", "one", "-o", "json", config=kubeconfig({"one": one}, {"one": user}))
        checks.same("contexts: a sign-in that ends half-way is made anew", (run.code, run.json["complete"], bench.plugin_runs()), (0, True, 2))


CONTEXT_CASES = [several, all_contexts, none_read, mistakes, at_once, slow_ones, sign_in, step_by_step]
