# SPDX-License-Identifier: Apache-2.0
"""The network of the pods: a bridge, and a network namespace with the pod's address for each pod that runs something."""

import hashlib
import os
import shutil
from pathlib import Path

from .layout import BRIDGE, HOST_IP, LINK_PREFIX, NAMESPACE_PREFIX, POD_BITS
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


def set_up():
    run_tool("ip", "link", "add", BRIDGE, "type", "bridge")
    run_tool("ip", "addr", "add", f"{HOST_IP}/{POD_BITS}", "dev", BRIDGE)
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


def add(name, address, hosts):
    """A namespace with an address of the bridge's network; `hosts` is what its /etc/hosts says."""
    link = LINK_PREFIX + name.removeprefix(NAMESPACE_PREFIX)
    run_tool("ip", "netns", "add", name)
    run_tool("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name)
    run_tool("ip", "link", "set", link, "master", BRIDGE, "up")
    run_tool("ip", "-n", name, "addr", "add", f"{address}/{POD_BITS}", "dev", "eth0")
    run_tool("ip", "-n", name, "link", "set", "eth0", "up")
    run_tool("ip", "-n", name, "link", "set", "lo", "up")
    run_tool("ip", "-n", name, "route", "add", "default", "via", HOST_IP)
    (ETC / name).mkdir(parents=True, exist_ok=True)
    (ETC / name / "hosts").write_text("127.0.0.1 localhost\n" + hosts, encoding="utf-8")
    (ETC / name / "resolv.conf").write_text("nameserver 127.0.0.1\n", encoding="utf-8")


def remove(name):
    try_tool("ip", "netns", "del", name)
    shutil.rmtree(ETC / name, ignore_errors=True)
