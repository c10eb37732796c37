#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run a validate command over the recorded manifests and compare the verdicts.

  check_validation.py --command 'aksmesh validate -f {file}' [--dir DIR] [--truth istioctl|either|api]

{file} becomes the path of the manifest. The command's exit status 0 means accepted, anything else
refused (a crash by a signal always counts as different).
--truth istioctl  refused where istioctl refuses (manifests/)
--truth either    refused where istioctl or the API server's schema refuses (manifests/): the default
--truth api       refused where the schema refuses (crd-schema/; exact only for a tool that checks the schema alone)
"""
import argparse
import json
import os
import shlex
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.environ.get("AKSMESH_CORPUS") or os.path.join(HERE, "..", "..", "..", "shared", "data")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--command", required=True)
    ap.add_argument("--dir", default=os.path.join(CORPUS, "validation"))
    ap.add_argument("--truth", default="either", choices=["istioctl", "either", "api"])
    ap.add_argument("ids", nargs="*")
    opt = ap.parse_args()
    name, sub = ("crd-schema.json", "crd-schema") if opt.truth == "api" else ("verdicts.json", "manifests")
    with open(os.path.join(opt.dir, name), encoding="utf-8") as f:
        truth = json.load(f)
    good = bad = 0
    for cid in sorted(opt.ids or truth):
        e = truth[cid]
        api = e.get("apiServer", {}).get("accepted", True)
        if opt.truth == "api":
            want = api
        else:
            want = e["istioctl"]["verdict"] != "error"
            if opt.truth == "either":
                want = want and api
        path = os.path.join(opt.dir, sub, cid + ".yaml")
        r = subprocess.run(opt.command.replace("{file}", shlex.quote(path)), shell=True, capture_output=True, text=True)
        if r.returncode >= 0 and r.returncode < 128 and (r.returncode == 0) == want:
            good += 1
        else:
            bad += 1
            print(f"FAIL {cid}: exit {r.returncode}, should be {'accepted' if want else 'refused'}: "
                  f"{(e.get('istioctl', {}).get('errors') or [e.get('apiServer', {}).get('message', '')])[:1]}")
    print(f"{good} equal, {bad} different")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
