# SPDX-License-Identifier: Apache-2.0
"""kwok plays the nodes with their kubelets: pods are reported as running, exec and port-forward reach their network namespaces."""

import os

import yaml

from . import plane
from .layout import ASSETS, BIN, KUBERNETES, RUN
from .processes import wait_until

STAGES = ("node/fast/node-initialize", "node/heartbeat-with-lease/node-heartbeat-with-lease", "pod/fast/pod-ready", "pod/fast/pod-complete",
          "pod/fast/pod-delete")
TAINT = "node.kubernetes.io/not-ready"
ROOM = {"cpu": "256", "memory": "1Ti", "pods": "20000"}


def node(name, labels=None, taints=(), **info):
    """A node as AKS names and labels them, with room for all."""
    system = {"kubeletVersion": "v" + KUBERNETES, "operatingSystem": "linux", "osImage": "Ubuntu 24.04.3 LTS", "architecture": "amd64",
              "containerRuntimeVersion": "containerd://2.0.0", "kernelVersion": "6.8.0", "kubeProxyVersion": "", "bootID": "",
              "machineID": "", "systemUUID": "", **info}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": {
                "kubernetes.io/hostname": name, "kubernetes.io/os": system["operatingSystem"], **(labels or {})}},
            "spec": {"taints": list(taints)}, "status": {"nodeInfo": system, "capacity": ROOM, "allocatable": ROOM}}


def write_stages():
    stages = RUN / "kwok.yaml"
    stages.write_text("\n---\n".join((ASSETS / "kwok" / "stage" / f"{each}.yaml").read_text(encoding="utf-8") for each in STAGES),
                      encoding="utf-8")
    return stages


def write_wrappers():
    """What an exec into a pod runs, inside that pod's network namespace."""
    folder = RUN / "wrappers"
    folder.mkdir(exist_ok=True)
    for tool in ("pilot-agent", "pilot-discovery"):
        file = folder / tool
        file.write_text(f'#!/bin/sh\n[ -n "$POD_NETNS" ] && exec ip netns exec "$POD_NETNS" {BIN}/{tool} "$@"\nexec {BIN}/{tool} "$@"\n',
                        encoding="utf-8")
        file.chmod(0o755)
    return folder


def crds():
    for file in sorted((ASSETS / "kwok" / "crd" / "bases").glob("*.yaml")):
        with open(file, encoding="utf-8") as text:
            yield from yaml.safe_load_all(text)


def start(processes, cluster, network):
    definitions = list(crds())
    cluster.apply(definitions)
    wait_until("kwok's definitions", lambda: cluster.kind("kwok.x-k8s.io/v1alpha1", "Exec") and cluster.kind("kwok.x-k8s.io/v1alpha1", "PortForward"))
    port = plane.free_ports("127.0.0.1", 1)[0]
    # Once and for all: after a restart kwok would hand out the pods' addresses from the beginning again.
    processes.start("kwok", BIN / "kwok", "--kubeconfig", plane.KUBECONFIG, "--config", write_stages(), "--manage-all-nodes=true",
                    "--node-ip", "127.0.0.1", "--node-port", port, "--tls-cert-file", plane.PKI / "kwok.crt",
                    "--tls-private-key-file", plane.PKI / "kwok.key", "--cidr", network.pods,
                    "--enable-crds=PortForward,ClusterPortForward,Exec,ClusterExec,Logs,ClusterLogs",
                    env={**os.environ, "PATH": f"{write_wrappers()}:{os.environ['PATH']}"})
    pool = {"kubernetes.azure.com/agentpool": "nodepool1", "azureservicemesh/istio.replica.preferred": "true"}
    add(cluster, [node(f"aks-nodepool1-00000000-vmss00000{number}", pool) for number in range(3)])


def add(cluster, nodes):
    """Nodes that are ready at the end."""
    cluster.apply(nodes)
    wait_until("the nodes", lambda: all([is_settled(cluster, each) for each in nodes]))


def is_settled(cluster, wanted):
    """Ready, and as wanted; what is not is set right for the next look."""
    path = cluster.path(wanted)
    now = cluster.call("GET", path)
    if not any(each["type"] == "Ready" and each["status"] == "True" for each in now["status"].get("conditions", [])):
        return False
    # kwok may have begun with the node before it knew what kind of node it is.
    info = wanted["status"]["nodeInfo"]
    same = {name: value for name, value in now["status"]["nodeInfo"].items() if name in info} == info
    if not same:
        cluster.merge(path + "/status", {"status": {"nodeInfo": info}})
    # Nobody but us takes the taint of the beginning away: that controller is off.
    taints = now["spec"].get("taints", [])
    kept = [each for each in taints if each["key"] != TAINT]
    if kept != taints:
        cluster.merge(path, {"spec": {"taints": kept}})
    return same and kept == taints
