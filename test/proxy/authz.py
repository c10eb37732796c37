# SPDX-License-Identifier: Apache-2.0
"""`authz list` of dumps and `authz can` of files: documents as their schema says, exit codes, text of strangers."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "azure"))
from documents import load_schema, schema_problems, validator_of  # noqa: E402

PODS = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {serviceAccountName: web, containers: [{name: app, image: a}, {name: istio-proxy, image: b}]}
status: {phase: Running, podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: bare, namespace: shop, labels: {app: bare}}
spec: {containers: [{name: app, image: a}]}
status: {phase: Running, podIP: 10.0.0.2}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: tcp-db, port: 90}]}
"""
POLICY = """---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: one, namespace: shop}
spec: {action: %s, rules: [%s]}
"""
STRICT = """---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
"""
CONFIG = """---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio-shared-configmap-asm-1-28, namespace: aks-istio-system}
data: {mesh: "%s"}
"""
CALLERS = """---
apiVersion: v1
kind: Pod
metadata: {name: pay-%s, namespace: pay, labels: {app: pay}}
spec: {serviceAccountName: %s, containers: [{name: app, image: a}, {name: istio-proxy, image: b}]}
status: {phase: Running, podIP: 10.0.1.%s}
"""
PAY = CALLERS % (1, "pay", 1) + CALLERS % (2, "pay", 2) + """---
apiVersion: v1
kind: Service
metadata: {name: pay, namespace: pay}
spec: {selector: {app: pay}, ports: [{port: 80}]}
"""
TEMPLATE = """---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: cart}
spec: {selector: {matchLabels: {app: api}}, template: {metadata: {labels: {app: api}}, spec: {containers: [{name: app, image: a}]}}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: api, namespace: cart}
spec: {action: %s, rules: [{}]}
"""
INGRESS = """---
apiVersion: v1
kind: Pod
metadata: {name: in, namespace: edge, labels: {app: in}}
spec: {containers: [{name: istio-proxy, image: b}]}
status: {phase: Running, podIP: 10.0.2.1}
---
apiVersion: v1
kind: Service
metadata: {name: in, namespace: edge}
spec: {type: LoadBalancer, externalTrafficPolicy: %s, selector: {app: in}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: known, namespace: edge}
spec: {rules: [{from: [{source: {%s: [192.0.2.0/24]}}]}]}
"""
TO_EDGE = ("--destination", "service/in.edge", "--source", "192.0.2.7")
FORWARDED = ("--header", "X-Forwarded-For=192.0.2.9, 10.9.9.9")
ADMIN = "{to: [{operation: {paths: [/admin]}}]}"
FROM_PAY = "{from: [{source: {principals: [%s/ns/pay/sa/pay]}}]}"
GET = "{to: [{operation: {methods: [GET]}}]}"
TO_WEB = ("--destination", "service/web.shop", "--port", "http")
# what, objects, arguments, exit code, verdict, words of the reason
CASES = (
    ("nothing denies", "", (*TO_WEB,), 0, "allowed", "no ALLOW policy"),
    ("an ALLOW policy", POLICY % ("ALLOW", GET), (*TO_WEB, "--method", "GET"), 0, "allowed", "shop/one matches"),
    ("none of the ALLOW policies", POLICY % ("ALLOW", GET), (*TO_WEB, "--method", "PUT"), 3, "denied", "none of them matches"),
    ("a DENY policy", POLICY % ("DENY", GET), (*TO_WEB, "--method", "GET"), 3, "denied", "DENY policy shop/one"),
    ("what is not known", POLICY % ("DENY", GET), TO_WEB, 5, "depends", "not known"),
    ("a provider", POLICY % ("CUSTOM, provider: {name: opa}", GET), (*TO_WEB, "--method", "GET"), 5, "depends", "'opa' decides"),
    ("a port without HTTP", POLICY % ("ALLOW", GET), ("--to", "service/web.shop", "--port", "90"), 3, "denied", "none of them matches"),
    ("ports without HTTP alone", POLICY % ("DENY", GET) + """---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: web}, ports: [{name: tcp-a, port: 1}, {name: tcp-b, port: 2}]}
""", ("--destination", "service/db.shop", "--method", "PUT"), 3, "denied", "DENY"),
    ("a protocol by hand", POLICY % ("DENY", GET), (*TO_WEB, "--protocol", "tcp"), 3, "denied", "DENY"),
    ("no certificate", STRICT, (*TO_WEB, "--from", "bare.shop"), 3, "denied", "mutual TLS only"),
    ("a certificate", STRICT, (*TO_WEB, "--source", "spiffe://cluster.local/ns/a/sa/b"), 0, "allowed", ""),
    ("who may have a certificate", STRICT, TO_WEB, 5, "depends", "mutual TLS only"),
    ("an address of a pod", POLICY % ("ALLOW", "{from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}]}"), (*TO_WEB, "--source", "10.0.0.1"),
     0, "allowed", "shop/one"),
    ("an address of nobody", POLICY % ("ALLOW", "{from: [{source: {principals: ['*']}}]}"), (*TO_WEB, "--source", "192.0.2.1"), 3, "denied", ""),
    ("paths as the mesh normalizes them", POLICY % ("DENY", ADMIN) + CONFIG % "pathNormalization: {normalization: MERGE_SLASHES}",
     (*TO_WEB, "--path", "//admin"), 3, "denied", "shop/one matches"),
    ("paths that the mesh leaves alone", POLICY % ("DENY", ADMIN) + CONFIG % "pathNormalization: {normalization: NONE}",
     (*TO_WEB, "--path", "/x/../admin"), 0, "allowed", ""),
    ("paths of a mesh that is not known", POLICY % ("DENY", ADMIN), (*TO_WEB, "--path", "//admin"), 5, "depends", "not known whether DENY"),
    ("paths that are the same in any mesh", POLICY % ("DENY", ADMIN), (*TO_WEB, "--path", "/admin?x=//"), 3, "denied", ""),
    ("an alias of the trust domain", POLICY % ("ALLOW", FROM_PAY % "old") + CONFIG % "{trustDomain: new, trustDomainAliases: [old]}" + PAY,
     (*TO_WEB, "--source", "pay-1.pay"), 0, "allowed", ""),
    ("a trust domain that is no alias", POLICY % ("ALLOW", FROM_PAY % "old") + CONFIG % "trustDomain: new" + PAY, (*TO_WEB, "--source", "pay-1.pay"),
     3, "denied", "none of them"),
    ("aliases of a mesh that is not known", POLICY % ("ALLOW", FROM_PAY % "old") + PAY, (*TO_WEB, "--source", "pay-1.pay"), 5, "depends", "not known"),
    ("a certificate of strangers", CONFIG % "trustDomain: new", (*TO_WEB, "--source", "spiffe://strange/ns/a/sa/b"), 3, "denied", "trust domains new only"),
    ("a certificate of perhaps strangers", "", (*TO_WEB, "--source", "spiffe://strange/ns/a/sa/b"), 5, "depends", "another trust domain"),
    ("a policy of two files", POLICY % ("DENY", "{}") + POLICY % ("ALLOW", "{}"), TO_WEB, 0, "allowed", "shop/one matches"),
    ("a field that does not exist", POLICY % ("DENY", "{to: [{operation: {path: [/x]}}]}"), (*TO_WEB, "--path", "/y"), 5, "depends", "path"),
    ("a version that does not exist", (POLICY % ("DENY", "{}")).replace("/v1\n", "/v1alpha1\n"), TO_WEB, 5, "depends", "v1alpha1"),
    ("an older version", (POLICY % ("DENY", "{}")).replace("/v1\n", "/v1beta1\n"), TO_WEB, 3, "denied", ""),
    ("one of several pods calls", POLICY % ("ALLOW", "{from: [{source: {ipBlocks: [10.0.1.1]}}]}") + PAY, (*TO_WEB, "--source", "service/pay.pay"),
     5, "depends", "not known"),
    ("all of several pods call", POLICY % ("ALLOW", FROM_PAY % "cluster.local") + PAY, (*TO_WEB, "--source", "service/pay.pay"), 0, "allowed", ""),
    ("nobody knows of sidecars", TEMPLATE % "DENY", ("--destination", "deploy/api.cart"), 5, "depends", "Namespace"),
    ("with sidecars or without", TEMPLATE % "ALLOW", ("--destination", "deploy/api.cart"), 0, "allowed", ""),
    ("nobody knows which mutual TLS counts", STRICT + STRICT.replace("name: default", "name: other").replace("STRICT", "PERMISSIVE"),
     (*TO_WEB, "--from", "bare.shop"), 5, "depends", "age"),
    ("a load balancer that keeps addresses", INGRESS % ("Local", "ipBlocks"), TO_EDGE, 0, "allowed", ""),
    ("a load balancer that hides addresses", INGRESS % ("Cluster", "ipBlocks"), TO_EDGE, 5, "depends", "not known"),
    ("the address that was seen", INGRESS % ("Cluster", "ipBlocks"), (*TO_EDGE, "--source-ip", "10.240.0.4"), 3, "denied", ""),
    ("proxies before a gateway", INGRESS % ("Local", "remoteIpBlocks") + CONFIG % "defaultConfig: {gatewayTopology: {numTrustedProxies: 2}}",
     (*TO_EDGE, *FORWARDED), 0, "allowed", ""),
    ("fewer proxies before a gateway", INGRESS % ("Local", "remoteIpBlocks") + CONFIG % "defaultConfig: {gatewayTopology: {numTrustedProxies: 1}}",
     (*TO_EDGE, *FORWARDED), 3, "denied", ""),
    ("nobody knows how many proxies", INGRESS % ("Local", "remoteIpBlocks"), (*TO_EDGE, *FORWARDED), 5, "depends", ""),
    ("what a caller says of itself", POLICY % ("DENY", "{from: [{source: {remoteIpBlocks: [10.9.9.9]}}]}"), (*TO_WEB, "--source", "10.0.0.1", *FORWARDED),
     3, "denied", ""),
    ("behind a gateway", POLICY % ("DENY", "{from: [{source: {remoteIpBlocks: [10.0.0.0/8]}}]}") + INGRESS % ("Local", "ipBlocks"),
     (*TO_WEB, "--source", "in.edge"), 5, "depends", ""),
    ("no proxy", POLICY % ("DENY", "{}"), ("--destination", "bare.shop"), 0, "allowed", "no proxy"))
# arguments, exit code, what is said
MISTAKES = (
    ((), 2, "no destination"),
    (("--destination", "x.shop"), 1, "'x'"),
    (("--destination", "service/web.shop", "--port", "1"), 1, "it has 80, 90"),
    (("--destination", "web.shop", "--port", "http"), 2, "a number"),
    (("--destination", "web.shop", "--header", "x"), 2, "NAME=VALUE"),
    (("--destination", "web.shop", "--source-ip", "x"), 2, "IP address"),
    (("--destination", "what/web"), 2, "no type of object"),
    (("--destination", "web.shop", "--path", "items"), 2, "begins with /"),
    (("--destination", "web.shop", "--port", "70000"), 2, "up to 65535"),
    (("--destination", "web.shop", "--source", "10.0.0.300"), 2, "IP address"))
HOSTILE = "a\u001b[31m\n"
DUMP = {"configs": [{"@type": "x.ListenersConfigDump", "dynamic_listeners": [{"name": "virtualInbound", "active_state": {"listener": {
    "name": "virtualInbound", "filter_chains": [{"name": HOSTILE, "filters": [{"name": "envoy.filters.network.rbac", "typed_config": {
        "rules": {"policies": {f"ns[{HOSTILE}]-policy[p]-rule[0]": {}}}, "shadow_rules": {"policies": {"ns[a]-policy[tried]-rule[0]": {}}}}}]}],
    "default_filter_chain": {"name": "c", "filters": [{"name": "envoy.filters.network.rbac", "typed_config": {
        "rules": {"policies": {"ns[a]-policy[last]-rule[0]": {}}}}}]}}}}]}]}


def check_authz(program, folder, check):
    validator = validator_of(load_schema("authz-can"))
    for what, objects, arguments, code, verdict, reason in CASES:
        text = (PODS + objects).encode()
        done = program.run(["authz", "can", "-f", "-", *arguments, "-o", "json"], folder, text)
        document = json.loads(done.stdout or b"{}")
        wrong = "; ".join(schema_problems(validator, document))
        if not wrong and (done.returncode, document["verdict"]) != (code, verdict):
            wrong = f"{done.returncode} {document['verdict']}"
        check(f"authz can: {what}", wrong or ("" if reason in document["items"][0]["because"] else document["items"][0]["because"]))
        plain = program.run(["authz", "can", "-f", "-", *arguments], folder, text)
        check(f"authz can: {what}: the text", "" if plain.returncode == code and plain.stdout.decode().startswith(verdict + ": ") else plain.stdout.decode())
    for arguments, code, says in MISTAKES:
        done = program.run(["authz", "can", "-f", "-", *arguments], folder, PODS.encode())
        check(f"authz can {' '.join(arguments)}", "" if done.returncode == code and says in done.stderr.decode() else done.stderr.decode())
    hostile = POLICY.replace("name: one", 'name: "a\\e[31m"') % ("DENY", "{from: [{source: {namespaces: [\"\\e[31m\"]}}]}")
    done = program.run(["authz", "can", "-f", "-", *TO_WEB], folder, (PODS + hostile).encode())
    check("authz can: text of strangers", "" if b"\x1b" not in done.stdout + done.stderr and done.returncode == 5 else str(done))

    text = json.dumps(DUMP).encode()
    done = program.run(["authz", "list", "-f", "-"], folder, text)
    told = done.stderr.decode()
    check("authz list: what is left out is told", "" if "tried.a (dry-run)" in told and "last.a (only" in told and len(done.stdout.splitlines()) == 2 else told)
    check("authz list: text of strangers", "" if b"\x1b" not in done.stdout + done.stderr else str(done))
    wide = program.run(["authz", "list", "-f", "-", "-o", "wide"], folder, text).stdout.decode()
    check("authz list -o wide", "" if len(wide.splitlines()) == 4 and "dry-run" in wide and "\x1b" not in wide else wide)
    document = json.loads(program.run(["authz", "list", "-f", "-", "-o", "json"], folder, text).stdout)
    check("authz list: the document", "; ".join(schema_problems(validator_of(load_schema("authz-list")), document)) or
          ("" if len(document["items"]) == 3 else str(document)))
