#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares what is sent with what az sent: parity.py BINARY [SIMULATOR]. Ends with `N passed, N failed`.

For each recorded `az aks mesh` command that sent a PUT the simulator gets the cluster as az read it, the same command is run,
and the members of the body that changed, with their values, must be those that az changed. The commands that may differ are
exactly those of deviations.md. The recordings are found as test/checks/run_corpus.sh finds its own.
"""

import glob
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
from support import QUICK, Checks, Cloud, Programs  # noqa: E402

TRANSCRIPTS = os.path.join(os.environ.get("AKSMESH_CORPUS", os.path.join(ROOT, "..", "shared", "data")), "arm", "transcripts")
# What az does not look at; the recorded clusters lack what egress gateways need.
UNCHECKED = {"disable": ["AKM4002", "AKM4003"], "complete": ["AKM3007"], "enable-egress-gateway": ["egress-static-gateway", "egress-gateway-pool"]}


def left_out_patterns():
    """The members that are never sent, and so are no change: a list of steps each, `*` and `[]` for any."""
    with open(os.path.join(ROOT, "lib", "azure", "tables", "managed-cluster.json"), encoding="utf-8") as file:
        table = json.load(file)
    return [pattern.split(".") for pattern in table["readOnly"] + table["actsWhenSent"]]


PATTERNS = left_out_patterns()


def is_left_out(path):
    return any(len(path) == len(pattern) and all(step in ("*", "[]") or step == have for step, have in zip(pattern, path))
               for pattern in PATTERNS)


def changes(before, after, path=()):
    """What differs, as a path and the new value; `None` where it is gone."""
    if is_left_out(path) or before == after:
        return {}
    if isinstance(before, dict) and isinstance(after, dict):
        found = {}
        for key in {*before, *after}:
            found.update(changes(before.get(key), after.get(key), (*path, key)))
        return found
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        found = {}
        for number, (one, other) in enumerate(zip(before, after)):
            found.update(changes(one, other, (*path, str(number))))
        return found
    return {".".join(path): after}


def recorded(file):
    """The command, the body as it was read, the request that changed it, the revisions of the region; or nothing."""
    with open(file, encoding="utf-8") as opened:
        transcript = json.load(opened)
    read, revisions = None, None
    for exchange in transcript["exchanges"]:
        request, response = exchange["request"], exchange["response"]
        if request["method"] == "PUT":
            return transcript["command"][3:], read, request, revisions
        if "meshRevisionProfiles" in request["path"]:
            revisions = (response["body"].get("value") or [{"properties": {}}])[0]["properties"].get("meshRevisions")
        elif "/managedClusters/" in request["path"]:
            read = response["body"]
    return None


def same_command(command, name):
    words = [word for word in command if word != "-y"]
    if "-o" in words:
        del words[words.index("-o"):words.index("-o") + 2]
    if name and (words[0] == "disable" or words[1] == "complete"):
        words += ["--confirm", name]
    for code in UNCHECKED.get(words[0], UNCHECKED.get(words[1], [])):
        words += ["--skip-checks", code]
    return [*words, "--yes"]


def sent_by_us(programs, command, body, revisions):
    """The request of this program, or what it says instead."""
    scenario = {**QUICK, "clusters": [{"resourceGroup": "rg-mesh", "name": body["name"], "body": body}]}
    if revisions:
        scenario["revisions"] = revisions
    with Cloud(programs, scenario) as cloud:
        run = cloud.run(*same_command(command, body["name"]))
        puts = cloud.puts()
        why = [line.strip()[6:] for line in run.err.splitlines() if line.startswith("  why:")]
        return (puts[0] if puts else None), (why[0] if why else run.err or run.out)


def differences(programs, file):
    command, body, theirs, revisions = recorded(file)
    ours, said = sent_by_us(programs, command, body, revisions)
    if ours is None:
        return ["nothing is sent: " + said.strip()]
    out = []
    if "If-Match" in theirs["headers"] or not ours["headers"].get("if-match"):
        out.append("If-Match is not as deviations.md says")
    az, own = changes(body, theirs["body"]), changes(body, ours["body"])
    for path in sorted({*az, *own}):
        if az.get(path, "not changed") != own.get(path, "not changed"):
            out.append(f"{path}: az {json.dumps(az.get(path, 'not changed'))}, aksmesh {json.dumps(own.get(path, 'not changed'))}")
    return out


def listed():
    with open(os.path.join(HERE, "deviations.md"), encoding="utf-8") as file:
        return set(re.findall(r"^- `([^`]+)`:", file.read(), re.MULTILINE))


def compare(checks, programs):
    files = [file for file in sorted(glob.glob(os.path.join(TRANSCRIPTS, "mesh.*.json"))) if recorded(file)]
    if not files:
        print("left out: there are no recordings of az (AKSMESH_CORPUS)")
        return
    known = listed()
    names = {os.path.basename(file)[:-5]: file for file in files}
    checks.same("deviations.md names recordings", known - set(names), set())
    for name, file in names.items():
        found = differences(programs, file)
        if name in known:
            checks.check(name, "" if found else "is listed in deviations.md, and equal")
            print(f"differs as listed: {name}: {'; '.join(found)}")
        else:
            checks.check(name, "\n  ".join(found))


CASES = [compare]


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: parity.py BINARY [SIMULATOR]")
    checks = Checks()
    checks.all_of(CASES, Programs(sys.argv[1:]))
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
