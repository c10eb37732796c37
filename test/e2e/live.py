#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries the program against a real Kubernetes with a real Istio: live.py BINARY. Ends with `N passed, N failed`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "azure")]
from bed.interpreter import ensure_yaml  # noqa: E402

ensure_yaml()
from bed import building, network  # noqa: E402
from bed.processes import BedError  # noqa: E402
from bed.testbed import Terminated, TestBed  # noqa: E402
from bed.workloads import Refused, apply_folder, play_cloud, remove  # noqa: E402
from authz import AUTHZ  # noqa: E402
from dashboard import DASHBOARDS  # noqa: E402
from faults import FAULTS  # noqa: E402
from findings import COMMANDS, expected, found, listed, wait_conditions, wait_until_not_new  # noqa: E402
from in_force import IN_FORCE  # noqa: E402
from injection import INJECTION  # noqa: E402
from refused import REFUSED  # noqa: E402
from proxies import PROXIES  # noqa: E402
from pictures import pictures  # noqa: E402
from rights import RIGHTS  # noqa: E402
from routes import ROUTES  # noqa: E402
from runner import Program  # noqa: E402
from support import Checks  # noqa: E402


def bed_is_healthy(checks, bed, program):
    """What is wrong here is the bed's, not the program's."""
    started = bed.pods.start_proxies()
    checks.same("bed: every sidecar and gateway has an Envoy with its configuration", bed.pods.wait_proxies(), started)
    checks.check("bed: there are Envoys on both revisions", "" if started >= 12 else f"only {started}")


def healthy(checks, bed, program):
    """Nothing but what is listed with a reason is told of the bed."""
    allowed = listed(HERE / "expected-on-the-bed.yaml")
    for name, command in COMMANDS.items():
        run = program.run(*command, "-o", "json", "--fail-on", "never")
        checks.same(f"healthy: {name} finds only what is expected", found(run.json), expected(allowed, name, "base"))
        checks.same(f"healthy: {name} could read everything", (run.code, run.json["complete"], run.json["unavailable"]), (0, True, []))


def status_of_bed(checks, bed, program):
    run = program.run("status", "-o", "json")
    checks.same("status: ends well", run.code, 0)
    document = run.json
    revisions = {each["revision"]: (each["installed"], each["istiod"], each["version"], each["namespaces"]) for each in document["revisions"]}
    both = {"ready": 2, "wanted": 2}
    checks.same("status: the revisions", revisions, {"asm-1-28": (True, both, "1.28.10", 1), "asm-1-29": (True, both, "1.29.6", 1)})
    gateways = {(each["name"], each["revision"]): (each["pods"], each["addresses"]) for each in document["gateways"]}
    checks.same("status: the gateways", gateways, {
        (f"aks-istio-ingressgateway-{kind}", revision): (both, [address])
        for kind, address in (("external", "20.1.2.3"), ("internal", "10.224.0.7")) for revision in ("asm-1-28", "asm-1-29")})
    namespaces = {each["namespace"]: (each["revision"], each["meshed"], each["unmeshed"], each["stale"]) for each in document["namespaces"]}
    checks.same("status: the namespaces", namespaces, {"pay": ("asm-1-29", 1, 0, 0), "shop": ("asm-1-28", 3, 0, 0)})
    checks.same("status: every proxy is connected", {each["revision"]: each.get("connected") for each in document["revisions"]},
                {each["revision"]: each["proxies"] for each in document["revisions"]})
    checks.same("status: none lacks its configuration", document["proxies"], [])


def told(checks, program, folder):
    """Every defect of the folder's list is found by the commands that its entry names, and nothing else is."""
    entries, allowed = listed(HERE / folder / "planted.yaml"), listed(HERE / "expected-on-the-bed.yaml")
    for name, command in COMMANDS.items():
        run = program.run(*command, "-o", "json", "--fail-on", "info")
        seen, wanted = found(run.json), expected(entries + allowed, name, folder)
        checks.same(f"{folder}: {name} ends with findings when there are any", run.code, 3 if wanted else 0)
        for entry in sorted(wanted):
            checks.check(f"{folder}: {name} finds {entry[0]} of {entry[1]}", "" if entry in seen else "it does not")
        checks.same(f"{folder}: {name} finds nothing else", sorted(seen - wanted), [])
        checks.same(f"{folder}: {name} could read everything", (run.json["complete"], run.json["unavailable"]), (True, []))


def planted_cni(checks, bed, program):
    """These do not go together with the others, so they go again."""
    things = apply_folder(bed.cluster, HERE / "planted-cni")
    wait_until_not_new(bed.cluster)
    told(checks, program, "planted-cni")
    remove(bed.cluster, things)


def planted(checks, bed, program):
    apply_folder(bed.cluster, HERE / "planted")
    play_cloud(bed.cluster)
    wait_conditions(bed.cluster)
    wait_until_not_new(bed.cluster)
    told(checks, program, "planted")


def attempt(checks, case, *arguments):
    """A case that breaks off is a failed check."""
    try:
        case(checks, *arguments)
    except (BedError, Refused, OSError, LookupError, ValueError) as error:
        checks.check(case.__name__, f"{type(error).__name__}: {error}")


CASES = (bed_is_healthy, healthy, status_of_bed, *PROXIES, *RIGHTS, *INJECTION, *REFUSED, *ROUTES, *AUTHZ, *IN_FORCE, *DASHBOARDS,
         planted_cni, planted, pictures, *FAULTS)


def run_cases(checks, bed, program):
    apply_folder(bed.cluster, HERE / "base")
    for case in CASES:
        attempt(checks, case, bed, program)


def main():
    checks = Checks()
    reason = network.forbidden()
    if reason:
        print(f"left out: the live test bed, for {reason}")
        return checks.finish()
    try:
        building.build()
    except BedError as error:
        # Its parts come from registries that need not answer here.
        print("left out: the live test bed, which cannot be built: " + " ".join(str(error).split())[-600:])
        return checks.finish()
    try:
        with TestBed() as bed:
            run_cases(checks, bed, Program(sys.argv[1]))
    except (BedError, Refused) as error:
        checks.check("the test bed comes up", str(error))
    except (KeyboardInterrupt, Terminated):
        print("interrupted")
        return 130
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
