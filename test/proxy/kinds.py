# SPDX-License-Identifier: Apache-2.0
"""Documents about endpoints, secrets, extensions and the bootstrap: as their schema says, with what Envoy gave, without what is private."""

import base64
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "azure"))
from documents import load_schema, schema_problems, validator_of  # noqa: E402

HIDDEN = "hunter2-would-be-seen"


def sections_of(folder, file):
    dump = json.loads((folder / file).read_text(encoding="utf-8"))
    return {section["@type"].rsplit(".", 1)[1]: section for section in dump["configs"]}


def assigned(sections):
    """The endpoints that EDS has, each with its cluster."""
    found = []
    for kind in ("static_endpoint_configs", "dynamic_endpoint_configs"):
        for entry in sections["EndpointsConfigDump"].get(kind, []):
            config = entry["endpoint_config"]
            found += [(config["cluster_name"], one) for group in config.get("endpoints", []) for one in group.get("lb_endpoints", [])]
    return found


def hosts(folder, file):
    """Those that /clusters has."""
    dump = json.loads((folder / file).read_text(encoding="utf-8"))
    return [(status["name"], host) for status in dump["cluster_statuses"] for host in status.get("host_statuses", [])]


def secrets(sections):
    return [(one["name"], one["secret"]) for kind in ("dynamic_warming_secrets", "dynamic_active_secrets", "static_secrets")
            for one in sections["SecretsConfigDump"].get(kind, [])]


def in_one_order(pairs):
    return sorted(json.dumps(pair, sort_keys=True) for pair in pairs)


class Kinds:
    def __init__(self, program, folder, check):
        self.program, self.folder, self.check = program, folder, check
        self.validator = validator_of(load_schema("proxy-config"))

    def document(self, kind, file, stdin=b""):
        done = self.program.run(["proxy", "config", kind, "-f", file, "-o", "json"], self.folder, stdin)
        document = json.loads(done.stdout)
        self.check(f"{file} {kind}: the document", "; ".join(schema_problems(self.validator, document)))
        return document

    def same(self, kind, file, given, key):
        shown = [(item[key], item["config"]) for item in self.document(kind, file)["items"]]
        self.check(f"{file} {kind}: the objects are Envoy's", "" if in_one_order(shown) == in_one_order(given) else "they differ")

    def recorded(self):
        for proxy in ("aks-productpage", "aks-ingress", "aks-httpbin"):
            file = f"in/{proxy}/config_dump.json"
            sections = sections_of(self.folder, file)
            self.same("eds", file, assigned(sections), "cluster")
            self.same("endpoint", file, assigned(sections), "cluster")
            self.same("endpoint", f"in/{proxy}/clusters.json", hosts(self.folder, f"in/{proxy}/clusters.json"), "cluster")
            self.same("secret", file, secrets(sections), "name")
            bootstrap = self.document("bootstrap", file)["items"]
            self.check(f"{file} bootstrap: it is Envoy's",
                       "" if [one["config"] for one in bootstrap] == [sections["BootstrapConfigDump"]["bootstrap"]] else "it differs")
            if "EcdsConfigDump" in sections:
                given = [(one["ecds_filter"]["name"], one["ecds_filter"]) for one in sections["EcdsConfigDump"]["ecds_filters"]]
                self.same("ecds", file, given, "name")

    def without_eds(self):
        """Of a dump without EDS there are the endpoints of static clusters, and a word about the others."""
        dump = json.loads((self.folder / "in/aks-productpage/config_dump.json").read_text(encoding="utf-8"))
        dump["configs"] = [one for one in dump["configs"] if not one["@type"].endswith("EndpointsConfigDump")]
        text = json.dumps(dump).encode()
        done = self.program.run(["pc", "ep", "-f", "-"], self.folder, text)
        rows = sorted(line.split()[-1] for line in done.stdout.decode().splitlines()[1:])
        self.check("endpoint: a dump without EDS", "" if rows == ["agent", "prometheus_stats", "sds-grpc", "xds-grpc"] and
                   b"include_eds" in done.stderr and b"outlier" in done.stderr else str((rows, done.stderr)))
        done = self.program.run(["pc", "eds", "-f", "-"], self.folder, text)
        self.check("eds: a dump without EDS", "" if len(done.stdout.splitlines()) == 1 and b"include_eds" in done.stderr else str(done))

    def private(self):
        """What is private is hidden, whoever wrote the dump, in both ways to write keys."""
        encoded = base64.b64encode(HIDDEN.encode()).decode()
        secret = [
            {"name": "a", "secret": {"name": "a", "tls_certificate": {"private_key": {"inline_string": HIDDEN}, "password": {"inline_bytes": encoded},
                                                                      "certificate_chain": {"filename": "/etc/certs/chain.pem"}}}},
            {"name": "b", "secret": {"name": "b", "tlsCertificate": {"privateKey": {"inlineString": HIDDEN}, "privateKeyProvider": {"typed_config": {"x": [HIDDEN]}}}}},
            {"name": "c", "secret": {"name": "c", "session_ticket_keys": {"keys": [{"inline_bytes": encoded}, HIDDEN]}}},
            {"name": "d", "secret": {"name": "d", "generic_secret": {"secret": {"inline_string": HIDDEN}, "secrets": {"k": {"inline_string": HIDDEN}}}}},
            {"name": "e", "secret": {"name": "e", "tls_certificate": {"pkcs12": {"inline_bytes": encoded}, "private_key": {"filename": "/etc/certs/key.pem"}}}},
            {"name": "f", "secret": {"name": "f", "tls_certificate": {"priv\\u0061te_key": {"inline_string": HIDDEN}}}},
        ]
        context = {"common_tls_context": {"tls_certificates": secret[0]["secret"]["tls_certificate"]}}
        cluster = {"name": "x", "transport_socket": {"typed_config": context}}
        dump = {"configs": [
            {"@type": "x.BootstrapConfigDump", "bootstrap": {"static_resources": {"secrets": [one["secret"] for one in secret], "clusters": [cluster]}}},
            {"@type": "x.ClustersConfigDump", "static_clusters": [{"cluster": cluster}]},
            {"@type": "x.SecretsConfigDump", "static_secrets": secret[:3], "dynamic_active_secrets": secret[3:]}]}
        text = json.dumps(dump).replace("priv\\\\u0061te", "priv\\u0061te").encode()
        for kind in ("secret", "bootstrap", "cluster"):
            for form in ("json", "yaml", "wide", "text"):
                done = self.program.run(["pc", kind, "-f", "-", "-o", form], self.folder, text)
                told = done.stdout.decode() + done.stderr.decode()
                wrong = "" if done.returncode == 0 and HIDDEN not in told and encoded not in told else told[:400]
                if not wrong and form == "json":
                    wrong = "" if '"redacted"' in told and "/etc/certs/chain.pem" in told else told[:400]
                self.check(f"{kind} -o {form}: what is private is hidden", wrong)
        shown = {one["name"]: one for one in self.document("secret", "-", text)["items"]}
        self.check("secret: file names stay", "" if shown["e"]["config"]["tls_certificate"]["private_key"] == {"filename": "/etc/certs/key.pem"} else str(shown["e"]))

    def waiting(self):
        """A secret without content is told as such, and its status stays the neighbour's."""
        dump = {"configs": [{"@type": "x.SecretsConfigDump", "dynamic_warming_secrets": [
            {"name": "kubernetes://shop-cert", "secret": {"name": "kubernetes://shop-cert"}}]}]}
        done = self.program.run(["pc", "secret", "-f", "-", "-o", "wide"], self.folder, json.dumps(dump).encode())
        row = done.stdout.decode().splitlines()[1].split()
        self.check("secret: UNINITIALIZED", "" if "WARMING" in row and "UNINITIALIZED" in row else str(row))
        done = self.program.run(["pc", "secret", "-f", "-"], self.folder, json.dumps(dump).encode())
        self.check("secret: a word about one without content",
                   "" if b"UNINITIALIZED" not in done.stdout and b"without content" in done.stderr else str(done))

    def chain(self):
        """All certificates of a chain are there with -o wide and in documents."""
        done = self.program.run(["pc", "secret", "-f", "in/aks-productpage/config_dump.json", "-o", "wide"], self.folder)
        rows = [line.split() for line in done.stdout.decode().splitlines()]
        self.check("secret -o wide: the whole chain", "" if sum(row[0] == "default" for row in rows) == 2 and
                   any("URI:spiffe://cluster.local/ns/shop/sa/bookinfo-productpage" in row for row in rows) else str(rows))
        items = {one["name"]: one for one in self.document("secret", "in/aks-productpage/config_dump.json")["items"]}
        found = items["default"]["certificates"]
        self.check("secret: the certificates of a document", "" if [one["type"] for one in found] == ["Cert Chain", "CA"] and
                   found[0]["trustDomain"] == "cluster.local" and found[0]["notAfter"] == "2026-11-23T23:33:54Z" else str(found))

    def order(self):
        """The order of rows does not come from that of the dump, in which Envoy's hash tables show. Secrets are in that of the dump for the
        neighbour as well, and routes without a name in that of the bootstrap."""
        def turned(dump):
            return {**dump, "configs": [{key: list(reversed(value)) if key.startswith("dynamic") else value for key, value in one.items()} for one in dump["configs"]]}
        for proxy in ("aks-productpage", "aks-ingress", "aks-httpbin"):
            file = f"in/{proxy}/config_dump.json"
            dump = json.dumps(turned(json.loads((self.folder / file).read_text(encoding="utf-8")))).encode()
            for kind in ("cluster", "listener", "route", "eds"):
                there = self.program.run(["pc", kind, "-f", file], self.folder)
                here = self.program.run(["pc", kind, "-f", "-"], self.folder, dump)
                self.check(f"order: {kind} of {proxy}", "" if there.returncode == 0 and there.stdout == here.stdout else here.stdout.decode())

    def address(self):
        for kind, file in (("endpoint", "clusters.json"), ("eds", "config_dump.json")):
            runs = [self.program.run(["pc", kind, "-f", f"in/aks-productpage/{file}", "--address", each, "--no-headers"], self.folder)
                    for each in ("10.245.0.17", "10.245.0.17:80")]
            rows = [[line.split() for line in run.stdout.decode().splitlines()] for run in runs]
            self.check(f"address: {kind} with a port and without", "" if len(rows[0]) > len(rows[1]) == 1 and rows[1][0] in rows[0] else str(rows))

    def health(self):
        done = self.program.run(["pc", "ep", "-f", "in/edited-health/clusters.json", "-o", "wide", "--status", "draining"], self.folder)
        rows = [line.split() for line in done.stdout.decode().splitlines()]
        self.check("endpoint -o wide: what is wrong", "" if len(rows) == 2 and "failed_outlier_check" in rows[1] and
                   "westeurope/westeurope-2" in rows[1] else str(rows))


def check_kinds(program, folder, check):
    kinds = Kinds(program, folder, check)
    for part in (kinds.recorded, kinds.without_eds, kinds.private, kinds.waiting, kinds.chain, kinds.order, kinds.address, kinds.health):
        part()
