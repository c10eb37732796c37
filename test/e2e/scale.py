#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints time and memory of the commands that read a whole cluster, at 500 and at 5,000 pods: scale.py BINARY [RUNS].

Figures only: nothing here fails for being slow. Not part of the everyday tests."""

import concurrent.futures
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "azure")]
from bed.interpreter import ensure_yaml  # noqa: E402

ensure_yaml()
from bed import building, network  # noqa: E402
from bed.processes import BedError, wait_until  # noqa: E402
from bed.testbed import REVISIONS, Terminated, TestBed  # noqa: E402
from bed.workloads import apply_folder  # noqa: E402
from runner import Program  # noqa: E402

SIZES = (50, 500)
PODS_EACH = 10
COMMANDS = (["status"], ["analyze"], ["check"])
AT_ONCE = 8


def injected(cluster, revision):
    """Annotations, labels and spec of a pod as the revision's webhook returns it."""
    probe = {"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "app-", "namespace": "default", "labels": {"istio.io/rev": revision, "app": "app"}},
             "spec": {"containers": [{"name": "app", "image": "example.invalid/app:1", "ports": [{"containerPort": 8080}]}]}}
    made = cluster.call("POST", "/api/v1/namespaces/default/pods?dryRun=All", probe)
    meta = {"labels": {name: value for name, value in made["metadata"]["labels"].items() if name != "istio.io/rev"},
            "annotations": made["metadata"]["annotations"]}
    # What admission added for the account of the other namespace is added again.
    spec = made["spec"]
    spec["volumes"] = [each for each in spec["volumes"] if not each["name"].startswith("kube-api-access-")]
    for container in spec.get("initContainers", []) + spec["containers"]:
        container["volumeMounts"] = [each for each in container.get("volumeMounts", []) if not each["name"].startswith("kube-api-access-")]
    return meta, spec


def fill(cluster, number, template):
    """A namespace with a Service and pods; labelled last, so that no webhook is asked for what it has said already."""
    revision, (meta, spec) = template
    name = f"team-{number:03}"
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    cluster.apply([namespace, {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "app", "namespace": name},
                               "spec": {"selector": {"app": "app"}, "ports": [{"name": "http", "port": 8080}]}}])
    wait_until(f"the account of {name}", lambda: cluster.get("v1", "ServiceAccount", "default", name))
    for pod in range(PODS_EACH):
        node = f"aks-nodepool1-00000000-vmss00000{pod % 3}"
        cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": {**meta, "name": f"app-{pod}", "namespace": name}, "spec": {**spec, "nodeName": node}})
    namespace["metadata"]["labels"] = {"istio.io/rev": revision}
    cluster.apply([namespace])


def grow(cluster, first, last):
    templates = [(revision, injected(cluster, revision)) for revision in REVISIONS]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda number: fill(cluster, number, templates[number % 2]), range(first, last)))

    def running():
        pods = cluster.list("v1", "Pod")
        return sum(each.get("status", {}).get("phase") == "Running" for each in pods) >= last * PODS_EACH
    wait_until("the pods", running, 600)
    # The servers of the cluster come to rest.
    time.sleep(15)


# A process that is started inherits the peak of the one that starts it, so a small one stands between.
LAUNCHER = """
import os, sys, time
begin = time.monotonic()
null = os.open(os.devnull, os.O_RDWR)
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, each) for each in (0, 1, 2)])
_, status, usage = os.wait4(pid, 0)
print(time.monotonic() - begin, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))
"""


def measure(program, command):
    """Seconds, peak memory in MB and exit code of one run."""
    words = [sys.executable, "-S", "-E", "-c", LAUNCHER, program.binary, *command, "-o", "json"]
    told = subprocess.run(words, env=program.environment(), capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), float(told[1]), int(told[2])


def report(program, namespaces, runs):
    for command in COMMANDS:
        if not program.has(command[0]):
            continue
        taken = [measure(program, command) for _ in range(runs)]
        seconds = statistics.median(each[0] for each in taken)
        memory = max(each[1] for each in taken)
        print(f"{namespaces * PODS_EACH:>6} pods {namespaces:>4} namespaces  {command[0]:<8} {seconds:7.2f} s {memory:8.1f} MB  exit {taken[0][2]}", flush=True)


def main():
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    reason = network.forbidden()
    if reason:
        print(f"left out: {reason}")
        return 0
    try:
        building.build()
        with TestBed() as bed:
            apply_folder(bed.cluster, HERE / "base")
            program, have = Program(sys.argv[1]), 0
            for size in SIZES:
                begin = time.monotonic()
                grow(bed.cluster, have, size)
                print(f"{size * PODS_EACH} pods were there after {time.monotonic() - begin:.0f} s more", flush=True)
                have = size
                report(program, size, runs)
    except BedError as error:
        print(error)
        return 1
    except (KeyboardInterrupt, Terminated):
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
