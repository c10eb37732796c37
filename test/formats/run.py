#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what the program really prints against the rules of its formats: run.py BINARY

JSON against man/schema, YAML against JSON, SARIF against its schema and what code scanning demands, JUnit against junit.xsd, the
lines for the two build services and the Markdown table by reading them back. The SARIF schema comes from a pinned package of the
npm registry and is kept in build/cache; where it is not there and npm is not installed, that part is left out, and the output
says so. Ends with `N passed, N failed`.
"""

import copy
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import traceback
import urllib.parse
import xml.etree.ElementTree

try:
    import jsonschema
    import yaml
except ImportError:
    # Debian's packages belong to its own Python, which need not be the first on the PATH.
    if os.path.realpath(sys.executable) == os.path.realpath("/usr/bin/python3") or not os.path.exists("/usr/bin/python3"):
        raise
    os.execv("/usr/bin/python3", ["python3", *sys.argv])

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "test", "azure"))
from documents import SCHEMAS, load_schema, schema_problems, validator_of  # noqa: E402

CACHE = os.path.join(ROOT, "build", "cache")
SARIF_PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
SARIF_MEMBER = "package/lib/schemas/sarif-2.1.0-rtm.5.json"
SARIF_SHA256 = "2d99159ae54a3eea97f81781cff48780548657c35949f4b7f25e99a2ba4de4f8"
KINDS = ["findings", "checks", "explain", "version", "error", "limitations", "revisions", "mesh", "change", "gateways", "redirection", "ca", "config",
         "snapshot", "status", "status-contexts", "injection", "injection-explain", "tags", "kube-change", "proxy-config", "proxy-log", "proxy-status", "proxy-stale", "proxy-route", "authz-list", "authz-can", "mtls", "certs", "telemetry", "describe", "dashboard"]
OPTIONAL = {
    "authz-can": ("place",),
    "injection-explain": ("place",),
    "mtls": ("place",),
    "certs": ("shareARoot",),
    "telemetry": ("place",),
    "describe": ("place", "mutualTls", "policies", "proxy", "accessFilters", "staleInProxy", "notAsked"),
    "snapshot": ("kubernetesVersion",),
    "status": ("kubernetesVersion", "revisions", "gateways", "namespaces", "otherNamespaces", "proxies"),
    "proxy-status": ("proxies",),
    "error": ("why", "next", "where", "trail", "code", "status", "serviceCode", "requestId", "correlationId"),
    "change": ("mesh", "operation"),
    "redirection": ("mechanism", "meaning"),
    "ca": ("plugin",),
    "proxy-config": ("bootstrap", "cluster", "listener", "route", "secret", "eds", "ecds"),
    "config": ("file",),
    "mesh": ("provisioningError",),
}
FORMATS = ["text", "wide", "json", "yaml", "sarif", "junit", "github", "azure-pipelines", "markdown"]

# Names as JSON strings, so that YAML reads the escapes.
NAMES = [
    r"x::error file=a,line=1::y", r"::warning::start", r"##vso[task.complete result=Succeeded]done", r"##[error]x",
    r"100% %0A %25 %AZP25 %5D %3B", r"two\nlines", r"two\r\nlines\r", r"\n::error::second line", r"\n##vso[task.setvariable variable=x]y",
    r"a;b]c,d:e", r"<script>alert(1)</script>", r"<![CDATA[ ]]> &amp; &#0; <!--", r"'single' \"double\"",
    r"pipe|in|`name` *b* _u_ [l](http://x) \\ \\| # @who", r"| --- |", r"\t tab \u0001 \u001b[31m \u007f \u0085 \u2028 \ufeff",
    r"\ufffe\uffff end", r" lead", r"trail ", r"  two\n    four\n  two", r"\n", r"end\n", r"end\n\n\n", r"- dash", r"? key", r"a: b", r"a #b",
    r"#c", r"&anchor", r"*alias", r"!tag", r"%dir", r"@at", r"`tick", r"{a: b}", r"[a, b]", r"---", r"...", r"=", r"<<", r"~", r"null", r"true", r"no", r"off", r"y",
    r"12", r"-1", r"1.5", r"1e3", r".5", r".inf", r".nan", r"0x1f", r"0o17", r"017", r"0b1", r"1_000", r"12:34:56", r"1:30", r"2026-01-02",
    r"2026-01-02T03:04:05Z", r"\u2603 \U0001f600",
]
FILE_NAMES = ["::error ##vso[x]%0A,;a:b <i>|`.yaml", "with blank.yaml", "umlaut-\u00fc.yaml", "new\nline.yaml"]

SHOWN = 5  # problems of one check

passed = 0
failed = 0


def check(what, wrong):
    """Counts one check; `wrong` is a text or a list of texts, empty when all is well."""
    global passed, failed
    problems = [wrong] if isinstance(wrong, str) and wrong else list(wrong)
    if not problems:
        passed += 1
        return
    failed += 1
    print(f"FAILED {what}")
    for problem in problems[:SHOWN]:
        print(f"  {problem[:400]}")
    if len(problems) > SHOWN:
        print(f"  and {len(problems) - SHOWN} more")


class Program:
    def __init__(self, binary, folder):
        self.binary = binary
        self.folder = folder

    def run(self, *args, environment=None, stdin=""):
        clean = {"PATH": os.environ.get("PATH", ""), "HOME": self.folder, "LC_ALL": "C.UTF-8"}
        done = subprocess.run([self.binary, *args], cwd=self.folder, input=stdin.encode(), capture_output=True, timeout=120,
                              env={**clean, **(environment or {})}, check=False)
        return done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "surrogateescape")


def utf8_problems(text):
    """Bytes that are no UTF-8 arrive here as lone surrogates."""
    found = re.search("[\ud800-\udfff]", text)
    return f"no UTF-8 at {text[max(0, found.start() - 40):found.end() + 20]!r}" if found else ""


# JSON and YAML

def null_places(value, path="$"):
    if value is None:
        return [f"{path} is null"]
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    return [problem for key, child in children for problem in null_places(child, f"{path}.{key}")]


def check_document(what, kind, text):
    """A document of a kind: valid, `schema` first, no null. Gives it back."""
    if not text.endswith("}\n") or not text.startswith("{"):
        check(f"{what}: alone on its stream", f"begins {text[:40]!r}, ends {text[-40:]!r}")
    document = json.loads(text)
    check(f"{what}: schema {kind}", schema_problems(VALIDATORS[kind], document))
    check(f"{what}: schema comes first", "" if next(iter(document)) == "schema" else "it does not")
    check(f"{what}: no null", null_places(document))
    return document


def difference(one, two, path="$"):
    """Where two documents differ; a date is not the text that looks like it."""
    if type(one) is not type(two):
        return [f"{path}: {one!r} in JSON, {two!r} in YAML"]
    if isinstance(one, dict):
        if list(one) != list(two):
            return [f"{path}: members {list(one)} in JSON, {list(two)} in YAML"]
        return [d for key in one for d in difference(one[key], two[key], f"{path}.{key}")]
    if isinstance(one, list):
        if len(one) != len(two):
            return [f"{path}: {len(one)} items in JSON, {len(two)} in YAML"]
        return [d for i, pair in enumerate(zip(one, two)) for d in difference(*pair, f"{path}[{i}]")]
    return [] if one == two else [f"{path}: {one!r} in JSON, {two!r} in YAML"]


def yaml_problems(document, text):
    try:
        loaded = yaml.load(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        return ["no YAML: " + " ".join(str(error).split())]
    return difference(document, loaded)


def check_strictness():
    """A schema that lets anything through checks nothing."""
    where = {"file": "a.yaml", "line": 1, "column": 1, "path": "kind"}
    thing = {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "cart"}
    named = {"kind": "Pod", "namespace": "shop", "name": "cart"}
    target = {"cluster": "prod", "location": "westus2", "id": "/subscriptions/s"}
    plugin = {"keyVaultId": "v", "certObjectName": "c", "keyObjectName": "k", "rootCertObjectName": "r", "certChainObjectName": "n"}
    mesh = {"mode": "Istio", "revisions": ["asm-1-28"], "upgrading": False, "ingressGateways": [{"mode": "External", "enabled": True}],
            "egressGateways": [{"name": "out", "namespace": "n", "enabled": True, "gatewayConfigurationName": "g"}],
            "proxyRedirectionMechanism": "CNIChaining", "certificateAuthority": plugin}
    fate = {"verdict": "injected", "cause": "namespace-label", "reason": "r", "revision": "asm-1-28", "tag": "prod"}
    restart = {"kind": "Deployment", "name": "d", "pods": 1, "why": "joins"}
    thing = {"kind": "k", "namespace": "n", "name": "o"}
    setting = {"mode": "STRICT", "scope": "port", "source": thing, "contested": True}
    certificate = {"state": "valid", "serialNumber": "1f", "notBefore": "2026-01-01T00:00:00Z", "notAfter": "2026-01-02T00:00:00Z", "secondsLeft": 60,
                   "authority": False, "sha256": "ab", "subjectAlternativeNames": ["URI:spiffe://c/ns/n/sa/s"]}
    samples = {
        "findings": {
            "schema": "aksmesh/findings/v1", "complete": True,
            "findings": [{"code": "AKM2002", "slug": "cr-proxyconfig", "severity": "error", "title": "t", "message": "m", "arguments": {"a": "b"},
                          "object": thing, "where": where, "remedy": ["r"], "fixable": True, "related": [{"code": "IST0101", "object": thing, "where": where}],
                          "suppressed": True, "suppression": {"by": "baseline", "reason": "r", "expires": "2026-01-01"}}],
            "unknown": [{"code": "AKM1101", "slug": "s", "why": "w", "reach": "offline", "object": thing}],
            "unavailable": [{"what": "a", "why": "b"}],
            "checks": [{"code": "AKM2002", "slug": "s", "category": "limits", "verdict": "suppressed"}],
            "summary": {"error": 0, "warning": 0, "info": 0, "suppressed": 1, "unknown": 1}},
        "checks": {"schema": "aksmesh/checks/v1", "items": [
            {"code": "AKM2002", "slug": "s", "category": "limits", "severity": "error", "state": "built", "title": "t"}]},
        "explain": {"schema": "aksmesh/explain/v1", "items": [
            {"code": "AKM2002", "slug": "s", "category": "limits", "title": "t", "policy": "current", "severity": "error", "status": "forbidden",
             "remedy": ["r"], "sources": ["s"], "page": "p"}]},
        "version": {"schema": "aksmesh/version/v1", "version": "0.1.0", "tablesAsOf": "2026-01-01"},
        "limitations": {
            "schema": "aksmesh/limitations/v1", "$comment": "c", "asOf": "2026-01-01",
            "policies": [{"id": "current", "aliases": ["a"], "from": "2026-01-01", "to": "2026-02-01", "basis": "b", "delta": "d"}],
            "customResourcePolicy": [{"id": "cr-x", "kind": "X", "group": "g", "policies": {"current": {
                "status": "conditional", "severity": "warning", "types": ["t"], "text": "t", "minRevision": "asm-1-22", "since": "2026-01"}}}],
            "openKinds": {"text": "t", "kinds": ["K"]},
            "limitations": [{
                "id": "x", "title": "t", "category": "c", "phase": ["check"], "detects": "d",
                "detection": [{"api": "arm", "path": "p", "match": "m", "resource": "r", "namespace": "n", "labelSelector": "l", "kind": "K"}],
                "policies": {"current": {"status": "advice", "severity": "info", "milderSeverity": "info", "remedy": "r"}}, "enforcedBy": "e", "remedy": "r",
                "source": ["s"], "note": "n", "history": [{"date": "2026-01-01", "change": "c"}], "minRevision": "asm-1-22"}]},
        "revisions": {"schema": "aksmesh/revisions/v1", "place": "westus2", "items": [
            {"revision": "asm-1-28", "upgrades": ["asm-1-29"], "compatibleWith": [{"name": "KubernetesOfficial", "versions": ["1.34"]}]}]},
        "mesh": {"schema": "aksmesh/mesh/v1", "target": target, "kubernetesVersion": "1.34.4", "supportPlan": "KubernetesOfficial",
                 "provisioningState": "Failed", "provisioningError": "e", "mesh": mesh},
        "change": {"schema": "aksmesh/change/v1", "target": target, "state": "done", "changes": [{"path": "p"}], "warnings": ["w"],
                   "skippedChecks": ["AKM1001: w"], "mesh": mesh, "operation": "o", "next": ["n"]},
        "gateways": {"schema": "aksmesh/gateways/v1", "target": target, "items": [
            {"kind": "egress", "namespace": "n", "name": "out", "enabled": True, "gatewayConfigurationName": "g"}]},
        "redirection": {"schema": "aksmesh/redirection/v1", "target": target, "mode": "Istio", "mechanism": "CNIChaining", "meaning": "m"},
        "ca": {"schema": "aksmesh/ca/v1", "target": target, "pluggedIn": True, "plugin": plugin},
        "config": {"schema": "aksmesh/config/v1", "file": "f", "items": [{"key": "color", "value": "never", "origin": "file", "place": "f:1"}]},
        "snapshot": {"schema": "aksmesh/snapshot/v1", "file": "f.tar.gz", "bytes": 1, "made": "2026-01-02T03:04:05Z", "place": "context prod",
                     "kubernetesVersion": "v1.34.2", "complete": False, "skipped": [{"what": "w", "why": "w"}],
                     "lists": [{"file": "lists/Pod-1.json", "kind": "Pod", "objects": 1, "bytes": 1}]},
        "status": {
            "schema": "aksmesh/status/v1", "place": "context prod", "kubernetesVersion": "v1.34.2",
            "revisions": [{"revision": "asm-1-28", "installed": True, "istiod": {"ready": 1, "wanted": 2}, "version": "1.28.10", "tags": ["t"],
                           "namespaces": 1, "proxies": 1, "connected": 1, "supportedUntil": {"date": "2026-08", "expected": True}}],
            "gateways": [{"namespace": "n", "name": "g", "revision": "asm-1-28", "pods": {"ready": 1, "wanted": 2}, "addresses": ["a"]}],
            "namespaces": [{"namespace": "n", "label": "prod", "revision": "asm-1-28", "installed": True, "meshed": 1, "unmeshed": 0, "stale": 0,
                            "disconnected": 0, "rejectedConfiguration": 1, "staleConfiguration": 0}],
            "proxies": [{"namespace": "n", "pod": "p", "revision": "asm-1-28", "state": "rejected", "istiod": "i", "types": ["CDS"],
                         "since": "2026-01-01T00:00:00Z", "error": "e"}],
            "otherNamespaces": 1, "complete": True, "unavailable": [{"what": "w", "why": "w"}],
            "conditions": [{"code": "AKM3002", "slug": "s", "severity": "error", "title": "t", "message": "m", "places": 1}]},
        "injection": {
            "schema": "aksmesh/injection/v1", "place": "context prod", "complete": True, "unavailable": [{"what": "w", "why": "w"}], "items": [
                {"namespace": "n", "revisionLabel": "prod", "injectionLabel": "enabled", **fate, "injected": 1, "notInjected": 0, "restart": 1,
                 "sidecars": [{"revision": "asm-1-28", "pods": 1}], "restarts": [restart]}]},
        "injection-explain": {
            "schema": "aksmesh/injection-explain/v1", "place": "context prod", "complete": True, "unavailable": [{"what": "w", "why": "w"}], "items": [
                {"namespace": "n", "kind": "Deployment", "name": "d", "where": {"file": "a.yaml", "line": 1}, **fate,
                 "webhooks": [{"webhook": "c/w", "revision": "asm-1-28", "tag": "prod", "matches": "yes", "because": "b"}],
                 "istiod": ["i"], "assumed": ["a"], "advice": ["a"]}]},
        "proxy-log": {"schema": "aksmesh/proxy-log/v1", "complete": True, "unavailable": [{"what": "w", "why": "w"}],
                      "items": [{"namespace": "n", "pod": "p", "before": {"a": "b"}, "levels": {"a": "b"}}]},
        "proxy-route": {
            "schema": "aksmesh/proxy-route/v1", "proxy": "shop/web-1", "decided": True, "complete": True, "unavailable": [{"what": "w", "why": "w"}],
            "request": {"url": "u", "method": "GET", "authority": "a", "path": "/", "headers": [{"name": "n", "value": "v"}]},
            "end": {"kind": "answered", "status": 301, "location": "l", "why": "w"},
            "targets": [{"cluster": "c", "sharePercent": 12.5, "known": True, "type": "EDS", "tls": "istio mutual", "serverName": "s", "endpoints": [
                {"address": "a:1", "used": True, "health": "HEALTHY", "workload": "w.n", "locality": "l", "priority": 0, "weight": 1}]}],
            "steps": [{"kind": "route", "result": "r", "notes": ["n"], "origin": "o", "decided": True}]},
        "mtls": {
            "schema": "aksmesh/mtls/v1", "place": "context prod", "autoMutualTls": True, "rootNamespace": "r", "complete": True,
            "unavailable": [{"what": "w", "why": "w"}], "items": [
                {"namespace": "n", "kind": "Deployment", "name": "d", "sidecar": "yes", "gateway": False, "pods": {"running": 1, "withoutSidecar": 0},
                 "accepts": setting, "ports": [{"port": 80, "own": True, "pastSidecar": False, "accepts": setting, "callers": [
                     {"host": "h", "port": 80, "mode": "DISABLE", "source": thing, "subset": "v=1", "callersIn": "n", "result": "refused", "conflict": True}]}]}]},
        "certs": {
            "schema": "aksmesh/certs/v1", "place": "context prod", "complete": True, "unavailable": [{"what": "w", "why": "w"}], "shareARoot": True,
            "proxies": [{"namespace": "n", "pod": "p", "secrets": [{"name": "default", "use": "workload", "state": "missing", "certificates": [certificate]}]}],
            "roots": [{**certificate, "common": True, "proxies": 1, "namespaces": ["n"]}],
            "remarks": [{"severity": "error", "problem": "expired", "subject": "s", "message": "m"}]},
        "telemetry": {
            "schema": "aksmesh/telemetry/v1", "place": "context prod", "complete": True, "unavailable": [{"what": "w", "why": "w"}],
            "remarks": [{"code": "AKM2008", "severity": "error", "object": "o", "path": "p", "message": "m"}],
            "items": [{"namespace": "n", "kind": "Deployment", "name": "d", "proxy": True, "gateway": False, "revision": "asm-1-28",
                       "leftAside": [{"namespace": "n", "name": "t"}], **{signal: [
                           {"traffic": "both", "enabled": True, "providers": [{"name": "p", "type": "prometheus", "usable": True}],
                            "details": [{"name": "n", "value": "v"}], "sources": [{"scope": "mesh", **thing, "field": "f"}]}]
                           for signal in ("accessLogging", "tracing", "metrics")}}]},
        "proxy-status": {
            "schema": "aksmesh/proxy-status/v1", "place": "context prod", "complete": False, "unavailable": [{"what": "w", "why": "w"}],
            "istiods": [{"pod": "p", "revision": "r", "version": "v", "proxies": 1}],
            "proxies": [{"namespace": "n", "name": "p", "cluster": "c", "type": "sidecar", "istiod": "i", "revision": "r", "version": "v", "state": "error",
                         "reason": "w", "pushedAt": "2026-01-02T03:04:05Z",
                         "types": [{"type": "CDS", "state": "error", "sentAt": "2026-01-02T03:04:05Z", "error": "w"}]}],
            "summary": [{"revision": "r", "version": "v", "state": "error", "proxies": 1}]},
        "proxy-stale": {
            "schema": "aksmesh/proxy-stale/v1", "place": "context prod", "complete": False, "unavailable": [{"what": "w", "why": "w"}],
            "workloads": [{"namespace": "n", "kind": "Deployment", "name": "d", "type": "sidecar", "cause": "version", "revision": "r", "versions": ["v"],
                           "newRevision": "r", "newVersion": "v", "pods": ["p"]}],
            "next": ["n"]},
        "authz-list": {"schema": "aksmesh/authz-list/v1", "proxy": "shop/web-1", "complete": True, "unavailable": [{"what": "w", "why": "w"}],
                       "items": [{"action": "ALLOW", "namespace": "n", "name": "a", "rules": 1, "dryRun": False, "onlyByDefault": False, "ports": ["80"]}],
                       "pending": [{"namespace": "n", "name": "a"}], "gone": [{"namespace": "n", "name": "a"}]},
        "authz-can": {
            "schema": "aksmesh/authz-can/v1", "place": "context prod", "verdict": "denied", "source": "n/p", "assumed": ["a"], "complete": True,
            "unavailable": [{"what": "w", "why": "w"}],
            "items": [{"destination": named, "pods": 1, "verdict": "denied", "because": "b", "decidedBy": named,
                       "request": {"protocol": "http", "principal": "p", "sourceIp": "i", "remoteIp": "i", "port": "80", "host": "h", "method": "GET",
                                   "path": "/"},
                       "proxy": True, "gateway": False, "mutualTls": {"mode": "STRICT", "source": named}, "missing": ["--path"], "dryRuns": ["d"],
                       "policies": [{"namespace": "n", "name": "a", "action": "CUSTOM", "dryRun": False, "provider": "p", "matches": "unknown", "rules": [
                           {"rule": 0, "matches": "no", "because": "b",
                            "conditions": [{"place": "p", "wanted": "w", "holds": "yes", "because": "b"}]}]}]}]},
        "describe": {
            "schema": "aksmesh/describe/v1", "place": "context prod", "subject": {"kind": "Pod", "namespace": "n", "name": "p"},
            "pods": [{"namespace": "n", "name": "p", "phase": "Running", "revision": "asm-1-28", "proxy": "sidecar",
                      "ports": [{"port": 80, "protocol": "TCP", "container": "c"}], "warnings": ["w"]}],
            "services": [{"namespace": "n", "name": "s", "host": "h", "ports": [{"name": "http", "port": 80, "protocol": "HTTP", "targetPort": 80}],
                          "destinationRules": [{"namespace": "n", "name": "r", "host": "h", "forOwnClients": False, "matchingSubsets": ["v1"],
                                                "otherSubsets": ["v2"], "tlsMode": "SIMPLE", "settings": ["w"], "ports": [{"port": 1, "settings": []}],
                                                "inProxy": False}],
                          "virtualServices": [{"namespace": "n", "name": "v", "sidecars": True, "gateways": ["n/g"], "routes": [
                              {"family": "http", "match": "m", "facts": ["f"], "targets": [
                                  {"host": "h", "subset": "v1", "port": 80, "weight": 100, "reaches": False, "why": "w"}]}],
                              "elsewhere": 1, "inProxy": False}],
                          "gateways": [{"namespace": "n", "name": "g", "exists": True, "virtualServices": ["v.n"], "urls": ["http://1.2.3.4"],
                                        "pods": [{"namespace": "n", "name": "p"}]}],
                          "gatewayApiRoutes": ["r"]}],
            "mutualTls": {"mode": "STRICT", "source": {"namespace": "n", "name": "d"}, "ports": [{"port": 80, "mode": "DISABLE"}],
                          "applied": [{"namespace": "n", "name": "d"}]},
            "policies": [{"kind": "Sidecar", "namespace": "n", "name": "d", "scope": "namespace", "note": "w", "inProxy": False}],
            "proxy": "n/p", "accessFilters": [{"port": 80, "protocol": "http", "action": "DENY", "dryRun": False, "policies": ["a.n"]}],
            "staleInProxy": ["VirtualService v.n"], "notAsked": "w", "complete": False, "unavailable": [{"what": "w", "why": "w"}]},
        "dashboard": {"schema": "aksmesh/dashboard/v1", "dashboard": "envoy", "url": "http://127.0.0.1:15000/", "namespace": "n", "pod": "p", "port": 15000,
                      "local": {"host": "127.0.0.1", "port": 15000}},
        "tags": {"schema": "aksmesh/tags/v1", "place": "context prod", "complete": True, "unavailable": [{"what": "w", "why": "w"}],
                 "items": [{"tag": "prod", "revision": "asm-1-28", "namespaces": ["n"], "state": "stale", "why": "w"}]},
        "kube-change": {
            "schema": "aksmesh/kube-change/v1", "place": "context prod", "state": "done",
            "changes": [{"object": {"kind": "Service", "namespace": "n", "name": "s"}, "path": "p", "before": "b", "after": "a"}],
            "restarts": [{"namespace": "n", **restart}], "warnings": ["w"], "next": ["n"], "undo": ["u"]},
        "error": {"schema": "aksmesh/error/v1", "kind": "usage", "what": "w", "why": "w", "next": ["n"], "where": "a:1:1", "trail": ["t"],
                  "code": "AKM9201", "status": 409, "serviceCode": "c", "requestId": "r", "correlationId": "k"},
    }
    # What Envoy gives (config) may hold anything, and a document of one kind has the items of these.
    came = {"updated": "t", "error": "e"}
    certificate = {"type": "CA", "valid": True, "serialNumber": "0", "notAfter": "t", "notBefore": "t", "daysLeft": 1, "trustDomain": "t",
                   "subjectAlternativeNames": ["n"], "sha256": "0"}
    route = {"name": "n", "match": "/*", "conditions": "a=b", "destination": "d", "timeout": "0s", "origin": "/o"}
    samples["proxy-config"] = {
        "schema": "aksmesh/proxy-config/v1", "kind": "all", "proxy": "p", "complete": False, "unavailable": [{"what": "w", "why": "w"}],
        "bootstrap": [{"istioVersion": "v", "proxyBuild": "b", "envoyVersion": "v", "node": "n", "cluster": "c", "workload": "w", "namespace": "n",
                       "locality": "l", "mesh": "m", "istiod": "h:1", "updated": "t"}],
        "cluster": [{"name": "n", "host": "h", "port": 1, "subset": "s", "direction": "d", "type": "EDS", "origin": "/o", "state": "ACTIVE", **came}],
        "listener": [{"name": "n", "addresses": ["a"], "port": 1, "type": "TCP", "direction": "INBOUND", "state": "ACTIVE", **came,
                      "chains": [{"name": "n", "match": "ALL", "sources": "s", "destination": "d", "weights": "a 1"}]}],
        "route": [{"name": "n", "state": "ACTIVE", **came, "virtualHosts": [{"name": "n", "domains": ["*"], "routes": [route]}]}],
        "secret": [{"name": "n", "status": "ACTIVE", "state": "ACTIVE", "holds": "h", "file": "f", "certificates": [certificate], "version": "v", **came}],
        "eds": [{"address": "a", "port": 1, "cluster": "c", "status": "HEALTHY", "outlierCheck": "OK", "health": ["h"], "moreAddresses": ["a"], "locality": "l",
                 "weight": 1, "priority": 0, "hostname": "h", "workload": "w.n", "tlsMode": "istio", "activeConnections": 1, "activeRequests": 1,
                 "requests": 1, "failedRequests": 1}],
        "ecds": [{"name": "n", "type": "t", "innerType": "t", "version": "v", **came}]}
    samples["status-contexts"] = {
        "schema": "aksmesh/status-contexts/v1", "complete": False, "unavailable": [{"what": "context b", "why": "w"}],
        "contexts": [{"context": "a", "server": "h:1", "status": copy.deepcopy(samples["status"])},
                     {"context": "b", "server": "h", "error": {"kind": "network", "what": "w", "why": "w", "next": ["n"]}}]}
    for kind, sample in samples.items():
        sample = json.loads(json.dumps(sample))  # parts that several share are changed one by one
        validator = VALIDATORS[kind]
        check(f"schema {kind} takes its sample", schema_problems(validator, sample))
        lenient = []

        def visit(value, path):
            children = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
            if isinstance(value, dict):
                value["surplus"] = 5
                if validator.is_valid(sample):
                    lenient.append(f"{path} takes a surplus member")
                del value["surplus"]
            for key, child in children:
                if key == "config":
                    continue  # an object of Envoy, whatever it holds
                for other in (None, 5 if isinstance(child, str) else "x", [[]]):
                    value[key] = other
                    if validator.is_valid(sample):
                        lenient.append(f"{path}.{key} takes {other!r}")
                value[key] = child
                visit(child, f"{path}.{key}")

        visit(sample, "$")
        for key in list(sample):
            if key not in OPTIONAL.get(kind, ()):
                less = copy.deepcopy(sample)
                del less[key]
                if validator.is_valid(less):
                    lenient.append(f"{key} may be left out")
        check(f"schema {kind} is strict", lenient)
        undescribed = [path for path in described(load_schema(kind)) if path]
        check(f"schema {kind} describes every member", undescribed)


def described(schema, path="$"):
    """Members that tell nothing about themselves."""
    out = []
    for name, child in schema.get("properties", {}).items():
        if not ({"description", "$ref"} & set(child)) and name != "schema":
            out.append(f"{path}.{name} has no description")
        out += described(child, f"{path}.{name}")
    for name, child in schema.get("$defs", {}).items():
        out += described(child, f"#{name}")
    return out


# SARIF

def fetch_sarif_schema():
    """The pinned schema; nothing without npm; a text that tells why it cannot be had otherwise."""
    kept = os.path.join(CACHE, os.path.basename(SARIF_MEMBER))
    if not os.path.exists(kept):
        if shutil.which("npm") is None:
            return None
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(["npm", "pack", "--silent", SARIF_PACKAGE], cwd=folder, capture_output=True, text=True, check=False)
            packages = [name for name in os.listdir(folder) if name.endswith(".tgz")]
            if done.returncode != 0 or not packages:
                return f"npm pack {SARIF_PACKAGE} failed: {done.stderr.strip()[:300]}"
            with tarfile.open(os.path.join(folder, packages[0])) as package:
                text = package.extractfile(SARIF_MEMBER).read()
        os.makedirs(CACHE, exist_ok=True)
        with open(kept + ".part", "wb") as file:
            file.write(text)
        os.replace(kept + ".part", kept)
    with open(kept, "rb") as file:
        text = file.read()
    if hashlib.sha256(text).hexdigest() != SARIF_SHA256:
        os.remove(kept)
        return f"{SARIF_MEMBER} of {SARIF_PACKAGE} is not the file that was pinned; it was thrown away"
    return json.loads(text)


def sarif_problems(log, document):
    """What code scanning demands beyond the schema, and that the results are the findings."""
    out = []
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        for key in ("shortDescription", "fullDescription", "help"):
            text = rule.get(key, {}).get("text", "")
            if not text or (key != "help" and len(text) > 1024):
                out.append(f"rule {rule['id']}: {key} has {len(text)} characters")
        if len(rule.get("name", "x")) > 255:
            out.append(f"rule {rule['id']}: the name is too long")
        if rule["defaultConfiguration"]["level"] not in ("note", "warning", "error"):
            out.append(f"rule {rule['id']}: level {rule['defaultConfiguration']['level']}")
    if len({rule["id"] for rule in rules}) != len(rules):
        out.append("a rule is listed twice")
    if not run["columnKind"] or run["invocations"][0]["executionSuccessful"] is not True or not run["automationDetails"]["id"].endswith("/"):
        out.append("columnKind, executionSuccessful or automationDetails.id is not as code scanning wants it")
    levels = {"error": "error", "warning": "warning", "info": "note"}
    if len(run["results"]) != len(document["findings"]):
        return out + [f"{len(run['results'])} results for {len(document['findings'])} findings"]
    prints = set()
    for result, finding in zip(run["results"], document["findings"]):
        name = f"{finding['code']} {finding.get('object', {}).get('name')!r}"
        if result["ruleId"] != finding["code"] or result["level"] != levels[finding["severity"]]:
            out.append(f"{name}: ruleId {result['ruleId']}, level {result['level']}")
        if "ruleIndex" not in result or rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            out.append(f"{name}: ruleIndex does not lead to the rule")
        if not result["message"]["text"].startswith(finding["message"]):
            out.append(f"{name}: the message does not begin with what was found")
        if not result["locations"]:
            out.append(f"{name}: no location")
            continue
        place = result["locations"][0]["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        if not re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri):
            out.append(f"{name}: address {uri!r}")
        elif finding["where"]["file"] != "-" and urllib.parse.unquote(uri) != finding["where"]["file"].removeprefix("./"):
            out.append(f"{name}: address {uri!r} is not {finding['where']['file']!r}")
        region = place["region"]
        if region["startLine"] != finding["where"].get("line", 1) or min(region.values()) < 1:
            out.append(f"{name}: region {region}")
        if "kind" in finding.get("object", {}) and not result["locations"][0].get("logicalLocations"):
            out.append(f"{name}: no logical location")
        if bool(result.get("suppressions")) != finding["suppressed"]:
            out.append(f"{name}: suppressions")
        prints.add(result.get("partialFingerprints", {}).get("primaryLocationLineHash"))
    if None in prints or len(prints) != len(run["results"]):
        out.append("fingerprints are missing or not unique")
    return out


# JUnit

def xml_text(text):
    """What XML 1.0 can hold of a text, as a reader gives it back."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def junit_problems(text, document):
    done = subprocess.run(["xmllint", "--noout", "--schema", os.path.join(HERE, "junit.xsd"), "-"], input=text.encode(),
                          capture_output=True, check=False)
    if done.returncode != 0:
        return [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    out = []
    root = xml.etree.ElementTree.fromstring(text)
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in root:
        have = {"tests": len(suite.findall("testcase")), "failures": len(suite.findall("testcase/failure")),
                "errors": len(suite.findall("testcase/error")), "skipped": len(suite.findall("testcase/skipped"))}
        for name, count in have.items():
            totals[name] += count
            if int(suite.get(name)) != count:
                out.append(f"suite {suite.get('name')}: {name} is {suite.get(name)}, there are {count}")
    out += [f"{name} is {root.get(name)}, there are {count}" for name, count in totals.items() if int(root.get(name)) != count]
    # Carriage returns apart, which readers and writers of XML treat as line ends.
    flat = lambda texts: sorted(xml_text(one).replace("\r", "") for one in texts)
    told = flat(failure.get("message") for failure in root.iter("failure"))
    want = flat(finding["message"] for finding in document["findings"] if not finding["suppressed"])
    if told != want:
        out.append(f"failures tell {sorted(set(told) - set(want))[:2]}, found was {sorted(set(want) - set(told))[:2]}")
    if totals["errors"] != len(document["unavailable"]):
        out.append(f"{totals['errors']} errors for {len(document['unavailable'])} unavailable parts")
    return out


# Lines of build services

def whole_message(finding):
    thing = finding.get("object", {})
    text = ""
    if "kind" in thing:
        text = thing["kind"] + " " + (thing["namespace"] + "/" if "namespace" in thing else "") + thing.get("name", "")
    if "cluster" in thing:
        text += (" " if text else "") + "[" + thing["cluster"] + "]"
    return (text + ": " if text else "") + finding["message"] + "".join("\nFix: " + one for one in finding["remedy"])


def undo(text, pairs):
    """Takes escapes back, each place once."""
    table = dict(pairs)
    return re.sub("|".join(map(re.escape, table)), lambda found: table[found.group()], text)


def annotations(document):
    """What the annotations have to say: level, place and text of each."""
    out = []
    for finding in document["findings"]:
        if finding["suppressed"]:
            continue
        where = finding["where"]
        place = None
        if where.get("file", "-") != "-":
            place = (where["file"], where.get("line"), where.get("column"))
        out.append((finding["severity"], place, finding["code"], whole_message(finding)))
    for part in document["unavailable"]:
        out.append(("warning", None, None, f"{part['what']}: {part['why']}"))
    return out


def number(text):
    return int(text) if text is not None else None


def github_problems(text, document):
    out = []
    got = []
    lines = re.split(r"\r\n|\r|\n", text)
    if lines.pop() != "":
        out.append("the last line has no end")
    for line in lines:
        found = re.fullmatch(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:\r\n]*)(?:,[a-zA-Z]+=[^,:\r\n]*)*)::(.*)", line, re.DOTALL)
        if not found:
            out.append(f"no annotation: {line!r}")
            continue
        if re.search(r"%(?!25|0D|0A)", found.group(3)) or re.search(r"%(?!25|0D|0A|3A|2C)", found.group(2)):
            out.append(f"a bare per cent sign: {line!r}")
        values = dict(pair.split("=", 1) for pair in found.group(2).split(","))
        escapes = [("%25", "%"), ("%0D", "\r"), ("%0A", "\n")]
        values = {key: undo(value, escapes + [("%3A", ":"), ("%2C", ",")]) for key, value in values.items()}
        place = (values["file"], number(values.get("line")), number(values.get("col"))) if "file" in values else None
        level = {"error": "error", "warning": "warning", "notice": "info"}[found.group(1)]
        first = values.get("title", "").split(" ")[0]
        got.append((level, place, first if re.fullmatch(r"(AKM|IST)\d{4}", first) else None, undo(found.group(3), escapes)))
    if out:
        return out
    last = got.pop()
    if last[0] != "info" or not re.search(r"\d+ errors?, \d+ warnings?, \d+ notes? in ", last[3]):
        out.append(f"the last line is no summary: {last}")
    return out + [f"line {i + 1}: expected {want}, got {have}" for i, (want, have) in enumerate(zip(annotations(document), got)) if want != have] + (
        [] if len(got) == len(annotations(document)) else [f"{len(got)} lines for {len(annotations(document))} annotations"])


def azure_problems(text, document):
    out = []
    got = []
    lines = re.split(r"\r\n|\r|\n", text)
    if lines.pop() != "":
        out.append("the last line has no end")
    escapes = [("%AZP25", "%"), ("%0D", "\r"), ("%0A", "\n"), ("%3B", ";"), ("%5D", "]")]
    last = lines.pop()
    if not re.fullmatch(r"##\[section\]\d+ errors?, \d+ warnings?, \d+ notes? in [^;\]]*", last):
        out.append(f"the last line is no summary: {last!r}")
    for line in lines:
        found = re.fullmatch(r"##vso\[task\.logissue ([^\]]*)\](.*)", line, re.DOTALL)
        if not found or re.search(r"[;\]]", found.group(2)) or re.search(
                r"##(?:vso)?\[|%(?!AZP25|0D|0A|3B|5D)", found.group(1) + found.group(2)):
            out.append(f"no issue, or one with bare signs: {line!r}")
            continue
        values = {key: undo(value, escapes) for key, value in (pair.split("=", 1) for pair in found.group(1).split(";"))}
        if set(values) - {"type", "sourcepath", "linenumber", "columnnumber", "code"}:
            out.append(f"unknown properties: {line!r}")
        place = None
        if "sourcepath" in values:
            place = (values["sourcepath"], number(values.get("linenumber")), number(values.get("columnnumber")))
        message = undo(found.group(2), escapes)
        got.append((values["type"], place, values.get("code"), message.removeprefix("could not read ") if "code" not in values else message))
    if out:
        return out
    # The service looks for commands inside lines too and has no escape for their opening; a blank takes it apart.
    apart = lambda text: re.sub(r"##(?=(?:vso)?\[)", "## ", text)
    wanted = [("error" if level == "error" else "warning", place and (apart(place[0]), *place[1:]), code, apart(message))
              for level, place, code, message in annotations(document)]
    return [f"line {i + 1}: expected {want}, got {have}" for i, (want, have) in enumerate(zip(wanted, got)) if want != have] + (
        [] if len(got) == len(wanted) else [f"{len(got)} lines for {len(wanted)} issues"])


# Markdown

def markdown_problems(text, document):
    out = []
    rows = [line for line in re.split(r"\r\n|\r|\n", text) if line.startswith("|")]
    if not document["findings"]:
        return [] if not rows and "Nothing found." in text else ["no findings, but a table or no words"]
    if len(rows) != 2 + len(document["findings"]):
        out.append(f"{len(rows)} rows for {len(document['findings'])} findings")
    for row, finding in zip(rows[2:], document["findings"]):
        cells = [cell.strip(" ") for cell in re.split(r"(?<!\\)(?:\\\\)*\|", row)]
        if len(cells) != 8:
            out.append(f"{len(cells) - 2} columns: {row!r}")
            continue
        bare = re.sub(r"\\[\\|`*_<>\[\]#@]", "", row[1:-1])
        # The row's own column ends are all that may be left.
        if re.search(r"[`*<>\[\]]", bare) or bare.count("|") != 5:
            out.append(f"markup of the input works: {row!r}")
        plain = re.sub(r"\\([\\|`*_<>\[\]#@])", r"\1", cells[5])
        want = re.sub(r"[\r\n]", " ", finding["message"])
        if cells[2] != finding["code"] or plain.split() != want.split():
            out.append(f"expected {want!r}, got {plain!r}")
    # Outside the table nothing of the input may stand at the start of a line.
    for line in text.split("\n"):
        if line and not re.match(r"(## aksmesh |\| |\d+ errors?, |\*\*Could not read\*\*$|- |\d+ questions? could|Nothing found\.$)", line):
            out.append(f"a line of its own: {line!r}")
    return out


VALIDATORS = {}


def check_findings(program, sarif, name, code, args, stdin=""):
    """One input in every format."""
    texts = {}
    codes = {}
    for output in FORMATS:
        codes[output], texts[output], complaint = program.run("analyze", "-o", output, *args, stdin=stdin)
        if "met a bug" in complaint or utf8_problems(texts[output]):
            check(f"{name}: {output}", complaint + utf8_problems(texts[output]))
    check(f"{name}: code {code} in every format", "" if set(codes.values()) == {code} else str(codes))
    document = check_document(f"{name}: json", "findings", texts["json"])
    summary = document["summary"]
    shown = [finding for finding in document["findings"] if not finding["suppressed"]]
    counted = {severity: sum(finding["severity"] == severity for finding in shown) for severity in ("error", "warning", "info")}
    check(f"{name}: summary counts", [f"{key}: {summary[key]} told, {have} there" for key, have in
                                      [*counted.items(), ("unknown", len(document["unknown"]))] if summary[key] != have])
    check(f"{name}: YAML is the JSON document", yaml_problems(document, texts["yaml"]))
    log = json.loads(texts["sarif"])
    if sarif is not None:
        check(f"{name}: SARIF 2.1.0", schema_problems(sarif, log))
    check(f"{name}: SARIF for code scanning", sarif_problems(log, document))
    check(f"{name}: JUnit", junit_problems(texts["junit"], document))
    check(f"{name}: GitHub", github_problems(texts["github"], document))
    check(f"{name}: Azure Pipelines", azure_problems(texts["azure-pipelines"], document))
    check(f"{name}: Markdown", markdown_problems(texts["markdown"], document))
    return document


def check_inputs(program, sarif):
    def put(name, text):
        with open(os.path.join(program.folder, name), "w", encoding="utf-8", newline="") as file:
            file.write(text)

    def refused(name, namespace="shop"):
        return ('apiVersion: networking.istio.io/v1beta1\nkind: ProxyConfig\nmetadata:\n  name: "' + name + '"\n  namespace: "' + namespace +
                '"\n')

    put("clean.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain, namespace: shop}\n")
    put("refused.yaml", refused("tuned"))
    put("broken.yaml", "a: [\n")
    put("hostile.yaml", "---\n".join(refused(name) for name in NAMES))
    put("namespaces.yaml", "---\n".join(refused("tuned", name) for name in NAMES))
    os.mkdir(os.path.join(program.folder, "names"))
    for i, name in enumerate(FILE_NAMES):
        put(os.path.join("names", name), refused(f"tuned-{i}"))
    put(os.path.join("names", "z ::error::%;]\n.yaml"), "a: [\n")
    put("foreign.yaml", 'a: b\nkind: "::error::x"\napiVersion: "##vso[x]"\nmetadata: {name: "<b>"}\nkind: Again\n')
    shutil.copytree(os.path.join(ROOT, "packaging", "sample", "shop"), os.path.join(program.folder, "sample"))
    os.mkdir(os.path.join(program.folder, "hollow"))

    document = check_findings(program, sarif, "clean", 0, ["clean.yaml"])
    check("clean: nothing found", "" if document["complete"] and not document["findings"] else "something was")
    check_findings(program, sarif, "nothing", 5, ["hollow"])
    check_findings(program, sarif, "sample", 3, ["--revision", "asm-1-28", "sample"])
    check_findings(program, sarif, "sample, upstream", 0, ["--policy", "upstream", "--fail-on", "never", "sample"])
    check_findings(program, sarif, "standard input", 3, ["-"], stdin=refused("tuned"))
    document = check_findings(program, sarif, "missing", 5, ["clean.yaml", "missing ::error::%;]|<b>.yaml"])
    check("missing: told", "" if not document["complete"] and len(document["unavailable"]) == 1 else "not told")
    document = check_findings(program, sarif, "broken", 3, ["broken.yaml", "clean.yaml"])
    check("broken: told", "" if not document["complete"] and document["findings"] else "not told")
    document = check_findings(program, sarif, "accepted and shown", 0, ["--suppress", "AKM2002", "--show-suppressed", "--only", "AKM2002", "refused.yaml"])
    check("accepted and shown: told", "" if document["findings"][0]["suppressed"] else "not told")
    check_findings(program, sarif, "accepted", 0, ["--suppress", "AKM2002", "--only", "AKM2002", "refused.yaml"])
    check_findings(program, sarif, "accepted in part", 3, ["--suppress", "AKM2001", "--show-suppressed", "sample"])
    check_findings(program, sarif, "below what is shown", 3, ["--show-from", "error", "--fail-on", "warning", "--only", "AKM2001", "sample"])
    clusters = ["--only", "AKM2002", "clean.yaml", "--cluster", "east::error::%;]=refused.yaml,broken.yaml", "--cluster", "west=refused.yaml"]
    document = check_findings(program, sarif, "clusters", 3, clusters)
    check("clusters: told", "" if {finding["object"]["cluster"] for finding in document["findings"]} == {"east::error::%;]", "west"} else "not told")
    program.run("analyze", "--only", "AKM2002", "refused.yaml", "--write-baseline", "accepted.yaml")
    with open(os.path.join(program.folder, "accepted.yaml"), encoding="utf-8") as file:
        accepted = file.read().replace('reason: ""', 'reason: "| `why` ::error:: %;] <b>"\n  expires: "2999-12-31"')
    put("accepted.yaml", accepted)
    put("expired.yaml", accepted.replace("2999", "2020"))
    baseline = ["--only", "AKM2002", "--show-suppressed", "refused.yaml", "--baseline"]
    document = check_findings(program, sarif, "baseline", 0, baseline + ["accepted.yaml"])
    check("baseline: told", "" if document["findings"][0]["suppression"]["expires"] == "2999-12-31" else "not told")
    check_findings(program, sarif, "expired baseline", 3, baseline + ["expired.yaml"])
    check_findings(program, sarif, "a key twice", 3, ["foreign.yaml"])
    document = check_findings(program, sarif, "hostile names", 3, ["--only", "AKM2002", "hostile.yaml"])
    check("hostile names: all found", "" if len(document["findings"]) == len(NAMES) else f"{len(document['findings'])} of {len(NAMES)}")
    # One by one, so that the first bad one does not hide the others.
    bad = []
    for name in NAMES:
        text = refused(name)
        _, document, _ = program.run("analyze", "-o", "json", "--only", "AKM2002", "-", stdin=text)
        _, text, _ = program.run("analyze", "-o", "yaml", "--only", "AKM2002", "-", stdin=text)
        problems = yaml_problems(json.loads(document), text)
        if problems:
            bad.append(f"\"{name}\": {problems[0]}")
    check("hostile names, one by one: YAML is the JSON document", bad)
    document = check_findings(program, sarif, "hostile namespaces", 3, ["--only", "AKM2002", "namespaces.yaml"])
    check("hostile namespaces: all found", "" if len(document["findings"]) == len(NAMES) else f"{len(document['findings'])} of {len(NAMES)}")
    document = check_findings(program, sarif, "hostile file names", 3, ["--only", "AKM2002", "names"])
    check("hostile file names: all found", "" if len(document["findings"]) == len(FILE_NAMES) + 1 else f"{len(document['findings'])}")
    # Every bundled case of every rule, for the arguments and related places that only some have.
    check_findings(program, sarif, "all cases", 3, ["--revision", "asm-1-28", os.path.relpath(os.path.join(ROOT, "test", "checks"), program.folder)])

    # File names that are no UTF-8: a byte that never is, and a sequence that breaks off.
    for name in (b"bad\xff.yaml", b"cut\xe2\x82.yaml"):
        with open(os.path.join(os.fsencode(program.folder), name), "wb") as file:
            file.write(refused("tuned").encode())
    bad_names = ["--only", "AKM2002", b"bad\xff.yaml", b"cut\xe2\x82.yaml", b"missing\xe2\x82.yaml"]
    document = json.loads(program.run("analyze", "-o", "json", *bad_names)[1])
    check("file names that are no UTF-8: YAML is the JSON document", yaml_problems(document, program.run("analyze", "-o", "yaml", *bad_names)[1]))
    for output in FORMATS:
        code, text, _ = program.run("analyze", "-o", output, *bad_names)
        # People get the name as it is, programs get text.
        check(f"file name that is no UTF-8: {output}", f"code {code}" if code != 3 or not text
              else "" if output in ("text", "wide") else utf8_problems(text))

    # Absolute paths for the agents of Azure Pipelines.
    _, text, _ = program.run("analyze", "-o", "azure-pipelines", "--only", "AKM2002", "refused.yaml",
                             environment={"BUILD_SOURCESDIRECTORY": "/agent;1/s]"})
    check("Azure Pipelines: workspace", "" if ";sourcepath=/agent%3B1/s%5D/refused.yaml;" in text else text)

    # GitHub's step summary is the Markdown report.
    summary = os.path.join(program.folder, "summary.md")
    program.run("analyze", "-o", "github", "--only", "AKM2002", "hostile.yaml", environment={"GITHUB_STEP_SUMMARY": summary})
    _, markdown, _ = program.run("analyze", "-o", "markdown", "--only", "AKM2002", "hostile.yaml")
    with open(summary, encoding="utf-8", newline="") as file:
        check("GitHub: step summary", "" if file.read() == markdown else "it is not the Markdown report")


def check_other_documents(program):
    def both(what, kind, *args):
        code, text, _ = program.run(*args, "-o", "json")
        check(f"{what}: code", "" if code == 0 else f"code {code}")
        document = check_document(what, kind, text)
        check(f"{what}: YAML is the JSON document", yaml_problems(document, program.run(*args, "-o", "yaml")[1]))
        return document

    both("version", "version", "version")
    both("settings", "config", "config", "view")
    both("settings with origin", "config", "config", "view", "--origin")
    _, names, _ = program.run("__complete", "checks", "--policy", "")
    policies = [line.split("\t")[0] for line in names.splitlines()]
    check("policies", "" if "current" in policies and "upstream" in policies else names)
    for policy in policies:
        document = both(f"checks under {policy}", "checks", "checks", "--policy", policy)
        codes = [item["code"] for item in document["items"]]
        check(f"checks under {policy}: sorted", "" if codes == sorted(set(codes)) else "they are not")
        both(f"explain under {policy}", "explain", "explain", "--policy", policy, *codes)
    both("no checks", "checks", "checks", "--state", "retired")
    both("the table of limitations", "limitations", "checks", "--print-policy")

    mistakes = [["analyz"], ["analyze"], ["analyze", "--polcy", "x"], ["analyze", "--category", "x"], ["analyze", "--policy", "x", "clean.yaml"],
                ["analyze", "--fail-on", "x"], ["analyze", "--policy"], ["checks", "x"], ["explain"], ["explain", "x\n\x1b\"\\::error::"],
                ["analyze", "--baseline", "missing.yaml", "clean.yaml"], ["analyze", "--baseline", "clean.yaml", "clean.yaml"],
                ["analyze", "--policy-file", "clean.yaml", "clean.yaml"], ["analyze", "clean.yaml", "--output-file", "missing/x"],
                ["analyze", "--limit", "x", "clean.yaml"], ["analyze", "--use-kube"], ["help", "x"], ["completion", "x"], ["explain", b"\xff"]]
    for mistake in mistakes:
        for output in ("json", "yaml"):
            code, out, err = program.run(*mistake, "-o", output)
            what = f"error of {mistake} with {output}"
            if code not in (1, 2) or out or err.count("\n") != 1 or not err.startswith("{"):
                check(what, f"code {code}, stdout {out[:100]!r}, stderr {err[:200]!r}")
                continue
            document = check_document(what, "error", err)
            check(f"{what}: kind fits the code", "" if (document["kind"] == "usage") == (code == 2) else f"kind {document['kind']}, code {code}")


def main():
    if len(sys.argv) != 2:
        raise SystemExit("usage: run.py BINARY")
    for kind in KINDS:
        VALIDATORS[kind] = validator_of(load_schema(kind))
    shipped = sorted(name for name in os.listdir(SCHEMAS) if name.endswith(".json"))
    check("every schema is tested", [name for name in shipped if name.split(".")[0] not in VALIDATORS])
    check_strictness()
    sarif = fetch_sarif_schema()
    if sarif is None:
        print(f"left out: SARIF against its schema, because npm is not installed, which fetches {SARIF_PACKAGE} once")
    else:
        check("the SARIF schema can be had", sarif if isinstance(sarif, str) else "")
        sarif = None if isinstance(sarif, str) else jsonschema.Draft4Validator(sarif)
    folder = tempfile.mkdtemp(prefix="aksmesh-formats-")
    program = Program(os.path.abspath(sys.argv[1]), folder)
    try:
        check_inputs(program, sarif)
        check_other_documents(program)
    except (ValueError, LookupError, OSError, subprocess.SubprocessError):
        check("the suite runs to its end", traceback.format_exc().strip().splitlines()[-6:])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
