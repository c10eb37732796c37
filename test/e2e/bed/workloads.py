# SPDX-License-Identifier: Apache-2.0
"""Manifests of a folder into the cluster, and until what they ask for is there."""

import yaml

from . import nodes
from .client import ApiError
from .processes import wait_until

# Whoever wrote an object, as the API server notes it; an annotation of ours names another.
USER = "bed-user"
MANAGER = "aksmesh.test/manager"
# An object of the bed that is to go.
REMOVE = "aksmesh.test/remove"


class Refused(Exception):
    """The API server or a webhook says no."""


def read_folder(folder):
    """All objects of a folder, in the order of files and documents."""
    out = []
    for file in sorted(folder.glob("[0-9]*.yaml")):
        with open(file, encoding="utf-8") as text:
            out += [each for each in yaml.safe_load_all(text) if each]
    return out


def apply_one(cluster, thing):
    """A freshly defined kind and the account of a new namespace are there some moments later; any other refusal counts at once."""
    annotations = thing["metadata"].get("annotations", {})
    manager = annotations.pop(MANAGER, USER)

    def applied():
        try:
            cluster.apply([thing], manager)
        except ApiError as error:
            if error.status in (404, 429, 500, 503, 504) or "serviceaccount" in str(error):
                raise
            raise Refused(str(error)) from None
        return True
    meta = thing["metadata"]
    wait_until(f"{thing['kind']} {meta.get('namespace', '')}/{meta['name']} to be taken", applied, 120)


def apply_folder(cluster, folder):
    """Objects one after the other, then waits for their pods."""
    things = read_folder(folder)
    for thing in things:
        if REMOVE in thing["metadata"].get("annotations", {}):
            cluster.delete(thing)
        elif thing["kind"] == "Node":
            nodes.add(cluster, [complete(thing)])
        else:
            apply_one(cluster, thing)
        if thing["kind"] == "Pod":
            wait_until(f"Pod {thing['metadata']['name']}", lambda thing=thing: settled(cluster, thing))
    for thing in things:
        if thing["kind"] == "DaemonSet":
            wait_until(f"DaemonSet {thing['metadata']['name']}", lambda thing=thing: scheduled(cluster, thing))
        if thing["kind"] == "Deployment":
            wanted = thing["spec"].get("replicas", 1)
            wait_until(f"Deployment {thing['metadata']['name']}", lambda thing=thing, wanted=wanted: ready_replicas(cluster, thing) >= wanted)
    return things


def is_gone(cluster, thing):
    try:
        cluster.call("GET", cluster.path(thing))
    except ApiError as error:
        return error.status == 404
    return False


def remove(cluster, things):
    """Deletes objects, the last first, and waits until they and the pods of DaemonSets are gone."""
    for thing in reversed(things):
        cluster.delete(thing)
    for thing in things:
        wait_until(f"{thing['kind']} {thing['metadata']['name']} to be gone", lambda thing=thing: is_gone(cluster, thing))
        if thing["kind"] == "DaemonSet":
            labels = ",".join(f"{name}={value}" for name, value in thing["spec"]["selector"]["matchLabels"].items())
            place = thing["metadata"]["namespace"]
            wait_until("its pods to be gone", lambda labels=labels, place=place: not cluster.list("v1", "Pod", place, labels))


def play_cloud(cluster):
    """What Azure's load balancers do: each Service that asks for an address gets one."""
    for number, service in enumerate(cluster.list("v1", "Service")):
        if service["spec"].get("type") == "LoadBalancer" and not service.get("status", {}).get("loadBalancer"):
            address = {"loadBalancer": {"ingress": [{"ip": f"20.7.7.{number + 1}"}]}}
            service.update(apiVersion="v1", kind="Service")
            cluster.merge(cluster.path(service) + "/status", {"status": address})


def settled(cluster, pod):
    """It runs, or the scheduler has said why it cannot."""
    status = cluster.call("GET", cluster.path(pod)).get("status", {})
    return status.get("phase") != "Pending" or any(each.get("reason") == "Unschedulable" for each in status.get("conditions", []))


def scheduled(cluster, daemon_set):
    return cluster.call("GET", cluster.path(daemon_set)).get("status", {}).get("desiredNumberScheduled", 0) > 0


def ready_replicas(cluster, deployment):
    return cluster.call("GET", cluster.path(deployment)).get("status", {}).get("readyReplicas", 0)


def complete(thing):
    """The node of a manifest says only what is special about it."""
    return nodes.node(thing["metadata"]["name"], thing["metadata"].get("labels"), thing.get("spec", {}).get("taints", ()),
                      **thing.get("status", {}).get("nodeInfo", {}))
