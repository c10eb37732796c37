# SPDX-License-Identifier: Apache-2.0
"""Objects of a cluster in the middle of a canary upgrade, as the add-on and Istio make them, for the tests of what tells its state."""

import json

PROXY = "mcr.microsoft.com/oss/istio/proxyv2"


def deployment(namespace, name, ready, wanted, labels=None, containers=()):
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": namespace, "labels": labels or {}},
            "spec": {"replicas": wanted, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": list(containers)}}},
            "status": {"readyReplicas": ready, "replicas": wanted}}


def istiod(revision, tag, ready, wanted):
    return [
        deployment("aks-istio-system", "istiod-" + revision, ready, wanted, {"app": "istiod", "istio.io/rev": revision},
                   [{"name": "discovery", "image": "mcr.microsoft.com/oss/istio/pilot:" + tag}]),
        injector("istio-sidecar-injector-" + revision + "-aks-istio-system", {"app": "sidecar-injector", "istio.io/rev": revision}),
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "istio-sidecar-injector-" + revision, "namespace": "aks-istio-system"},
         "data": {"values": json.dumps({"global": {"hub": "mcr.microsoft.com/oss/istio", "tag": tag, "proxy": {"image": "proxyv2"}}})}}]


def injector(name, labels):
    return {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration", "metadata": {"name": name, "labels": labels},
            "webhooks": []}


def istiod_pod(revision, letter):
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": f"istiod-{revision}-{letter}", "namespace": "aks-istio-system", "annotations": {"prometheus.io/port": "15014"},
                         "labels": {"app": "istiod", "istio.io/rev": revision}},
            "spec": {"containers": [{"name": "discovery", "image": "mcr.microsoft.com/oss/istio/pilot:1"}]}, "status": {"phase": "Running"}}


SENT = "2026-01-01T00:00:00Z/8"  # and 36 signs that make it different each time


def sync(place, name, stale=(), rejected=(), version="1.28.10"):
    """What syncz tells of one proxy."""
    types = {"CDS": "envoy.config.cluster.v3.Cluster", "LDS": "envoy.config.listener.v3.Listener",
             "EDS": "envoy.config.endpoint.v3.ClusterLoadAssignment", "RDS": "envoy.config.route.v3.RouteConfiguration"}
    resources = {}
    for short, url in types.items():
        one = {"sent": SENT + "a" * 36, "acked": SENT + ("b" if short in stale else "a") * 36, "sentTime": "2026-01-01T00:00:00.5Z"}
        if short in rejected:
            one.update({"acked": "", "lastError": f"Error adding/updating {short}: no such thing"})
        resources["type.googleapis.com/" + url] = {key: value for key, value in one.items() if value}
    return {"cluster_id": "Kubernetes", "proxy": f"{name}.{place}", "proxy_type": "sidecar", "istio_version": version, "resources": resources}


SYNCZ = "/debug/syncz"


def syncz():
    """What the istiods of `canary` say, by pod and path."""
    session = {"proxy": "test-1.default", "istio_version": "65536.65536.65536"}
    return {("istiod-asm-1-28-a", SYNCZ): json.dumps([sync("shop", "web-1"), sync("cart", "cart-1", stale=["EDS", "RDS"])]),
            ("istiod-asm-1-28-b", SYNCZ): json.dumps([sync("shop", "web-2", rejected=["LDS"], version="1.28.9"), session]),
            ("istiod-asm-1-29-a", SYNCZ): json.dumps([sync("cart", "cart-2", version="1.29.6")])}


def namespace(name, label=None):
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"istio.io/rev": label} if label else {}}}


def pod(place, name, revision=None, tag=None, native=False, **spec):
    """With a sidecar of a revision and patch, or without one."""
    containers, early = [{"name": "app", "image": "example.invalid/app:1"}], []
    annotations = {}
    if revision:
        (early if native else containers).append({"name": "istio-proxy", "image": PROXY + ":" + tag})
        annotations = {"sidecar.istio.io/status": json.dumps({"revision": revision})}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": place, "annotations": annotations},
            "spec": {"containers": containers, "initContainers": early, **spec}, "status": {"phase": "Running"}}


def gateway(kind, revision, ready, address):
    name = "aks-istio-ingressgateway-" + kind
    return [deployment("aks-istio-ingress", name + "-" + revision, ready, 2, {"istio": name, "istio.io/rev": revision}),
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "aks-istio-ingress", "labels": {"istio": name}},
             "spec": {"type": "LoadBalancer"}, "status": {"loadBalancer": {"ingress": [{"ip": address}]}}}]


def canary():
    return [
        *istiod("asm-1-28", "1.28.10", 2, 2), *istiod("asm-1-29", "1.29.6", 1, 2),
        istiod_pod("asm-1-28", "a"), istiod_pod("asm-1-28", "b"), istiod_pod("asm-1-29", "a"),
        injector("istio-revision-tag-prod-aks-istio-system", {"istio.io/tag": "prod", "istio.io/rev": "asm-1-28"}),
        *gateway("external", "asm-1-28", 2, "20.1.2.3"), gateway("external", "asm-1-29", 0, "")[0],
        namespace("aks-istio-system"), namespace("aks-istio-ingress"), namespace("kube-system"), namespace("plain"),
        namespace("cart", "asm-1-29"), namespace("gone", "asm-1-27"), namespace("pay", "prod"), namespace("shop", "asm-1-28"),
        # Of the right patch, of an older one, none at all, none on purpose, one that is over.
        pod("shop", "web-1", "asm-1-28", "1.28.10"), pod("shop", "web-2", "asm-1-28", "1.28.9"), pod("shop", "web-3"),
        pod("shop", "agent", hostNetwork=True), {**pod("shop", "job"), "status": {"phase": "Succeeded"}},
        # Not restarted yet after the label moved on; a native sidecar.
        pod("cart", "cart-1", "asm-1-28", "1.28.10"), pod("cart", "cart-2", "asm-1-29", "1.29.6", native=True),
        pod("pay", "pay-1", "asm-1-28", "1.28.10"), pod("gone", "gone-1", "asm-1-27", "1.27.3"), pod("plain", "plain-1")]


CANARY_STATUS = {
    "revisions": [
        {"revision": "asm-1-27", "installed": False, "tags": [], "namespaces": 1, "proxies": 1, "connected": 0},
        {"revision": "asm-1-28", "installed": True, "istiod": {"ready": 2, "wanted": 2}, "version": "1.28.10", "tags": ["prod"],
         "namespaces": 2, "proxies": 4, "connected": 3},
        {"revision": "asm-1-29", "installed": True, "istiod": {"ready": 1, "wanted": 2}, "version": "1.29.6", "tags": [], "namespaces": 1,
         "proxies": 1, "connected": 1}],
    "gateways": [
        {"namespace": "aks-istio-ingress", "name": "aks-istio-ingressgateway-external", "revision": "asm-1-28", "pods": {"ready": 2, "wanted": 2},
         "addresses": ["20.1.2.3"]},
        {"namespace": "aks-istio-ingress", "name": "aks-istio-ingressgateway-external", "revision": "asm-1-29", "pods": {"ready": 0, "wanted": 2},
         "addresses": ["20.1.2.3"]}],
    "namespaces": [
        {"namespace": "cart", "label": "asm-1-29", "revision": "asm-1-29", "installed": True, "meshed": 2, "unmeshed": 0, "stale": 1,
         "disconnected": 0, "rejectedConfiguration": 0, "staleConfiguration": 1},
        {"namespace": "gone", "label": "asm-1-27", "installed": False, "meshed": 1, "unmeshed": 0, "stale": 1,
         "disconnected": 1, "rejectedConfiguration": 0, "staleConfiguration": 0},
        {"namespace": "pay", "label": "prod", "revision": "asm-1-28", "installed": True, "meshed": 1, "unmeshed": 0, "stale": 0,
         "disconnected": 1, "rejectedConfiguration": 0, "staleConfiguration": 0},
        {"namespace": "shop", "label": "asm-1-28", "revision": "asm-1-28", "installed": True, "meshed": 2, "unmeshed": 1, "stale": 1,
         "disconnected": 0, "rejectedConfiguration": 1, "staleConfiguration": 0}],
    "otherNamespaces": 1,
    "proxies": [
        {"namespace": "cart", "pod": "cart-1", "revision": "asm-1-28", "state": "stale", "istiod": "istiod-asm-1-28-a", "types": ["EDS", "RDS"],
         "since": "2026-01-01T00:00:00Z"},
        {"namespace": "gone", "pod": "gone-1", "revision": "asm-1-27", "state": "disconnected"},
        {"namespace": "pay", "pod": "pay-1", "revision": "asm-1-28", "state": "disconnected"},
        {"namespace": "shop", "pod": "web-2", "revision": "asm-1-28", "state": "rejected", "istiod": "istiod-asm-1-28-b", "types": ["LDS"],
         "since": "2026-01-01T00:00:00Z", "error": "Error adding/updating LDS: no such thing"}]}
