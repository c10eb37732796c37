#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what is shown of recorded proxies against what the neighbour showed of them: run.py BINARY. Ends with `N passed, N failed`.

Text is compared once runs of blanks are one, as awk sees it. cases.txt lists the tables, errors.txt what the neighbour refuses;
those in test/golden/deviations.md differ on purpose, and only those may. Inputs of other projects are read from the corpus;
without it their cases are left out.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys

try:
    import jsonschema  # noqa: F401
except ImportError:
    # Debian's packages belong to its own Python, which need not be the first on the PATH.
    if os.path.realpath(sys.executable) == os.path.realpath("/usr/bin/python3") or not os.path.exists("/usr/bin/python3"):
        raise
    os.execv("/usr/bin/python3", ["python3", *sys.argv])

from kinds import check_kinds  # noqa: E402
from sync import check_sync  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RECORDED = HERE / "recorded"
sys.path.insert(0, str(ROOT / "test" / "azure"))
from documents import load_schema, schema_problems, validator_of  # noqa: E402

CORPUS = pathlib.Path(os.environ.get("AKSMESH_CORPUS", ROOT.parent / "shared" / "data"))

passed = 0
failed = 0
left_out = []


def check(what, wrong):
    global passed, failed
    if not wrong:
        passed += 1
        return
    failed += 1
    print(f"FAILED {what}\n  {wrong}")


class Program:
    def __init__(self, binary):
        self.binary = os.path.abspath(binary)

    def run(self, args, folder, stdin=b""):
        clean = {"PATH": os.environ.get("PATH", ""), "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
        return subprocess.run([self.binary, *args], cwd=folder, input=stdin, capture_output=True, timeout=120, env=clean, check=False)


def words(text):
    """Rows as awk sees them."""
    return [" ".join(line.split()) for line in text.splitlines()]


def rows_of(file, columns):
    """The rows of a list, of which the last column may have bars of its own."""
    for line in (HERE / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield [cell.strip() for cell in line.split("|", columns - 1)]


def cases():
    for name, args in rows_of("cases.txt", 2):
        yield name, args.split()


def deviations():
    """Names of cases that differ on purpose."""
    text = (ROOT / "test" / "golden" / "deviations.md").read_text(encoding="utf-8")
    return set(re.findall(r"^- `([^`]+)`", text, re.MULTILINE))


def places(name, args):
    """The folder to run in, and the recorded table; nothing when its input is not there."""
    if name.startswith("realmesh/"):
        folder = RECORDED / "realmesh" / name.split("/")[1]
        return folder, folder / "golden" / (name.split("/")[2] + ".txt")
    golden = RECORDED / "istioctl" / "golden" / (name + ".stdout")
    if any("in/src-" in arg for arg in args):
        folder = CORPUS / "istioctl"
        return (folder, golden) if folder.is_dir() else None
    return RECORDED / "istioctl", golden


def without_validity(rows):
    """Whether a certificate is valid today is not in a recording."""
    return [re.sub(r" (true|false) (?=[0-9a-f]{8,} )", " ", row) for row in rows]


def difference(name, ours, theirs):
    """Empty when the tables are equal. The neighbour's order of listeners and routes is not stable: there the rows count."""
    ours, theirs = without_validity(ours), without_validity(theirs)
    unstable = any(part in name for part in ("listener", "route", "all"))
    if unstable and collections.Counter(ours) == collections.Counter(theirs) or ours == theirs:
        return ""
    missing = list((collections.Counter(theirs) - collections.Counter(ours)).elements())
    extra = list((collections.Counter(ours) - collections.Counter(theirs)).elements())
    return f"missing {missing[:4]}, too many {extra[:4]}" if missing or extra else "the order differs"


def tables(program, expected):
    """Names of the cases that differ and may."""
    differing = set()
    for name, args in cases():
        place = places(name, args)
        if place is None:
            left_out.append(name)
            continue
        done = program.run(args, place[0])
        wrong = difference(name, words(done.stdout.decode()), words(place[1].read_text(encoding="utf-8")))
        if done.returncode != 0:
            wrong = f"exit code {done.returncode}: {done.stderr.decode()[:300]}"
        if wrong and name in expected:
            differing.add(name)
            wrong = ""
        check(name, wrong)
    return differing


def errors(program, expected):
    """What the neighbour refuses is refused here too. Names of the cases whose exit code differs and may."""
    differing = set()
    for case, theirs, ours, says, command in rows_of("errors.txt", 5):
        name = f"errors/{case}"
        args, _, source = command.partition("<")
        place = places(name, command.split())
        if place is None:
            left_out.append(name)
            continue
        stdin = (place[0] / source).read_bytes() if source else b""
        done = program.run(args.split(), place[0], stdin)
        told = done.stderr.decode()
        wrong = ""
        if done.returncode != int(ours) or (done.returncode == 0 and theirs != "0"):
            wrong = f"exit code {done.returncode}: {told[:300]}"
        elif says not in told:
            wrong = f"says {told[:300]}"
        elif ours != theirs and name in expected:
            differing.add(name)
        elif ours != theirs:
            wrong = f"exit code {ours} instead of {theirs} is in no list of deviations"
        check(name, wrong)
    return differing


def objects_of(dump):
    """What Envoy has of each kind, by name."""
    sections = {section["@type"].rsplit(".", 1)[1]: section for section in dump["configs"]}
    clusters = [entry["cluster"] for kind in ("static_clusters", "dynamic_active_clusters", "dynamic_warming_clusters")
                for entry in sections["ClustersConfigDump"].get(kind, [])]
    listeners = [entry["listener"] for entry in sections["ListenersConfigDump"].get("static_listeners", [])]
    for entry in sections["ListenersConfigDump"].get("dynamic_listeners", []):
        listeners += [entry[state]["listener"] for state in ("active_state", "warming_state", "draining_state") if state in entry]
    routes = [entry["route_config"] for kind in ("static_route_configs", "dynamic_route_configs")
              for entry in sections["RoutesConfigDump"].get(kind, [])]
    return {"cluster": clusters, "listener": listeners, "route": routes}


def in_one_order(objects):
    return sorted(json.dumps(one, sort_keys=True) for one in objects)


def documents(program):
    """The documents are as their schema says, and hold what Envoy gave."""
    folder = RECORDED / "istioctl"
    validator = validator_of(load_schema("proxy-config"))
    for proxy in ("aks-productpage", "aks-ingress", "aks-httpbin"):
        file = f"in/{proxy}/config_dump.json"
        given = objects_of(json.loads((folder / file).read_text(encoding="utf-8")))
        whole = json.loads(program.run(["proxy", "config", "all", "-f", file, "-o", "json"], folder).stdout)
        check(f"{proxy}: the document of all kinds", "; ".join(schema_problems(validator, whole)))
        for kind, objects in given.items():
            done = program.run(["proxy", "config", kind, "-f", file, "-o", "json"], folder)
            shown = json.loads(done.stdout)
            check(f"{proxy} {kind}: the document", "; ".join(schema_problems(validator, shown)))
            same = in_one_order(item.get("config", {}) for item in shown["items"]) == in_one_order(objects)
            check(f"{proxy} {kind}: the objects are Envoy's", "" if same else "they differ")
        for kind in [name for name, value in whole.items() if isinstance(value, list) and name != "unavailable"]:
            alone = json.loads(program.run(["proxy", "config", kind, "-f", file, "-o", "json"], folder).stdout)
            check(f"{proxy} {kind}: among all kinds as alone", "" if whole[kind] == alone["items"] else "they differ")


def listener(name, **more):
    return {"name": name, "address": {"socket_address": {"address": "10.0.0.1", "port_value": 80}}, "filter_chains": [{"filters": []}], **more}


def states(program):
    """What the neighbour's table leaves out is told, and shown with -o wide and in documents."""
    folder = RECORDED / "istioctl"
    lists = {"dynamic_listeners": [
        {"name": "serving", "active_state": {"listener": listener("serving")}, "error_state": {"details": "no such\u001b[31m filter"}},
        {"name": "waiting", "warming_state": {"listener": listener("waiting")}},
        {"name": "refused", "error_state": {"failed_configuration": listener("refused"), "details": "duplicate"}},
        {"name": "old", "active_state": {"listener": listener("old")}, "draining_state": {"listener": listener("old")}},
        {"name": "bare", "active_state": {"listener": listener("bare", filter_chains=[])}}]}
    text = json.dumps({"configs": [{"@type": "x.ListenersConfigDump", **lists}]}).encode()

    def run(*more):
        return program.run(["pc", "l", "-f", "-", *more], folder, text)

    done = run()
    told = done.stderr.decode()
    shown = [told.count(word) for word in ("waiting (waits)", "refused (refused)", "bare (has no filters)", "old (", "serving: no such", "\u001b")]
    check("listener: notes", "" if shown == [1, 1, 1, 0, 1, 0] and len(done.stdout.splitlines()) == 3 else told)
    rows = [line.split() for line in run("-o", "wide").stdout.decode().splitlines()[1:]]
    found = sorted(state for row in rows for state in row if state in ("ACTIVE", "WARMING", "DRAINING", "REFUSED"))
    check("listener -o wide: states", "" if found == ["ACTIVE"] * 3 + ["DRAINING", "REFUSED", "WARMING"] else str(rows))
    document = json.loads(run("-o", "json").stdout)
    check("listener: states of a document", "; ".join(schema_problems(validator_of(load_schema("proxy-config")), document)) or
          ("" if len(document["items"]) == 6 else str(document)))


def of_istiod(program):
    """istiod writes the same in camelCase."""
    file = CORPUS / "istioctl/in/diff-productpage/istiod_config_dump.json"
    if not file.is_file():
        left_out.append("a dump of istiod")
        return
    for kind in ("listener", "route"):
        golden = RECORDED / "istioctl/golden" / kind / "productpage-short.stdout"
        theirs = {row for row in words(golden.read_text(encoding="utf-8")) if "backend" not in row and "Inline" not in row}
        ours = set(words(program.run(["pc", kind, "-f", str(file)], CORPUS).stdout.decode()))
        missing = [row for row in theirs if row not in ours]
        check(f"{kind}: a dump of istiod", "" if len(missing) * 2 < len(theirs) else str(missing[:5]))


def parts(program):
    """A dump that has only some of the kinds shows those, tells what it lacks and is no success."""
    folder = RECORDED / "istioctl"
    dump = json.loads((folder / "in/aks-ingress/config_dump.json").read_text(encoding="utf-8"))
    dump["configs"] = [one for one in dump["configs"] if one["@type"].endswith("ClustersConfigDump")]
    text = json.dumps(dump).encode()
    done = program.run(["pc", "all", "-f", "-"], folder, text)
    told = done.stderr.decode()
    shown = done.stdout.decode()
    check("all: part of a dump", "" if done.returncode == 5 and "cluster/" in shown and "no listeners" in told else told or shown[:300])
    done = program.run(["pc", "all", "-f", "-", "-o", "json"], folder, text)
    document = json.loads(done.stdout)
    missing = [one["what"] for one in document["unavailable"]]
    wrong = "; ".join(schema_problems(validator_of(load_schema("proxy-config")), document))
    check("all: the document of part of a dump", wrong or ("" if not document["complete"] and missing and document["cluster"] else str(missing)))


def main():
    program = Program(sys.argv[1])
    expected = deviations()
    differing = tables(program, expected) | errors(program, expected)
    check("the list of deviations", "" if expected - set(left_out) == differing else f"no longer differ: {sorted(expected - differing)}")
    documents(program)
    states(program)
    of_istiod(program)
    parts(program)
    check_kinds(program, RECORDED / "istioctl", check)
    check_sync(check, program)
    if left_out:
        print(f"left out: {len(left_out)} tables, whose inputs are not here")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
