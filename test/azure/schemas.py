#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what the Azure commands print with -o json against man/schema: schemas.py PROGRAM [SIMULATOR]

The simulator is looked for beside the program. Ends with `N passed, N failed`.
"""

import json
import os
import subprocess
import sys

try:
    from documents import load_schema, schema_problems, validator_of
except ImportError:
    # Debian's packages belong to its own Python, which need not be the first on the PATH.
    if os.path.realpath(sys.executable) == os.path.realpath("/usr/bin/python3") or not os.path.exists("/usr/bin/python3"):
        raise
    os.execv("/usr/bin/python3", ["python3", *sys.argv])

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "test", "sim"))
from client import CLIENT, SUBSCRIPTION, TENANT, Simulator  # noqa: E402

VAULT = f"{SUBSCRIPTION}/resourceGroups/rg-mesh/providers/Microsoft.KeyVault/vaults/kv"
CA = ["--key-vault-id", VAULT, "--ca-cert-object-name", "a", "--ca-key-object-name", "b", "--root-cert-object-name", "c",
      "--cert-chain-object-name", "d"]
# In this order: each finds what those before it left. The kind of document, the cluster (none: a region), the command.
RUNS = [
    ("revisions", None, ["revisions", "-l", "westus2"]),
    ("revisions", "mesh", ["upgrade", "list"]),
    ("mesh", "demo", ["show"]),
    ("mesh", "mesh", ["show"]),
    ("mesh", "canary", ["upgrade", "status"]),
    ("mesh", "canary", ["wait"]),
    ("gateways", "demo", ["gateway", "list"]),
    ("redirection", "demo", ["redirection", "show"]),
    ("redirection", "mesh", ["redirection", "show"]),
    ("ca", "demo", ["ca", "show"]),
    ("ca", "mesh", ["ca", "show"]),
    ("change", "demo", ["enable", "--dry-run", *CA]),
    ("change", "demo", ["enable", "--yes", "--revision", "asm-1-29", *CA]),
    ("change", "demo", ["enable"]),
    ("ca", "demo", ["ca", "show"]),
    ("change", "mesh", ["gateway", "enable", "external", "--yes"]),
    ("change", "mesh", ["gateway", "enable", "internal", "--yes", "--no-wait"]),
    ("mesh", "mesh", ["wait"]),
    ("gateways", "mesh", ["gateway", "list"]),
    ("change", "mesh", ["redirection", "set", "CNIChaining", "--yes"]),
    ("redirection", "mesh", ["redirection", "show"]),
    ("mesh", "mesh", ["show"]),
    ("change", "mesh", ["upgrade", "start", "--revision", "asm-1-29", "--yes"]),
    ("change", "mesh", ["upgrade", "rollback", "--yes"]),
    ("change", "mesh", ["disable", "--dry-run"]),
    ("error", "osm", ["enable", "--yes"]),
    ("error", "mesh", ["upgrade", "complete", "--confirm", "mesh"]),
    ("error", "absent", ["show"]),
]


def faults_of(kind, document, text):
    out = schema_problems(validator_of(load_schema(kind)), document)
    if next(iter(document)) != "schema":
        out.append("schema does not come first")
    if "fake-secret" in text:
        out.append("the secret is shown")
    return out


def run(binary, environment, kind, cluster, arguments):
    where = ["-g", "rg-mesh", "--cluster", cluster] if cluster else []
    done = subprocess.run([binary, *arguments, *where, "-o", "json"], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)
    failed = kind == "error"
    text = done.stderr.strip().split("\n")[-1] if failed else done.stdout
    if (done.returncode != 0) != failed or not text.startswith("{"):
        return [f"code {done.returncode}, stdout {done.stdout[:200]!r}, stderr {done.stderr[:300]!r}"]
    return faults_of(kind, json.loads(text), done.stdout + done.stderr)


def main():
    if len(sys.argv) not in (2, 3):
        raise SystemExit("usage: schemas.py PROGRAM [SIMULATOR]")
    binary = os.path.abspath(sys.argv[1])
    simulator = sys.argv[2] if len(sys.argv) == 3 else os.path.join(os.path.dirname(binary), "aksmesh-sim")
    passed = failed = 0
    with Simulator(simulator, {"operationSeconds": 0.2, "lagSeconds": 0, "retryAfter": 1}) as sim:
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": sim.folder.name, "AKSMESH_ARM_ENDPOINT": sim.ready["endpoint"],
                       "SSL_CERT_FILE": sim.ready["ca"], "AZURE_TENANT_ID": TENANT, "AZURE_CLIENT_ID": CLIENT,
                       "AZURE_CLIENT_SECRET": "fake-secret", "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION.rsplit("/", 1)[1]}
        for kind, cluster, arguments in RUNS:
            problems = run(binary, environment, kind, cluster, arguments)
            passed += not problems
            failed += bool(problems)
            if problems:
                print(f"FAILED {' '.join(arguments)} on {cluster}: {kind}")
            for problem in problems[:5]:
                print(f"  {problem}")
    print(f"{passed} passed, {failed} failed")


if __name__ == "__main__":
    main()
