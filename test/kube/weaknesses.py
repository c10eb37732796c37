# SPDX-License-Identifier: Apache-2.0
"""What `istioctl` gets wrong on the add-on and no other check shows, and the law that weaknesses.md names checks that exist."""

import glob
import json
import os
import re

from injection import serve
from mesh import canary, namespace

HERE = os.path.dirname(os.path.abspath(__file__))
TEST = os.path.dirname(HERE)


def listing_once(checks, bench):
    """It starts informers: each kind is listed and then watched, cluster-wide, for one answer."""
    with bench.server() as server:
        run = bench.analyze(server, "-n", "shop", "-o", "json")
        lists = [each for each in server.requests if "limit=" in each]
        checks.same("weak: nothing is watched for one answer", [each for each in server.requests if "watch=" in each], [])
        checks.same("weak: each kind is listed once", len(lists), len({each.partition("?")[0] for each in lists}))
        checks.same("weak: a document ends as text does", (run.code, bench.analyze(server, "-n", "shop").code), (3, 3))
        for command in ("analyze", "check"):
            away = bench.run(command, "-n", "shpo", "--fail-on", "never", config=server.kubeconfig())
            checks.ends("weak: a namespace that is not there, " + command, away, 5, "no object of namespace shpo", "did you mean shop?")


def told_once(checks, bench):
    """A Gateway whose pods are missing is told there by three analyzers."""
    gateways = [{"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "metadata": {"name": name, "namespace": "shop"}, "spec": {
        "selector": {"app": "own-gateway"}, "servers": [{"port": {"number": 443, "name": "https", "protocol": "HTTPS"}, "hosts": ["shop.example.org"],
                                                         "tls": {"mode": "SIMPLE", "credentialName": "cert"}}]}} for name in ("one",)]
    with bench.server([json.dumps(each) for each in [*canary(), *gateways]]) as server:
        found = [each for each in bench.analyze(server, "-o", "json").json["findings"] if each["object"]["kind"] == "Gateway"]
        about_pods = [each["code"] for each in found if "selector" in json.dumps(each)]
        checks.same("weak: a gateway without pods is told once", len(about_pods), 1)


def default_revision(checks, bench):
    """Without -r it looks for a revision called default, finds nothing, and calls Istio absent."""
    with bench.server([json.dumps(each) for each in [*canary(), namespace("default")]]) as server:
        run = bench.run("status", "--no-proxies", "-o", "json", config=server.kubeconfig())
        checks.same("weak: every revision is looked at", [each["revision"] for each in run.json["revisions"] if each["installed"]], ["asm-1-28", "asm-1-29"])
        run = bench.run("check", "-o", "json", "--fail-on", "never", config=server.kubeconfig())
        told = {each["code"] for each in run.json["findings"]}
        # A webhook check, an image check: there they never fire, because what bears istio.io/rev is hidden.
        checks.check("weak: objects of a revision are seen", "" if {"AKM3006", "AKM4013"} <= told else sorted(told))


def plain_text(checks, bench):
    with serve(bench) as server:
        run = bench.run("injection", "explain", "-n", "shop", config=server.kubeconfig())
        checks.check("weak: no colours in a pipe", run.out if "\x1b" in run.out or not run.out else "")


def texts_of(suite):
    if suite == "unit":
        names = glob.glob(os.path.join(TEST, "unit", "**", "*.cpp"), recursive=True) + glob.glob(os.path.join(TEST, "commands", "*.cpp"))
    else:
        names = glob.glob(os.path.join(TEST, suite, "*.py"))
    out = ""
    for name in names:
        with open(name, encoding="utf-8") as file:
            out += file.read()
    return out


def exists(suite, name, texts):
    if suite == "cases":
        return os.path.isfile(os.path.join(TEST, "checks", name, "expect.json"))
    texts.setdefault(suite, texts_of(suite))
    # The name of a check is a literal, or begins one.
    return bool(name) and '"' + name in texts[suite]


def the_page(checks, bench):
    """Every weakness of weaknesses.md has a check that exists, or says that it is still open."""
    with open(os.path.join(HERE, "weaknesses.md"), encoding="utf-8") as file:
        rows = [line.strip().strip("|").split(" | ") for line in file if line.startswith("| ") and not line.startswith(("| there |", "| --- |"))]
    texts = {}
    for row in rows:
        named = re.findall(r"`(kube|e2e|proxy|cases|unit): ([^`]+)`", row[-1])
        wrong = [f"{suite}: {name}" for suite, name in named if not exists(suite, name, texts)]
        checks.check("weaknesses.md: " + row[0].strip(), f"no such check: {wrong}" if wrong else "" if named or "open" in row[-1] else "no check is named")
    checks.check("weaknesses.md: it has rows", "" if len(rows) > 30 else rows)


WEAKNESS_CASES = [listing_once, told_once, default_revision, plain_text, the_page]
