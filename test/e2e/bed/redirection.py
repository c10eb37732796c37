# SPDX-License-Identifier: Apache-2.0
"""What Istio's init container does in a pod: connections to it reach its Envoy first, and so do those of its application.

On the bed the agent and its Envoy run as root and what stands for the application as another user, so that users tell them apart."""

from . import network
from .processes import run_tool

# Of whoever stands for the application: what it sends goes through its Envoy.
APPLICATION_USER = 65534
INBOUND, OUTBOUND = 15006, 15001
# The ports of the proxy itself and its agent.
UNTOUCHED = "15000,15004,15008,15020,15021,15090"


def redirect(pod):
    """Lays the rules into the pod's network namespace, before anything runs in it: the kernel knows no connection from before its first
    rule, takes the next packet for it as a new one, and sends what istiod answers to the wrong port."""
    name = network.name_of(pod)
    rules = (
        ("PREROUTING", "!", "-i", "lo", "-p", "tcp", "-m", "multiport", "!", "--dports", UNTOUCHED, "-j", "REDIRECT", "--to-ports", INBOUND),
        ("OUTPUT", "-p", "tcp", "-m", "owner", "--uid-owner", APPLICATION_USER, "!", "-d", "127.0.0.0/8", "-j", "REDIRECT", "--to-ports", OUTBOUND))
    for rule in rules:
        run_tool("ip", "netns", "exec", name, "iptables", "-w", "-t", "nat", "-A", *rule)


def as_application(pod, *words):
    """The words of a command that runs in the place of the pod's application."""
    return ["ip", "netns", "exec", network.name_of(pod), "setpriv", f"--reuid={APPLICATION_USER}", f"--regid={APPLICATION_USER}", "--clear-groups", *words]


def as_proxy(pod, *words):
    """Likewise, but past its Envoy, so without its certificate: a caller outside of the mesh."""
    return ["ip", "netns", "exec", network.name_of(pod), *words]
