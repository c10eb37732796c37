#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the tables of proxy config on large dumps, beside istioctl and beside a program that only reads and validates the JSON.

  test/perf/dumps.py build/release/bin/aksmesh [--istioctl PATH] [--corpus FOLDER] [--runs 5]

The dumps are those of a mesh with 2000 services, 61 MB of configuration and 44 MB of clusters, in the folder perf of the
corpus. The programs take turns, the first round does not count, and each figure is the median of whole processes as GNU time
accounts for them: wall seconds, processor seconds, peak memory in MB. Nothing here passes or fails.
"""
import argparse
import lzma
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
from measure import measure  # noqa: E402

DUMPS = {"config": "config_dump_2000_services.json", "clusters": "clusters_2000_services.json"}
TABLES = [("cluster", "config"), ("listener", "config"), ("route", "config"), ("secret", "config"), ("endpoint", "clusters")]


def unpack(corpus, folder):
    for name in DUMPS.values():
        with lzma.open(os.path.join(corpus, "perf", name + ".xz")) as packed, open(os.path.join(folder, name), "wb") as plain:
            shutil.copyfileobj(packed, plain)


def build_validator(folder):
    """None where there is no compiler or no simdjson: the others are measured all the same."""
    program = os.path.join(folder, "validate")
    done = subprocess.run(["c++", "-O2", "-std=c++20", os.path.join(HERE, "validate.cpp"), "-o", program, "-lsimdjson"], check=False)
    return program if done.returncode == 0 else None


def row(name, size, figures):
    wall, processor, memory = figures
    return f"{name:34} {wall:8.3f} {processor:8.3f} {memory:8.1f} {memory / size:9.2f}x"


def main():
    parser = argparse.ArgumentParser(description="measure the tables of large dumps")
    parser.add_argument("program")
    parser.add_argument("--istioctl")
    parser.add_argument("--corpus", default=os.environ.get("AKSMESH_CORPUS", os.path.join(ROOT, "..", "shared", "data")))
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        unpack(options.corpus, folder)
        validator = build_validator(folder)
        print(f"{'':34} {'wall s':>8} {'cpu s':>8} {'MB':>8} {'of file':>10}")
        for kind, dump in TABLES:
            file = os.path.join(folder, DUMPS[dump])
            size = os.path.getsize(file) / (1 << 20)
            programs = {"aksmesh": [os.path.abspath(options.program), "proxy", "config", kind, "-f", file]}
            if validator:
                programs["read and validate"] = [validator, file]
            if options.istioctl:
                programs["istioctl"] = [options.istioctl, "proxy-config", kind, "-f", file]
            figures = dict(zip(programs, measure(list(programs.values()), options.runs)))
            for name, one in figures.items():
                print(row(f"{kind}: {name}", size, one), flush=True)
            ours = figures["aksmesh"]
            for name, one in figures.items():
                if name != "aksmesh":
                    print(f"{'':34} {name} takes {one[0] / ours[0]:.1f} times the time and {one[2] / ours[2]:.1f} times the memory")


if __name__ == "__main__":
    main()
