# SPDX-License-Identifier: Apache-2.0
"""A configuration that istiod sends and real Envoys refuse: who has it, and in whose words, live and from a snapshot."""

import os

from bed.processes import wait_until

FILTER = {"apiVersion": "networking.istio.io/v1alpha3", "kind": "EnvoyFilter", "metadata": {"name": "refused", "namespace": "shop"}, "spec": {"configPatches": [
    {"applyTo": "CLUSTER", "match": {"context": "SIDECAR_OUTBOUND", "cluster": {"service": "catalog.shop.svc.cluster.local"}},
     "patch": {"operation": "MERGE", "value": {"connect_timeout": "-1s"}}}]}}


def troubled(program):
    return program.run("status", "-o", "json").json["proxies"]


def refused_configuration(checks, bed, program):
    pods = {each["metadata"]["name"] for each in bed.cluster.list("v1", "Pod", "shop")}
    bed.cluster.apply([FILTER])
    try:
        wait_until("the Envoys of shop to refuse", lambda: len([each for each in troubled(program) if each["state"] == "rejected"]) == len(pods))
        live = program.run("status", "-o", "json")
        proxies = live.json["proxies"]
        checks.same("refused: by every proxy of the namespace, and no other", {(each["namespace"], each["pod"], each["state"]) for each in proxies},
                    {("shop", name, "rejected") for name in pods})
        checks.same("refused: the types are told", {type for each in proxies for type in each["types"]}, {"CDS"})
        checks.same("refused: in the words of the proxies", [each for each in proxies if "duration" not in each.get("error", "")], [])
        counts = {each["namespace"]: each["rejectedConfiguration"] for each in live.json["namespaces"] if each["rejectedConfiguration"]}
        checks.same("refused: the namespaces count them", counts, {"shop": len(pods)})
        text = program.run("status").out
        checks.check("refused: the text tells it", "" if text.count("rejected") >= len(pods) else text)
        found = {each["object"]["name"] for each in program.run("check", "-o", "json", "--only", "AKM9114").json["findings"]}
        checks.same("refused: check finds it", found, pods)
        saved = os.path.join(program.folder.name, "refused.tar.gz")
        checks.ends("refused: a snapshot of it", program.run("snapshot", saved), 0)
        later = program.run("status", "-o", "json", "--snapshot", saved)
        checks.same("refused: the snapshot tells the same", (later.code, {**later.json, "place": ""}), (live.code, {**live.json, "place": ""}))
    finally:
        bed.cluster.delete(FILTER)
    wait_until("the Envoys of shop to be well again", lambda: troubled(program) == [])
    checks.same("refused: nothing is left of it", troubled(program), [])


REFUSED = [refused_configuration]
