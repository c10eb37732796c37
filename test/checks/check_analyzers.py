#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run an analyze command over the analyzer cases and compare its findings with the recorded ones.

  check_analyzers.py --command 'aksmesh analyze --policy upstream {flags} -o json {inputs}' [--cases DIR] [ID...]

The command is run in the directory of the case. {inputs} becomes the input files or directories,
{flags} the options of the case, which are spelled as istioctl spells them:
  -A | -n NAMESPACE, -i ISTIO-NAMESPACE, --meshConfigFile FILE, -S CODE=RESOURCE;
  --meshNetworksFile FILE and --cluster NAME=FILE[,FILE] have no counterpart in istioctl.
Standard output is a document of schema aksmesh/findings/v1 (design/contracts.md), or a JSON list of objects with
code, level, origin and, where known, reference (file or file:line). Only codes that begin with IST are compared, so a tool may add findings of its own.

--golden golden.json    all analyzers, all kinds (the default: what istioctl says of a live cluster)
--golden istioctl.json  what istioctl itself says of the files (services, pods, namespaces, nodes and
                        secrets in files are ignored by it)
--lines no              do not compare line numbers
"""
import argparse
import collections
import json
import os
import shlex
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.environ.get("AKSMESH_CORPUS") or os.path.join(HERE, "..", "..", "..", "shared", "data")
WITHOUT_LINE = {"IST0107", "IST0108", "IST0125", "IST0135", "IST0136"}


def key(m, lines):
    ref = m.get("reference") or ""
    base, sep, tail = ref.rpartition(":")
    name = base if sep and tail.isdigit() else ref
    if not lines or m["code"] in WITHOUT_LINE:
        ref = name
    return (m["code"], m.get("level", ""), m.get("origin") or "", ref)


def messages(doc):
    if isinstance(doc, list):
        return doc
    out = []
    for f in doc["findings"]:
        o, w = f.get("object", {}), f.get("where", {})
        name = "/".join(x for x in (o.get("namespace"), o.get("name")) if x)
        line = f":{w['line']}" if "line" in w else ""
        out.append({"code": f["code"], "level": f["severity"].capitalize(),
                    "origin": f"{o.get('kind', '')} {name}".strip(), "reference": w.get("file", "") + line})
    return out


def flags(case):
    out = ["-n", case["namespace"]] if case["namespace"] else ["-A"]
    if case["istioNamespace"] != "istio-system":
        out += ["-i", case["istioNamespace"]]
    if case.get("meshConfig"):
        out += ["--meshConfigFile", case["meshConfig"]]
    if case.get("meshNetworks"):
        out += ["--meshNetworksFile", case["meshNetworks"]]
    for s in case["suppress"]:
        out += ["-S", s["code"] + "=" + s["resource"]]
    for a in case["onlyAnalyzers"]:
        out += ["--analyzer", a]
    for name, files in (case.get("clusters") or {}).items():
        out += ["--cluster", name + "=" + ",".join(files)]
    return out


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--command", required=True)
    ap.add_argument("--cases", default=os.path.join(CORPUS, "analyzers", "cases"))
    ap.add_argument("--golden", default="golden.json", choices=["golden.json", "istioctl.json"])
    ap.add_argument("--lines", default="yes", choices=["yes", "no"])
    ap.add_argument("--verbose", action="store_true")
    ap.add_argument("ids", nargs="*")
    opt = ap.parse_args()
    good = bad = skipped = 0
    for cid in sorted(opt.ids or os.listdir(opt.cases)):
        d = os.path.join(opt.cases, cid)
        if not os.path.exists(os.path.join(d, "case.json")):
            continue
        with open(os.path.join(d, "case.json"), encoding="utf-8") as f:
            case = json.load(f)
        path = os.path.join(d, opt.golden)
        if case["compare"] == "skip" or not os.path.exists(path):
            skipped += 1
            continue
        with open(path, encoding="utf-8") as f:
            g = json.load(f)
        want = g["messages"] if opt.golden == "golden.json" else g["json"]["messages"]
        if opt.golden == "istioctl.json" and g.get("unstable"):
            skipped += 1
            continue
        cmd = opt.command.replace("{flags}", " ".join(map(shlex.quote, flags(case))))
        cmd = cmd.replace("{inputs}", " ".join(map(shlex.quote, case.get("inputs") or [])))
        r = subprocess.run(cmd, shell=True, cwd=d, capture_output=True, text=True)
        try:
            got = messages(json.loads(r.stdout))
        except (ValueError, KeyError):
            bad += 1
            print(f"FAIL {cid}: output is not JSON (exit {r.returncode}): {r.stdout[:200]!r} {r.stderr[:200]!r}")
            continue
        lines = opt.lines == "yes" and case["compareLines"]
        free = {(c, o) for c, o, _, _ in case["unstable"]}
        a = collections.Counter(key(m, lines) for m in want if (m["code"], m.get("origin")) not in free)
        b = collections.Counter(key(m, lines) for m in got
                                if m["code"].startswith("IST") and (m["code"], m.get("origin")) not in free)
        miss, extra = a - b, b - a
        if case["compare"] == "atLeast":
            extra = None
        if miss or extra:
            bad += 1
            print(f"FAIL {cid}: {sum(miss.values())} missing, {sum((extra or {}).values())} not expected")
            for what, c in (("missing", miss), ("not expected", extra or {})):
                for k in sorted(c):
                    print(f"     {what}: {' '.join(k)}")
        else:
            good += 1
            if opt.verbose:
                print(f"ok   {cid}")
    print(f"{good} equal, {bad} different, {skipped} skipped")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
