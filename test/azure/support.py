# SPDX-License-Identifier: Apache-2.0
"""What the tests of the Azure commands share: a simulator with the program pointed at it, and the counting of checks."""

import concurrent.futures
import json
import os
import subprocess
import sys
import threading
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sim"))
from client import CLIENT, SUBSCRIPTION, TENANT, Simulator, istio, read_json  # noqa: E402,F401

# An operation that is over at once and is followed by looking at the cluster: nothing is waited for.
QUICK = {"operationSeconds": 0, "lagSeconds": 0, "polling": "none"}
SHORT = {"operationSeconds": 0.3, "lagSeconds": 0, "retryAfter": 1}
SECRET = "fake-secret"
MESH = ("properties", "serviceMeshProfile")
VAULT = f"{SUBSCRIPTION}/resourceGroups/rg-mesh/providers/Microsoft.KeyVault/vaults/kv"
CA = ["--key-vault-id", VAULT, "--ca-cert-object-name", "a", "--ca-key-object-name", "b", "--root-cert-object-name", "c",
      "--cert-chain-object-name", "d"]
# What the program cannot see from Azure wants to be waved through by its code.
COMPLETE = ["upgrade", "complete", "--confirm", "canary", "--skip-checks", "AKM3007"]
DISABLE = ["disable", "--confirm", "mesh", "--skip-checks", "AKM4002", "--skip-checks", "AKM4003"]
ATONCE = 6  # cases at the same time; they mostly wait


class Programs:
    """Where the two programs are; the simulator is built beside the program."""

    def __init__(self, arguments):
        self.binary = os.path.abspath(arguments[0])
        self.simulator = os.path.abspath(arguments[1]) if len(arguments) > 1 else os.path.join(os.path.dirname(self.binary), "aksmesh-sim")


class Run:
    def __init__(self, code, out, err):
        self.code = code
        self.out = out
        self.err = err

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error(self):
        """The error of a run with -o json: the last line of stderr."""
        return json.loads(self.err.strip().splitlines()[-1])


class Cloud(Simulator):
    """A simulator, and the program signed in to it."""

    def __init__(self, programs, scenario=None, faults=None):
        super().__init__(programs.simulator, {**(scenario or {}), "faults": faults or []})
        self.program = programs.binary
        self.home = self.folder.name
        self.env = {"PATH": os.environ.get("PATH", ""), "HOME": self.home, "AKSMESH_ARM_ENDPOINT": self.ready["endpoint"],
                    "SSL_CERT_FILE": self.ready["ca"], "AZURE_TENANT_ID": TENANT, "AZURE_CLIENT_ID": CLIENT,
                    "AZURE_CLIENT_SECRET": SECRET, "AKSMESH_SUBSCRIPTION": SUBSCRIPTION.rsplit("/", 1)[1],
                    "AKSMESH_RESOURCE_GROUP": "rg-mesh", "AKSMESH_TOKEN_CACHE": "off"}

    def start(self, *arguments, env=None):
        return subprocess.Popen([self.program, *arguments], env={**self.env, **(env or {})}, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")

    def run(self, *arguments, env=None, limit=180):
        process = self.start(*arguments, env=env)
        try:
            out, err = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            err += "\n(did not end)"
        return Run(process.returncode, out, err)

    def on(self, cluster, *arguments, **options):
        return self.run(*arguments, "--cluster", cluster, **options)

    def requests(self, method, ending=""):
        return [each for each in self.events("request") if each["method"] == method and each["path"].endswith(ending)]

    def puts(self):
        return self.requests("PUT")

    def writes(self):
        """What could change anything: all but reads and signing in."""
        return [each for each in self.events("request") if each["method"] != "GET" and "/oauth2/" not in each["path"]]

    def body(self, cluster):
        return read_json(self.raw("GET", "/sim/clusters/" + cluster).text)

    def profile(self, cluster):
        return self.body(cluster)["properties"].get("serviceMeshProfile")

    def revisions(self, cluster):
        return self.profile(cluster)["istio"]["revisions"]

    def elsewhere(self, cluster, path, value):
        self.sim("POST", "change", {"cluster": cluster, "path": path, "value": value})

    def faults(self, *list_of_faults):
        self.sim("PUT", "faults", list(list_of_faults))

    def until(self, seen):
        """Waits until the journal shows something."""
        for _ in range(400):
            if seen():
                return
            time.sleep(0.05)
        raise RuntimeError("what was waited for does not come")


class Checks:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.lock = threading.Lock()

    def check(self, what, wrong):
        """Counts one check; `wrong` says what is wrong, empty when all is well."""
        with self.lock:
            if not wrong:
                self.passed += 1
                return
            self.failed += 1
            print(f"FAILED {what}\n  {str(wrong)[:1500]}")

    def same(self, what, found, wanted):
        self.check(what, "" if found == wanted else f"{found!r} is not {wanted!r}")

    def ends(self, what, run, code, *words):
        """The exit code, and words that stdout or stderr must hold."""
        missing = [word for word in words if word not in run.out + run.err]
        wrong = run.code != code or missing
        self.check(what, f"exit {run.code}, wanted {code}; missing: {missing}\n{run.out}{run.err}" if wrong else "")

    def all_of(self, cases, programs, at_once=ATONCE):
        """Runs cases side by side; an exception is a failed check."""
        def one(case):
            try:
                case(self, programs)
            except Exception:
                self.check(case.__name__, traceback.format_exc())

        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            list(pool.map(one, cases))

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0
