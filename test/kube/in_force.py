# SPDX-License-Identifier: Apache-2.0
"""`certs` against proxies that serve certificates made here; `mtls` and `telemetry show` of a cluster, its snapshot and files."""

import base64
import json
import os
import subprocess
import tempfile

from injection import serve, valid
from mesh import namespace, pod

SECRETS = "/config_dump?mask=dynamic_warming_secrets,dynamic_active_secrets,static_secrets"


class Authority:
    """A root, and certificates that it signs."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650", "-subj", "/O=" + name,
                     "-keyout", self.path("key"), "-out", self.path("pem"))

    def path(self, kind):
        return os.path.join(self.folder, f"{self.name}.{kind}")

    def openssl(self, *words):
        subprocess.run(["openssl", *words], check=True, capture_output=True)

    @property
    def pem(self):
        with open(self.path("pem"), encoding="ascii") as file:
            return file.read()

    def sign(self, name, days):
        request, out = os.path.join(self.folder, "request"), os.path.join(self.folder, "signed")
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=" + name, "-keyout", request + ".key",
                     "-out", request)
        self.openssl("x509", "-req", "-in", request, "-CA", self.path("pem"), "-CAkey", self.path("key"), "-CAcreateserial", "-days", str(days), "-out", out)
        with open(out, encoding="ascii") as file:
            return file.read()


def secret(name, member, pem):
    inside = {"certificate_chain": {"inline_bytes": base64.b64encode(pem.encode()).decode()}} if member == "tls_certificate" else \
        {"trusted_ca": {"inline_bytes": base64.b64encode(pem.encode()).decode()}}
    return {"name": name, "secret": {"name": name, member: inside}}


def dump(*active, warming=()):
    return json.dumps({"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.SecretsConfigDump", "dynamic_active_secrets": list(active),
                                    "dynamic_warming_secrets": [{"name": each, "secret": {"name": each}} for each in warming]}]})


def roots(place, pem):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "istio-ca-root-cert", "namespace": place, "labels": {"istio.io/config": "true"}},
            "data": {"root-cert.pem": pem}}


def problems(run):
    return sorted((each["severity"], each["problem"], each["subject"]) for each in run.json["remarks"])


def certificates(checks, bench):
    with tempfile.TemporaryDirectory() as folder:
        one, other = Authority(folder, "one"), Authority(folder, "other")
        own = secret("default", "tls_certificate", one.sign("web", 1))
        trust = secret("ROOTCA", "validation_context", one.pem)
        objects = [namespace("shop"), namespace("aks-istio-system"), *(pod("shop", name, "asm-1-28", "1.28.10") for name in ("web-1", "web-2", "api-1")),
                   pod("shop", "plain"), roots("aks-istio-system", one.pem), roots("shop", one.pem)]
        with serve(bench, objects) as server:
            answers = server.pods.answers
            for name in ("web-1", "web-2", "api-1"):
                answers[name, SECRETS] = dump(own, trust)

            def certs(*words):
                run = bench.run("certs", *words, "-o", "json", config=server.kubeconfig())
                valid(checks, "certs " + " ".join(words), "certs", run.json)
                return run

            run = certs("-n", "shop")
            checks.same("certs: a healthy mesh", (run.code, problems(run), run.json["complete"], run.json["shareARoot"]), (0, [], True, True))
            checks.same("certs: those with a proxy are asked", [each["pod"] for each in run.json["proxies"]], ["api-1", "web-1", "web-2"])
            checks.check("certs: the API's Secrets are left alone", [each for each in server.requests if "/secrets" in each])

            answers["web-2", SECRETS] = dump(own, trust, secret("kubernetes://shop", "tls_certificate", one.sign("shop", 5)), warming=["kubernetes://gone"])
            run = certs("-n", "shop")
            checks.same("certs: a gateway's ends soon, another has not come", problems(run),
                        [("warning", "expiring", "shop/web-2"), ("warning", "missing", "shop/web-2")])
            checks.same("certs: warnings end as --fail-on says", (run.code, certs("-n", "shop", "--fail-on", "warning").code,
                                                                  certs("-n", "shop", "--fail-on", "never").code), (0, 3, 0))
            checks.same("certs: the days are those that were asked for", problems(certs("-n", "shop", "--expires-within", "3")),
                        [("warning", "missing", "shop/web-2")])

            answers["api-1", SECRETS] = dump(own, secret("ROOTCA", "validation_context", other.pem))
            run = certs("api-1", "web-1", "-n", "shop")
            checks.same("certs: two without a root in common", (run.code, run.json["shareARoot"]), (3, False))
            checks.check("certs: they are named", "" if ("error", "no-common-root", "shop/api-1") in problems(run) else problems(run))
            answers["api-1", SECRETS] = dump(own, secret("ROOTCA", "validation_context", one.pem + other.pem))
            run = certs("api-1", "web-1", "-n", "shop")
            checks.same("certs: one of several roots in common", (run.code, run.json["shareARoot"], problems(run)),
                        (0, True, [("warning", "root-mix", "the mesh")]))

            answers["api-1", SECRETS] = dump(own)
            checks.same("certs: a proxy without roots", problems(certs("api-1", "-n", "shop")), [("error", "missing", "shop/api-1")])

            answers["api-1", SECRETS] = "upstream connect error"
            run = certs("-n", "shop")
            checks.same("certs: the rest is shown without one that does not tell", (run.code, len(run.json["proxies"]), run.json["complete"]), (5, 2, False))
            del answers["api-1", SECRETS]
        broken = one.pem + "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n"
        with serve(bench, [*objects[:-1], roots("shop", broken)]) as server:
            server.pods.answers.update({(name, SECRETS): dump(own, trust) for name in ("web-1", "web-2", "api-1")})
            run = bench.run("certs", "-n", "shop", "-o", "json", config=server.kubeconfig())
            checks.same("certs: a root that cannot be read beside one that can", problems(run), [("warning", "unreadable-roots", "namespace shop")])
        with serve(bench, objects) as server:
            server.pods.ways = {"proxy": "forbidden", "portforward": "forbidden", "exec": "forbidden"}
            refused = bench.run("certs", "-n", "shop", config=server.kubeconfig())
            checks.ends("certs: without any right", refused, 4, "pods/portforward")


def policies():
    return [{"apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication", "metadata": {"name": "default", "namespace": "shop"},
             "spec": {"mtls": {"mode": "STRICT"}}},
            {"apiVersion": "networking.istio.io/v1", "kind": "DestinationRule", "metadata": {"name": "web", "namespace": "shop"},
             "spec": {"host": "web", "trafficPolicy": {"tls": {"mode": "DISABLE"}}}},
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
             "spec": {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80}]}},
            {"apiVersion": "telemetry.istio.io/v1", "kind": "Telemetry", "metadata": {"name": "logs", "namespace": "shop"},
             "spec": {"accessLogging": [{"providers": [{"name": "envoy"}], "filter": {"expression": "true"}}]}},
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"},
             "spec": {"template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "app", "image": "a"}]}}}}]


def same_everywhere(checks, bench):
    """What is told of a cluster is told of its snapshot and of its objects as files, too."""
    objects = [namespace("shop", "asm-1-28"), *policies()]
    with serve(bench, objects) as server, tempfile.TemporaryDirectory() as folder:
        picture, files = os.path.join(folder, "picture.tar.gz"), os.path.join(folder, "all.json")
        with open(files, "w", encoding="utf-8") as file:
            json.dump({"apiVersion": "v1", "kind": "List", "items": objects}, file)
        packed = bench.run("snapshot", picture, "--no-proxies", config=server.kubeconfig())
        checks.same("in force: a snapshot is made", packed.code, 0)
        for kind, command in (("mtls", ["mtls"]), ("telemetry", ["telemetry", "show"])):
            live = bench.run(*command, "-n", "shop", "-o", "json", config=server.kubeconfig())
            valid(checks, " ".join(command), kind, live.json)
            for name, source in (("snapshot", ["--snapshot", picture]), ("files", ["-f", files])):
                other = bench.run(*command, "-n", "shop", "-o", "json", *source)
                checks.same(f"in force: {kind} of the {name}", other.json["items"], live.json["items"])
        part = os.path.join(folder, "part.tar.gz")
        free = [each for each in objects if each["kind"] != "DestinationRule"]
        elsewhere = {"apiVersion": "networking.istio.io/v1", "kind": "DestinationRule", "metadata": {"name": "web", "namespace": "pay"},
                     "spec": {"host": "web.shop.svc.cluster.local", "trafficPolicy": {"tls": {"mode": "DISABLE"}}}}
        with serve(bench, [*free, namespace("pay", "asm-1-28"), elsewhere]) as other:
            bench.run("snapshot", part, "-n", "shop", "--no-proxies", config=other.kubeconfig())
            for name, source, theirs in (("a cluster", {"config": other.kubeconfig()}, (0, [(None, "mutual-tls"), ("pay", "refused")])),
                                         ("a snapshot of one namespace", {}, (5, [(None, "unknown")]))):
                run = bench.run("mtls", "-n", "shop", "-o", "json", *([] if source else ["--snapshot", part]), **source)
                checks.same(f"in force: callers of other namespaces in {name}",
                            (run.code, [(each.get("callersIn"), each["result"]) for port in run.json["items"][0]["ports"] for each in port["callers"]]), theirs)
        mtls = bench.run("mtls", "web", "-n", "shop", config=server.kubeconfig())
        checks.ends("in force: a conflict is told", mtls, 0, "calls to web.shop.svc.cluster.local:80 fail: they send DISABLE of DestinationRule shop/web")
        for words in (("mtls",), ("telemetry", "show"), ("injection", "explain")):
            there, here = (bench.run(*words, *more, "-o", "json", config=server.kubeconfig()).out for more in (("web", "-n", "shop"), ("deploy/web.shop",)))
            checks.check(f"in force: {' '.join(words)} of a name with its namespace", "" if here == there and '"web"' in here else here)
        checks.ends("in force: names of two namespaces", bench.run("mtls", "web.shop", "web.pay", config=server.kubeconfig()), 2, "the same namespace")
        telemetry = bench.run("telemetry", "show", "web", "-n", "shop", config=server.kubeconfig())
        checks.ends("in force: what the add-on blocks is told", telemetry, 0, "accessLogging[].filter", "AKM2008")
    with serve(bench, objects, denied=["peerauthentications"]) as server:
        blind = bench.run("mtls", "-n", "shop", "-o", "json", config=server.kubeconfig())
        checks.same("in force: what cannot be listed makes the exit code 5", (blind.code, blind.json["complete"]), (5, False))


def unread(checks, bench):
    """What could not be read is never taken for what nobody has set."""
    running = pod("shop", "web-1", "asm-1-28", "1.28.10")
    objects = [namespace("shop", "asm-1-28"), namespace("aks-istio-system"), running, *policies()]
    words = {"mtls": ["mtls", "web", "-n", "shop"], "telemetry": ["telemetry", "show", "web", "-n", "shop"],
             "authz-can": ["authz", "can", "--destination", "web-1.shop", "--source", "spiffe://cluster.local/ns/a/sa/b"]}

    def tell(kind, denied):
        with serve(bench, objects, denied_at_all=denied) as server:
            run = bench.run(*words[kind], "-o", "json", config=server.kubeconfig())
            valid(checks, f"{kind} without {denied}", kind, run.json)
            return run, bench.run(*words[kind], config=server.kubeconfig())

    run, text = tell("mtls", ["peerauthentications"])
    item = run.json["items"][0]
    checks.same("unread: no mode without PeerAuthentications", (run.code, "accepts" in item, item["ports"][0]["callers"][0]["result"]), (5, False, "unknown"))
    checks.check("unread: nor in the table", text.out if "PERMISSIVE" in text.out or "could not be read" not in text.out else "")
    run, _ = tell("mtls", ["destinationrules"])
    checks.same("unread: nobody knows what callers send without DestinationRules",
                (run.code, [each["result"] for each in run.json["items"][0]["ports"][0]["callers"]]), (5, ["unknown"]))
    for denied in ("telemetries", "configmaps"):
        run, text = tell("telemetry", [denied])
        checks.same(f"unread: no signal is on or off without {denied}",
                    (run.code, ["enabled" in side for name in ("accessLogging", "tracing", "metrics") for side in run.json["items"][0][name]]), (5, [False] * 3))
        checks.check(f"unread: nor in the table without {denied}", "" if text.out.count("not known") == 3 else text.out)
    run, _ = tell("authz-can", ["authorizationpolicies"])
    checks.same("unread: no request is allowed without AuthorizationPolicies", (run.code, run.json["verdict"]), (5, "depends"))
    strict, _ = tell("authz-can", ["requestauthentications"])
    checks.same("unread: what does not matter changes no verdict", (strict.code, strict.json["verdict"]), (5, "allowed"))
    plain = ["authz", "can", "--destination", "web-1.shop", "--plaintext", "-o", "json"]
    with serve(bench, objects, denied_at_all=["authorizationpolicies"]) as server:
        refused = bench.run(*plain, config=server.kubeconfig())
        checks.same("unread: what is refused before any policy is", (refused.code, refused.json["verdict"]), (3, "denied"))
    with serve(bench, objects, denied_at_all=["peerauthentications"]) as server:
        plain_text = bench.run(*plain, config=server.kubeconfig())
        checks.same("unread: nor one in plain text without PeerAuthentications", (plain_text.code, plain_text.json["verdict"]), (5, "depends"))
    with serve(bench, objects) as server:
        gone = bench.run("certs", "-n", "shp", config=server.kubeconfig())
        checks.ends("certs: of a namespace that is not there", gone, 1, "there is no namespace 'shp'", "did you mean shop?")


def at_gateways(checks, bench):
    """PeerAuthentications mean nothing to the ports of a gateway."""
    name = "aks-istio-ingressgateway-external"
    gateway = pod("aks-istio-ingress", name + "-1", "asm-1-28", "1.28.10")
    gateway["metadata"]["labels"] = {"app": name, "azureservicemesh/istio.component": "ingress-gateway"}
    gateway["metadata"]["annotations"]["inject.istio.io/templates"] = "gateway"
    strict = {"apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication", "metadata": {"name": "default", "namespace": "aks-istio-system"},
              "spec": {"mtls": {"mode": "STRICT"}}}
    with serve(bench, [namespace("aks-istio-ingress", "asm-1-28"), namespace("aks-istio-system"), gateway, strict]) as server:
        run = bench.run("mtls", "-n", "aks-istio-ingress", "-o", "json", config=server.kubeconfig())
        valid(checks, "mtls of a gateway", "mtls", run.json)
        checks.same("mtls: a gateway has no mode", [(each["gateway"], "accepts" in each) for each in run.json["items"]], [(True, False)])
        text = bench.run("mtls", "-n", "aks-istio-ingress", config=server.kubeconfig())
        checks.check("mtls: nor in the table", "" if "its Gateways decide" in text.out and "STRICT" not in text.out else text.out)


IN_FORCE_CASES = (certificates, same_everywhere, unread, at_gateways)
