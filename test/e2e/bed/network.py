# SPDX-License-Identifier: Apache-2.0
"""The network of the pods: a bridge, and a network namespace with the pod's address for each pod that runs something."""

import hashlib
import ipaddress
import json
import os
import shutil
from pathlib import Path

from .layout import BRIDGE, LINK_PREFIX, NAMESPACE_PREFIX
from .processes import BedError, run_tool, try_tool

ETC = Path("/etc/netns")


def forbidden():
    """Why this machine cannot have the network, empty when it can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    probe = NAMESPACE_PREFIX + "probe"
    try:
        run_tool("ip", "netns", "add", probe)
        run_tool("ip", "-n", probe, "link", "add", "probe", "type", "bridge")
        run_tool("ip", "-n", probe, "link", "add", "probe0", "type", "veth", "peer", "name", "probe1")
        run_tool("ip", "netns", "exec", probe, "true")
    except BedError as error:
        return f"network namespaces are not to be had: {error}"
    finally:
        try_tool("ip", "netns", "del", probe)
    return ""


class Network:
    """The addresses of the pods; the highest is that of the machine on the bridge, where the API server listens."""

    def __init__(self, block):
        self.block = block
        self.host = str(block[-2])
        # As kwok wants it: the first address that it may give.
        self.pods = f"{block[1]}/{block.prefixlen}"

    def with_bits(self, address):
        return f"{address}/{self.block.prefixlen}"


def free_network():
    """A block of private addresses that this machine has no route to: that of another cluster on it would be cut off."""
    routes = json.loads(run_tool("ip", "-j", "-4", "route")) + json.loads(run_tool("ip", "-j", "-4", "route", "show", "table", "local"))
    taken = [ipaddress.ip_network(each["dst"]) for each in routes if each["dst"] != "default"]
    for second in range(213, 244):
        block = ipaddress.ip_network(f"10.{second}.0.0/16")
        if not any(block.overlaps(each) for each in taken):
            return Network(block)
    raise BedError("no block 10.213.0.0/16 to 10.243.0.0/16 is free: each overlaps with a route of this machine")


def set_up(network):
    run_tool("ip", "link", "add", BRIDGE, "type", "bridge")
    run_tool("ip", "addr", "add", network.with_bits(network.host), "dev", BRIDGE)
    run_tool("ip", "link", "set", BRIDGE, "up")


def tear_down():
    for folder in (Path("/run/netns"), ETC):
        for left in folder.glob(NAMESPACE_PREFIX + "*"):
            remove(left.name)
    try_tool("ip", "link", "del", BRIDGE)


def name_of(pod):
    """A name for the pod's network namespace that fits into that of a link."""
    meta = pod["metadata"]
    return NAMESPACE_PREFIX + hashlib.sha256(meta["uid"].encode()).hexdigest()[:10]


def add(network, name, address, hosts):
    """A namespace with an address of the bridge's network; `hosts` is what its /etc/hosts says."""
    link = LINK_PREFIX + name.removeprefix(NAMESPACE_PREFIX)
    run_tool("ip", "netns", "add", name)
    run_tool("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name)
    run_tool("ip", "link", "set", link, "master", BRIDGE, "up")
    run_tool("ip", "-n", name, "addr", "add", network.with_bits(address), "dev", "eth0")
    run_tool("ip", "-n", name, "link", "set", "eth0", "up")
    run_tool("ip", "-n", name, "link", "set", "lo", "up")
    run_tool("ip", "-n", name, "route", "add", "default", "via", network.host)
    (ETC / name).mkdir(parents=True, exist_ok=True)
    (ETC / name / "hosts").write_text("127.0.0.1 localhost\n" + hosts, encoding="utf-8")
    (ETC / name / "resolv.conf").write_text("nameserver 127.0.0.1\n", encoding="utf-8")


def remove(name):
    try_tool("ip", "netns", "del", name)
    shutil.rmtree(ETC / name, ignore_errors=True)
