# SPDX-License-Identifier: Apache-2.0
"""The program under test, run with a kubeconfig and nothing else of the environment."""

import os
import subprocess
import tempfile

from bed import plane
from support import Run

# Far beyond what anything takes here: only for what hangs.
LIMIT = 180


class Program:
    def __init__(self, binary):
        self.binary = os.path.abspath(binary)
        self.folder = tempfile.TemporaryDirectory()
        self.count = 0

    def environment(self, kubeconfig=None):
        """`kubeconfig` as text; that of the bed's administrator by default."""
        path = str(plane.KUBECONFIG)
        if kubeconfig is not None:
            self.count += 1
            path = os.path.join(self.folder.name, f"config-{self.count}")
            with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(kubeconfig)
        return {"PATH": "/usr/bin:/bin", "HOME": self.folder.name, "KUBECONFIG": path}

    def run(self, *arguments, kubeconfig=None, limit=LIMIT, text=None):
        """`text` is its standard input."""
        process = subprocess.Popen([self.binary, *arguments], env=self.environment(kubeconfig), stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        try:
            out, err = process.communicate(text, timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            return Run(-1, out, err + f"\n(did not end within {limit} seconds)")
        return Run(process.returncode, out, err)

    def has(self, command):
        """Whether the command is built; its help would else be that of the whole program."""
        run = self.run(command, "--help")
        return run.code == 0 and f"aksmesh {command}" in run.out.partition("Examples:")[0]
