#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures `aksmesh revisions` beside `az aks mesh get-revisions`, both against the simulator.

  test/perf/azure.py build/release/bin/aksmesh [--az PATH] [--runs 9]

Both are signed in before; each asks for the revisions of one region. They take turns, the first round does not count, and each
figure is the median of whole processes as GNU time accounts for them. Nothing here passes or fails.
"""
import argparse
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "azure"))
from measure import measure, show  # noqa: E402
from support import CLIENT, SECRET, TENANT, Cloud, Programs  # noqa: E402


def set_up_az(az, endpoint):
    def run(*arguments):
        subprocess.run([az, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    run("cloud", "register", "-n", "sim", "--endpoint-resource-manager", endpoint, "--endpoint-active-directory", endpoint,
        "--endpoint-active-directory-resource-id", "https://management.core.windows.net/")
    run("cloud", "set", "-n", "sim")
    run("config", "set", "core.instance_discovery=false", "core.login_experience_v2=off", "extension.use_dynamic_install=no")
    run("login", "--service-principal", "-u", CLIENT, "-p", SECRET, "--tenant", TENANT)


def main():
    parser = argparse.ArgumentParser(description="measure a read of Azure")
    parser.add_argument("program")
    parser.add_argument("--az", default=shutil.which("az"))
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    with Cloud(Programs([options.program])) as cloud:
        os.environ.update(cloud.env, AKSMESH_TOKEN_CACHE="on", AZURE_CONFIG_DIR=os.path.join(cloud.home, "azure"),
                          REQUESTS_CA_BUNDLE=cloud.ready["ca"], AZURE_CORE_COLLECT_TELEMETRY="no")
        commands = [[os.path.abspath(options.program), "revisions", "-l", "westus2"]]
        if options.az:
            set_up_az(options.az, cloud.ready["endpoint"])
            commands.append([options.az, "aks", "mesh", "get-revisions", "-l", "westus2"])
        columns = f" {'seconds':>9} {'processor':>9} {'MB':>8}"
        print(" " * 28 + columns * len(commands) + (f" {'faster':>10} {'memory':>9}" if options.az else ""))
        show("revisions of a region", measure(commands, options.runs))


main()
