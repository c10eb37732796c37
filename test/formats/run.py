#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py PROGRAM: holds real output against the schemas of its formats, with friendly and hostile input.

The SARIF schema comes from a pinned package of the npm registry, through npm; where npm is not installed, that part
says that it was left out. Ends with `N passed, N failed`.
"""
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.path.abspath(sys.argv[1])
SARIF_PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
SARIF_MEMBER = "package/lib/schemas/sarif-2.1.0-rtm.5.json"
SARIF_SHA256 = "2d99159ae54a3eea97f81781cff48780548657c35949f4b7f25e99a2ba4de4f8"

HOSTILE = """\
apiVersion: networking.istio.io/v1
kind: ProxyConfig
metadata:
  name: "x::error::y"
  namespace: "##vso[task.complete]a;b"
---
apiVersion: networking.istio.io/v1
kind: ProxyConfig
metadata: {name: "<b>]]>&100%", namespace: "pipe|in|`name`"}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: "two\\nlines ☃", namespace: "\\u0001"}
---
a: [
"""

passed = 0
failed = 0


def check(name, problems):
    global passed, failed
    if problems:
        failed += 1
        print(f"FAILED {name}")
        for problem in problems[:5]:
            print(f"  {problem}")
    else:
        passed += 1


def run(folder, output, *args):
    return subprocess.run([PROGRAM, "analyze", "-o", output, *args], cwd=folder, capture_output=True, text=True, check=False)


def schema_problems(schema, text):
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [f"{list(error.path)}: {error.message[:200]}" for error in validator.iter_errors(json.loads(text))]


def sarif_schema():
    if shutil.which("npm") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", SARIF_PACKAGE], cwd=folder, check=True, capture_output=True)
        with tarfile.open(os.path.join(folder, os.listdir(folder)[0])) as package:
            text = package.extractfile(SARIF_MEMBER).read()
    if hashlib.sha256(text).hexdigest() != SARIF_SHA256:
        raise SystemExit("the SARIF schema is not the one that was pinned")
    return json.load(io.BytesIO(text))


def junit_problems(text):
    result = subprocess.run(["xmllint", "--noout", "--schema", os.path.join(HERE, "junit.xsd"), "-"], input=text,
                            capture_output=True, text=True, check=False)
    return [] if result.returncode == 0 else result.stderr.splitlines()


def main():
    with open(os.path.join(ROOT, "man/schema/findings.v1.json"), encoding="utf-8") as file:
        findings = json.load(file)
    sarif = sarif_schema()
    if sarif is None:
        print("left out: SARIF against its schema, because npm is not installed")
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "hostile %,:.yaml"), "w", encoding="utf-8") as file:
            file.write(HOSTILE)
        with open(os.path.join(folder, "clean.yaml"), "w", encoding="utf-8") as file:
            file.write("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n")
        shutil.copytree(os.path.join(ROOT, "packaging/sample/shop"), os.path.join(folder, "shop"))
        inputs = {"clean": (["clean.yaml"], 0), "sample": (["shop"], 3), "hostile": (["hostile %,:.yaml"], 3),
                  "missing": (["clean.yaml", "missing.yaml"], 5), "suppressed": (["--show-suppressed", "--suppress", "AKM2001", "shop"], 3)}
        for name, (args, code) in inputs.items():
            codes = {}
            for output in ("text", "wide", "json", "yaml", "sarif", "junit", "github", "azure-pipelines", "markdown"):
                result = run(folder, output, *args)
                codes[output] = result.returncode
                if output == "json":
                    check(f"{name}: findings document", schema_problems(findings, result.stdout))
                if output == "sarif" and sarif is not None:
                    check(f"{name}: SARIF 2.1.0", schema_problems(sarif, result.stdout))
                if output == "junit":
                    check(f"{name}: JUnit", junit_problems(result.stdout))
                if output in ("github", "azure-pipelines"):
                    lines = result.stdout.splitlines()
                    start = ("::error ", "::warning ", "::notice ") if output == "github" else ("##vso[task.logissue ", "##[section]")
                    check(f"{name}: {output} lines", [line for line in lines if not line.startswith(start)] +
                          [line for line in lines if output == "azure-pipelines" and line.count("##vso[") > 1])
            check(f"{name}: the same exit code in every format", [] if set(codes.values()) == {code} else [str(codes)])
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
