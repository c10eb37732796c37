#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Changes in bad weather: storm.py BINARY [SIMULATOR] [--runs N] [--seed S]. Ends with `N passed, N failed`.

Each run has a simulator of its own, random faults, and a second writer that changes other properties of the cluster at random
moments. It enables the mesh, starts an upgrade, completes it or rolls it back, and disables the mesh. After each command: it
ended with 0 and the mesh is as it was asked for, or with an error that says something; then it is run again, a last time in fair
weather, which must lead to the wanted state. In the end the last value that the second writer wrote is still there.
"""

import argparse
import copy
import functools
import os
import random
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import DISABLE, Checks, Cloud, Programs  # noqa: E402

ATONCE = 24
ATTEMPTS = 3
FINAL = ("Succeeded", "Failed", "Canceled")
SKIP = DISABLE[3:]
# What may happen to any request; each draws from its own dice.
WEATHER = [
    {"status": 429, "headers": {"Retry-After": "1"}}, {"status": 500}, {"status": 503}, {"status": 502, "text": "<html>Bad Gateway</html>"},
    {"cut": "before"}, {"cut": "half"}, {"malformed": True}, {"expire": True}, {"delayMs": 300},
]
AT_A_CHANGE = [
    {"cut": "before", "applied": True}, {"status": 500, "applied": True}, {"status": 504, "applied": True}, {"stale": True},
    {"status": 409}, {"fail": True}, {"fail": "silent"}, {"note": True}, {"status": 503},
]


def weather(dice):
    faults = []
    for each in dice.sample(AT_A_CHANGE, dice.randint(1, 3)):
        faults.append({"method": "PUT", "path": "managedClusters/demo$", "probability": 0.25, "count": 2, "seed": dice.randrange(1 << 30), **each})
    for each in dice.sample(WEATHER, dice.randint(1, 4)):
        faults.append({"probability": 0.12, "count": 6, "seed": dice.randrange(1 << 30), "path": "managedClusters|operation|oauth2", **each})
    # The moment at which a second writer hurts most: between the read and the change.
    faults.append({"method": "PUT", "path": "managedClusters/demo$", "probability": 0.3, "count": 2, "seed": dice.randrange(1 << 30),
                   "change": {"cluster": "demo", "path": "tags.between", "value": str(dice.randrange(1000))}})
    return faults


class SecondWriter:
    """Changes a tag or another property every now and then, and remembers what it wrote last. Node pools are left out: their
    operations leave the cluster's ETag as it is, so that the moment between the last read and the change has no guard; safety.py
    shows that it is no longer than that."""

    def __init__(self, cloud, dice):
        self.cloud = copy.copy(cloud)  # with a connection of its own
        self.cloud.connection = None
        self.dice = dice
        self.last = {}
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        while not self.stop.wait(self.dice.uniform(0.05, 3)):
            path = self.dice.choice(["tags.owner", "tags.cost", "properties.autoUpgradeProfile.upgradeChannel"])
            value = str(self.dice.randrange(10000))
            self.cloud.elsewhere("demo", path, value)
            self.last[path] = value

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def lost_updates(cloud, writer):
    body = cloud.body("demo")
    wanted = dict(writer.last)
    between = [event["value"] for event in cloud.events("writtenElsewhere") if event["path"] == "tags.between"]
    if between:
        wanted["tags.between"] = between[-1]
    found = {path: functools.reduce(lambda part, step: (part or {}).get(step), path.split("."), body) for path in wanted}
    return "" if found == wanted else f"the second writer wrote {wanted}, and there is {found}"


def revisions(cloud):
    profile = cloud.profile("demo") or {}
    return profile["istio"]["revisions"] if profile.get("mode") == "Istio" else None


def steps(dice):
    start, ended = ["asm-1-28", "asm-1-29"], dice.choice([("complete", "asm-1-29"), ("rollback", "asm-1-28")])
    confirm = ["--confirm", "demo", *SKIP, "--skip-checks", "AKM3007"] if ended[0] == "complete" else ["--yes"]
    return [(["enable", "--revision", "asm-1-28", "--yes"], ["asm-1-28"]), (["upgrade", "start", "--revision", "asm-1-29", "--yes"], start),
            (["upgrade", ended[0], *confirm], [ended[1]]), (["disable", "--confirm", "demo", *SKIP], None)]


class Storm:
    def __init__(self, checks, programs, seed):
        self.checks = checks
        self.programs = programs
        self.seed = seed
        self.figures = {"commands": 0, "done": 0, "errors": 0, "second writes": 0, "retries after a 412": 0, "runs without an error": 0}
        self.kinds = {}

    def run(self, number):
        dice = random.Random(self.seed * 100003 + number)
        scenario = {"operationSeconds": dice.choice([0, 0.2, 1]), "lagSeconds": dice.choice([0, 0, 0.3]), "retryAfter": dice.choice([0, 1]),
                    "polling": dice.choice(["operation", "location", "both", "none"]), "errorNote": dice.choice(["none", "both"])}
        with Cloud(self.programs, scenario) as cloud:
            done = 0
            with SecondWriter(cloud, random.Random(dice.random())) as writer:
                for command, wanted in steps(dice):
                    done += self.step(number, cloud, dice, command, wanted)
            self.checks.check(f"run {number}: no lost update", lost_updates(cloud, writer))
            with self.checks.lock:
                self.figures["second writes"] += len(cloud.events("writtenElsewhere"))
                self.figures["retries after a 412"] += len(cloud.puts()) - len(cloud.events("changed"))
                self.figures["runs without an error"] += done == 4

    def step(self, number, cloud, dice, command, wanted):
        """As people do: again when it failed, and a last time when the sky has cleared."""
        for attempt in range(1, ATTEMPTS + 1):
            fair = attempt == ATTEMPTS
            cloud.faults(*([] if fair else weather(dice)))
            result = cloud.on("demo", *command)
            cloud.faults()
            self.judge(f"run {number}: {' '.join(command[:2])}, attempt {attempt}", cloud, result, wanted)
            cloud.until(lambda: cloud.body("demo")["properties"]["provisioningState"] in FINAL)
            if result.code == 0:
                return attempt == 1
        # An earlier attempt can have done it although it ended with an error.
        self.checks.same(f"run {number}: {' '.join(command[:2])}, in fair weather", revisions(cloud), wanted)
        return False

    def judge(self, what, cloud, result, wanted):
        why = next((line[8:90] for line in result.err.splitlines() if line.startswith("  why:")), result.err[-90:])
        if result.code == 0:
            self.checks.same(what + ", state", revisions(cloud), wanted)
            self.checks.same(what + ", ended", cloud.body("demo")["properties"]["provisioningState"] in FINAL, True)
        else:
            says = [line for line in result.err.splitlines() if line.startswith("error: ")]
            # A check whose question met the weather could not look: 5.
            codes = (1, 4, 5) if "could not look" in result.err else (1, 4)
            # And one that ended at a gateway whose own time was over timed out: 6.
            codes += (6,) if "504 GatewayTimeout" in result.err else ()
            clear = says and result.code in codes and " bug" not in says[0]
            self.checks.check(what + ", a clear error", "" if clear else f"exit {result.code}: {result.err}")
        with self.checks.lock:
            self.figures["commands"] += 1
            self.figures["done" if result.code == 0 else "errors"] += 1
            if result.code:
                self.kinds[why] = self.kinds.get(why, 0) + 1


def storm(checks, programs, runs, seed):
    weathers = Storm(checks, programs, seed)

    def case(number):
        def one(*_):
            weathers.run(number)
        one.__name__ = f"run {number} (seed {seed})"
        return one

    checks.all_of([case(number) for number in range(runs)], programs, ATONCE)
    return weathers


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", nargs="+")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    checks = Checks()
    weathers = storm(checks, Programs(options.programs), options.runs, options.seed)
    print(", ".join(f"{value} {name}" for name, value in weathers.figures.items()))
    for why, count in sorted(weathers.kinds.items(), key=lambda each: -each[1]):
        print(f"  {count:4} {why}")
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
