# SPDX-License-Identifier: Apache-2.0
"""Pages of real proxies and istiods through `dashboard`, and what `describe` says of the bed's pods."""

import json
import signal
import subprocess
import urllib.request


class Dashboard:
    def __init__(self, program, *arguments):
        self.process = subprocess.Popen([program.binary, "dashboard", *arguments, "--local-port", "0", "-o", "json"], env=program.environment(),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        text = ""
        for line in self.process.stdout:
            text += line
            if line == "}\n":
                break
        self.json = json.loads(text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def get(self, path):
        with urllib.request.urlopen(self.json["url"].removesuffix("/debug").removesuffix("/") + path, timeout=60) as answer:
            return answer.read().decode()

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


def dashboards(checks, bed, program):
    with Dashboard(program, "envoy", "deployment/catalog-v1", "-n", "shop") as run:
        info = json.loads(run.get("/server_info"))
        checks.same("dashboard: the proxy answers", (info["state"], info["node"]["id"].split("~")[2]), ("LIVE", f"{run.json['pod']}.shop"))
        dump = json.loads(run.get("/config_dump"))
        checks.check("dashboard: a large page as well", "" if len(dump["configs"]) >= 5 else list(dump))
        checks.same("dashboard: Ctrl-C", run.interrupt(), 130)
    for revision in ("asm-1-28", "asm-1-29"):
        with Dashboard(program, "istiod", "--revision", revision) as run:
            checks.check(f"dashboard: istiod of {revision}", "" if revision in run.json["pod"] else run.json)
            checks.check(f"dashboard: istiod of {revision}, a page", "" if isinstance(json.loads(run.get("/debug/syncz")), list) else "no list")
    for word, says in (("grafana", "az grafana show"), ("prometheus", "az monitor account show"), ("kiali", "app=kiali")):
        checks.ends(f"dashboard: no {word} here", program.run("dashboard", word), 1, says)


def descriptions(checks, bed, program):
    pods = [each["metadata"]["name"] for each in bed.cluster.list("v1", "Pod", "shop") if each["metadata"]["name"].startswith("catalog-v1")]
    run = program.run("describe", "pod", pods[0] + ".shop", "-o", "json")
    checks.same("describe pod: everything could be read", (run.code, run.json["unavailable"]), (0, []))
    checks.same("describe pod: the mode of mutual TLS", run.json["mutualTls"]["mode"], "STRICT")
    service = run.json["services"][0]
    checks.same("describe pod: its service and rules", (service["name"], [each["name"] for each in service["destinationRules"]]), ("catalog", ["catalog"]))
    checks.same("describe pod: its gateway", [(each["name"], each["exists"], bool(each["pods"])) for each in service["gateways"]], [("storefront", True, True)])
    checks.check("describe pod: its address", "" if any("20.1.2.3" in each for each in service["gateways"][0]["urls"]) else service["gateways"])
    checks.check("describe pod: the proxy enforces the policy", "" if any("catalog-callers.shop" in each["policies"] for each in run.json["accessFilters"])
                 else run.json["accessFilters"])
    checks.same("describe pod: the proxy has all of it", (run.json["staleInProxy"], [each for each in run.json["policies"] + service["destinationRules"]
                                                                                     + service["virtualServices"] if "inProxy" in each]), ([], []))
    run = program.run("describe", "service", "catalog.shop", "-o", "json")
    checks.same("describe service: the pods behind it", (run.code, len(run.json["pods"]), {each["proxy"] for each in run.json["pods"]} - {"sidecar", "native-sidecar"}),
                (0, 3, set()))


DASHBOARDS = [dashboards, descriptions]
