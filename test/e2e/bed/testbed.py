# SPDX-License-Identifier: Apache-2.0
"""The bed as a whole: up, with cleaning up on every way out, and down."""

import fcntl
import os
import shutil
import signal
from pathlib import Path

from . import mesh, network, nodes, plane
from .layout import INGRESS, LOCK, LOGS, RUN
from .pods import Pods
from .processes import BedError, Processes, wait_until

REVISIONS = ("asm-1-28", "asm-1-29")


class Terminated(BaseException):
    """SIGTERM, so that everything on the stack cleans up."""


def hold_lock():
    """One bed at a time on a machine; the file says whose it is, and where what runs of it is noted."""
    LOCK.parent.mkdir(parents=True, exist_ok=True)
    lock = open(LOCK, "a+", encoding="utf-8")  # noqa: SIM115
    lock.seek(0)
    owner, _, run = lock.read().strip().partition(" ")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise BedError(f"another test bed is up, that of process {owner or '?'}") from None
    if run and Path(run).exists():
        sweep(Path(run))
    lock.truncate(0)
    lock.write(f"{os.getpid()} {RUN}")
    lock.flush()
    return lock


def sweep(run=RUN):
    """Ends and removes all of a bed, also of one whose run crashed."""
    if run.exists():
        Processes(run).stop(seconds=3)
    network.tear_down()
    shutil.rmtree(run, ignore_errors=True)


class TestBed:
    """To be used by `with`; leaves nothing behind, whatever happens inside."""

    def __init__(self, revisions=REVISIONS):
        self.revisions = revisions
        self.lock = None
        self.processes = self.plane = self.pods = None

    @property
    def cluster(self):
        return self.plane.cluster

    def __enter__(self):
        self.lock = hold_lock()
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.on_signal)
        # A shell starts what it runs in the background with this one ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            sweep()
            self.up()
        except BaseException:
            keep_logs()
            self.down()
            raise
        return self

    def __exit__(self, kind, error, trace):
        keep_logs()
        self.down()

    @staticmethod
    def on_signal(number, frame):
        raise Terminated(f"signal {number}")

    def up(self):
        RUN.mkdir(mode=0o700, parents=True)
        addresses = network.free_network()
        network.set_up(addresses)
        self.processes = Processes()
        self.plane = plane.ControlPlane(self.processes, addresses.host)
        self.plane.start()
        nodes.start(self.processes, self.cluster, addresses)
        self.pods = Pods(self.processes, self.cluster, addresses)
        self.cluster.apply(mesh.namespaces())
        for revision in self.revisions:
            self.cluster.apply(mesh.control_plane(revision))
        for revision in self.revisions:
            self.pods.start_istiods(revision, mesh.AUTOSCALED["minReplicas"])
        self.cluster.apply([mesh.blocking_webhook(), *mesh.gateways(self.revisions)])
        wait_until("the gateways", self.gateways_scaled)

    def gateways_scaled(self):
        found = self.cluster.list("apps/v1", "Deployment", INGRESS)
        return all(each.get("status", {}).get("readyReplicas", 0) == mesh.AUTOSCALED["minReplicas"] for each in found)

    def down(self):
        # A second signal must not leave half of it.
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        sweep()
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if self.lock:
            self.lock.close()
            self.lock = None


def keep_logs():
    """Beside the run, until the next one replaces them."""
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    for log in RUN.glob("*.log"):
        shutil.copy(log, LOGS)
