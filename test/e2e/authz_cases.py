# SPDX-License-Identifier: Apache-2.0
"""Policies, and requests to try under each. NEAR, FAR, SERVER and CLIENT stand for the namespaces and accounts of authz.py."""

ISSUER = "https://issuer.example.com"


def allow(*rules, **more):
    return {"spec": {"action": "ALLOW", "rules": list(rules)}, **more}


def deny(*rules, **more):
    return {"spec": {"action": "DENY", "rules": list(rules)}, **more}


def source(**fields):
    return {"from": [{"source": fields}]}


def to(**fields):
    return {"to": [{"operation": fields}]}


def when(key, *values, no=False):
    return {"when": [{"key": key, "notValues" if no else "values": list(values)}]}


def ask(who="far", path="/", **more):
    return {"who": who, "path": path, **more}


def raw(who="far"):
    return {"who": who, "port": "raw"}


FAR, NEAR, PLAIN = ask("far"), ask("near"), ask("plain")
EVERYBODY = (FAR, NEAR, PLAIN)
FAR_ID = "cluster.local/ns/CLIENT/sa/far"

# name, policies, requests
CASES = (
    ("no policy", [], (*EVERYBODY, raw())),
    ("allow nothing", [{"spec": {}}], (*EVERYBODY, raw(), raw("plain"))),
    ("allow all", [allow({})], (*EVERYBODY, raw())),
    ("deny all", [deny({})], (FAR, PLAIN, raw())),
    ("deny nothing", [deny()], (FAR, raw())),
    ("a principal", [allow(source(principals=[FAR_ID]))], (*EVERYBODY, raw(), raw("near"))),
    ("the begin of principals", [allow(source(principals=["cluster.local/ns/CLIENT/*"]))], EVERYBODY),
    ("the end of principals", [allow(source(principals=["*/sa/near"]))], EVERYBODY),
    ("any principal", [allow(source(principals=["*"]))], (*EVERYBODY, raw(), raw("plain"))),
    ("not a principal", [allow(source(notPrincipals=[FAR_ID]))], EVERYBODY),
    ("a namespace", [allow(source(namespaces=["CLIENT"]))], EVERYBODY),
    ("the begin of namespaces", [deny(source(namespaces=["SERV*"]))], EVERYBODY),
    ("not a namespace", [deny(source(notNamespaces=["CLIENT"]))], EVERYBODY),
    ("accounts", [allow(source(serviceAccounts=["CLIENT/far"]))], EVERYBODY),
    ("an account of the own namespace", [allow(source(serviceAccounts=["near"]))], EVERYBODY),
    ("an address", [allow(source(ipBlocks=["FAR_IP"]))], (*EVERYBODY, raw(), raw("near"))),
    ("a block", [deny(source(ipBlocks=["FAR_IP/31"]))], (FAR, NEAR)),
    ("not a block", [allow(source(ipBlocks=["0.0.0.0/0"], notIpBlocks=["NEAR_IP/32"]))], (FAR, NEAR)),
    ("the first address", [allow(source(remoteIpBlocks=["FAR_IP/32"]))], (FAR, NEAR)),
    ("methods", [allow(to(methods=["GET", "P*"]))], (FAR, ask(method="POST"), ask(method="DELETE"), ask(method="PUT"))),
    ("not methods", [allow(to(notMethods=["DELETE"]))], (FAR, ask(method="DELETE"))),
    ("a path", [allow(to(paths=["/api"]))], (ask(path="/api"), ask(path="/api?x=1"), ask(path="/api/"), ask(path="/API"))),
    ("begins and ends of paths", [allow(to(paths=["/api/*", "*.html"]))],
     (ask(path="/api/x"), ask(path="/api"), ask(path="/index.html"), ask(path="/index.html?a"), ask(path="/x"))),
    ("not paths", [allow(to(paths=["/*"], notPaths=["/admin*"]))], (ask(path="/x"), ask(path="/admin/x"))),
    ("a segment", [allow(to(paths=["/api/{*}/x"]))],
     (ask(path="/api/1/x"), ask(path="/api/1/2/x"), ask(path="/api//x"), ask(path="/api/1/x/"), ask(path="/api/a=b/x"), ask(path="/api/a*b/x"))),
    ("any segments", [allow(to(paths=["/files/{**}", "/t/{**}/end"]))],
     (ask(path="/files/"), ask(path="/files/a/b"), ask(path="/files"), ask(path="/t/a/b/end"), ask(path="/t/end"), ask(path="/t//end"))),
    ("normal paths", [deny(to(paths=["/admin", "/admin/*"]))],
     (ask(path="/api/../admin"), ask(path="/%61dmin"), ask(path="/./admin/x"), ask(path="//admin"), ask(path="/admin%2Fx"), ask(path="/x/.."), ask(path="/x\\..\\admin"))),
    ("a host", [allow(to(hosts=["server.SERVER"]))], (FAR, ask(host="server.SERVER:80"), ask(host="SeRver.SERVER"), ask(host="server.SERVER.svc"))),
    ("begins and ends of hosts", [allow(to(hosts=["*.svc", "server.SERVER:*"]))],
     (FAR, ask(host="server.SERVER:80"), ask(host="server.SERVER.svc"), ask(host="server.SERVER.svc.cluster.local"))),
    ("not hosts", [deny(to(notHosts=["server.SERVER"]))], (FAR, ask(host="server.SERVER.svc"))),
    ("the port of the pod", [allow(to(ports=["8080"]))], (FAR, PLAIN, raw())),
    ("the port of the Service", [allow(to(ports=["80"]))], (FAR, PLAIN, raw())),
    ("not a port", [allow(to(notPorts=["9090"]))], (FAR, raw())),
    ("a header", [allow(when("request.headers[X-Team]", "blue", "g*", "*d"))],
     (FAR, ask(headers={"x-team": "blue"}), ask(headers={"X-TEAM": "green"}), ask(headers={"x-team": "red"}), ask(headers={"x-team": "white"}))),
    ("any header", [allow(when("request.headers[x-team]", "*"))], (FAR, ask(headers={"x-team": "blue"}))),
    ("not a header", [allow(when("request.headers[x-team]", "blue", no=True))], (FAR, ask(headers={"x-team": "blue"}), ask(headers={"x-team": "red"}))),
    ("conditions on the source", [allow({"when": [{"key": "source.ip", "values": ["FAR_IP"]}, {"key": "source.namespace", "values": ["CLIENT"]}]})], EVERYBODY),
    ("a condition on the principal", [allow(when("source.principal", FAR_ID, no=True))], EVERYBODY),
    ("a condition on the account", [allow(when("source.serviceAccount", "CLIENT/far"))], EVERYBODY),
    ("conditions on the destination", [allow({"when": [{"key": "destination.ip", "values": ["SERVER_IP"]}, {"key": "destination.port", "values": ["8080"]}]})],
     (FAR, raw())),
    ("the server name", [allow(when("connection.sni", "outbound_.80_*"))], (ask(sni=True), PLAIN)),
    ("deny before allow", [deny(to(paths=["/admin"])), allow({})], (FAR, ask(path="/admin"))),
    ("either of two", [allow(source(namespaces=["CLIENT"])), allow(to(methods=["POST"]))], (FAR, NEAR, ask("near", method="POST"), ask("plain", method="POST"))),
    ("sources, operations and conditions",
     [allow({"from": [{"source": {"namespaces": ["CLIENT"]}}, {"source": {"principals": ["*/sa/near"], "ipBlocks": ["NEAR_IP"]}}],
             "to": [{"operation": {"methods": ["GET"]}}, {"operation": {"paths": ["/post"], "methods": ["POST"]}}],
             "when": [{"key": "request.headers[x-ok]", "values": ["1"]}]})],
     (ask(headers={"x-ok": "1"}), ask("near", headers={"x-ok": "1"}), ask("plain", headers={"x-ok": "1"}), FAR,
      ask(path="/post", method="POST", headers={"x-ok": "1"}), ask(path="/x", method="POST", headers={"x-ok": "1"}))),
    ("an attempt to deny", [deny({}, dry_run=True)], (FAR, raw())),
    ("an attempt to allow", [allow(to(paths=["/x"]), dry_run=True)], (FAR, raw())),
    ("an attempt beside a policy", [allow(to(paths=["/x"]), dry_run=True), allow(to(paths=["/y"]))], (ask(path="/x"), ask(path="/y"))),
    ("audit", [{"spec": {"action": "AUDIT", "rules": [{}]}}], (FAR, raw())),
    ("a provider that is not there", [{"spec": {"action": "CUSTOM", "provider": {"name": "nobody"}, "rules": [to(paths=["/asked"])]}}],
     (FAR, ask(path="/asked"), raw())),
    ("another workload's", [deny({}, selector={"app": "near"})], (FAR,)),
    ("the namespace's", [deny({}, selector=None)], (FAR, raw())),
    ("the root namespace's", [deny({}, place="root")], (FAR, raw())),
    ("another namespace's", [deny({}, selector=None, place="client")], (FAR,)),
    ("another revision's", [deny({}, labels={"istio.io/rev": "OTHER_REVISION"})], (FAR,)),
    ("its own revision's", [deny({}, labels={"istio.io/rev": "OWN_REVISION"})], (FAR,)),
    ("allow of HTTP without HTTP", [allow(to(methods=["GET"]))], (FAR, raw())),
    ("allow of HTTP beside a port", [allow({"to": [{"operation": {"ports": ["9090"]}}, {"operation": {"methods": ["GET"]}}]})], (FAR, raw())),
    ("allow of two rules", [allow(to(methods=["GET"]), to(ports=["9090"]))], (FAR, raw())),
    ("deny of HTTP without HTTP", [deny(to(methods=["POST"]))], (FAR, ask(method="POST"), raw())),
    ("deny of HTTP beside a source", [deny({**source(namespaces=["CLIENT"]), **to(paths=["/x"])})], (FAR, ask(path="/x"), raw(), raw("near"))),
    ("deny of a token without HTTP", [deny(source(notRequestPrincipals=["*"]))], (FAR, raw())),
)

TOKEN = {"iss": ISSUER, "sub": "alice", "aud": "shop", "azp": "app", "groups": ["dev", "ops"], "scope": "read write", "realm": {"roles": ["admin"]}}
WITH, WITHOUT = ask(token=TOKEN), FAR
# Under a RequestAuthentication.
TOKEN_CASES = (
    ("no policy on tokens", [], (WITHOUT, WITH, ask(token={**TOKEN, "iss": "https://other.example.com"}))),
    ("any token", [allow(source(requestPrincipals=["*"]))], (WITHOUT, WITH)),
    ("no token", [deny(source(notRequestPrincipals=["*"]))], (WITHOUT, WITH)),
    ("an issuer", [allow(source(requestPrincipals=[ISSUER + "/*"]))], (WITHOUT, WITH)),
    ("a subject", [allow(source(requestPrincipals=[ISSUER + "/bob"]))], (WITH, ask(token={**TOKEN, "sub": "bob"}))),
    ("an audience", [allow(when("request.auth.audiences", "shop"))], (WITHOUT, WITH, ask(token={**TOKEN, "aud": ["a", "shop"]}), ask(token={**TOKEN, "aud": "a"}))),
    ("a presenter", [allow(when("request.auth.presenter", "app"))], (WITH, ask(token={**TOKEN, "azp": "x"}))),
    ("a claim", [allow(when("request.auth.claims[groups]", "ops"))], (WITHOUT, WITH, ask(token={**TOKEN, "groups": ["dev"]}))),
    ("a word of a claim", [allow(when("request.auth.claims[scope]", "write"))], (WITH, ask(token={**TOKEN, "scope": "read"}))),
    ("an inner claim", [allow(when("request.auth.claims[realm][roles]", "adm*"))], (WITH, ask(token={**TOKEN, "realm": {"roles": ["user"]}}))),
    ("not a claim", [deny(when("request.auth.claims[groups]", "dev", no=True))], (WITHOUT, WITH, ask(token={**TOKEN, "groups": ["x"]}))),
)

# Under mutual TLS STRICT.
STRICT_CASES = (("nobody without a certificate", [], (*EVERYBODY, raw(), raw("plain"))),)

WEB = ask("outside", host="web.example.com")


def at_gateway(policy):
    return {**policy, "selector": {"app": "gateway"}, "place": "client"}


# Of an ingress gateway of the own, whose callers are outside of the mesh.
GATEWAY_CASES = (
    ("gateway: no policy", [], (WEB,)),
    ("gateway: paths", [at_gateway(allow(to(paths=["/shop/*"])))], (WEB, ask("outside", "/shop/x", host="web.example.com"))),
    ("gateway: addresses", [at_gateway(allow(source(ipBlocks=["FAR_IP/32"])))], (WEB,)),
    ("gateway: other addresses", [at_gateway(allow(source(ipBlocks=["192.0.2.0/24"])))], (WEB,)),
    ("gateway: first addresses", [at_gateway(deny(source(notRemoteIpBlocks=["FAR_IP"])))], (WEB,)),
    ("gateway: hosts and methods", [at_gateway(allow(to(hosts=["web.example.com"], methods=["GET"])))],
     (WEB, ask("outside", host="web.example.com", method="POST"), ask("outside", host="api.example.com"))),
    ("gateway: nobody has a principal", [at_gateway(allow(source(principals=["*"])))], (WEB,)),
    ("gateway: not in a namespace", [at_gateway(allow(source(notNamespaces=["CLIENT"])))], (WEB,)),
    ("gateway: the port of the pod", [at_gateway(allow(to(ports=["8080"])))], (WEB,)),
    ("gateway: the port of the Service", [at_gateway(allow(to(ports=["80"])))], (WEB,)),
)
