#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures start-up and `analyze` on synthetic meshes, side by side with istioctl when that is given.

  test/perf/measure.py build/release/bin/aksmesh [--istioctl PATH] [--sizes 1000,10000,50000] [--runs 5]

The two programs take turns, so that a machine that slows down slows both. Each figure is the median of the runs of
whole processes as the operating system accounts for them (wall seconds, processor seconds, peak memory), through GNU time.
Nothing here passes or fails: it prints figures and ratios.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def run_once(command):
    # GNU time starts the program from a small process; a child of this interpreter would begin with its memory.
    with tempfile.NamedTemporaryFile("r") as figures, open(os.devnull, "w") as sink:
        begin = time.perf_counter()
        subprocess.run(["time", "-q", "-f", "%U %S %M", "-o", figures.name, *command], stdout=sink, stderr=sink, check=False)
        wall = time.perf_counter() - begin
        user, system, memory = figures.read().split()
    return wall, float(user) + float(system), int(memory) / 1024


def measure(commands, runs):
    """Median (wall, processor, MB) of each command; they take turns, the first round does not count."""
    rows = [[] for _ in commands]
    for round_number in range(runs + 1):
        for i, command in enumerate(commands):
            row = run_once(command)
            if round_number > 0:
                rows[i].append(row)
    return [tuple(statistics.median(column) for column in zip(*row)) for row in rows]


def show(label, figures):
    line = f"{label:28}"
    for wall, processor, memory in figures:
        line += f" {wall:9.3f} {processor:9.3f} {memory:8.1f}"
    if len(figures) == 2:
        ours, theirs = figures
        line += f" {theirs[0] / ours[0]:9.1f}x {ours[2] / theirs[2]:9.2f}"
    print(line, flush=True)


def main():
    parser = argparse.ArgumentParser(description="measure start-up and analyze")
    parser.add_argument("program")
    parser.add_argument("--istioctl")
    parser.add_argument("--sizes", default="1000,10000,50000")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    program = os.path.abspath(options.program)

    both = options.istioctl is not None
    print(f"{'':28} {'aksmesh':>28}" + (f" {'istioctl':>28} {'faster':>10} {'memory':>9}" if both else ""))
    print(f"{'':28}" + f" {'wall s':>9} {'cpu s':>9} {'MB':>8}" * (2 if both else 1))
    commands = [[program, "version"]]
    if both:
        commands.append([options.istioctl, "version", "--remote=false"])
    show("version", measure(commands, options.runs * 2))
    with tempfile.TemporaryDirectory() as folder:
        for size in (int(text) for text in options.sizes.split(",")):
            mesh = os.path.join(folder, str(size))
            subprocess.run([sys.executable, os.path.join(HERE, "gen_manifests.py"), "--out", mesh, "--total", str(size),
                            "--profile", "aks", "--defects", "0.02"], check=True, stdout=subprocess.DEVNULL)
            commands = [[program, "analyze", mesh]]
            if both:
                commands.append([options.istioctl, "analyze", "--use-kube=false", "-A", mesh])
            show(f"analyze, {size} resources", measure(commands, options.runs))


if __name__ == "__main__":
    main()
