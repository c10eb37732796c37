# SPDX-License-Identifier: Apache-2.0
"""The control plane of Kubernetes: certificates, etcd, API server, controller manager, scheduler."""

import json
import random
import socket

from .client import Cluster
from .layout import BIN, RUN, SERVICE_CIDR
from .processes import BedError, run_tool, wait_until

PKI = RUN / "pki"
KUBECONFIG = RUN / "kubeconfig"


def free_ports(address, count):
    """Ports that nothing listens on, from below those that the system gives to clients: a client that tries again and again
    while its server is away would in the end connect from the server's port to itself, and hold it."""
    found = []
    for port in random.sample(range(20000, 32000), 2000):
        with socket.socket() as probe:
            try:
                probe.bind((address, port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise BedError(f"no {count} ports of {address} are free")


def openssl(*words):
    run_tool("openssl", *words, cwd=PKI)


def sign(name, subject, names):
    """A key and a certificate for client and server."""
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", subject, "-keyout", f"{name}.key", "-out", f"{name}.csr")
    (PKI / f"{name}.ext").write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth,clientAuth\n", encoding="utf-8")
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30",
            "-extfile", f"{name}.ext", "-out", f"{name}.crt")


def make_certificates(address):
    PKI.mkdir(parents=True, exist_ok=True)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=bed-ca", "-keyout", "ca.key", "-out", "ca.crt")
    sign("apiserver", "/CN=kube-apiserver", f"DNS:localhost,IP:127.0.0.1,DNS:kubernetes.default.svc,IP:10.0.0.1,IP:{address}")
    sign("admin", "/O=system:masters/CN=admin", "DNS:admin")
    sign("kwok", "/CN=kwok", "DNS:localhost,IP:127.0.0.1")
    openssl("genrsa", "-out", "sa.key", "2048")
    openssl("rsa", "-in", "sa.key", "-pubout", "-out", "sa.pub")


def kubeconfig(user, server, namespace=None):
    """As text; JSON is YAML."""
    context = {"cluster": "bed", "user": "user", **({"namespace": namespace} if namespace else {})}
    return json.dumps({"apiVersion": "v1", "kind": "Config", "current-context": "bed",
                       "clusters": [{"name": "bed", "cluster": {"server": server, "certificate-authority": str(PKI / "ca.crt")}}],
                       "users": [{"name": "user", "user": user}], "contexts": [{"name": "bed", "context": context}]})


class ControlPlane:
    def __init__(self, processes, address):
        self.processes = processes
        self.address = address
        self.port = free_ports(address, 1)[0]
        self.etcd, self.peer, self.controllers, self.scheduler = free_ports("127.0.0.1", 4)
        self.server = f"https://{address}:{self.port}"
        self.cluster = None

    def start(self):
        make_certificates(self.address)
        self.start_etcd()
        self.start_api_server()
        KUBECONFIG.write_text(kubeconfig({"client-certificate": str(PKI / "admin.crt"), "client-key": str(PKI / "admin.key")}, self.server),
                              encoding="utf-8")
        KUBECONFIG.chmod(0o600)
        self.cluster = Cluster(self.address, self.port, PKI / "ca.crt", PKI / "admin.crt", PKI / "admin.key")
        self.wait_ready()
        self.processes.start("controller-manager", BIN / "kube-controller-manager", "--kubeconfig", KUBECONFIG,
                             "--service-account-private-key-file", PKI / "sa.key", "--root-ca-file", PKI / "ca.crt", "--leader-elect=false",
                             # The nodes are kwok's, and their addresses as well.
                             "--controllers=*,-node-ipam-controller,-node-lifecycle-controller", "--bind-address", "127.0.0.1",
                             "--secure-port", self.controllers,
                             # Without metrics all that the autoscalers do is keep to their minimum, which they may do soon.
                             "--horizontal-pod-autoscaler-sync-period=2s", "--concurrent-horizontal-pod-autoscaler-syncs=20")
        self.processes.start("scheduler", BIN / "kube-scheduler", "--kubeconfig", KUBECONFIG, "--leader-elect=false",
                             "--bind-address", "127.0.0.1", "--secure-port", self.scheduler)

    def start_etcd(self):
        client, peer = f"http://127.0.0.1:{self.etcd}", f"http://127.0.0.1:{self.peer}"
        self.processes.start("etcd", BIN / "etcd", "--data-dir", RUN / "etcd", "--listen-client-urls", client, "--advertise-client-urls", client,
                             "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}",
                             "--unsafe-no-fsync")

    def start_api_server(self):
        self.processes.start(
            "api-server", BIN / "kube-apiserver", "--etcd-servers", f"http://127.0.0.1:{self.etcd}", "--secure-port", self.port,
            "--bind-address", self.address, "--advertise-address", self.address, "--endpoint-reconciler-type", "none",
            "--tls-cert-file", PKI / "apiserver.crt", "--tls-private-key-file", PKI / "apiserver.key", "--client-ca-file", PKI / "ca.crt",
            "--authorization-mode", "RBAC", "--service-cluster-ip-range", SERVICE_CIDR, "--allow-privileged=true",
            "--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", PKI / "sa.pub",
            "--service-account-signing-key-file", PKI / "sa.key", "--kubelet-client-certificate", PKI / "admin.crt",
            "--kubelet-client-key", PKI / "admin.key",
            # Without kube-proxy a Service's address leads nowhere: webhooks are called at the address of a pod behind it.
            "--enable-aggregator-routing=true")

    def wait_ready(self):
        def ready():
            if self.processes.ended("api-server") or self.processes.ended("etcd"):
                raise BedError("a process of the control plane ended")
            return self.cluster.raw("GET", "/readyz") == "ok"
        wait_until("the API server", ready)

    def crash_api_server(self):
        self.processes.kill("api-server")

    def restart_api_server(self):
        self.start_api_server()
        self.wait_ready()
