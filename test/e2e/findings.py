# SPDX-License-Identifier: Apache-2.0
"""What is planted and expected, and what a command found, as pairs of code and object."""

import datetime
import re

import yaml

from bed.processes import wait_until

# The commands that look for defects of a live cluster, by the words that the lists have for them.
COMMANDS = {
    "analyze": ["analyze"],
    "check": ["check"],
    **{f"preflight {phase}": ["preflight", "--phase", phase, "--no-azure"] for phase in ("enable", "upgrade", "disable", "migrate")},
}


def listed(file):
    with open(file, encoding="utf-8") as text:
        return yaml.safe_load(text)


def expected(entries, command, place):
    """Those that a command must find; some are told of some places alone."""
    return {(entry["code"], entry["object"]) for entry in entries if command in entry["by"] and place in entry.get("where", [place])}


def name_of(thing):
    place = thing["namespace"] + "/" if thing.get("namespace") else ""
    # The end of a pod's name that its ReplicaSet made up is another one in each run.
    return re.sub(r"^(Pod .+)-[0-9a-f]{8,10}-[0-9a-z]{5}$", r"\1-*", f"{thing['kind']} {place}{thing['name']}")


def found(document):
    return {(each["code"], name_of(each["object"]) if "object" in each else "") for each in document["findings"]}


def wait_until_not_new(cluster):
    """A proxy that has just started may still connect, so that for half a minute nothing is told of it."""
    def old():
        begun = [each["status"].get("startTime") for each in cluster.list("v1", "Pod") if each.get("status", {}).get("phase") == "Running"]
        return all(each and (datetime.datetime.now(datetime.timezone.utc) - datetime.datetime.fromisoformat(each)).total_seconds() > 32 for each in begun)
    wait_until("pods to be older than half a minute", old)


def condition(gateway, kind):
    return next((each["status"] for each in gateway.get("status", {}).get("conditions", []) if each["type"] == kind), "")


def wait_conditions(cluster):
    """istiod has looked at the Gateways since their Services have addresses."""
    def told():
        gateways = {each["metadata"]["name"]: condition(each, "Programmed") for each in cluster.list("gateway.networking.k8s.io/v1", "Gateway", "edge")}
        return gateways["front"] == gateways["weather"] == "True"
    wait_until("istiod's word on the Gateways", told)
