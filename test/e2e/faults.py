# SPDX-License-Identifier: Apache-2.0
"""Servers that go away, tokens that ran out, programs that hang: no run may hang, crash or tell what is not so."""

import base64
import json
import os
import signal
import socket
import stat
import threading
import time

from bed import plane
from bed.processes import run_tool
from rights import PLACE, account, blind_passes

# What the program is told, and how long it may take at most: generous, for a machine that is busy.
TIMEOUT = "5s"
GRACE = 90
# The part of its answers after which a run is in the middle of its lists.
MIDDLE = 0.6
NEVER = 1 << 40
# What is found is not the question here.
QUIET = {"analyze": ("--fail-on", "never")}


class Relay:
    """Passes bytes on to the API server, and calls `event` once, when so many have come back from it."""

    def __init__(self, control_plane, after):
        self.target = (control_plane.address, control_plane.port)
        self.left = after
        self.event = lambda: None
        self.fired = False
        # Set when the event is over.
        self.gone = threading.Event()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.server = f"https://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            try:
                server = socket.create_connection(self.target, timeout=5)
                server.settimeout(None)
            except OSError:
                client.close()
                continue
            threading.Thread(target=self.pump, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, True), daemon=True).start()

    def pump(self, source, target, counted):
        try:
            while chunk := source.recv(16384):
                if counted:
                    self.count(len(chunk))
                target.sendall(chunk)
        except OSError:
            pass
        for each in (source, target):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def count(self, size):
        with self.lock:
            self.left -= size
            fire = self.left <= 0 and not self.fired
            self.fired = self.fired or fire
        if fire:
            self.event()
            self.gone.set()

    def __enter__(self):
        return self

    def close(self):
        """Whoever connects from now on is refused."""
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()

    def __exit__(self, *error):
        self.close()


def admin(server):
    return plane.kubeconfig({"client-certificate": str(plane.PKI / "admin.crt"), "client-key": str(plane.PKI / "admin.key")}, server)


def answered(bed, program, command):
    """Bytes that an undisturbed run gets from the API server."""
    with Relay(bed.plane, NEVER) as relay:
        program.run(*command, kubeconfig=admin(relay.server))
    return NEVER - relay.left


def server_dies(checks, bed, program):
    """In the middle of the lists, and stays away."""
    for name in ("analyze", "status"):
        command = [name, "-o", "json", *QUIET.get(name, ())]
        with Relay(bed.plane, answered(bed, program, command) * MIDDLE) as relay:
            relay.event = lambda relay=relay: (bed.plane.crash_api_server(), relay.close())
            try:
                run = program.run(*command, kubeconfig=admin(relay.server), limit=GRACE * 2)
            finally:
                bed.plane.restart_api_server()
        checks.same(f"server dies: {name} was in the middle", relay.fired, True)
        checks.ends(f"server dies: {name} could not read everything", run, 5)
        checks.check(f"server dies: {name} names what it could not read", "" if run.json["unavailable"] else run.out[-600:])
        checks.same(f"server dies: {name} calls nothing passed that it could not read", blind_passes(run.json) if name == "analyze" else [], [])


def server_comes_back(checks, bed, program):
    """It may be waited for or not; what is told must be so."""
    command = ["analyze", "-o", "json", *QUIET["analyze"]]
    with Relay(bed.plane, answered(bed, program, command) * MIDDLE) as relay:
        relay.event = bed.plane.crash_api_server
        restarting = threading.Thread(target=lambda: (relay.gone.wait(GRACE), bed.plane.restart_api_server()))
        restarting.start()
        run = program.run(*command, kubeconfig=admin(relay.server), limit=GRACE * 2)
        restarting.join()
    checks.same("server comes back: it was in the middle", relay.fired, True)
    checks.check("server comes back: the run ends", "" if run.code in (0, 5) else f"exit {run.code}: {run.err[-600:]}")
    if run.code == 0:
        checks.same("server comes back: a run that ends well read all", (run.json["complete"], run.json["unavailable"]), (True, []))


def server_hangs(checks, bed, program):
    """It takes connections and never answers."""
    pid = bed.processes.alive()["api-server"]
    os.kill(pid, signal.SIGSTOP)
    try:
        for command in ("analyze", "status"):
            run = program.run(command, "--timeout", TIMEOUT, limit=GRACE)
            checks.ends(f"server hangs: {command} ends at its time-out", run, 6, "--timeout")
    finally:
        os.kill(pid, signal.SIGCONT)
    bed.plane.wait_ready()


def encoded(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def token(bed, name, lifetime):
    """A service account's token as the API server would sign it, also for a time that is over."""
    account(bed.cluster, name, "ClusterRoleBinding")
    now = int(time.time())
    uid = bed.cluster.get("v1", "ServiceAccount", name, PLACE)["metadata"]["uid"]
    claims = {"iss": "https://kubernetes.default.svc", "aud": ["https://kubernetes.default.svc"], "sub": f"system:serviceaccount:{PLACE}:{name}",
              "iat": now - 7200, "nbf": now - 7200, "exp": now + lifetime,
              "kubernetes.io": {"namespace": PLACE, "serviceaccount": {"name": name, "uid": uid}}}
    body = encoded({"alg": "RS256", "typ": "JWT"}) + "." + encoded(claims)
    (plane.PKI / "body").write_text(body, encoding="utf-8")
    run_tool("openssl", "dgst", "-sha256", "-sign", plane.PKI / "sa.key", "-out", plane.PKI / "signature", plane.PKI / "body")
    return body + "." + encoded((plane.PKI / "signature").read_bytes())


def token_expired(checks, bed, program):
    for lifetime, code in ((3600, 5), (-3600, 4)):
        config = plane.kubeconfig({"token": token(bed, "short-lived", lifetime)}, bed.plane.server)
        for command in ("analyze", "status"):
            run = program.run(command, *QUIET.get(command, ()), kubeconfig=config)
            what = "a token that still counts" if lifetime > 0 else "an expired token"
            checks.ends(f"{what}: {command}", run, code, *([] if lifetime > 0 else ["401"]))


def plugin_hangs(checks, bed, program):
    """The program that is to sign in never ends."""
    path = os.path.join(program.folder.name, "slow-plugin")
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexec sleep 1000\n")
    os.chmod(path, stat.S_IRWXU)
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": path, "interactiveMode": "Never"}}
    config = plane.kubeconfig(user, bed.plane.server)
    for command in ("analyze", "status"):
        run = program.run(command, "--timeout", TIMEOUT, kubeconfig=config, limit=GRACE)
        checks.ends(f"plug-in hangs: {command} ends at its time-out", run, 6, "slow-plugin")


FAULTS = [server_dies, server_comes_back, server_hangs, token_expired, plugin_hangs]
