# SPDX-License-Identifier: Apache-2.0
"""Real istiods, agents and Envoys in the place of the pods' containers, each in a network namespace with its pod's address."""

import json
import re
import shutil
import urllib.request

import yaml

from . import network, plane, redirection
from .layout import ASSETS, BIN, ENVOY, PATCHES, RUN, SYSTEM
from .processes import wait_until

# Upstream's Envoy lacks Istio's own filters, so what would configure them is off.
WITHOUT_FILTERS = {"PILOT_ENABLE_ALPN_FILTER": "false", "PILOT_ENABLE_METADATA_EXCHANGE": "false"}
ADMIN_PORTS = (15000, 15020, 15021, 15090)
ISTIOD_PORTS = (8080, 15010, 15012, 15014)
# A process in a network namespace has mounts of its own: /etc/netns is laid over /etc, and we add the pod's volumes.
SCRIPT = """set -e
mkdir -p {targets}
{mounts}
cd {folder}
ln -sfn /etc etc
ln -sfn /var var
exec {command}
"""


def container_of(pod, name):
    spec = pod["spec"]
    return next((each for each in spec.get("initContainers", []) + spec["containers"] if each["name"] == name), None)


def is_running(pod):
    return pod.get("status", {}).get("phase") == "Running" and "podIP" in pod["status"] and "deletionTimestamp" not in pod["metadata"]


def field(pod, path):
    """What the downward API says of a pod."""
    meta, spec, status = pod["metadata"], pod["spec"], pod["status"]
    label = re.match(r"metadata\.(labels|annotations)\['(.+)'\]", path)
    if label:
        return meta.get(label[1], {}).get(label[2], "")
    return {"metadata.name": meta["name"], "metadata.namespace": meta["namespace"], "metadata.uid": meta["uid"], "status.podIP": status["podIP"],
            "spec.serviceAccountName": spec.get("serviceAccountName", "default"), "status.hostIP": status.get("hostIP", "127.0.0.1"),
            "spec.nodeName": spec["nodeName"]}.get(path, "")


def environment(pod, container):
    out = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "GOMAXPROCS": "1"}
    for each in container.get("env", []):
        if "value" in each:
            out[each["name"]] = each["value"]
        elif "fieldRef" in each.get("valueFrom", {}):
            out[each["name"]] = field(pod, each["valueFrom"]["fieldRef"]["fieldPath"])
    return out


def arguments(pod, container):
    return " ".join(each.replace("$(POD_NAMESPACE)", pod["metadata"]["namespace"]) for each in container["args"])


def revision_of(pod, container):
    """That of the istiod which the proxy talks to."""
    found = re.search(r"istiod-(asm-\d+-\d+)\.", json.dumps(container.get("env", [])))
    return pod["metadata"].get("labels", {}).get("istio.io/rev") or (found[1] if found else "")


def quoted(values):
    return "".join(f"{name}={json.dumps(value)}\n" for name, value in (values or {}).items())


class Pods:
    """What runs in pods, by their name."""

    def __init__(self, processes, cluster, addresses):
        self.processes = processes
        self.addresses = addresses
        self.cluster = cluster
        self.running = {}
        self.unready = []
        self.istiods = {}

    def start(self, pod, program, volumes, command, env):
        """Runs a command with folders of `volumes` in the places that they are named for."""
        namespace = network.name_of(pod)
        folder = RUN / "pods" / namespace
        network.add(self.addresses, namespace, pod["status"]["podIP"], self.hosts())
        if container_of(pod, "istio-init"):
            redirection.redirect(pod)
        mounts = "\n".join(f"mount --bind {source} {target}" for target, source in volumes.items())
        (folder / "run.sh").write_text(SCRIPT.format(targets=" ".join(volumes), mounts=mounts, folder=folder, command=command), encoding="utf-8")
        self.processes.start(namespace, "ip", "netns", "exec", namespace, "bash", folder / "run.sh", env=env)
        meta = pod["metadata"]
        (folder / "pod").write_text(f"{meta['namespace']}/{meta['name']} {pod['status']['podIP']}\n", encoding="utf-8")
        self.running[meta["uid"]] = namespace
        ports = ISTIOD_PORTS if program == "pilot-discovery" else ADMIN_PORTS
        self.cluster.apply(reach(meta, namespace, ports))

    def hosts(self):
        """The bed has no DNS server: the pods know of the istiods from a file."""
        return "".join(f"{address} istiod-{revision}.{SYSTEM}.svc\n" for revision, address in self.istiods.items())

    def folder(self, pod):
        folder = RUN / "pods" / network.name_of(pod)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def start_istiods(self, revision, wanted):
        labels = f"app=istiod,istio.io/rev={revision}"
        pods = []

        def there():
            pods[:] = [each for each in self.cluster.list("v1", "Pod", SYSTEM, labels) if is_running(each)]
            return len(pods) == wanted
        wait_until(f"{wanted} pods of istiod-{revision}", there)
        self.istiods[revision] = pods[0]["status"]["podIP"]
        for pod in pods:
            self.start_istiod(pod, revision)
        self.wait_webhooks(revision)

    def start_istiod(self, pod, revision):
        container = container_of(pod, "discovery")
        folder = self.folder(pod)
        config = yaml.safe_load(self.cluster.get("v1", "ConfigMap", f"istio-{revision}", SYSTEM)["data"]["mesh"])
        config.update(enablePrometheusMerge=False, defaultProviders={})
        config["defaultConfig"]["binaryPath"] = str(ENVOY)
        for each in ("config", "secrets"):
            (folder / each).mkdir()
        (folder / "config" / "mesh").write_text(json.dumps(config), encoding="utf-8")
        env = {**environment(pod, container), **WITHOUT_FILTERS, "SHARED_MESH_CONFIG": f"istio-shared-configmap-{revision}"}
        # There is no token of the pod's account in this place; the configuration of the bed's administrator is.
        env.pop("KUBECONFIG", None)
        command = f"{BIN}/pilot-discovery {arguments(pod, container)} --kubeconfig {plane.KUBECONFIG}"
        self.start(pod, "pilot-discovery", {"/etc/istio/config": folder / "config", "/var/run/secrets": folder / "secrets"}, command, env)

    def wait_webhooks(self, revision):
        """istiod writes its certificate into its webhooks; before that the API server cannot call them."""
        def signed():
            for kind in ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"):
                found = self.cluster.list("admissionregistration.k8s.io/v1", kind, labels=f"istio.io/rev={revision}")
                if not found or not all(each["clientConfig"].get("caBundle") for one in found for each in one["webhooks"]):
                    return False
            return True
        wait_until(f"the webhooks of {revision}", signed)

        def answers():
            """A dry run of a pod that must come back with a sidecar."""
            probe = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "probe", "namespace": "default", "labels": {"istio.io/rev": revision}},
                     "spec": {"containers": [{"name": "app", "image": "example.invalid/app:1"}]}}
            made = self.cluster.call("POST", "/api/v1/namespaces/default/pods?dryRun=All", probe)
            return container_of(made, "istio-proxy") is not None
        wait_until(f"injection by {revision}", answers)

    def start_proxies(self, namespaces=None):
        """Agent and Envoy for every injected pod that has none yet; how many."""
        count = 0
        for pod in self.cluster.list("v1", "Pod"):
            container = container_of(pod, "istio-proxy")
            place = pod["metadata"]["namespace"]
            if not container or not is_running(pod) or pod["metadata"]["uid"] in self.running or (namespaces and place not in namespaces):
                continue
            revision = revision_of(pod, container)
            if revision in self.istiods:
                self.start_proxy(pod, container, revision)
                self.unready.append(pod)
                count += 1
        return count

    def start_proxy(self, pod, container, revision):
        folder = self.folder(pod)
        meta, spec = pod["metadata"], pod["spec"]
        account = spec.get("serviceAccountName", "default")
        for each in ("secrets/istio", "secrets/tokens", "secrets/kubernetes.io/serviceaccount", "secrets/workload-spiffe-uds",
                     "secrets/credential-uds", "istio/proxy", "istio/pod", "lib/envoy"):
            (folder / each).mkdir(parents=True)
        root = self.cluster.get("v1", "ConfigMap", "istio-ca-root-cert", meta["namespace"])["data"]["root-cert.pem"]
        for name, text in {"secrets/tokens/istio-token": self.cluster.token(meta["namespace"], account, audience="istio-ca"),
                           "secrets/kubernetes.io/serviceaccount/token": self.cluster.token(meta["namespace"], account),
                           "secrets/istio/root-cert.pem": root, "istio/pod/labels": quoted(meta.get("labels")),
                           "istio/pod/annotations": quoted(meta.get("annotations"))}.items():
            (folder / name).write_text(text, encoding="utf-8")
        shutil.copy(ASSETS / "istio" / "envoy_bootstrap.json", folder / "lib" / "envoy" / "envoy_bootstrap_tmpl.json")
        istiod = f"istiod-{revision}.{SYSTEM}.svc:15012"
        env = environment(pod, container)
        env.setdefault("PROXY_CONFIG", json.dumps({"binaryPath": str(ENVOY), "discoveryAddress": istiod}))
        env.update(CA_ADDR=istiod, ISTIO_META_ISTIO_VERSION=PATCHES[revision])
        volumes = {"/var/run/secrets": folder / "secrets", "/etc/istio": folder / "istio", "/var/lib/istio": folder / "lib"}
        self.start(pod, "pilot-agent", volumes, f"{BIN}/pilot-agent {arguments(pod, container)} --concurrency 1", env)

    def wait_proxies(self):
        """Until each agent says that its Envoy has its configuration; how many there were to wait for."""
        for pod in self.unready:
            # Not by socat in the pod's namespace: it ends its side of the connection with its input, and Envoy then drops the request.
            wait_until(f"the Envoy in {network.name_of(pod)}", lambda pod=pod: is_answering(pod["status"]["podIP"], 15021, "/healthz/ready"))
        count = len(self.unready)
        self.unready = []
        return count


def is_answering(address, port, path):
    """Whether a server in a pod answers well; the bridge leads to the pods from outside of their namespaces as well."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://{address}:{port}{path}", timeout=10) as answer:
        return answer.status == 200


def reach(meta, namespace, ports):
    """Tells kwok how exec and port-forward get into a pod."""
    place = {"name": meta["name"], "namespace": meta["namespace"]}
    forwards = [{"ports": [port], "command": ["ip", "netns", "exec", namespace, "socat", "STDIO", f"TCP:127.0.0.1:{port}"]} for port in ports]
    return [{"apiVersion": "kwok.x-k8s.io/v1alpha1", "kind": "PortForward", "metadata": place, "spec": {"forwards": forwards}},
            {"apiVersion": "kwok.x-k8s.io/v1alpha1", "kind": "Exec", "metadata": place,
             "spec": {"execs": [{"local": {"envs": [{"name": "POD_NETNS", "value": namespace}]}}]}}]
