# SPDX-License-Identifier: Apache-2.0
"""What `proxy status` shows of recorded istiods, held against what the neighbour showed of them.

A snapshot is made of each recording: pods of the istiods, which the recordings have by name, and what they answered.
"""

import gzip
import io
import json
import pathlib
import re
import tarfile
import tempfile

RECORDED = pathlib.Path(__file__).resolve().parent / "recorded"
REVISION = re.compile(r"istiod-(asm-\d+-\d+)-")


def istiod_pod(name):
    revision = REVISION.match(name).group(1)
    return {"metadata": {"name": name, "namespace": "aks-istio-system", "labels": {"app": "istiod", "istio.io/rev": revision}},
            "spec": {"containers": [{"name": "discovery", "image": "example.invalid/pilot:1.28.10"}]}, "status": {"phase": "Running"}}


def snapshot(path, made, answers, pods=()):
    """Writes one with what the istiods answered, by the name of their pod."""
    pods = json.dumps({"apiVersion": "v1", "kind": "PodList", "items": [*(istiod_pod(name) for name in answers), *pods]})
    webhooks = json.dumps({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfigurationList", "items": []})
    hooks = "MutatingWebhookConfiguration.admissionregistration.k8s.io"
    manifest = {"schema": "aksmesh/snapshot-manifest/v1", "made": made, "program": "0", "place": "context recorded",
                "kinds": [{"kind": "Pod", "whole": True}, {"kind": hooks, "whole": True}],
                "lists": [{"file": "lists/Pod-1.json", "kind": "Pod", "plural": "pods"},
                          {"file": "lists/hooks-1.json", "kind": hooks, "plural": "mutatingwebhookconfigurations"}],
                "istiods": [{"pod": name, "file": f"istiods/{name}.json"} for name in answers], "skipped": []}
    files = {"manifest.json": json.dumps(manifest), "lists/Pod-1.json": pods, "lists/hooks-1.json": webhooks,
             **{f"istiods/{name}.json": text for name, text in answers.items()}}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    pathlib.Path(path).write_bytes(gzip.compress(packed.getvalue(), 1))


def recordings():
    """Name, clock and answers of each."""
    s1, nack, realmesh = RECORDED / "istioctl/s1", RECORDED / "istioctl/nack", RECORDED / "realmesh/istiod"
    yield "s1", (s1 / "now.txt").read_text(encoding="utf-8").strip(), {
        each.parent.name: each.read_text(encoding="utf-8") for each in sorted(s1.glob("istiod/*/syncz.json"))}
    yield "nack", (nack / "captured_at.txt").read_text(encoding="utf-8").strip(), {
        each.stem.removeprefix("syncz-"): each.read_text(encoding="utf-8") for each in sorted(nack.glob("syncz-*.json"))}
    yield "realmesh", "2026-11-22T23:48:47Z", {"istiod-asm-1-28-ff644cc9d-c6lng": (realmesh / "syncz.json").read_text(encoding="utf-8")}


GOLDEN = [
    ("s1", "istioctl/golden/s1/ps-27.stdout", ["-r", "asm-1-27"]),
    ("s1", "istioctl/golden/s1/ps-28.stdout", ["-r", "asm-1-28"]),
    ("s1", "istioctl/golden/s1/ps-28-v1.stdout", ["-r", "asm-1-28", "-v", "1"]),
    ("s1", "istioctl/golden/s1/ps-28-json.stdout", ["-r", "asm-1-28", "-n", "pay"]),
    ("nack", "istioctl/nack/ps-asm-1-28.txt", ["-r", "asm-1-28"]),
    ("nack", "istioctl/nack/ps-asm-1-28-v1.txt", ["-r", "asm-1-28", "--verbosity", "1"]),
    ("nack", "istioctl/nack/ps-asm-1-27-v1.txt", ["-r", "asm-1-27", "--verbosity", "1"]),
    ("realmesh", "realmesh/istiod/golden/proxy-status.txt", [])]


def rows(text):
    return [" ".join(line.split()) for line in text.splitlines()]


def check_sync(check, program):
    with tempfile.TemporaryDirectory() as folder:
        for name, made, answers in recordings():
            snapshot(pathlib.Path(folder) / f"{name}.tar.gz", made, answers)
        for name, golden, args in GOLDEN:
            done = program.run(["ps", "--snapshot", f"{name}.tar.gz", *args], folder)
            ours, theirs = rows(done.stdout.decode()), rows((RECORDED / golden).read_text(encoding="utf-8"))
            same = len(ours) == len(theirs) and all(one.startswith(other + " ") for one, other in zip(ours, theirs))
            check(golden, "" if same and done.returncode == 0 else f"exit code {done.returncode}: {done.stderr.decode()}\n{ours}\n{theirs}")
        shown = json.loads(program.run(["proxy", "status", "--snapshot", "nack.tar.gz", "-o", "json"], folder).stdout)
        given = {entry["proxy"]: sorted(one["lastError"] for one in entry["resources"].values() if one.get("lastError"))
                 for _, _, answers in [next(each for each in recordings() if each[0] == "nack")]
                 for text in answers.values() for entry in json.loads(text)}
        told = {f"{each['name']}.{each['namespace']}": sorted(one["error"] for one in each["types"] if "error" in one) for each in shown["proxies"]}
        check("nack: each error in Envoy's words", "" if told == given and given else f"{told}\n{given}")
        check("nack: the state is error", "" if {each["state"] for each in shown["proxies"]} == {"error"} else shown["summary"])
        # As many nodes as thousands of pods have, in one list.
        large = {"metadata": {"name": "large", "namespace": "shop"}, "spec": {"containers": []}, "status": {"phase": "Running"}, "odd": [0] * 1_000_001}
        _, made, answers = next(each for each in recordings() if each[0] == "realmesh")
        snapshot(pathlib.Path(folder) / "large.tar.gz", made, answers, [large])
        done = program.run(["ps", "--snapshot", "large.tar.gz"], folder)
        check("a snapshot with a long list", "" if done.returncode == 0 and len(done.stdout.splitlines()) == 8 else done.stderr.decode())
