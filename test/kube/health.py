# SPDX-License-Identifier: Apache-2.0
"""Tries what tells whether a mesh is well: check, preflight and snapshots."""

import io
import json
import os
import stat
import tarfile
import threading
import time

from mesh import SYNCZ, canary, deployment, namespace, pod, sync, syncz

HIDDEN = "never-to-be-seen"


def texts(objects):
    return ["\n---\n".join(json.dumps(each) for each in objects)]


def codes(run):
    return sorted({each["code"] for each in run.json["findings"]})


def verdicts(run):
    return {each["code"]: each["verdict"] for each in run.json["checks"]}


def check_of_a_canary(checks, bench):
    with bench.server(texts(canary())) as server:
        config = server.kubeconfig()
        run = bench.run("check", "-o", "json", config=config)
        # Planted in the canary: a namespace and pod of a revision that is gone, a gateway that is down, pods to be restarted, an istiod
        # that is not wholly there. The end of support is left out: it moves with the day.
        checks.same("check: what is wrong", [each for each in codes(run) if each != "AKM1105"],
                    ["AKM3002", "AKM3004", "AKM3005", "AKM3006", "AKM3101", "AKM4013", "AKM5009", "AKM8101"])
        checks.same("check: its exit code", run.code, 3)
        seen = {each["category"] for each in run.json["checks"]}
        checks.check("check: no rule about routing", seen & {"traffic", "istio"})
        text = bench.run("check", config=config)
        for line in ("Sidecars\n", "Gateways\n", "checks passed\n", "3 errors"):
            checks.check("check, text: " + line.strip(), "" if line in text.out else text.out)
        brief = bench.run("check", "--short", config=config).out.splitlines()
        checks.check("check, short: a line for each", "" if brief[0].startswith("\u2716 AKM3002 ") and brief[-1].startswith("3 errors") else brief)
        checks.ends("check: the threshold sets the exit code", bench.run("check", "--only", "AKM3006", config=config), 0)
        checks.ends("check: the threshold sets the exit code", bench.run("check", "--only", "AKM3006", "--fail-on", "warning", config=config), 3)
        checks.ends("check: a rule of another phase", bench.run("check", "--only", "AKM8003", config=config), 2, "no check of the phase check")
        checks.ends("preflight: a context that is not there", bench.run("preflight", "--phase", "upgrade", "--no-azure", "--context", "nope", config=config), 2, "nope")
        checks.ends("check: a window that is none", bench.run("check", "--expires-within", "soon", config=config), 2, "no number of days")
        of_one = bench.run("check", "-n", "shop", "-o", "json", config=config)
        checks.same("check: of one namespace", {each["object"].get("namespace") for each in of_one.json["findings"]} - {None}, {"shop"})
        far = bench.run("check", "-o", "json", "--only", "AKM1105", "--expires-within", "36500", config=config)
        checks.same("check: the end of support within the window", codes(far), ["AKM1105"])
    with bench.server(texts(canary()), denied_at_all=["deployments"]) as server:
        run = bench.run("check", "-o", "json", "--fail-on", "never", config=server.kubeconfig())
        checks.same("check without deployments: the exit code", run.code, 5)
        checks.same("check without deployments: istiod is not called well", verdicts(run)["AKM4012"], "unknown")


def waiting(checks, bench):
    objects = canary()
    broken = [each for each in objects if each["kind"] == "Deployment" and each["metadata"]["name"].startswith("aks-istio-ingressgateway")]
    with bench.server(texts(objects)) as server:
        def mend():
            for _ in range(200):
                if server.requests:
                    break
                time.sleep(0.05)
            time.sleep(0.5)
            for each in server.objects:
                if each["kind"] == "Deployment":
                    each["status"]["readyReplicas"] = each["spec"]["replicas"]

        thread = threading.Thread(target=mend)
        thread.start()
        run = bench.run("check", "--wait", "--only", "AKM5009", "--timeout", "60s", config=server.kubeconfig())
        thread.join()
        checks.ends("check --wait: until it is well", run, 0)
        lists = [each for each in server.requests if each.startswith("/apis/apps/v1/deployments")]
        checks.check("check --wait: by looking again", "" if len(lists) >= 2 else server.requests)
    checks.same("check --wait: there was something to wait for", bool(broken), True)
    with bench.server(texts(canary())) as server:
        run = bench.run("check", "--wait", "--only", "AKM5009", "--timeout", "1s", config=server.kubeconfig())
        checks.ends("check --wait: what is still wrong when the time is over", run, 6, "AKM5009", "the time of --timeout is over")


def well(objects):
    for each in objects:
        if each["kind"] == "Deployment":
            each["status"]["readyReplicas"] = each["spec"]["replicas"]
    return objects


def hiccups(checks, bench):
    """A look that fails does not end the waiting; it is told once."""
    only = ["check", "--wait", "--only", "AKM5009", "-o", "json"]
    told = "could not look, and tries again: "

    # Each request is tried five times before a look has failed.
    for what, faults, says in (("the API server fails", {"api": ["500"] * 10, "apis": ["500"] * 10}, "ask the cluster what it serves"),
                               ("it has too much to do", {"api": ["429"] * 10, "apis": ["429"] * 10}, "too many requests"),
                               ("a list fails", {"deployments": ["429"] * 10}, "list deployments.apps in all namespaces")):
        with bench.server(texts(well(canary())), faults=faults) as server:
            run = bench.run(*only, "--timeout", "120s", config=server.kubeconfig(), limit=150)
            checks.same(f"check --wait, {what}: it ends well", (run.code, run.json.get("findings"), run.json.get("complete")), (0, [], True))
            checks.same(f"check --wait, {what}: told once", (run.err.count(told), says in run.err), (1, True))

    with bench.server(texts(well(canary()))) as server:
        config = server.kubeconfig()
        port = server.server.server_address[1]
    back = []

    def come_back():
        time.sleep(3)
        with bench.server(texts(well(canary())), port=port) as server:
            back.append(server)
            done.wait(120)

    done = threading.Event()
    thread = threading.Thread(target=come_back)
    thread.start()
    run = bench.run(*only, "--timeout", "120s", config=config, limit=150)
    done.set()
    thread.join()
    checks.same("check --wait, nobody is there at first: it ends well", (run.code, run.json["findings"] if run.code == 0 else run.err), (0, []))
    checks.same("check --wait, nobody is there for long: the time is over",
                [(run.code, run.out, "cannot reach" in run.err) for run in [bench.run(*only, "--timeout", "3s", config=config)]], [(6, "", True)])

    with bench.server(texts(canary())) as server:
        def fail_later(path):
            if path.startswith("/apis/apps/v1/deployments"):
                server.faults["api"] = ["hang"] * 99
        server.on_request = fail_later
        run = bench.run("check", "--wait", "--only", "AKM5009", "--timeout", "9s", "--request-timeout", "1s", config=server.kubeconfig())
        checks.ends("check --wait: what was seen before the looks failed", run, 6, "AKM5009", "this is what was seen before")
    with bench.server(texts(well(canary())), denied_at_all=["deployments"]) as server:
        run = bench.run(*only, "--timeout", "60s", config=server.kubeconfig(), limit=30)
        checks.same("check --wait: a right that is missing is not waited for", (run.code, run.json["complete"]), (5, False))
    with bench.server(texts(canary())) as server:
        server.tokens.clear()
        checks.ends("check --wait: nor is a sign-in", bench.run(*only, "--timeout", "60s", config=server.kubeconfig(), limit=30), 4)


def istiod_that_recovers(checks, bench):
    """An istiod that is not ready yet is asked again."""
    with bench.server(texts(canary())) as server:
        pods, page = server.pods, ("istiod-asm-1-28-b", SYNCZ)
        pods.answers = {**syncz(), page: (503, "not ready yet")}

        def recover():
            for _ in range(400):
                if any(each[1:] == page for each in pods.asked):
                    break
                time.sleep(0.05)
            time.sleep(0.5)
            pods.answers[page] = json.dumps([sync("shop", "web-2")])

        thread = threading.Thread(target=recover)
        thread.start()
        run = bench.run("check", "--wait", "--only", "AKM9114", "-o", "json", "--timeout", "60s", config=server.kubeconfig(), limit=90)
        thread.join()
        checks.same("check --wait, an istiod answers 503 at first: it ends well", (run.code, run.json and (run.json["findings"], run.json["complete"])), (0, ([], True)))
        checks.check("check --wait, an istiod answers 503 at first: told once, with its name",
                     "" if run.err.count("could not look, and tries again: ") == 1 and "503" in run.err else run.err)
        checks.check("check --wait, an istiod answers 503 at first: it is asked again", "" if len([each for each in pods.asked if each[1:] == page]) >= 2 else pods.asked)
    with bench.server(texts(canary())) as server:
        server.pods.answers = {**syncz(), page: (503, "not ready yet")}
        run = bench.run("check", "--wait", "--only", "AKM9114", "--timeout", "2s", config=server.kubeconfig())
        checks.same("check --wait, an istiod answers 503 for long: the time is over", run.code, 6)


def preflight(checks, bench):
    with bench.server(texts(canary())) as server:
        config = server.kubeconfig()
        checks.ends("preflight: nothing is planned", bench.run("preflight", config=config), 2, "--phase upgrade")
        run = bench.run("preflight", "--phase", "upgrade", "--no-azure", "-o", "json", config=config)
        bound = sorted(each["object"]["kind"] + " " + each["object"]["name"] for each in run.json["findings"] if each["code"] == "AKM3007")
        checks.same("preflight of a canary: what still needs the older revision", bound,
                    ["MutatingWebhookConfiguration istio-revision-tag-prod-aks-istio-system", "Namespace shop", "Pod cart-1", "Pod pay-1", "Pod web-1"])
        checks.same("preflight: what only Azure tells is unknown", verdicts(run)["AKM1101"], "unknown")
        checks.same("preflight: the exit code", run.code, 3)
        gone = bench.run("preflight", "--phase", "disable", "--no-azure", "-o", "json", config=config)
        checks.same("preflight of the end: who keeps a sidecar", sorted(each["object"].get("namespace", "") for each in gone.json["findings"]
                                                                     if each["code"] == "AKM4003"), ["cart", "gone", "pay", "shop"])
        files = bench.write("filter.yaml", "{apiVersion: networking.istio.io/v1beta1, kind: ProxyConfig, metadata: {name: p, namespace: shop}, spec: {}}")
        both = bench.run("preflight", "--phase", "enable", "--no-azure", files, "-o", "json", config=config)
        checks.same("preflight: manifests count too", [each["where"]["file"] for each in both.json["findings"] if each["code"] == "AKM2002"], [files])
        checks.ends("preflight: nobody is signed in to Azure", bench.run("preflight", "--phase", "upgrade", "--cluster", "c", config=config), 3,
                    "could not read the cluster in Azure: not signed in to Azure", "incomplete")
        checks.ends("preflight: neither side", bench.run("preflight", "--phase", "upgrade", "--no-azure", "--no-cluster", config=config), 2, "nothing to preflight")
    nobody = bench.run("preflight", "--phase", "upgrade", "--no-azure", "-o", "json")
    checks.same("preflight: neither side can be seen", (nobody.code, {each["verdict"] for each in nobody.json["checks"]} - {"unknown", "not-applicable"}),
                (5, set()))


def migration(checks, bench):
    """A self-managed Istio and Open Service Mesh, with objects of each fate."""
    route = {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": {"name": "web", "namespace": "shop"},
             "spec": {"hosts": ["web"], "http": [{"route": [{"destination": {"host": "web"}}]}]}}
    tuned = {"apiVersion": "networking.istio.io/v1beta1", "kind": "ProxyConfig", "metadata": {"name": "tuned", "namespace": "shop"}, "spec": {}}
    target = {"apiVersion": "access.smi-spec.io/v1alpha3", "kind": "TrafficTarget", "metadata": {"name": "pay", "namespace": "pay"}, "spec": {}}
    gate = {"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "metadata": {"name": "public", "namespace": "shop"}, "spec": {
        "selector": {"istio": "ingressgateway"}, "servers": [{"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": ["shop.example.org"]}]}}
    objects = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}} for name, labels in (
        ("istio-system", {}), ("shop", {"istio-injection": "enabled"}), ("pay", {"openservicemesh.io/monitored-by": "osm"}), ("plain", {}))]
    objects += [deployment("istio-system", "istiod", 1, 1, {"app": "istiod"}), deployment("shop", "web", 1, 1), pod("shop", "web-1", "default", "1.28.0"),
                route, tuned, target, gate]
    wanted = {"Namespace istio-system": "change", "Namespace shop": "change", "Namespace pay": "change", "Deployment istiod": "change",
              "Pod web-1": "change", "VirtualService web": "keep", "ProxyConfig tuned": "unsupported", "TrafficTarget pay": "change",
              "Gateway public": "change"}
    with bench.server(texts(objects)) as server:
        run = bench.run("preflight", "--phase", "migrate", "--no-azure", "-o", "json", config=server.kubeconfig())
        found = {each["object"]["kind"] + " " + each["object"]["name"]: each["verdict"] for each in run.json["migration"]}
        checks.same("migration: what becomes of each object", found, wanted)
        rows = {each["object"]["name"]: each for each in run.json["migration"]}
        checks.same("migration: what says so", (rows["tuned"].get("codes"), rows["public"].get("codes")), (["AKM2002"], ["AKM5004"]))
        checks.same("migration: what is kept needs no reason", "why" in rows["web"], False)
        text = bench.run("preflight", "--phase", "migrate", "--no-azure", config=server.kubeconfig()).out
        for words in ("VERDICT", "unsupported  ProxyConfig shop/tuned", "1 object is kept as they are"):
            checks.check("migration, text: " + words, "" if words in text else text)
        saved = os.path.join(bench.folder, "old.tar.gz")
        bench.run("snapshot", saved, config=server.kubeconfig())
        later = bench.run("preflight", "--phase", "migrate", "--no-azure", "-o", "json", "--snapshot", saved)
        checks.same("migration: the same from a snapshot", later.json["migration"], run.json["migration"])
    folder = os.path.join(bench.folder, "exported")
    os.mkdir(folder)
    with open(os.path.join(folder, "all.yaml"), "w", encoding="utf-8") as file:
        file.write(texts(objects)[0])
    run = bench.run("preflight", "--phase", "migrate", "--no-azure", "--no-cluster", folder, "-o", "json")
    found = {each["object"]["kind"] + " " + each["object"]["name"]: each["verdict"] for each in run.json["migration"]}
    checks.same("migration: of exported manifests", (found, run.json["complete"]), (wanted, True))


def rich():
    """The canary with what a snapshot must not give away."""
    teller = {"apiVersion": "v1", "kind": "Pod",
           "metadata": {"name": "teller", "namespace": "shop", "annotations": {
               "kubectl.kubernetes.io/last-applied-configuration": HIDDEN, "kept": "yes"}, "managedFields": [{"manager": HIDDEN}]},
           "spec": {"containers": [{"name": "app", "image": "app:1", "args": ["--password=" + HIDDEN], "command": ["sh", "-c", HIDDEN],
                                    "env": [{"name": "KEY", "value": HIDDEN}, {"name": "EMPTY", "value": ""}],
                                    "livenessProbe": {"exec": {"command": [HIDDEN]}, "httpGet": {"httpHeaders": [{"name": "a", "value": HIDDEN}]}}},
                                   {"name": "istio-proxy", "image": "proxyv2:1.28.10", "env": [{"name": "ISTIO_META", "value": "kept-too"}]}]},
           "status": {"phase": "Running"}}
    teller["metadata"]["annotations"]["shop.example.org/password"] = HIDDEN
    teller["spec"]["containers"].append({"name": "discovery", "image": "eureka:1", "args": [HIDDEN], "env": [{"name": "KEY", "value": HIDDEN}]})
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "shop", "annotations": {
        "kubectl.kubernetes.io/last-applied-configuration": HIDDEN}}, "data": {"x": HIDDEN}, "type": "Opaque"}
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "app", "namespace": "shop"}, "data": {"app.ini": "key=" + HIDDEN},
                "binaryData": {"b": HIDDEN}}
    mesh = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "istio-shared-configmap-asm-1-28", "namespace": "aks-istio-system"},
            "data": {"mesh": f"accessLogFile: /dev/stdout\ndefaultConfig:\n  tracing: {{lightstep: {{accessToken: {HIDDEN}, address: a:1}}}}\n"}}
    workload = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "teller", "namespace": "shop"},
                  "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [
                      {"name": "app", "image": "app:1", "env": [{"name": "KEY", "value": HIDDEN}]}]}}}}
    return [*canary(), teller, secret, settings, mesh, workload]


def snapshots(checks, bench):
    path = os.path.join(bench.folder, "mesh.tar.gz")
    with bench.server(texts(rich())) as server:
        config = server.kubeconfig()
        server.pods.answers = told = syncz()
        refused = sync("shop", "teller", rejected=["LDS"])
        refused["resources"]["type.googleapis.com/envoy.config.listener.v3.Listener"]["lastError"] = "no such thing: password: " + HIDDEN
        refused["internal"] = HIDDEN
        told["istiod-asm-1-29-a", SYNCZ] = json.dumps([*json.loads(told["istiod-asm-1-29-a", SYNCZ]), refused])
        made = bench.run("snapshot", path, "-o", "json", config=config)
        checks.same("snapshot: it is written", (made.code, made.json["complete"], made.json["file"]), (0, True, path))
        checks.same("snapshot: for its owner alone", stat.S_IMODE(os.stat(path).st_mode), 0o600)
        checks.same("snapshot: its size", made.json["bytes"], os.stat(path).st_size)
        checks.ends("snapshot: never over another file", bench.run("snapshot", path, config=config), 2, "it is there already")
        for command in (["check"], ["analyze"], ["preflight", "--phase", "upgrade", "--no-azure"], ["preflight", "--phase", "disable", "--no-azure"]):
            live = bench.run(*command, "-o", "json", config=config)
            later = bench.run(*command, "-o", "json", "--snapshot", path)
            checks.same("snapshot: the same as live, " + " ".join(command), (later.code, later.out), (live.code, live.out))
        for more in ((), ("--no-proxies",)):
            live, later = (bench.run("status", *more, *source, config=config) for source in ((), ("--snapshot", path)))
            checks.same("snapshot: the same as live, status as text " + " ".join(more), (later.code, later.out.replace(" --snapshot " + path, "").splitlines()[1:]),
                        (0, live.out.replace(HIDDEN, "redacted").splitlines()[1:]))
            live, later = (bench.run("status", "-o", "json", *more, *source, config=config).out for source in ((), ("--snapshot", path)))
            checks.check("snapshot: status tells what it looked at", "" if "snapshot " + path in json.loads(later)["place"] else later)
            checks.same("snapshot: the same as live, status " + " ".join(more), later.splitlines()[3:], live.replace(HIDDEN, "redacted").splitlines()[3:])
        states = {each["state"] for each in json.loads(bench.run("status", "-o", "json", "--snapshot", path).out)["proxies"]}
        checks.same("snapshot: how proxies stand, of each kind", states, {"stale", "rejected", "disconnected"})
        asked = [each for each in server.requests if "secrets" in each]
        checks.same("snapshot: of Secrets only the metadata is asked for", [each for each in asked if each not in server.metadata_only], [])
    with tarfile.open(path) as archive:
        files = {each.name: archive.extractfile(each).read().decode() for each in archive.getmembers()}
        modes = {stat.S_IMODE(each.mode) for each in archive.getmembers()}
    checks.same("snapshot: the files inside are the owner's", modes, {0o600})
    checks.same("snapshot: nothing secret in it", [name for name, text in files.items() if HIDDEN in text], [])
    pods = json.loads(files["lists/Pod-1.json"])["items"]
    teller = [each for each in pods if each["metadata"]["name"] == "teller"][0]
    checks.same("snapshot: what rules read stays", (teller["metadata"]["annotations"], teller["spec"]["containers"][1]["env"]),
                ({"kept": "yes", "shop.example.org/password": "redacted"}, [{"name": "ISTIO_META", "value": "kept-too"}]))
    checks.same("snapshot: names of variables stay", [each["name"] for each in teller["spec"]["containers"][0]["env"]], ["KEY", "EMPTY"])
    manifest = json.loads(files["manifest.json"])
    checks.same("snapshot: the manifest lists what is there", sorted(each["file"] for each in manifest["lists"]),
                sorted(name for name in files if name.startswith("lists/")))
    checks.same("snapshot: the manifest lists what the istiods say", [(each["pod"], each["proxies"], each["file"] in files) for each in manifest["istiods"]],
                [("istiod-asm-1-28-a", 2, True), ("istiod-asm-1-28-b", 1, True), ("istiod-asm-1-29-a", 2, True)])
    times = {each["kind"]: each.get("milliseconds") for each in manifest["kinds"]}
    checks.check("snapshot: how long each kind took", "" if all(isinstance(times[each["kind"]], int) for each in manifest["lists"]) else times)
    log = [json.loads(line) for line in files["log.jsonl"].splitlines()]
    checks.check("snapshot: the log tells each request with its time", "" if len(log) > 20 and all("durationMilliseconds" in each for each in log) else log[:3])


def istiods_of_snapshots(checks, bench):
    """Istiods that do not answer, and snapshots without them."""
    with bench.server(texts(canary())) as server:
        config = server.kubeconfig()
        server.pods.answers = syncz()
        del server.pods.answers["istiod-asm-1-28-b", SYNCZ]
        path = os.path.join(bench.folder, "two.tar.gz")
        made = bench.run("snapshot", path, "-o", "json", config=config)
        checks.same("snapshot: an istiod that does not answer is told", (made.code, [each["what"] for each in made.json["skipped"]]),
                    (5, ["the proxies of istiod-asm-1-28-b"]))
        live, later = (bench.run("status", "-o", "json", *source, config=config) for source in ((), ("--snapshot", path)))
        checks.same("snapshot: and leaves the same unknown as live", (later.code, later.json["unavailable"], later.json["proxies"]),
                    (5, live.json["unavailable"], live.json["proxies"]))
        checks.ends("snapshot: check tells it too", bench.run("check", "--snapshot", path, "--fail-on", "never"), 5, "the proxies of istiod-asm-1-28-b")
        alone = os.path.join(bench.folder, "alone.tar.gz")
        server.requests.clear()
        checks.ends("snapshot --no-proxies", bench.run("snapshot", alone, "--no-proxies", config=config), 0)
        checks.same("snapshot --no-proxies: no pod is asked", [each for each in server.requests if SYNCZ in each], [])
        run = bench.run("status", "--snapshot", alone)
        checks.ends("snapshot --no-proxies: status tells it", run, 0, "the istiods were not asked")
        checks.same("snapshot --no-proxies: then nobody is called disconnected", "disconnected" in bench.run("status", "--snapshot", alone, "-o", "json").out, False)


def small_snapshots(checks, bench):
    """Of one namespace, and of a size."""
    stranger = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": HIDDEN, "namespace": "plain"}, "spec": {}}
    with bench.server(texts([*canary(), stranger])) as server:
        config = server.kubeconfig()
        server.pods.answers = syncz()
        path = os.path.join(bench.folder, "shop.tar.gz")
        made = bench.run("snapshot", path, "-n", "shop", "-o", "json", config=config)
        checks.same("snapshot of a namespace: it is written", (made.code, made.json["skipped"]), (0, []))
        asked = {each.split("/")[4] for each in server.requests if each.startswith("/api/v1/namespaces/") and "/proxy/" not in each}
        checks.same("snapshot of a namespace: only that and the add-on's are read", (asked, [each for each in server.requests if each.startswith("/api/v1/pods")]),
                    ({"shop", "aks-istio-system", "aks-istio-ingress", "aks-istio-egress"}, []))
        with tarfile.open(path) as archive:
            names = [HIDDEN in archive.extractfile(each).read().decode() for each in archive.getmembers() if each.name.startswith("lists/")]
        checks.same("snapshot of a namespace: no other object is in it", any(names), False)
        run = bench.run("check", "-n", "shop", "-o", "json", "--snapshot", path)
        live = bench.run("check", "-n", "shop", "-o", "json", config=config)
        checks.same("snapshot of a namespace: what is found there is found in it", {each["code"] for each in live.json["findings"] if each["object"].get("namespace") == "shop"},
                    {each["code"] for each in run.json["findings"] if each["object"].get("namespace") == "shop"})
        missing = bench.run("snapshot", os.path.join(bench.folder, "no.tar.gz"), "-n", "shpo", config=config)
        checks.ends("snapshot of a namespace that is not there", missing, 1, "there is no namespace 'shpo'", "did you mean shop?")
        checks.same("snapshot of a namespace that is not there: no file", os.path.exists(os.path.join(bench.folder, "no.tar.gz")), False)
        tight = os.path.join(bench.folder, "tight")
        for size in ("no", "0", "-1", "3Gi", "1m"):
            checks.ends("snapshot of a size that is none, " + size, bench.run("snapshot", tight + size, "--max-size=" + size, config=config), 2, "--max-size does not take")
    with bench.server(texts([*canary(), *[pod("shop", f"many-{i}", "asm-1-28", "1.28.10") for i in range(300)]])) as server:
        config = server.kubeconfig()
        whole = bench.run("snapshot", tight + ".whole.tar.gz", "--no-proxies", "-o", "json", config=config)
        # Room for the lists alone is none for the manifest and the log.
        most = sum(each["bytes"] for each in whole.json["lists"])
        made = bench.run("snapshot", tight + ".tar.gz", "--no-proxies", f"--max-size={most}", "-o", "json", config=config)
        checks.check("snapshot of a size: what does not fit is told", "" if made.code == 5 and "Pod" in {each["what"] for each in made.json["skipped"]} else made.out)
        checks.check("snapshot of a size: the small lists are in it", "" if len(made.json["lists"]) > 20 else made.out)
        with tarfile.open(tight + ".tar.gz") as archive:
            checks.check("snapshot of a size: all of it counts", "" if sum(each.size for each in archive.getmembers()) <= most else (most, archive.getmembers()))


def partial_snapshots(checks, bench):
    path = os.path.join(bench.folder, "part.tar.gz")
    istiods_of_snapshots(checks, bench)
    small_snapshots(checks, bench)
    with bench.server(texts(canary()), denied_at_all=["pods"]) as server:
        config = server.kubeconfig()
        made = bench.run("snapshot", path, "-o", "json", config=config)
        checks.same("snapshot without pods: told", (made.code, [each["what"] for each in made.json["skipped"]]), (5, ["pods in all namespaces"]))
        with tarfile.open(path) as archive:
            row = [each for each in json.load(archive.extractfile("manifest.json"))["kinds"] if each["kind"] == "Pod"]
        checks.same("snapshot without pods: the manifest tells why", row, [{"kind": "Pod", "unknown": "could not list pods in all namespaces"}])
        live = bench.run("check", "-o", "json", config=config)
        checks.same("snapshot without pods: the same as live", bench.run("check", "-o", "json", "--snapshot", path).json, live.json)
    with bench.server(texts(canary())) as server:
        full = os.path.join(bench.folder, "full.tar.gz")
        bench.run("snapshot", full, config=server.kubeconfig())
    with open(full, "rb") as file:
        whole = file.read()
    for what, text in (("cut off", whole[:len(whole) // 2]), ("no archive", b"hello"), ("empty", b"")):
        broken = os.path.join(bench.folder, "broken.tar.gz")
        with open(broken, "wb") as file:
            file.write(text)
        checks.ends("snapshot: a file that is " + what, bench.run("check", "--snapshot", broken), 2, "cannot read the snapshot", broken)
    with tarfile.open(full) as archive:
        members = {each.name: archive.extractfile(each).read() for each in archive.getmembers()}

    def pack(name, changed):
        out = os.path.join(bench.folder, name)
        with tarfile.open(out, "w:gz") as archive:
            for each, text in {**members, **changed}.items():
                if text is not None:
                    entry = tarfile.TarInfo(each)
                    entry.size = len(text)
                    archive.addfile(entry, io.BytesIO(text))
        return out

    for what, changed, says in (("without a manifest", {"manifest.json": None}, "no manifest.json"),
                                ("with another's manifest", {"manifest.json": b"{}"}, "aksmesh/snapshot-manifest/v1"),
                                ("with a list that is gone", {"lists/Pod-1.json": None}, "lists/Pod-1.json is not in it"),
                                ("with a list that is broken", {"lists/Pod-1.json": b"{"}, "lists/Pod-1.json is no JSON")):
        run = bench.run("check", "--snapshot", pack("odd.tar.gz", changed))
        checks.check("snapshot " + what, "" if run.code in (1, 2, 5) and says in run.err + run.out else (run.code, run.err, run.out[-300:]))
    older = json.loads(members["manifest.json"])
    older["kinds"] = [each for each in older["kinds"] if each["kind"] != "Deployment.apps"]
    older["lists"] = [each for each in older["lists"] if each["kind"] != "Deployment.apps"]
    run = bench.run("check", "-o", "json", "--snapshot", pack("older.tar.gz", {"manifest.json": json.dumps(older).encode()}))
    checks.same("snapshot: a kind that it was not asked for is not known", verdicts(run)["AKM4012"], "unknown")
    checks.ends("snapshot: there is nothing to wait for", bench.run("check", "--snapshot", full, "--wait"), 2, "does not change")
    checks.ends("snapshot beside a context", bench.run("check", "--snapshot", full, "--context", "x"), 2, "exclude each other")


def measured(name, memory, processors="100m"):
    return {"apiVersion": "metrics.k8s.io/v1beta1", "kind": "PodMetrics", "metadata": {"name": name, "namespace": "aks-istio-system"},
            "timestamp": "2026-11-27T05:00:00Z", "window": "15s", "containers": [{"name": "discovery", "usage": {"cpu": processors, "memory": memory}}]}


def with_limits(objects):
    for each in objects:
        if each["kind"] == "Pod" and each["metadata"]["name"].startswith("istiod-"):
            each["spec"]["containers"][0]["resources"] = {"limits": {"memory": "2Gi"}, "requests": {"cpu": "500m"}}
    return objects


def overloaded(revision):
    return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "istiod-" + revision, "namespace": "aks-istio-system"},
            "spec": {"maxReplicas": 2, "scaleTargetRef": {"kind": "Deployment", "name": "istiod-" + revision}, "metrics": [
                {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]},
            "status": {"currentReplicas": 2}}


def use_of_the_control_plane(checks, bench):
    own = [measured("istiod-asm-1-28-a", "2000Mi", "600m"), measured("istiod-asm-1-28-b", "900Mi", "600m"), measured("istiod-asm-1-29-a", "900Mi")]
    theirs = {**measured("web-1", "9Gi"), "metadata": {"name": "web-1", "namespace": "shop"}}
    objects = [*with_limits(canary()), *own, theirs, overloaded("asm-1-28")]
    path = os.path.join(bench.folder, "measured.tar.gz")
    with bench.server(texts(objects)) as server:
        config = server.kubeconfig()
        live = bench.run("check", "-o", "json", config=config)
        found = {each["code"]: (each["object"]["name"], each["message"]) for each in live.json["findings"]}
        checks.same("use: istiod near its limit of memory", found.get("AKM9110", ("",))[0], "istiod-asm-1-28-a")
        checks.check("use: an autoscaler that cannot relieve", "" if "use 120 % of the cpu" in found.get("AKM9111", ("", ""))[1] else found)
        checks.same("use: that it is at its maximum is told along with it",
                    ["AKM9102" in found, [[each["code"] for each in one["related"]] for one in live.json["findings"] if one["code"] == "AKM9111"]],
                    [False, [["AKM9102"]]])
        asked = [each for each in server.requests if "metrics.k8s.io" in each]
        checks.check("use: what applications use is not asked for",
                     "" if asked and all("/namespaces/aks-istio-system/" in each for each in asked) else asked)
        bench.run("snapshot", path, config=config)
        later = bench.run("check", "-o", "json", "--snapshot", path)
        checks.same("use: the same from a snapshot", (later.code, later.out), (live.code, live.out))
        before = len(server.requests)
        bench.run("analyze", "-o", "json", config=config)
        checks.same("use: an analysis does not ask for it", [each for each in server.requests[before:] if "metrics.k8s.io" in each], [])
    seen = overloaded("asm-1-28")
    seen["status"]["currentMetrics"] = [{"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 143}}}]
    for name, faults, why in (("without the right", {"denied_at_all": ["pods.metrics.k8s.io"]}, "could not list pods.metrics.k8s.io in namespace aks-istio-system"),
                              ("without the API", {}, "how much it uses: PodMetrics (metrics.k8s.io) of aks-istio-system tell of 3 pods of istiod nothing")):
        with bench.server(texts([*with_limits(canary()), seen]), **faults) as server:
            if not faults:
                server.not_served.add("metrics.k8s.io")
            config = server.kubeconfig()
            server.pods.answers = syncz()
            run = bench.run("check", "-o", "json", config=config)
            checks.same("use, " + name + ": unknown", verdicts(run)["AKM9110"], "unknown")
            checks.same("use, " + name + ": what is missing", [each["why"] for each in run.json["unknown"] if each["code"] == "AKM9110"], [why])
            checks.same("use, " + name + ": what the autoscaler itself has seen is told", "AKM9111" in codes(run), True)
            checks.same("use, " + name + ": the rest is complete", (run.json["complete"], run.json["unavailable"]), (True, []))
            other = os.path.join(bench.folder, "not-measured.tar.gz")
            if os.path.exists(other):
                os.remove(other)
            bench.run("snapshot", other, config=config)
            checks.same("use, " + name + ": the same from a snapshot", bench.run("check", "-o", "json", "--snapshot", other).out, run.out)


def proxies_of_check(checks, bench):
    """What the istiods say of their proxies counts; what they do not say is unknown."""
    three = ["AKM9113", "AKM9114", "AKM9115"]
    only = ["check", "-o", "json", *(word for code in three for word in ("--only", code))]

    def reasons(run):
        return {each["why"] for each in run.json["unknown"]}

    with bench.server(texts(canary())) as server:
        config = server.kubeconfig()
        server.pods.answers = syncz()
        run = bench.run(*only, config=config)
        checks.same("proxies: who has no connection, refuses or lags", sorted((each["code"], each["object"]["name"]) for each in run.json["findings"]),
                    [("AKM9113", "gone-1"), ("AKM9113", "pay-1"), ("AKM9114", "web-2"), ("AKM9115", "cart-1")])
        told = {each["code"]: each["message"] for each in run.json["findings"]}
        checks.check("proxies: in the words of Envoy", "" if "refuses LDS of istiod-asm-1-28-b: Error adding/updating LDS: no such thing" in told["AKM9114"] else told)
        checks.check("proxies: which types since when", "" if "EDS, RDS of istiod-asm-1-28-a since 2026-01-01T00:00:00Z" in told["AKM9115"] else told)
        undated = json.loads(server.pods.answers["istiod-asm-1-28-a", SYNCZ])
        for each in undated:
            for one in each.get("resources", {}).values():
                one.pop("sentTime", None)
        server.pods.answers["istiod-asm-1-28-a", SYNCZ] = json.dumps(undated)
        told = [each["message"] for each in bench.run(*only, config=config).json["findings"] if each["code"] == "AKM9115"]
        checks.check("proxies: which types, where istiod does not say since when", "" if told[0].endswith("istiod-asm-1-28-a since the last change") else told)
        server.pods.answers = syncz()
        checks.same("proxies: of one namespace", [each["object"]["name"] for each in bench.run(*only, "-n", "cart", config=config).json["findings"]], ["cart-1"])
        path = os.path.join(bench.folder, "proxies.tar.gz")
        bench.run("snapshot", path, config=config)
        checks.same("proxies: the same from a snapshot", bench.run(*only, "--snapshot", path).out, run.out)
        left = bench.run(*only, "--no-proxies", config=config)
        checks.same("proxies: left alone, nothing is called well or wrong", (left.code, left.json["findings"], verdicts(left), reasons(left)),
                    (0, [], dict.fromkeys(three, "unknown"), {"the istiods were left alone (--no-proxies)"}))
        path = os.path.join(bench.folder, "no-proxies.tar.gz")
        bench.run("snapshot", path, "--no-proxies", config=config)
        left = bench.run(*only, "--snapshot", path)
        checks.same("proxies: a snapshot that did not ask", (left.json["findings"], verdicts(left), reasons(left)),
                    ([], dict.fromkeys(three, "unknown"), {"the istiods were not asked when the snapshot was made"}))
        server.pods.answers = {key: value for key, value in syncz().items() if key[0] != "istiod-asm-1-28-b"}
        run = bench.run(*only, config=config)
        checks.same("proxies: an istiod that tells nothing: what the others say", sorted((each["code"], each["object"]["name"]) for each in run.json["findings"]),
                    [("AKM9115", "cart-1")])
        checks.same("proxies: an istiod that tells nothing: the rest is unknown", [verdicts(run)[each] for each in three], ["unknown", "unknown", "findings"])
        checks.check("proxies: an istiod that tells nothing is named", "" if all("the proxies of istiod-asm-1-28-b" in each for each in reasons(run)) else reasons(run))
        checks.same("proxies: an istiod that tells nothing: the reading is not complete",
                    (run.json["complete"], [each["what"] for each in run.json["unavailable"]]), (False, ["the proxies of istiod-asm-1-28-b"]))
        one = bench.run("check", "--only", "AKM9114", config=config)
        checks.ends("proxies: an istiod that tells nothing, and nothing else is wrong", one, 5, "the proxies of istiod-asm-1-28-b")
        looked = bench.run("analyze", *only[1:], config=config)
        checks.same("proxies: an analysis does not ask, and says so", (looked.code, verdicts(looked), reasons(looked)),
                    (5, dict.fromkeys(three, "unknown"), {"needs the istiods, which `check` asks"}))


def istiods_out_of_sight(checks, bench):
    """Pods of one namespace tell of no istiod, which is no reason to call its proxies disconnected."""
    only = ["check", "-n", "shop", "-o", "json", "--only", "AKM9113"]
    with bench.server(texts(canary()), denied=["pods"]) as server:
        config = server.kubeconfig()
        server.pods.answers = syncz()
        run = bench.run(*only, config=config)
        checks.same("proxies, istiods out of sight: unknown", (run.code, run.json["findings"], verdicts(run)), (5, [], {"AKM9113": "unknown"}))
        checks.check("proxies, istiods out of sight: why", "" if "the pods of aks-istio-system could not be listed" in run.out else run.out)


def what_cannot_be_read(checks, bench):
    with bench.server(texts(canary()), denied_at_all=["horizontalpodautoscalers"]) as server:
        run = bench.run("check", "-o", "json", config=server.kubeconfig())
        told = verdicts(run)
        checks.same("a right that is missing: the reading is not complete", run.json["complete"], False)
        checks.same("a right that is missing: the rules that need it are open", {told[each] for each in ("AKM9101", "AKM9102")}, {"unknown"})
        checks.same("a right that is missing: and no others", {told[each] for each in ("AKM4012", "AKM5011")}, {"pass"})


def useless_options(checks, bench):
    """Options that would do nothing are mistakes; variables that name the target are none."""
    target = {"AKSMESH_CLUSTER": "c", "AKSMESH_RESOURCE_GROUP": "g", "AKSMESH_SUBSCRIPTION": "00000000-0000-0000-0000-000000000000"}
    with bench.server(texts(canary())) as server:
        config = server.kubeconfig()
        server.pods.answers = syncz()
        plan, taken = ("preflight", "--phase", "upgrade"), os.path.join(bench.folder, "useless.tar.gz")
        for line, says in (((*plan, "--no-azure", "-g", "g"), "--resource-group is of no use with --no-azure"),
                           ((*plan, "--no-azure", "--cluster", "c"), "--cluster is of no use with --no-azure"),
                           ((*plan, "--no-azure", "--auth", "az"), "--auth is of no use with --no-azure"),
                           ((*plan, "--no-cluster", "--from-azure"), "--no-cluster and --from-azure exclude each other"),
                           ((*plan, "--no-cluster", "--snapshot", taken), "--no-cluster and --snapshot exclude each other"),
                           ((*plan, "--no-cluster", "--context", "test"), "--no-cluster and --context exclude each other"),
                           (("check", "--short", "-o", "json"), "--short is of no use with the format 'json'"),
                           (("check", "-g", "g"), "--resource-group is of no use without --cluster"),
                           (("snapshot", taken, "--cluster", "c"), "--cluster is of no use without --from-azure")):
            run = bench.run(*line, config=config)
            checks.ends("useless: " + " ".join(line[:1] + line[-2:]), run, 2, says, "leave out")
            checks.same("useless: nothing on stdout, " + line[-1], run.out, "")
        checks.same("useless: the cluster is not even asked", server.requests, [])
        for line, env in (((*plan, "--no-azure", "--fail-on", "never"), target), (("snapshot", taken), target),
                          (("check", "--short", "--fail-on", "never"), {"AKSMESH_OUTPUT": "json"})):
            checks.ends("useless: a variable is no mistake, " + line[0], bench.run(*line, config=config, env=env), 0)


def what_could_not_look(checks, bench):
    """What is counted only, with what it really needs."""
    def counted(*words, config=None):
        return [each for each in bench.run(*words, "--fail-on", "never", config=config).out.splitlines() if "could not look" in each]

    with bench.server(texts(canary())) as server:
        config = server.kubeconfig()
        for words in (("check",), ("preflight", "--phase", "upgrade", "--no-azure")):
            lines = counted(*words, config=config)
            needs = [each for each in lines if "need" in each]
            checks.check("not looked, " + words[0], "" if needs and all("Azure and could not look (-v lists them)" in each for each in needs) else lines)
            listed = bench.run(*words, "-v", "--fail-on", "never", config=config).out
            checks.check("not looked, -v lists them, " + words[0], "" if "needs the cluster's Azure resource" in listed and "(-v lists" not in listed else listed[-800:])
    files = bench.write("plain.yaml", json.dumps(canary()[0]))
    checks.check("not looked, files", "" if any("Azure or a live cluster" in each for each in counted("analyze", files)) else counted("analyze", files))


HEALTH_CASES = [proxies_of_check, istiods_out_of_sight, useless_options, what_could_not_look, use_of_the_control_plane, what_cannot_be_read, check_of_a_canary, waiting, hiccups, istiod_that_recovers, preflight, migration, snapshots, partial_snapshots]
