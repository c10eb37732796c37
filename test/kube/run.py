#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries the commands that read a live cluster against answers served over TLS: run.py BINARY. Ends with `N passed, N failed`."""

import functools
import http.server
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time

try:
    import jsonschema  # noqa: F401  (of documents.py)
    import yaml
except ImportError:
    # Debian's packages belong to its own Python, which need not be the first on the PATH.
    if os.path.realpath(sys.executable) == os.path.realpath("/usr/bin/python3") or not os.path.exists("/usr/bin/python3"):
        raise
    os.execv("/usr/bin/python3", ["python3", *sys.argv])

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "test", "azure")]
import injection  # noqa: E402
from api_server import SERVED, TOKEN, ApiServer  # noqa: E402
from both_sides import BOTH_SIDES_CASES  # noqa: E402
from contexts import CONTEXT_CASES  # noqa: E402
from dashboard import DASHBOARD_CASES  # noqa: E402
from describe import DESCRIBE_CASES  # noqa: E402
from health import HEALTH_CASES  # noqa: E402
from in_force import IN_FORCE_CASES  # noqa: E402
from proxies import PROXY_CASES  # noqa: E402
from saved_proxies import SAVED_PROXY_CASES  # noqa: E402
from status import STATUS_CASES  # noqa: E402
from streams import STREAM_CASES  # noqa: E402
from support import Checks, Run  # noqa: E402
from watch import WATCH_CASES  # noqa: E402
from weaknesses import WEAKNESS_CASES  # noqa: E402

SAMPLE = os.path.join(ROOT, "packaging", "sample", "shop")

PLUGIN = """#!/bin/sh
echo run >> "$(dirname "$0")/runs"
%s
"""
GIVES_TOKEN = """cat <<END
{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "%s"}}
END""" % TOKEN


def texts_of(folder):
    out = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            out.append(file.read())
    return out


def findings(document):
    """Without places, which a cluster's objects have none of."""
    return sorted((each["code"], each["severity"], each["message"], json.dumps(each.get("object"), sort_keys=True))
                  for each in document["findings"])


class Bench:
    """A program, a folder, and one server after the other."""

    def __init__(self, binary, folder):
        self.binary = os.path.abspath(binary)
        self.folder = folder

    def server(self, texts=None, **options):
        return ApiServer(self.folder, texts_of(SAMPLE) if texts is None else texts, **options)

    def write(self, name, text, mode=0o600):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def run(self, *arguments, config=None, limit=60, env=None):
        environment = {"PATH": "/usr/bin:/bin", "HOME": self.folder, **(env or {})}
        if config is not None:
            environment["KUBECONFIG"] = self.write("config", config)
        try:
            done = subprocess.run([self.binary, *arguments], env=environment, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  encoding="utf-8", timeout=limit, check=False)
        except subprocess.TimeoutExpired as late:
            return Run(-1, str(late.stdout), "did not end")
        return Run(done.returncode, done.stdout, done.stderr)

    def analyze(self, server, *arguments, **options):
        return self.run("analyze", *arguments, config=options.pop("config", server.kubeconfig()), **options)

    def plugin(self, body):
        """A program that signs in, as a kubeconfig's user names it."""
        path = self.write("plugin", PLUGIN % body, stat.S_IRWXU)
        self.write("runs", "")
        return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": path, "interactiveMode": "Never",
                         "installHint": "install it from somewhere"}}

    def plugin_runs(self):
        with open(os.path.join(self.folder, "runs"), encoding="utf-8") as file:
            return len(file.readlines())


def same_as_files(checks, bench):
    files = bench.run("analyze", SAMPLE, "-o", "json")
    with bench.server() as server:
        live = bench.analyze(server, "-o", "json")
        checks.same("live: the findings are those of the same files", findings(live.json), findings(files.json))
        checks.same("live: there are some", bool(live.json["findings"]), True)
        checks.same("live: the exit code is the same", live.code, files.code)
        checks.same("live: no object has a place in a file", [each for each in live.json["findings"] if each.get("where", {"path": 1}).keys() != {"path"}], [])
        secret = [each for each in server.requests if "secrets" in each]
        checks.same("live: of Secrets only the metadata is asked for", [each for each in secret if each not in server.metadata_only], [])
        checks.same("live: they are asked for", bool(secret), True)
        text = bench.analyze(server)
        checks.check("live: the summary names the context", "" if "context test" in text.out.splitlines()[-1] else text.out[-400:])


def narrow_reading(checks, bench):
    with bench.server() as server:
        bench.analyze(server, "--only", "IST0102")
        asked = {each.partition("?")[0].rpartition("/")[2] for each in server.requests}
        checks.check("live: kinds that no chosen rule reads are not listed", asked & {"envoyfilters", "virtualservices", "nodes"})
        checks.check("live: those that it reads are", "" if "namespaces" in asked else asked)


def pages(checks, bench):
    name = "{apiVersion: v1, kind: Namespace, metadata: {name: n%d, labels: {istio.io/rev: asm-1-99}}}"
    with bench.server(["\n---\n".join(name % i for i in range(1203))], faults={"namespaces": ["", "gone"]}) as server:
        run = bench.analyze(server, "-o", "json")
        checks.same("pages: a list that is forgotten in the middle is read at once",
                    [each for each in server.requests if "/namespaces" in each],
                    ["/api/v1/namespaces?limit=500", "/api/v1/namespaces?limit=500&continue=500", "/api/v1/namespaces"])
        whole = run.json["summary"]
        server.requests.clear()
        run = bench.analyze(server, "-o", "json")
        checks.same("pages: a list comes in pages", len([each for each in server.requests if "/namespaces" in each]), 3)
        checks.same("pages: nothing is lost between them", run.json["summary"], whole)


def rights(checks, bench):
    with bench.server(denied=["virtualservices"]) as server:
        run = bench.analyze(server, "-o", "json", "--fail-on", "never")
        document = run.json
        checks.same("rights: what could not be listed makes the exit code 5", run.code, 5)
        checks.same("rights: the right is named", [each["what"] for each in document["unavailable"]],
                    ["virtualservices.networking.istio.io in all namespaces"])
        blind = [each for each in document["unknown"] if "could not list virtualservices" in each["why"]]
        checks.check("rights: rules that read it are unknown", "" if blind else document["unknown"][:5])
        verdicts = {each["code"]: each["verdict"] for each in document["checks"]}
        checks.same("rights: none of those passes", [each["code"] for each in blind if verdicts[each["code"]] == "pass"], [])
        run = bench.analyze(server, "-n", "shop", "-o", "json")
        checks.same("rights: in one namespace it is listed there", run.json["unavailable"], [])
    with bench.server(denied_at_all=["pods"]) as server:
        run = bench.analyze(server, "-n", "shop", "-o", "json", "--fail-on", "never")
        checks.same("rights: refused there too", [each["what"] for each in run.json["unavailable"]], ["pods in namespace shop"])


def no_rights(checks, bench):
    with bench.server(denied_at_all=[plural for _, _, plural, *_ in SERVED]) as server:
        plan = ("preflight", "--phase", "upgrade", "--no-azure")
        for command in (("analyze",), ("status",), ("check",), ("snapshot",), plan):
            run = bench.run(*command, config=server.kubeconfig())
            checks.ends(command[0] + " without any right", run, 4, "cannot read anything of the cluster", "is forbidden", "help permissions")
        part = bench.run(*plan, SAMPLE, "--fail-on", "never", config=server.kubeconfig())
        checks.ends("preflight without any right: the manifests that are named are looked at", part, 5, "could not read context test")


def sign_in(checks, bench):
    with bench.server() as server:
        wrong = bench.analyze(server, config=server.kubeconfig(token="stale"))
        checks.ends("sign-in: a token that is not taken", wrong, 4, "Unauthorized")
        good = bench.analyze(server, config=server.kubeconfig(**bench.plugin(GIVES_TOKEN)))
        checks.ends("sign-in: by a program", good, 3, "context test")
        checks.same("sign-in: the program runs once", bench.plugin_runs(), 1)
        told = bench.analyze(server, config=server.kubeconfig(**bench.plugin("echo type the code 123 there >&2\n" + GIVES_TOKEN)))
        checks.ends("sign-in: what the program says meanwhile is passed on", told, 3, "type the code 123 there\n")
        broken = bench.analyze(server, config=server.kubeconfig(**bench.plugin("echo no luck >&2; exit 3")))
        checks.ends("sign-in: the program fails", broken, 4, "ended with 3", "no luck")
        user = bench.plugin(GIVES_TOKEN)
        user["exec"]["command"] = "no-such-program-here"
        missing = bench.analyze(server, config=server.kubeconfig(**user))
        checks.ends("sign-in: the program is not installed", missing, 4, "no-such-program-here", "install it from somewhere")
        begin = time.monotonic()
        slow = bench.analyze(server, "--timeout", "2s", config=server.kubeconfig(**bench.plugin("sleep 60")))
        checks.ends("sign-in: the program hangs", slow, 6, "allow more time: --timeout 8s")
        checks.check("sign-in: the deadline ends it", "" if time.monotonic() - begin < 20 else slow.err)
        stale = bench.analyze(server, config=server.kubeconfig(**bench.plugin(GIVES_TOKEN.replace(TOKEN, "stale"))))
        checks.ends("sign-in: a stale token of the program", stale, 4, "Unauthorized")
        checks.same("sign-in: it is asked once more", bench.plugin_runs(), 2)
        token_file = bench.write("token", TOKEN + "\n")
        checks.ends("sign-in: a token file", bench.analyze(server, config=server.kubeconfig(tokenFile=token_file)), 3)


def trust(checks, bench):
    with bench.server() as server:
        def with_cluster(**entry):
            config = yaml.safe_load(server.kubeconfig())
            config["clusters"][0]["cluster"] = {key: value for key, value in {**config["clusters"][0]["cluster"], **entry}.items() if value}
            return yaml.safe_dump(config)

        checks.ends("trust: no proxy lies before this machine", bench.analyze(server, env={"HTTPS_PROXY": "http://127.0.0.1:1"}), 3)
        alone = {"certificate-authority": None}
        checks.ends("trust: an authority that nobody knows", bench.analyze(server, config=with_cluster(**alone)), 1, "certificate")
        checks.ends("trust: anybody, when the kubeconfig says so",
                    bench.analyze(server, config=with_cluster(**alone, **{"insecure-skip-tls-verify": True})), 3)
        checks.ends("trust: another name in the certificate", bench.analyze(server, config=with_cluster(**{"tls-server-name": "api.example.org"})), 3)
        checks.ends("trust: a name that the certificate lacks",
                    bench.analyze(server, config=with_cluster(**{"tls-server-name": "other.example.org"})), 1, "certificate")


def refused_configs(checks, bench):
    with bench.server() as server:
        def config(cluster=None, user=None, context=None):
            out = yaml.safe_load(server.kubeconfig())
            out["clusters"][0]["cluster"].update(cluster or {})
            out["users"][0]["user"].update(user or {})
            out["contexts"][0]["context"].update(context or {})
            return yaml.safe_dump(out)

        key = os.path.join(bench.folder, "encrypted.pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-aes256", "-pass", "pass:x",
                        "-out", key], check=True, capture_output=True)
        pair = {"client-certificate": server.certificate, "client-key": key}
        checks.ends("config: an encrypted client key", bench.analyze(server, config=config(user=pair)), 1, "client certificate and its key")
        for what, text, says in (
                ("a user that is not there", config(context={"user": "nope"}), "'nope'"),
                ("groups without a user to act as", config(user={"as-groups": ["g"]}), "acts as groups"),
                ("no verification beside an authority", config(cluster={"insecure-skip-tls-verify": True}), "both"),
                ("a certificate without a key", config(user={"client-certificate": server.certificate}), "without a key")):
            checks.ends("config: " + what, bench.analyze(server, config=text), 2, "context 'test'", says)
        acting = bench.analyze(server, config=config(user={"as": "u", "as-user-extra": {"scopes": ["a", "b"]}}))
        checks.ends("config: acting as somebody", acting, 3)


def plain_http(checks, bench):
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            seen.append(self.headers.get("Authorization"))
            self.send_error(403)

    plain = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=plain.serve_forever, daemon=True).start()
    with bench.server() as server:
        config = yaml.safe_load(server.kubeconfig())
        config["clusters"][0]["cluster"] = {"server": f"http://127.0.0.1:{plain.server_address[1]}"}
        bench.analyze(server, config=yaml.safe_dump(config))
    plain.shutdown()
    checks.same("http: no token goes out in the clear", set(seen), {None})


def odd_answers(checks, bench):
    pods = "/api/v1/pods"
    for what, answer in (("items that are no list", {"kind": "PodList", "items": "x"}), ("no list at all", {"kind": "Pod"}),
                         ("a page that leads to itself", {"kind": "PodList", "metadata": {"continue": "same"}, "items": []})):
        with bench.server() as server:
            server.odd[pods] = answer
            run = bench.run("status", "-o", "json", config=server.kubeconfig())
            checks.same(f"odd answers: {what}", (run.code, [each["what"] for each in run.json["unavailable"]]), (5, ["pods in all namespaces"]))
    with bench.server() as server:
        server.odd[pods] = {"kind": "PodList", "apiVersion": "v1", "items": None}
        checks.same("odd answers: null for an empty list", bench.analyze(server, "-o", "json").json["unavailable"], [])
        server.odd["/apis"] = {"kind": "APIGroupDiscoveryList", "items": []}
        checks.ends("odd answers: a server that serves nothing", bench.run("status", config=server.kubeconfig()), 1, "serves nothing")


def interrupted(checks, bench):
    for command in (["analyze"], ["status"], ["status", "--contexts", "test"], ["check", "--wait"], ["check", "--watch"]):
        with bench.server(faults={"pods": ["hang"] * 9}) as server:
            environment = {"PATH": "/usr/bin:/bin", "HOME": bench.folder, "KUBECONFIG": bench.write("config", server.kubeconfig())}
            process = subprocess.Popen([bench.binary, *command], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True, encoding="utf-8")
            for _ in range(200):
                if "/api/v1/pods?limit=500" in server.requests:
                    break
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=60)
            checks.same("interrupted: " + " ".join(command), (process.returncode, out), (130, ""))


def unused_options(checks, bench):
    with bench.server() as server:
        good = bench.write("good.yaml", "{apiVersion: v1, kind: Namespace, metadata: {name: a}}")
        checks.ends("options: a context beside files", bench.analyze(server, good, "--context", "test"), 2, "--context is of no use")
        checks.ends("options: neither files nor cluster", bench.analyze(server, "--use-kube=false"), 2, "nothing to analyze")
        checks.same("options: then nothing is asked", server.requests, [])


def faults(checks, bench):
    for fault in ("429", "500", "cut"):
        with bench.server(faults={"pods": [fault]}) as server:
            checks.ends(f"fault {fault}: it is asked again", bench.analyze(server, "--fail-on", "never"), 0)
    with bench.server(faults={"pods": ["hang"] * 9}) as server:
        begin = time.monotonic()
        run = bench.analyze(server, "--request-timeout", "1s", "--timeout", "4s", "-o", "json", "--fail-on", "never")
        checks.check("fault hang: the deadline ends it", "" if time.monotonic() - begin < 20 else run.err)
        checks.same("fault hang: what else was read counts", (run.code, [each["what"] for each in run.json["unavailable"]]),
                    (5, ["pods in all namespaces"]))
    with bench.server() as server:
        config = server.kubeconfig()
    checks.ends("fault: nobody there", bench.run("analyze", config=config), 1, "cannot reach 127.0.0.1")


def secrets(checks, bench):
    with bench.server() as server:
        trace = os.path.join(bench.folder, "trace")
        run = bench.analyze(server, "-v", "--trace-file", trace)
        with open(trace, encoding="utf-8") as file:
            traced = file.read()
        checks.check("secrets: no token in trace or output", "" if TOKEN not in traced + run.out + run.err else "it is there")
        checks.check("secrets: the trace tells the requests", "" if "/api/v1/pods" in traced else traced[:300])


def merged(checks, bench):
    with bench.server() as server:
        before = bench.analyze(server, "--only", "AKM2001", "-o", "json")
        extra = bench.write("extra.yaml", "{apiVersion: networking.istio.io/v1beta1, kind: ProxyConfig, metadata: {name: p, namespace: shop}, spec: {}}")
        after = bench.analyze(server, "--live", extra, "-o", "json", "--fail-on", "never")
        checks.same("merged: objects of files and cluster", [each["where"]["file"] for each in after.json["findings"] if "where" in each
                                                            and each["object"]["kind"] == "ProxyConfig"][:1], [extra])
        moved = bench.write("moved.yaml", "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {istio.io/rev: asm-1-28}}}")
        over = bench.analyze(server, "--live", moved, "--only", "AKM3001", "-o", "json")
        checks.same("merged: of two of one name that of the file counts", (over.json["findings"], "note:" in over.err), ([], False))
        checks.check("merged: the cluster's stay", "" if len(after.json["findings"]) > len(before.json["findings"]) else after.out)


def mistakes(checks, bench):
    with bench.server() as server:
        checks.ends("mistakes: a context that is not there", bench.analyze(server, "--context", "prod"), 2, "'prod'", "one of test")
    checks.ends("mistakes: no kubeconfig at all", bench.run("analyze"), 2, "aksmesh credentials")
    checks.ends("mistakes: a kubeconfig that is not there", bench.run("analyze", "--kubeconfig", "nowhere"), 2, "nowhere")


CASES = [*STATUS_CASES, *PROXY_CASES, *SAVED_PROXY_CASES, *DASHBOARD_CASES, *DESCRIBE_CASES, *CONTEXT_CASES, *STREAM_CASES, *WATCH_CASES, same_as_files, narrow_reading, pages, rights, no_rights, sign_in, trust, refused_configs,
         plain_http, odd_answers, interrupted, unused_options, faults, secrets, merged, mistakes, *HEALTH_CASES, *IN_FORCE_CASES,
         *BOTH_SIDES_CASES, *injection.CASES, *WEAKNESS_CASES]


def in_a_folder(case):
    """The case with a folder of its own, so that many can run side by side."""
    @functools.wraps(case)
    def run(checks, binary):
        with tempfile.TemporaryDirectory() as folder:
            case(checks, Bench(binary, folder))
    return run


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: run.py BINARY")
    # What a shell starts in the background ignores Ctrl-C, and so does all that it starts in turn.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    checks = Checks()
    checks.all_of([in_a_folder(case) for case in CASES], sys.argv[1])
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
