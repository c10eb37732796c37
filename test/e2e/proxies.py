# SPDX-License-Identifier: Apache-2.0
"""What real Envoys have: the tables beside istioctl's where that is built, differences from istiod and from each other, log levels."""

import collections
import os
import re
import signal
import subprocess
import time

from bed import plane
from bed.layout import BIN

ISTIOCTL = BIN / "istioctl"
REVISIONS = ("asm-1-28", "asm-1-29")
KINDS = ("cluster", "listener", "route", "endpoint", "eds", "secret")


def words(text):
    """The rows as awk sees them; the neighbour's order of some is not stable. The bed's istioctl is newer than 1.28 and fills up serial
    numbers with zeros in front."""
    return collections.Counter(re.sub(r" 0+(?=[0-9a-f]{24,} )", " ", " ".join(line.split())) for line in text.splitlines())


def proxies(bed):
    """Pods with a real Envoy, as POD.NAMESPACE."""
    out = []
    for pod in bed.cluster.list("v1", "Pod"):
        containers = pod["spec"]["containers"] + pod["spec"].get("initContainers", [])
        if pod["metadata"]["uid"] in bed.pods.running and any(each["name"] == "istio-proxy" for each in containers):
            out.append(f"{pod['metadata']['name']}.{pod['metadata']['namespace']}")
    return sorted(out)


def neighbour(*arguments):
    done = subprocess.run([ISTIOCTL, *arguments], env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "KUBECONFIG": str(plane.KUBECONFIG)},
                          capture_output=True, text=True, timeout=120, check=False)
    return done.stdout


def tables(checks, bed, program):
    """Without any namespace or revision; of proxies of both revisions, sidecars and gateways."""
    these = proxies(bed)
    checks.check("proxies: there are some of both kinds", "" if len(these) >= 12 else str(these))
    for proxy in these[::3]:
        for kind in KINDS:
            run = program.run("proxy", "config", kind, proxy)
            checks.check(f"proxies: {kind} of {proxy}", "" if run.code == 0 and run.out.count("\n") > 1 else f"{run.code}: {run.err or run.out}")
            if ISTIOCTL.exists():
                theirs = words(neighbour("proxy-config", kind, proxy))
                checks.same(f"proxies: {kind} of {proxy} as istioctl shows it", sorted((words(run.out) - theirs) + (theirs - words(run.out))), [])
    if not ISTIOCTL.exists():
        print("left out: tables beside istioctl, which is not built (python3 test/e2e/bed build --istioctl)")


def first_columns(text, count):
    """Rows with what stands before our own columns, and without ages, which go on between two looks."""
    rows = [re.sub(r" \([0-9][^)]*\)", "", " ".join(line.split())).replace(" (", "(").split() for line in text.splitlines()]
    return sorted(" ".join(row[:count]) for row in rows[1:])


def status_beside_istioctl(checks, bed, program):
    """All revisions at once, whose rows are those of istioctl asked once for each."""
    del bed
    if not ISTIOCTL.exists():
        return
    for more in ((), ("--verbosity", "1")):
        tables = [neighbour("proxy-status", "-i", "aks-istio-system", "-r", revision, *more) for revision in REVISIONS]
        theirs = sorted(row for each in tables for row in first_columns(each, 99))
        header = tables[0].split("\n")[0].replace("SUBSCRIBED TYPES", "TYPES").split()
        run = program.run("proxy", "status", *more)
        ours = first_columns(run.out, len(header))
        checks.check("proxies: status of two revisions " + " ".join(more), "" if len(theirs) >= 12 else str(theirs))
        checks.same("proxies: status as istioctl shows it " + " ".join(more), (run.code, ours), (0, theirs))


def differences(checks, bed, program):
    """Each Envoy has what its istiod holds for it, whichever of four that is."""
    for proxy in proxies(bed):
        run = program.run("proxy", "config", "diff", proxy, "-o", "json")
        checks.same(f"proxies: {proxy} has what istiod holds", (run.code, run.json["items"], run.json["complete"]), (0, [], True))
    saved = os.path.join(program.folder.name, "dump.json")
    with open(saved, "w", encoding="utf-8") as file:
        file.write(program.run("proxy", "config", "cluster", "deployment/catalog-v1.shop", "-o", "json").out)
    run = program.run("proxy", "config", "diff", "deployment/catalog-v1.shop", "-f", saved)
    checks.check("proxies: a document of ours is no dump, and that is told", "" if run.code == 1 and "no dump of a proxy" in run.err else run.err)
    run = program.run("proxy", "config", "diff", "deployment/catalog-v1.shop", "deployment/catalog-v2.shop", "-o", "json")
    checks.same("proxies: two versions differ, and the exit code tells", (run.code, run.json["complete"], run.json["items"] != []), (3, True, True))


def streams_of(program, *arguments):
    """The run, and how many times its proxy was asked."""
    trace = os.path.join(program.folder.name, "trace.jsonl")
    run = program.run(*arguments, "--trace-file", trace)
    with open(trace, encoding="utf-8") as file:
        asked = sum("/portforward" in line or "/exec" in line for line in file)
    os.unlink(trace)
    return run, asked


def narrowed(checks, bed, program):
    """Real Envoys leave out what is not named so, and the rows are those of the whole."""
    del bed
    pod = "deployment/catalog-v1.shop"
    clusters = program.run("proxy", "config", "cluster", pod, "-o", "json").json["items"]
    routes = program.run("proxy", "config", "route", pod, "-o", "json").json["items"]
    host = next(each["host"] for each in clusters if each.get("subset") == "" or each.get("direction") == "outbound")
    port = str(next(each["port"] for each in clusters if each["host"] == host and "port" in each))
    for arguments, wanted in ((("--fqdn", host), [each for each in clusters if host in each["name"]]),
                              (("--fqdn", host, "--port", port), [each for each in clusters if host in each["name"] and f"|{port}|" in each["name"]]),
                              (("--direction", "inbound"), [each for each in clusters if "inbound" in each["name"]])):
        run, asked = streams_of(program, "proxy", "config", "cluster", pod, "-o", "json", *arguments)
        checks.same(f"narrowed: cluster {' '.join(arguments)}", (run.code, run.json["items"], asked), (0, wanted, 1))
    # One without a name cannot be wanted: an empty filter is none.
    for name in sorted({each["name"] for each in routes} - {""})[:4]:
        run, asked = streams_of(program, "proxy", "config", "route", pod, "-o", "json", "--name", name)
        checks.same(f"narrowed: route --name {name}", (run.code, run.json["items"], asked), (0, [each for each in routes if each["name"] == name], 1))
    run, asked = streams_of(program, "proxy", "config", "route", pod, "-o", "json", "--name", "none.of.it")
    checks.same("narrowed: a name that nothing has is asked for once more as a whole", (run.code, run.json["items"], asked), (0, [], 2))
    given = program.run("proxy", "config", "eds", pod, "-o", "json").json["items"]
    name = next(each["cluster"] for each in given if each["cluster"].startswith("outbound|"))
    run, asked = streams_of(program, "proxy", "config", "eds", pod, "-o", "json", "--envoy-cluster", name.upper())
    checks.same("narrowed: eds --envoy-cluster in any case", (run.code, [each["address"] for each in run.json["items"]], asked),
                (0, [each["address"] for each in given if each["cluster"] == name], 1))


def saved(checks, bed, program):
    """What a snapshot holds of sidecars and gateways is what they have."""
    these = proxies(bed)[::4]
    path = os.path.join(program.folder.name, "proxies.tar.gz")
    made = program.run("snapshot", path, "-o", "json", *(f"--proxy-config={each}" for each in these))
    checks.same("saved: nothing of the proxies is left out", [each["what"] for each in made.json["skipped"] if "configuration" in each["what"]], [])
    for proxy in these:
        for kind in KINDS + ("bootstrap", "all"):
            live, kept = (program.run("proxy", "config", kind, proxy, *source) for source in ((), ("--snapshot", path)))
            checks.same(f"saved: {kind} of {proxy}", (kept.code, words(kept.out)), (live.code, words(live.out)))


def levels(program, pod):
    run = program.run("proxy", "config", "log", pod, "-o", "json")
    return {each["pod"]: each["levels"] for each in run.json["items"]}


def log_levels(checks, bed, program):
    pods = "deployment/catalog-v1.shop"
    before = levels(program, pods)
    checks.same("log: every pod of the Deployment", len(before), 2)
    run = program.run("proxy", "config", "log", pods, "--level", "rbac:debug,http:trace", "-o", "json")
    checks.same("log: changed in all, and nothing else", [(each["levels"]["rbac"], each["levels"]["http"], {**each["levels"], **each["before"]}) for each in run.json["items"]],
                [("debug", "trace", before[each["pod"]]) for each in run.json["items"]])
    checks.ends("log: back to what they were started with", program.run("proxy", "config", "log", pods, "--reset"), 0)
    checks.same("log: which is what they had", levels(program, pods), before)
    checks.ends("log: a logger that is none", program.run("proxy", "config", "log", pods, "--level", "nosuch:debug"), 2)
    checks.ends("log: for a second", program.run("proxy", "config", "log", pods, "--level", "debug", "--revert-after", "1s"), 0)
    checks.same("log: and back", levels(program, pods), before)
    waiting = subprocess.Popen([program.binary, "proxy", "config", "log", pods, "--level", "debug", "--revert-after", "10m"],
                               env=program.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for _ in range(100):
        if set(levels(program, pods)[sorted(before)[0]].values()) == {"debug"}:
            break
        time.sleep(0.1)
    waiting.send_signal(signal.SIGINT)
    _, err = waiting.communicate(timeout=60)
    checks.check("log: Ctrl-C puts them back", "" if waiting.returncode == 130 and "the log levels are back" in err else f"{waiting.returncode} {err}")
    checks.same("log: they are", levels(program, pods), before)


PROXIES = [tables, status_beside_istioctl, differences, narrowed, saved, log_levels]
