# SPDX-License-Identifier: Apache-2.0
"""The live test bed by hand: `up base` brings it up with the workloads of ../base, until Ctrl-C."""

import argparse
import signal
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bed.interpreter import ensure_yaml  # noqa: E402

ensure_yaml()
from bed import building, network, plane  # noqa: E402
from bed.processes import BedError  # noqa: E402
from bed.testbed import Terminated, TestBed, hold_lock, sweep  # noqa: E402
from bed.workloads import apply_folder  # noqa: E402

HERE = Path(__file__).resolve().parent.parent


def up(folders):
    building.build()
    reason = network.forbidden()
    if reason:
        raise BedError(reason)
    with TestBed() as bed:
        for folder in folders:
            apply_folder(bed.cluster, HERE / folder)
        count = bed.pods.start_proxies()
        bed.pods.wait_proxies()
        print(f"the bed is up, with {count} Envoys; Ctrl-C ends it\nexport KUBECONFIG={plane.KUBECONFIG}", flush=True)
        signal.pause()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("build", "up", "clean"))
    parser.add_argument("folders", nargs="*", help="folders of manifests beside the bed to apply, such as base and planted")
    parser.add_argument("--istioctl", action="store_true", help="build istioctl as well")
    options = parser.parse_args()
    try:
        if options.command == "build":
            building.build(istioctl=options.istioctl)
        elif options.command == "up":
            up(options.folders)
        else:
            with hold_lock():
                sweep()
    except (KeyboardInterrupt, Terminated):
        return 130
    except BedError as error:
        print(f"test bed: {error}", file=sys.stderr)
        return 1
    return 0


sys.exit(main())
