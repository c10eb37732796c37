#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long `proxy status` takes on a mesh of many proxies: proxies.py BINARY [--proxies 10000] [--istiods 4] [--runs 3].

Pods and the answers of the istiods are made up here: of a snapshot of them, and of a server on loopback (test/kube/api_server.py), whose
own time is not the program's. Prints figures, and fails on none.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "test" / "proxy"), str(ROOT / "test" / "kube"), str(ROOT / "test" / "azure")]
from api_server import ApiServer  # noqa: E402
from mesh import SYNCZ, istiod_pod  # noqa: E402
from sync import snapshot  # noqa: E402

TYPES = ["cluster.v3.Cluster", "listener.v3.Listener", "endpoint.v3.ClusterLoadAssignment", "route.v3.RouteConfiguration"]
OLD = ["cluster", "listener", "endpoint", "route"]


def answer(number):
    """As istiod 1.28 tells it of one proxy, with what 1.22 told as well."""
    def nonce(kind):
        return f"2026-11-22T23:43:31Z/8{number:08x}-{kind:04x}-4a74-448b-98d4af3eb713"
    entry = {"cluster_id": "Kubernetes", "proxy": f"{name_of(number)}.{space_of(number)}", "proxy_type": "sidecar", "istio_version": "1.28.10"}
    for kind, old in enumerate(OLD):
        entry[old + "_sent"] = entry[old + "_acked"] = nonce(kind)
    entry["resources"] = {"type.googleapis.com/envoy.config." + url: {"sent": nonce(kind), "acked": nonce(kind), "sentTime": "2026-11-22T23:43:31.647773617Z"}
                          for kind, url in enumerate(TYPES)}
    return entry


def name_of(number):
    return f"service-{number % 300}-v1-7d4f8875{number % 97:02d}-{number:05d}"


def space_of(number):
    return f"team-{number % 40}"


def pod(number):
    """About as large as one with a sidecar is."""
    mounts = [{"name": f"volume-{i}", "mountPath": f"/var/run/secrets/istio/part-{i}", "readOnly": True} for i in range(8)]
    env = [{"name": f"SETTING_{i}", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}} for i in range(20)]
    containers = [{"name": name, "image": f"mcr.example/{name}:1.28.10", "env": env, "volumeMounts": mounts,
                   "resources": {"limits": {"cpu": "2", "memory": "1Gi"}, "requests": {"cpu": "100m", "memory": "128Mi"}}} for name in ("istio-proxy", "app")]
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name_of(number), "namespace": space_of(number), "labels": {"app": f"service-{number % 300}", "pod-template-hash": "7d4f8875"},
                         "annotations": {"sidecar.istio.io/status": json.dumps({"revision": "asm-1-28", "volumes": [f"v{i}" for i in range(12)]})}},
            "spec": {"containers": containers, "volumes": [{"name": f"volume-{i}", "emptyDir": {}} for i in range(8)]},
            "status": {"phase": "Running", "startTime": "2026-11-22T20:00:00Z"}}


def timed(command, env, runs):
    """Seconds on the clock and of the processor; the best run counts."""
    best = None
    for _ in range(runs):
        begun = time.monotonic()
        process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        took = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"exit code {process.returncode}: {command}")
        figures = (took, used.ru_utime + used.ru_stime)
        best = min(best or figures, figures)
    return f"{best[0]:6.2f} s on the clock, {best[1]:5.2f} s of the processor"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--proxies", type=int, default=10000)
    parser.add_argument("--istiods", type=int, default=4)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    istiods = [f"istiod-asm-1-28-{i}" for i in range(options.istiods)]
    answers = {name: json.dumps([answer(n) for n in range(i, options.proxies, options.istiods)], separators=(",", ":")) for i, name in enumerate(istiods)}
    pods = [pod(n) for n in range(options.proxies)]
    print(f"{options.proxies} proxies, {options.istiods} istiods: answers {sum(map(len, answers.values())) / 1e6:.1f} MB, "
          f"pods {len(json.dumps(pods)) / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as folder:
        env = {"PATH": "/usr/bin:/bin", "HOME": folder}
        for what, of in (("snapshot", pods), ("snapshot, no other pods", [])):
            path = os.path.join(folder, "mesh.tar.gz")
            snapshot(path, "2026-11-22T23:48:47Z", answers, of)
            for form in ([], ["-o", "json"], ["--summary"]):
                print(f"{what:24} {' '.join(form) or 'table':10} {timed([binary, 'proxy', 'status', '--snapshot', path, *form], env, options.runs)}")
        with ApiServer(folder, []) as server:
            server.objects = [*(istiod_pod("asm-1-28", name.rsplit("-", 1)[1]) for name in istiods), *pods]
            server.pods.answers = {(name, SYNCZ): text for name, text in answers.items()}
            config = os.path.join(folder, "config")
            with open(config, "w", encoding="utf-8") as file:
                file.write(server.kubeconfig())
            for form in ([], ["-n", "team-1"]):
                print(f"{'server':24} {' '.join(form) or 'table':10} {timed([binary, 'proxy', 'status', *form], {**env, 'KUBECONFIG': config}, 1)}")


main()
