#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the scripts beside this file against the real program: run.py BINARY [NAME...]

A script is a `.txt` file. All of it runs in one fresh directory, from top to bottom:

    # a comment
    file NAME           the file's content follows, indented by two spaces
    $ COMMAND           run by `sh -e -u`; further lines of it are indented by two spaces
    ? CODE              its exit code, 0 when not given
    > LINE              a line of its standard output
    ! LINE              a line of its standard error

Both streams are compared in full as soon as a command has a `>` or `!` line; without any only the code is. `...` inside a line
matches anything, a line of only `...` matches any number of lines. Standard input is empty. Beside the program's folder,
`helpers/` is on the PATH.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TIME_LIMIT = 120


class Step:
    def __init__(self, line, command):
        self.line = line
        self.command = command
        self.code = 0
        self.out = []
        self.err = []
        self.compares = False


class Content:
    def __init__(self, name):
        self.name = name
        self.lines = []

    def write(self, folder):
        path = os.path.join(folder, self.name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        while self.lines and self.lines[-1] == "":
            self.lines.pop()
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in self.lines))


def parse(path):
    steps = []
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    for number, line in enumerate(lines, 1):
        last = steps[-1] if steps else None
        if line.startswith("file "):
            steps.append(Content(line[5:]))
        elif line.startswith("$ "):
            steps.append(Step(number, line[2:]))
        elif line.startswith("  ") and isinstance(last, Content):
            last.lines.append(line[2:])
        elif line.startswith("  ") and isinstance(last, Step) and not last.compares:
            last.command += "\n" + line[2:]
        elif line == "" and isinstance(last, Content):
            last.lines.append("")
        elif line == "" or line.startswith("#"):
            continue
        elif line.startswith("? ") and isinstance(last, Step):
            last.code = int(line[2:])
        elif line[:1] in (">", "!") and line[1:2] in ("", " ") and isinstance(last, Step):
            last.compares = True
            (last.out if line[0] == ">" else last.err).append(line[2:])
        else:
            raise SystemExit(f"{path}:{number}: not understood: {line}")
    return steps


def pattern(expected):
    parts = []
    for line in expected:
        if line == "...":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append("[^\n]*".join(re.escape(piece) for piece in line.split("...")) + "\n")
    return re.compile("".join(parts))


def differs(name, expected, got):
    """What is wrong with a stream; empty when it is as expected."""
    if got and not got.endswith("\n"):
        got += " (no newline at the end)\n"
    if pattern(expected).fullmatch(got):
        return ""
    want = "".join(f"      {line}\n" for line in expected) or "      (nothing)\n"
    shown = got.split("\n")[:-1]
    cut = [line if len(line) <= 300 else line[:300] + " (cut)" for line in shown[:40]]
    if len(shown) > 40:
        cut.append(f"(and {len(shown) - 40} more lines)")
    have = "".join(f"      {line}\n" for line in cut) or "      (nothing)\n"
    return f"    {name}: expected\n{want}    {name}: got\n{have}"


def run_step(step, folder, environment):
    try:
        done = subprocess.run(
            ["sh", "-e", "-u", "-c", step.command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIME_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return f"    took more than {TIME_LIMIT} s\n"
    code = done.returncode if done.returncode >= 0 else 128 - done.returncode
    out = done.stdout.decode("utf-8", "backslashreplace")
    err = done.stderr.decode("utf-8", "backslashreplace")
    wrong = ""
    if code != step.code:
        wrong += f"    code: expected {step.code}, got {code}\n"
    if step.compares:
        wrong += differs("stdout", step.out, out) + differs("stderr", step.err, err)
    elif wrong:
        wrong += "".join(f"      {line}\n" for line in (out + err).split("\n")[:20] if line)
    return wrong


def main():
    if len(sys.argv) < 2:
        raise SystemExit("usage: run.py BINARY [NAME...]")
    # What a shell starts in the background ignores these, and so does all that it starts in turn; the scripts send some.
    for each in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(each) == signal.SIG_IGN:
            signal.signal(each, signal.SIG_DFL)
    binary = os.path.dirname(os.path.abspath(sys.argv[1]))
    scripts = sorted(name for name in os.listdir(HERE) if name.endswith(".txt"))
    if sys.argv[2:]:
        scripts = [name for name in scripts if name[:-4] in sys.argv[2:]]
    passed = failed = 0
    for name in scripts:
        folder = tempfile.mkdtemp(prefix="aksmesh-script-")
        work = os.path.join(folder, "work")
        home = os.path.join(folder, "home")
        os.mkdir(work)
        os.mkdir(home)
        environment = {
            "PATH": os.pathsep.join([binary, os.path.join(HERE, "helpers"), os.environ.get("PATH", "/usr/bin:/bin")]),
            "HOME": home, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        for step in parse(os.path.join(HERE, name)):
            if isinstance(step, Content):
                step.write(work)
                continue
            wrong = run_step(step, work, environment)
            if wrong:
                failed += 1
                print(f"test/script/{name}:{step.line}: $ {step.command}\n{wrong}", end="")
            else:
                passed += 1
        shutil.rmtree(folder, ignore_errors=True)
    if passed + failed == 0:
        print("no script was run")
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
