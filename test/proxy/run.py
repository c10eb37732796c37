#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what is shown of recorded proxies against what the neighbour showed of them: run.py BINARY. Ends with `N passed, N failed`.

Text is compared once runs of blanks are one, as awk sees it. cases.txt lists the tables; those in test/golden/deviations.md
differ on purpose, and only those may. Inputs of other projects are read from the corpus; without it their cases are left out.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys

from sync import check_sync

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RECORDED = HERE / "recorded"
CORPUS = pathlib.Path(os.environ.get("AKSMESH_CORPUS", ROOT.parent / "shared" / "data"))

passed = 0
failed = 0
left_out = []


def check(what, wrong):
    global passed, failed
    if not wrong:
        passed += 1
        return
    failed += 1
    print(f"FAILED {what}\n  {wrong}")


class Program:
    def __init__(self, binary):
        self.binary = os.path.abspath(binary)

    def run(self, args, folder, stdin=b""):
        clean = {"PATH": os.environ.get("PATH", ""), "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
        return subprocess.run([self.binary, *args], cwd=folder, input=stdin, capture_output=True, timeout=120, env=clean, check=False)


def words(text):
    """Rows as awk sees them."""
    return [" ".join(line.split()) for line in text.splitlines()]


def cases():
    for line in (HERE / "cases.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, args = line.split("|", 1)
            yield name.strip(), args.split()


def deviations():
    """Names of cases that differ on purpose."""
    text = (ROOT / "test" / "golden" / "deviations.md").read_text(encoding="utf-8")
    return set(re.findall(r"^- `([^`]+)`", text, re.MULTILINE))


def places(name, args):
    """The folder to run in, and the recorded table; nothing when its input is not there."""
    if name.startswith("realmesh/"):
        folder = RECORDED / "realmesh" / name.split("/")[1]
        return folder, folder / "golden" / (name.split("/")[2] + ".txt")
    golden = RECORDED / "istioctl" / "golden" / (name + ".stdout")
    if any("in/src-" in arg for arg in args):
        folder = CORPUS / "istioctl"
        return (folder, golden) if folder.is_dir() else None
    return RECORDED / "istioctl", golden


def without_validity(rows):
    """Whether a certificate is valid today is not in a recording."""
    return [re.sub(r" (true|false) (?=[0-9a-f]{8,} )", " ", row) for row in rows]


def difference(name, ours, theirs):
    """Empty when the tables are equal. The neighbour's order of listeners and routes is not stable: there the rows count."""
    ours, theirs = without_validity(ours), without_validity(theirs)
    unstable = any(part in name for part in ("listener", "route", "all"))
    if unstable and collections.Counter(ours) == collections.Counter(theirs) or ours == theirs:
        return ""
    missing = list((collections.Counter(theirs) - collections.Counter(ours)).elements())
    extra = list((collections.Counter(ours) - collections.Counter(theirs)).elements())
    return f"missing {missing[:4]}, too many {extra[:4]}" if missing or extra else "the order differs"


def tables(program):
    expected = deviations()
    differing = set()
    for name, args in cases():
        place = places(name, args)
        if place is None:
            left_out.append(name)
            continue
        done = program.run(args, place[0])
        wrong = difference(name, words(done.stdout.decode()), words(place[1].read_text(encoding="utf-8")))
        if done.returncode != 0:
            wrong = f"exit code {done.returncode}: {done.stderr.decode()[:300]}"
        if wrong and name in expected:
            differing.add(name)
            wrong = ""
        check(name, wrong)
    check("the list of deviations", "" if expected - set(left_out) == differing else f"no longer differ: {sorted(expected - differing)}")


def documents(program):
    """The documents name what the tables show, and hold what Envoy gave."""
    folder = RECORDED / "istioctl"
    dump = json.loads((folder / "in/aks-productpage/config_dump.json").read_text(encoding="utf-8"))
    sections = {section["@type"].rsplit(".", 1)[1]: section for section in dump["configs"]}
    given = {entry["cluster"]["name"]: entry["cluster"] for kind in ("static_clusters", "dynamic_active_clusters")
             for entry in sections["ClustersConfigDump"].get(kind, [])}
    done = program.run(["proxy", "config", "cluster", "-f", "in/aks-productpage/config_dump.json", "-o", "json"], folder)
    shown = json.loads(done.stdout)
    check("cluster: the objects are Envoy's", "" if {item["name"]: item["config"] for item in shown["items"]} == given else "they differ")


def main():
    program = Program(sys.argv[1])
    tables(program)
    documents(program)
    check_sync(check, program)
    if left_out:
        print(f"left out: {len(left_out)} tables, whose inputs are not here")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
