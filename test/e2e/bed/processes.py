# SPDX-License-Identifier: Apache-2.0
"""The processes of the bed: started, waited for, and all of them ended again, also those of a run that crashed."""

import os
import signal
import subprocess
import time

from .layout import LOGS, RUN


class BedError(Exception):
    """Something of the bed itself went wrong; the text says what and where to look."""


def run_tool(*words, limit=60, env=None, cwd=None, text=None):
    """Standard output of a program that must end well."""
    words = [str(word) for word in words]
    try:
        done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=limit, env=env, cwd=cwd, check=False)
    except subprocess.TimeoutExpired:
        raise BedError(f"`{' '.join(words)}` did not end within {limit} seconds") from None
    except OSError as error:
        raise BedError(f"`{words[0]}` cannot be run: {error.strerror}") from None
    if done.returncode:
        raise BedError(f"`{' '.join(words)}` ended with {done.returncode}: {done.stderr.strip()[-1500:]}")
    return done.stdout


def try_tool(*words):
    """Runs a program whose failure means that there was nothing to do."""
    subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def wait_until(what, probe, seconds=120):
    end = time.monotonic() + seconds
    reason = ""
    while time.monotonic() < end:
        try:
            if probe():
                return
        except (BedError, OSError, LookupError, ValueError) as error:
            reason = f": {error}"
        time.sleep(0.3)
    raise BedError(f"waited {seconds} seconds in vain for {what}{reason}; logs are in {LOGS}")


def started_at(pid):
    """Tells a process from a later one of the same number; nothing when it is gone or only waits to be collected."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


class Processes:
    """Each has a file that says its number, so that another run can end what a crashed one left."""

    def __init__(self, run=RUN):
        self.folder = run / "processes"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.children = {}

    def start(self, name, *words, env=None, cwd=None):
        """In a group of its own, so that its children end with it; `env` is all of its environment."""
        with open(RUN / f"{name}.log", "ab") as log:
            child = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=cwd,
                                     env=env, start_new_session=True)
        self.children[name] = child
        (self.folder / name).write_text(f"{child.pid} {started_at(child.pid)}\n", encoding="utf-8")

    def alive(self):
        """Name and number of what still runs."""
        out = {}
        for file in self.folder.iterdir():
            pid, _, start = file.read_text(encoding="utf-8").strip().partition(" ")
            if pid and started_at(pid) == start:
                out[file.name] = int(pid)
        return out

    def ended(self, name):
        return name not in self.alive()

    def stop(self, *names, seconds=10):
        """Ends those of the names that run, with their children; all when none is named."""
        def signal_all(number):
            running = {name: pid for name, pid in self.alive().items() if not names or name in names}
            for pid in running.values():
                try:
                    os.killpg(pid, number)
                except ProcessLookupError:
                    pass
            return running

        end = time.monotonic() + seconds
        signal_all(signal.SIGTERM)
        while time.monotonic() < end and {name for name in self.alive() if not names or name in names}:
            self.collect()
            time.sleep(0.1)
        signal_all(signal.SIGKILL)
        self.collect()

    def kill(self, name):
        """Ends one at once, as a crash would."""
        pid = self.alive().get(name)
        if pid is not None:
            os.killpg(pid, signal.SIGKILL)
        child = self.children.get(name)
        if child is not None:
            child.wait()

    def collect(self):
        for child in self.children.values():
            child.poll()
