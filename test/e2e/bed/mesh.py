# SPDX-License-Identifier: Apache-2.0
"""The add-on as AKS installs it: one control plane per revision, ingress gateways, the webhook that refuses blocked resources."""

import json

import yaml

from .layout import BIN, IMAGES, INGRESS, PATCHES, RUN, SYSTEM
from .processes import run_tool

MANAGED = {"kubernetes.azure.com/managedby": "aks"}
ADDRESSES = {"external": "20.1.2.3", "internal": "10.224.0.7"}
AUTOSCALED = {"minReplicas": 2, "maxReplicas": 5}
HEALTH = "service.beta.kubernetes.io/port_80_health-probe_"


def namespaces():
    return [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": MANAGED}} for name in (SYSTEM, INGRESS)]


def control_plane(revision):
    """What Istio's charts make of the add-on's values."""
    operator = {"apiVersion": "install.istio.io/v1alpha1", "kind": "IstioOperator", "spec": {
        "profile": "minimal", "revision": revision, "namespace": SYSTEM, "hub": IMAGES, "tag": PATCHES[revision],
        "meshConfig": {"rootNamespace": SYSTEM}, "components": {"pilot": {"enabled": True}},
        "values": {"global": {"istioNamespace": SYSTEM},
                   "pilot": {"autoscaleMin": AUTOSCALED["minReplicas"], "autoscaleMax": AUTOSCALED["maxReplicas"],
                             "env": {"ENABLE_NATIVE_SIDECARS": "true"}}}}}
    file = RUN / f"operator-{revision}.json"
    file.write_text(json.dumps(operator), encoding="utf-8")
    things = [each for each in yaml.safe_load_all(run_tool(BIN / "render", file)) if each]
    shared = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"istio-shared-configmap-{revision}", "namespace": SYSTEM},
              "data": {"mesh": "accessLogFile: /dev/stdout\n"}}
    # Definitions and accounts first, else what refers to them comes too early.
    early = ("CustomResourceDefinition", "ServiceAccount", "ConfigMap", "ClusterRole", "Role")
    return sorted([*things, shared], key=lambda each: early.index(each["kind"]) if each["kind"] in early else len(early))


def gateway_labels(kind, revision=None):
    name = f"aks-istio-ingressgateway-{kind}"
    return {"app": name, "istio": name, **({"istio.io/rev": revision} if revision else {})}


def gateway_service(kind):
    """One for all revisions, as in the add-on."""
    name = f"aks-istio-ingressgateway-{kind}"
    annotations = {HEALTH + "protocol": "http", HEALTH + "port": "15021", HEALTH + "request-path": "/healthz/ready"}
    if kind == "internal":
        annotations["service.beta.kubernetes.io/azure-load-balancer-internal"] = "true"
    return {"apiVersion": "v1", "kind": "Service",
            "metadata": {"name": name, "namespace": INGRESS, "labels": {**gateway_labels(kind), **MANAGED}, "annotations": annotations},
            "spec": {"type": "LoadBalancer", "selector": gateway_labels(kind), "ports": [
                {"name": "status-port", "port": 15021, "targetPort": 15021}, {"name": "http2", "port": 80, "targetPort": 80},
                {"name": "https", "port": 443, "targetPort": 443}]},
            "status": {"loadBalancer": {"ingress": [{"ip": ADDRESSES[kind]}]}}}


def autoscaler(deployment):
    meta = deployment["metadata"]
    return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": meta["name"], "namespace": meta["namespace"], "labels": meta["labels"]},
            "spec": {**AUTOSCALED, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": meta["name"]},
                     "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]}}


def gateway(kind, revision):
    """The pods get their proxy from the injection webhook of their revision, by the template for gateways."""
    name = f"aks-istio-ingressgateway-{kind}-{revision}"
    labels = gateway_labels(kind, revision)
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": INGRESS, "labels": labels}}
    deployment = {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": INGRESS, "labels": {**labels, **MANAGED}},
        "spec": {"selector": {"matchLabels": labels}, "template": {
            "metadata": {"labels": {**labels, "sidecar.istio.io/inject": "true"}, "annotations": {"inject.istio.io/templates": "gateway"}},
            "spec": {"serviceAccountName": name, "containers": [
                {"name": "istio-proxy", "image": "auto", "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}},
                 "ports": [{"containerPort": 15090, "name": "http-envoy-prom"}]}]}}}}
    return [account, deployment, autoscaler(deployment)]


def blocking_webhook():
    """AKS refuses blocked kinds by a webhook of its own, whose program we have not: here it stands and is asked for nothing."""
    return {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": "azure-service-mesh-ccp-validating-webhook", "labels": MANAGED},
            "webhooks": [{"name": "ccp.mesh.azmk8s.io", "admissionReviewVersions": ["v1"], "sideEffects": "None", "failurePolicy": "Fail",
                          "clientConfig": {"url": "https://localhost:1/"}, "objectSelector": {"matchLabels": {"aksmesh.test/never": "true"}},
                          "rules": [{"apiGroups": ["networking.istio.io"], "apiVersions": ["*"], "operations": ["CREATE"],
                                     "resources": ["proxyconfigs"]}]}]}


def gateways(revisions):
    services = [gateway_service(kind) for kind in ADDRESSES]
    return services + [each for kind in ADDRESSES for revision in revisions for each in gateway(kind, revision)]
