#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries the Azure commands against the simulator: run.py BINARY [SIMULATOR]. Ends with `N passed, N failed`."""

import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import commands  # noqa: E402
import faults  # noqa: E402
import network  # noqa: E402
import parity  # noqa: E402
import safety  # noqa: E402
import storm  # noqa: E402
import waiting  # noqa: E402
import which_cluster  # noqa: E402
from support import Checks, Programs  # noqa: E402

STORM_RUNS = 12
SUITES = [faults, network, waiting, safety, commands, which_cluster, parity]


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: run.py BINARY [SIMULATOR]")
    # What a shell starts in the background ignores Ctrl-C, and so does all that it starts in turn; the tests send some.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    checks, programs = Checks(), Programs(sys.argv[1:])
    checks.all_of([case for suite in SUITES for case in suite.CASES], programs)
    storm.storm(checks, programs, STORM_RUNS, seed=1)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
