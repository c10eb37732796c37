#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py PROGRAM: holds the schema tables and `validate` against the reference corpus.

The tables must be what packaging/crd-tables.py makes of the definitions; every rule that stands in a definition must be
in rules.json; and what an API server said of recorded objects must be what the program says of their schema. The corpus is
$AKSMESH_CORPUS, by default ../shared/data beside the checkout; without it, this says that it was left out. Ends with
`N passed, N failed`.
"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.path.abspath(sys.argv[1])
CORPUS = os.environ.get("AKSMESH_CORPUS", os.path.join(ROOT, "..", "shared", "data"))
# What an API server refuses by itself; the reader of the input finds repeated keys.
CODES = ("AKM7001", "AKM7002", "AKM7003", "AKM7004", "AKM9902")

passed = 0
failed = 0


def check(name, problem):
    global passed, failed
    if problem:
        failed += 1
        print(f"FAILED {name}: {problem}")
    else:
        passed += 1


def tables():
    result = subprocess.run([sys.executable, os.path.join(ROOT, "packaging", "crd-tables.py"), "--check"],
                            capture_output=True, text=True, env=dict(os.environ, AKSMESH_CORPUS=CORPUS))
    check("tables", (result.stdout + result.stderr)[:2000] if result.returncode else "")
    with open(os.path.join(CORPUS, "crds", "cel-rules.json"), encoding="utf-8") as f:
        rules = json.load(f)
    with open(os.path.join(ROOT, "lib", "istio", "tables", "rules.json"), encoding="utf-8") as f:
        known = {(row.get("rule"), row["message"]) for row in json.load(f)["rules"]}
    missing = [rule["rule"] for rule in rules if (rule["rule"], rule["message"]) not in known]
    check("rules", f"not in rules.json: {missing}" if missing else "")


def verdicts(name, folder):
    base = os.path.join(CORPUS, "validation")
    with open(os.path.join(base, name), encoding="utf-8") as f:
        recorded = json.load(f)
    for case, entry in sorted(recorded.items()):
        if "apiServer" not in entry:
            continue
        path = os.path.join(base, folder, case + ".yaml")
        result = subprocess.run([PROGRAM, "validate", "-o", "json", path], capture_output=True, text=True)
        if result.returncode not in (0, 3):
            check(case, f"exit {result.returncode}: {result.stderr[:200]}")
            continue
        # A finding that Istio's own rules share is named by one of the two.
        found = [f for f in json.loads(result.stdout)["findings"]
                 if f["code"] in CODES or any(r["code"] in CODES for r in f.get("related", []))]
        accepted = entry["apiServer"]["accepted"]
        told = "; ".join(f["message"] for f in found)
        check(case, "" if accepted == (not found) else
              f"should be {'accepted' if accepted else 'refused: ' + entry['apiServer']['message']} ({told})")


if os.path.isdir(os.path.join(CORPUS, "crds")):
    tables()
    verdicts("verdicts.json", "manifests")
    verdicts("crd-schema.json", "crd-schema")
else:
    print(f"left out: there is no corpus in {CORPUS}; set AKSMESH_CORPUS")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
