# SPDX-License-Identifier: Apache-2.0
"""Debian's packages belong to its own Python, which need not be the first on the PATH."""

import importlib.util
import os
import sys

DEBIAN = "/usr/bin/python3"


def ensure_yaml():
    """Starts the script anew under Debian's Python when only that one has PyYAML."""
    if importlib.util.find_spec("yaml") is None and os.path.exists(DEBIAN) and os.path.realpath(sys.executable) != os.path.realpath(DEBIAN):
        os.execv(DEBIAN, ["python3", *sys.argv])
