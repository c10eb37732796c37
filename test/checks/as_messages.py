#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns a findings document on standard input into the list of messages that check_analyzers.py also reads.

The script makes messages of a findings document itself, but drops the slash of a namespaced object without a name, which
istioctl writes as `Kind namespace/`: no findings document could agree with the record of such an object.
"""
import json
import sys


def message(finding):
    thing, where = finding.get("object", {}), finding.get("where", {})
    place = f"{thing['namespace']}/" if "namespace" in thing else ""
    line = f":{where['line']}" if "line" in where else ""
    return {
        "code": finding["code"],
        "level": finding["severity"].capitalize(),
        "origin": f"{thing.get('kind', '')} {place}{thing.get('name', '')}".strip(),
        "reference": where.get("file", "") + line,
    }


json.dump([message(finding) for finding in json.load(sys.stdin)["findings"]], sys.stdout)
