#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generate a big synthetic service mesh as a directory of multi-document YAML files.

Python 3 standard library only. The output depends on nothing but the options, so two runs with
the same options give byte-identical files.

  gen_manifests.py --out DIR --total 10000 [--seed 7] [--defects 0.05] [--profile aks|istio]

--total N          aim for about N resources (the number of namespaces is worked out from it);
                   or give --namespaces / --services yourself.
--defects F        fraction (0..1) of the resources into which one defect is put.
--profile istio    namespaces are labelled istio-injection=enabled, system namespace istio-system.
--profile aks      namespaces are labelled istio.io/rev=REV, system namespaces aks-istio-*.
--split ns|kind    one file per namespace (default) or one file per resource kind.
--no-runtime       leave out Namespace, Service, Pod, Secret and Node resources
                   (the kinds that `istioctl analyze --use-kube=false` does not read from files).

DIR/manifest.info (JSON) tells the counts per kind and every planted defect:
  {"options": {...}, "counts": {"Pod": 123, ...}, "total": 10000, "files": [...],
   "defects": [{"id": "vs-unknown-gateway", "code": "IST0101", "origin": "VirtualService ns-1/vs-3",
                "needs": ["Gateway"]}, ...]}
"needs" names the kinds that must be readable for the finding to be seen at all.
A planted defect says "at least this finding"; other findings may follow from it.
"""
import argparse
import json
import os
import random
import sys

RUNTIME = {"Namespace", "Service", "Pod", "Secret", "Node"}


def scalar(v):
    if v is True:
        return "true"
    if v is False:
        return "false"
    if v is None:
        return "null"
    if isinstance(v, (int, float)):
        return str(v)
    s = str(v)
    plain = s and all(c.isalnum() or c in "-_./" for c in s) and s[0].isalpha()
    if plain and s.lower() not in ("true", "false", "null", "yes", "no", "on", "off", "y", "n"):
        return s
    return json.dumps(s)


def emit(node, indent, out):
    pad = "  " * indent
    if isinstance(node, dict):
        for k, v in node.items():
            key = scalar(k)
            if isinstance(v, dict):
                if not v:
                    out.append(f"{pad}{key}: {{}}")
                else:
                    out.append(f"{pad}{key}:")
                    emit(v, indent + 1, out)
            elif isinstance(v, list):
                if not v:
                    out.append(f"{pad}{key}: []")
                else:
                    out.append(f"{pad}{key}:")
                    emit(v, indent, out)
            else:
                out.append(f"{pad}{key}: {scalar(v)}")
    else:
        for v in node:
            if isinstance(v, (dict, list)) and v:
                sub = []
                emit(v, indent + 1, sub)
                sub[0] = pad + "- " + sub[0].lstrip(" ")
                out.extend(sub)
            elif isinstance(v, dict):
                out.append(f"{pad}- {{}}")
            else:
                out.append(f"{pad}- {scalar(v)}")


def to_yaml(obj):
    out = []
    emit(obj, 0, out)
    return "\n".join(out) + "\n"


class Mesh:
    def __init__(self, opt):
        self.opt = opt
        self.rng = random.Random(opt.seed)
        self.items = []          # (namespace, object)
        self.defects = []
        self.counts = {}
        self.planted = 0
        aks = opt.profile == "aks"
        self.sysns = "aks-istio-system" if aks else "istio-system"
        self.gwns = "aks-istio-ingress" if aks else "istio-system"
        self.gwlabel = "aks-istio-ingressgateway-external" if aks else "ingressgateway"
        self.gwsvc = self.gwlabel if aks else "istio-ingressgateway"
        # the add-on pulls its proxy from the path /oss/istio/proxyv2 of its registry
        self.proxy_image = "registry.example/oss/istio/proxyv2:1.28.10" if aks else "proxyv2:1.28.10"

    # -- plumbing ---------------------------------------------------------------------------
    def add(self, api, kind, ns, name, spec=None, labels=None, annotations=None, **rest):
        meta = {"name": name}
        if ns:
            meta["namespace"] = ns
        if labels:
            meta["labels"] = labels
        if annotations:
            meta["annotations"] = annotations
        obj = {"apiVersion": api, "kind": kind, "metadata": meta}
        if spec is not None:
            obj["spec"] = spec
        obj.update(rest)
        if self.opt.no_runtime and kind in RUNTIME:
            return
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.items.append((ns or "_cluster", obj))

    def bad(self, weight=1.0):
        return self.rng.random() < self.opt.defects * weight

    def note(self, ident, code, origin, needs=()):
        self.defects.append({"id": ident, "code": code, "origin": origin, "needs": sorted(needs)})

    def pick(self, *choices):
        return choices[self.rng.randrange(len(choices))]

    # -- mesh-wide parts --------------------------------------------------------------------
    def system(self):
        for i in range(max(3, self.opt.namespaces // 10)):
            self.add("v1", "Node", None, f"node-{i}", {"podCIDR": f"10.{i % 250}.0.0/24"},
                     labels={"topology.kubernetes.io/region": "westeurope",
                             "topology.kubernetes.io/zone": f"westeurope-{i % 3 + 1}",
                             "kubernetes.io/hostname": f"node-{i}"})
        for ns in sorted({self.sysns, self.gwns}):
            self.add("v1", "Namespace", None, ns, labels={"istio-injection": "disabled"})
        sel = {"istio": self.gwlabel}
        self.add("v1", "Service", self.gwns, self.gwsvc, {
            "type": "LoadBalancer", "selector": dict(sel),
            "ports": [{"name": "http2", "port": 80, "targetPort": 80, "protocol": "TCP"},
                      {"name": "https", "port": 443, "targetPort": 443, "protocol": "TCP"}]})
        for i in range(2):
            self.add("v1", "Pod", self.gwns, f"{self.gwsvc}-{i}", {
                "nodeName": f"node-{i}", "containers": [{"name": "istio-proxy", "image": self.proxy_image}]},
                labels={"istio": self.gwlabel, "app": self.gwsvc})
        self.add("security.istio.io/v1", "PeerAuthentication", self.sysns, "default", {"mtls": {"mode": "STRICT"}})

    def namespace(self, n):
        ns = f"ns-{n}"
        aks = self.opt.profile == "aks"
        good = {"istio.io/rev": self.opt.revision} if aks else {"istio-injection": "enabled"}
        labels = dict(good)
        if self.bad():
            if self.pick(0, 1):
                labels = {"team": f"team-{n % 7}"}
                self.note("ns-not-injected", "IST0102", f"Namespace {ns}", ["Namespace"])
            else:
                labels = {"istio-injection": "enabled", "istio.io/rev": self.opt.revision}
                self.note("ns-two-labels", "IST0123", f"Namespace {ns}", ["Namespace"])
        self.add("v1", "Namespace", None, ns, labels=labels)

        svcs = [f"svc-{s}" for s in range(self.opt.services)]
        for s, svc in enumerate(svcs):
            self.service(ns, n, s, svc, svcs)
        self.extras(ns, n, svcs)

    def service(self, ns, n, s, svc, svcs):
        r = self.rng
        # Service
        portname = "http"
        if self.bad():
            portname = self.pick("web", "main-port", "foo")
            self.note("svc-port-name", "IST0118", f"Service {ns}/{svc}", ["Service"])
        self.add("v1", "Service", ns, svc, {
            "selector": {"app": svc},
            "ports": [{"name": portname, "port": 8080, "targetPort": 8080, "protocol": "TCP"}]})

        # Deployment
        ann = None
        if self.bad():
            if self.pick(0, 1):
                ann = {"sidecar.istio.io/interceptionMode": "REDIRECT"}
                self.note("deploy-misplaced-annotation", "IST0107", f"Deployment {ns}/{svc}",
                          ["Deployment", "Namespace", "Service", "Pod"])
            else:
                ann = {"sidecar.istio.io/nosuchthing": "1"}
                self.note("deploy-unknown-annotation", "IST0108", f"Deployment {ns}/{svc}",
                          ["Deployment", "Namespace", "Service", "Pod"])
        versions = ["v1", "v2"] if s % 3 == 0 else ["v1"]
        self.add("apps/v1", "Deployment", ns, svc, {
            "replicas": self.opt.pods, "selector": {"matchLabels": {"app": svc}},
            "template": {"metadata": {"labels": {"app": svc, "version": "v1"}},
                         "spec": {"serviceAccountName": svc,
                                  "containers": [{"name": "app", "image": f"registry.example/app-{s % 20}:1.{n % 9}",
                                                  "ports": [{"containerPort": 8080}]}]}}}, annotations=ann)

        # Pods
        for p in range(self.opt.pods):
            ver = versions[p % len(versions)]
            containers = [{"name": "app", "image": f"registry.example/app-{s % 20}:1.{n % 9}"}]
            name = f"{svc}-{n:x}{s:x}-{p}"
            if self.bad(0.5):
                containers[0]["securityContext"] = {"runAsUser": 1337}
                self.note("pod-uid-1337", "IST0144", f"Pod {ns}/{name}", ["Pod", "Deployment"])
            containers.append({"name": "istio-proxy", "image": self.proxy_image})
            self.add("v1", "Pod", ns, name, {
                "nodeName": f"node-{(n + p) % 3}", "serviceAccountName": svc, "containers": containers},
                labels={"app": svc, "version": ver})

        # DestinationRule
        fqdn = f"{svc}.{ns}.svc.cluster.local"
        dr = {"host": fqdn,
              "trafficPolicy": {"connectionPool": {"tcp": {"maxConnections": 100},
                                                   "http": {"http2MaxRequests": 1000}},
                                "outlierDetection": {"consecutive5xxErrors": 7, "interval": "5m",
                                                     "baseEjectionTime": "15m"}},
              "subsets": [{"name": v, "labels": {"version": v, "app": svc}} for v in versions
                          if v == "v1" or self.opt.pods > 1]}
        if self.bad():
            which = r.randrange(4)
            o = f"DestinationRule {ns}/{svc}"
            if which == 0:
                dr["host"] = f"gone-{s}.{ns}.svc.cluster.local"
                self.note("dr-unknown-host", "IST0174", o,
                          ["DestinationRule", "Service", "Pod", "Node", "ServiceEntry"])
            elif which == 1:
                dr["subsets"].append({"name": "ghost", "labels": {"version": "v99", "app": svc}})
                self.note("dr-subset-no-pods", "IST0173", o,
                          ["DestinationRule", "Service", "Pod", "Node", "ServiceEntry"])
            elif which == 2:
                dr["trafficPolicy"]["tls"] = {"mode": "SIMPLE"}
                self.note("dr-tls-no-ca", "IST0128", o, ["DestinationRule"])
            else:
                dr["subsets"].append(dict(dr["subsets"][0]))
                self.note("dr-duplicate-subset", "IST0106", o, ["DestinationRule"])
        self.add("networking.istio.io/v1", "DestinationRule", ns, svc, dr)

        # VirtualService
        subset_names = [x["name"] for x in dr["subsets"] if x["name"] != "ghost"]
        route = [{"destination": {"host": fqdn, "subset": subset_names[0]}}]
        if len(versions) > 1 and "v2" in subset_names:
            route = [{"destination": {"host": fqdn, "subset": "v1"}, "weight": 90},
                     {"destination": {"host": fqdn, "subset": "v2"}, "weight": 10}]
        vs = {"hosts": [fqdn], "http": [
            {"name": "api", "match": [{"uri": {"prefix": f"/api/{s}"}}],
             "route": json.loads(json.dumps(route)), "timeout": "5s",
             "retries": {"attempts": 3, "perTryTimeout": "2s", "retryOn": "5xx,reset"}},
            {"name": "rest", "route": json.loads(json.dumps(route))}]}
        if dr["host"] != fqdn:  # the rule's defect removed the subsets of this host
            for h in vs["http"]:
                for d in h["route"]:
                    d["destination"].pop("subset", None)
        if self.bad():
            which = r.randrange(6)
            o = f"VirtualService {ns}/{svc}"
            if which == 0:
                vs["http"][1]["route"][0]["destination"] = {"host": f"nowhere-{s}"}
                self.note("vs-unknown-host", "IST0101", o, ["VirtualService", "Service", "ServiceEntry"])
            elif which == 1:
                vs["http"][1]["route"][0]["destination"]["subset"] = "nosuch"
                self.note("vs-unknown-subset", "IST0101", o, ["VirtualService", "DestinationRule"])
            elif which == 2:
                vs["gateways"] = ["mesh", f"{self.gwns}/no-such-gateway"]
                self.note("vs-unknown-gateway", "IST0101", o, ["VirtualService", "Gateway"])
            elif which == 3:
                vs["http"][0]["match"].append(dict(vs["http"][0]["match"][0]))
                self.note("vs-duplicate-match", "IST0131", o, ["VirtualService"])
            elif which == 4:
                vs["http"][0]["timeout"] = "0.5ms"
                self.note("vs-bad-timeout", "IST0106", o, ["VirtualService"])
            else:
                vs["http"].reverse()
                self.note("vs-unreachable-rule", "IST0130", o, ["VirtualService"])
        self.add("networking.istio.io/v1", "VirtualService", ns, svc, vs)

        # AuthorizationPolicy
        other = f"ns-{r.randrange(self.opt.namespaces)}"
        ap = {"selector": {"matchLabels": {"app": svc}}, "action": "ALLOW",
              "rules": [{"from": [{"source": {"namespaces": [ns, other]}}],
                         "to": [{"operation": {"methods": ["GET", "POST"], "paths": [f"/api/{s}/*"]}}]}]}
        if self.bad():
            which = r.randrange(4)
            o = f"AuthorizationPolicy {ns}/{svc}"
            if which == 0:
                ap["rules"][0]["from"][0]["source"]["namespaces"].append(f"missing-ns-{n}")
                self.note("ap-unknown-namespace", "IST0101", o, ["AuthorizationPolicy", "Namespace", "Pod"])
            elif which == 1:
                ap["selector"]["matchLabels"]["app"] = f"absent-{s}"
                self.note("ap-no-workload", "IST0127", o, ["AuthorizationPolicy", "Namespace", "Pod"])
            elif which == 2:
                ap["action"] = "DENY"
                ap["rules"] = [{"to": [{"operation": {"methods": ["DELETE"]}}]}]
                self.note("ap-deny-http-only", "IST0133", o, ["AuthorizationPolicy"])
            else:
                ap["rules"][0]["from"].append({"source": {"ipBlocks": ["10.0.0.0/99"]}})
                self.note("ap-bad-cidr", "IST0106", o, ["AuthorizationPolicy"])
        self.add("security.istio.io/v1", "AuthorizationPolicy", ns, svc, ap)

    def extras(self, ns, n, svcs):
        # Gateway with a TLS server and its secret, and one VirtualService bound to it
        cred = f"cert-{n}"
        gw = {"selector": {"istio": self.gwlabel}, "servers": [
            {"port": {"number": 443, "name": "https", "protocol": "HTTPS"},
             "hosts": [f"app-{n}.example.com"],
             "tls": {"mode": "SIMPLE", "credentialName": cred}},
            {"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": [f"app-{n}.example.com"]}]}
        vhost = f"app-{n}.example.com"
        if self.bad(2):
            which = self.rng.randrange(4)
            o = f"Gateway {ns}/public"
            if which == 0:
                gw["servers"][1]["hosts"] = [f"app-{(n + 1) % self.opt.namespaces}.example.com"]
                if self.opt.namespaces > 1:
                    self.note("gw-conflict", "IST0145", o, ["Gateway", "Pod"])
            elif which == 1:
                gw["servers"][0]["tls"]["credentialName"] = f"absent-{n}"
                self.note("gw-missing-secret", "IST0101", o, ["Gateway", "Pod", "Secret"])
            elif which == 2:
                gw["selector"] = {"istio": f"nobody-{n}"}
                self.note("gw-no-workload", "IST0101", o, ["Gateway", "Pod", "Service"])
            else:
                gw["servers"][0].pop("tls")
                self.note("gw-https-without-tls", "IST0106", o, ["Gateway"])
        self.add("networking.istio.io/v1", "Gateway", ns, "public", gw)
        if self.bad(2):
            vhost = f"wrong-{n}.example.org"
            self.note("vs-host-not-in-gateway", "IST0132", f"VirtualService {ns}/edge", ["VirtualService", "Gateway"])
        self.add("networking.istio.io/v1", "VirtualService", ns, "edge", {
            "hosts": [vhost], "gateways": ["public"],
            "http": [{"match": [{"uri": {"prefix": "/"}}],
                      "route": [{"destination": {"host": svcs[0], "port": {"number": 8080}}}]}]})

        # ServiceEntry
        se = {"hosts": [f"ext-{n}.example.net"], "location": "MESH_EXTERNAL", "resolution": "DNS",
              "ports": [{"number": 443, "name": "tls", "protocol": "TLS"}]}
        if self.bad(2):
            se["ports"] = [{"number": 9000, "name": "tcp", "protocol": "TCP"}]
            self.note("se-no-address", "IST0134", f"ServiceEntry {ns}/external", ["ServiceEntry"])
        self.add("networking.istio.io/v1", "ServiceEntry", ns, "external", se)

        # Sidecar
        self.add("networking.istio.io/v1", "Sidecar", ns, "default",
                 {"egress": [{"hosts": ["./*", f"{self.sysns}/*"]}]})
        if self.bad(2):
            self.add("networking.istio.io/v1", "Sidecar", ns, "default-2",
                     {"egress": [{"hosts": ["./*"]}]})
            self.note("sidecar-two-defaults", "IST0111", f"Sidecar {ns}/default", ["Sidecar", "Pod", "Namespace"])

        # Telemetry
        self.add("telemetry.istio.io/v1", "Telemetry", ns, "logs",
                 {"accessLogging": [{"providers": [{"name": "envoy"}]}]})
        if self.bad(2):
            self.add("telemetry.istio.io/v1", "Telemetry", ns, "logs-2",
                     {"accessLogging": [{"providers": [{"name": "envoy"}]}]})
            self.note("telemetry-two-defaults", "IST0160", f"Telemetry {ns}/logs", ["Telemetry"])

        # RequestAuthentication and PeerAuthentication
        self.add("security.istio.io/v1", "RequestAuthentication", ns, "jwt", {
            "selector": {"matchLabels": {"app": svcs[0]}},
            "jwtRules": [{"issuer": f"https://issuer-{n}.example.com",
                          "jwksUri": f"https://issuer-{n}.example.com/keys"}]})
        self.add("security.istio.io/v1", "PeerAuthentication", ns, "default", {"mtls": {"mode": "STRICT"}})

        # EnvoyFilter in every tenth namespace
        if n % 10 == 0:
            self.add("networking.istio.io/v1alpha3", "EnvoyFilter", ns, "lua", {
                "workloadSelector": {"labels": {"app": svcs[0]}},
                "configPatches": [{"applyTo": "HTTP_FILTER",
                                   "match": {"context": "SIDECAR_INBOUND",
                                             "listener": {"filterChain": {"filter": {
                                                 "name": "envoy.filters.network.http_connection_manager"}}}},
                                   "patch": {"operation": "INSERT_BEFORE", "value": {
                                       "name": "envoy.filters.http.lua",
                                       "typed_config": {
                                           "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua",
                                           "inlineCode": "function envoy_on_request(h)\nend\n"}}}}]})
            self.note("ef-relative-operation", "IST0151", f"EnvoyFilter {ns}/lua", ["EnvoyFilter"])

        # a secret for the gateway, in the gateway workload's namespace
        self.add("v1", "Secret", self.gwns, cred, type="kubernetes.io/tls",
                 data={"tls.crt": CERT_B64, "tls.key": "a2V5"})

    def write(self):
        opt = self.opt
        os.makedirs(opt.out, exist_ok=True)
        groups = {}
        for ns, obj in self.items:
            groups.setdefault(ns if opt.split == "ns" else obj["kind"].lower(), []).append(obj)
        files = []
        for g in sorted(groups):
            name = f"{g}.yaml"
            with open(os.path.join(opt.out, name), "w", encoding="utf-8") as f:
                f.write("---\n".join(to_yaml(o) for o in groups[g]))
            files.append(name)
        total = sum(self.counts.values())
        info = {"options": {k: v for k, v in sorted(vars(opt).items()) if k != "out"},
                "total": total, "counts": dict(sorted(self.counts.items())), "files": files,
                "defects": self.defects}
        with open(os.path.join(opt.out, "manifest.info"), "w", encoding="utf-8") as f:
            json.dump(info, f, indent=1)
            f.write("\n")
        return info


# a self-signed certificate for gateway.example.com, valid from 2020 to 2120 (test data, key not included)
CERT_B64 = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJKakNCekFJQkFUQUtCZ2dxaGtqT1BRUURBakFlTVJ3d0dnWURWUVFEREJObllYUmxkMkY1TG1WNFlXMXcKYkdVdVkyOXRNQ0FYRFRJd01ERXdNVEF3TURBd01Gb1lEekl4TWpBd01UQXhNREF3TURBd1dqQWVNUnd3R2dZRApWUVFEREJObllYUmxkMkY1TG1WNFlXMXdiR1V1WTI5dE1Ga3dFd1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEClFnQUUxUmdyVEdNZWxiNXlaNng4SVJ6Vi9NMHNRelBnTTZDSWkwUE5qazBYVHQvNmRhOEU3WXkwd0NGTUlqQUwKRm1PbGkxcGxCeVFwSE5STGNTejF4cFZCZ0RBS0JnZ3Foa2pPUFFRREFnTkpBREJHQWlFQWhIWlY1UThvMFphVAptVEJoa3ZqZU5MU2UzT3djSHJLN3ZmRDA1VzdDQTI0Q0lRQ1FRaXhIQmgwSHR3Vk9aNDhpOUhQcjFicnVkUFgrCjFLelRkUlBXWTd4VFlnPT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo="


def main():
    ap = argparse.ArgumentParser(description="generate a synthetic mesh as YAML files")
    ap.add_argument("--out", required=True)
    ap.add_argument("--total", type=int, default=0)
    ap.add_argument("--namespaces", type=int, default=10)
    ap.add_argument("--services", type=int, default=8, help="services per namespace")
    ap.add_argument("--pods", type=int, default=3, help="pods per service")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--defects", type=float, default=0.05)
    ap.add_argument("--profile", choices=["istio", "aks"], default="istio")
    ap.add_argument("--revision", default="asm-1-28")
    ap.add_argument("--split", choices=["ns", "kind"], default="ns")
    ap.add_argument("--no-runtime", action="store_true")
    opt = ap.parse_args()
    if opt.services < 1 or opt.pods < 1 or not 0 <= opt.defects <= 1:
        ap.error("--services and --pods must be at least 1, --defects between 0 and 1")
    if opt.total:
        if opt.no_runtime:
            per_ns = opt.services * 4 + 8
        else:
            per_ns = opt.services * (5 + opt.pods) + 10
        opt.namespaces = max(1, round(opt.total / per_ns))
    mesh = Mesh(opt)
    mesh.system()
    for n in range(opt.namespaces):
        mesh.namespace(n)
    info = mesh.write()
    print(f"{info['total']} resources in {len(info['files'])} files, {len(info['defects'])} defects planted", file=sys.stderr)


if __name__ == "__main__":
    main()
