#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Drives the real bash, zsh and fish with the completion scripts of this checkout: run.py BINARY

bash and zsh sit on a terminal and get a line and a tab; fish is asked by its own `complete -C`. Each line is one check for each
shell: what must be offered or filled in, and what must not.
"""

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPTS = {name: os.path.join(ROOT, "completions", file)
           for name, file in (("bash", "aksmesh.bash"), ("zsh", "_aksmesh"), ("fish", "aksmesh.fish"))}
PATIENCE = 20  # seconds, far more than any of this takes
FILES = ["plain.yaml", "plant.json", "with blank.yaml"]
FORMATS = ["text", "wide", "json", "yaml", "sarif", "junit", "github", "azure-pipelines", "markdown"]

# The line up to the cursor, what must be offered, what must not.
CASES = [
    ("aksmesh ", ["analyze", "checks", "completion", "explain", "help", "version"], ["__complete", "plain.yaml"]),
    ("mesh ", ["analyze", "explain"], ["plain.yaml"]),
    ("aksmesh c", ["checks", "completion"], ["analyze"]),
    ("aksmesh -o json ex", ["explain"], ["analyze"]),
    ("aksmesh analyze -o ", FORMATS, ["plain.yaml"]),
    ("mesh analyze --output ", FORMATS, ["plain.yaml"]),
    ("aksmesh analyze -o j", ["json", "junit"], ["yaml", "sarif"]),
    ("aksmesh analyze --output=j", ["json", "junit"], ["yaml", "sarif"]),
    ("aksmesh analyze --policy=c", ["current"], ["upstream"]),
    ("aksmesh checks -o ", ["text", "wide", "json", "yaml"], ["sarif"]),
    ("aksmesh checks --category ", ["compat", "istio"], ["plain.yaml"]),
    ("aksmesh analyze --fail-on ", ["error", "warning", "info", "never"], ["Error"]),
    ("aksmesh analyze --policy ", ["current", "seed-2023", "upstream"], ["plain.yaml"]),
    ("aksmesh analyze --revision asm-1-2", ["asm-1-2"], ["plain.yaml"]),
    ("aksmesh analyze --poli", ["--policy", "--policy-file"], ["--only"]),
    ("aksmesh analyze -o json --show-", ["--show-from", "--show-suppressed"], ["--only"]),
    ("aksmesh explain AKM200", ["AKM2001", "AKM2002", "AKM2003"], ["AKM1001"]),
    ("aksmesh analyze --only AKM200", ["AKM2001", "AKM2002", "AKM2003"], ["AKM1001"]),
    ("aksmesh analyze --only=AKM200", ["AKM2001", "AKM2002", "AKM2003"], ["AKM1001"]),
    ("aksmesh analyze --suppress AKM200", ["AKM2001", "AKM2002", "AKM2003"], ["AKM1001"]),
    ("aksmesh completion ", ["bash", "zsh", "fish"], ["plain.yaml"]),
    ("aksmesh help ", ["analyze", "exit-codes"], ["plain.yaml"]),
    ("aksmesh dashboard ", ["envoy", "istiod", "grafana"], ["plain.yaml"]),
    ("aksmesh config ", ["get", "set", "view"], ["plain.yaml"]),
    ("aksmesh config get clu", ["cluster", "cluster-id"], ["color"]),
    ("aksmesh config set color ", ["auto", "always", "never"], ["plain.yaml", "cluster"]),
    ("aksmesh analyze pl", ["plain.yaml", "plant.json"], ["with"]),
    ("aksmesh analyze -o json pl", ["plain.yaml", "plant.json"], ["junit", "with"]),
    ("mesh analyze plain.yaml pl", ["plain.yaml", "plant.json"], ["with"]),
    ("aksmesh analyze -f pl", ["plain.yaml", "plant.json"], ["with"]),
    ("aksmesh analyze --baseline pl", ["plain.yaml", "plant.json"], ["with"]),
    ("aksmesh analyze --baseline=pl", ["plain.yaml", "plant.json"], ["with"]),
    ("aksmesh analyze plan", ["plant.json"], ["plain.yaml"]),
    ("aksmesh version pl", [], ["plain.yaml"]),
    ("aksmesh status --context ", ["prod-eu", "prod-us", "stage"], ["plain.yaml"]),
    ("aksmesh status --context=pro", ["prod-eu", "prod-us"], ["stage"]),
    ("aksmesh status --contexts stage,prod-", ["stage,prod-eu", "stage,prod-us"], ["plain.yaml"]),
    ("aksmesh status --contexts=prod-eu,sta", ["prod-eu,stage"], ["prod-us"]),
    ("aksmesh status --kubeconfig other --context m", ["mine"], ["prod-eu"]),
    ("aksmesh nonsense pl", [], ["plain.yaml"]),
]


class Terminal:
    """A shell on a terminal that is wide enough to show lists without asking."""

    def __init__(self, argv, environment, folder):
        self.text = ""
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(argv[0], argv, environment)
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 220, 0, 0))
        self.count = 0

    def send(self, text):
        os.write(self.handle, text.encode())

    def read(self, done, limit=PATIENCE):
        """Reads until done(text so far) or until the limit; tells whether it was done."""
        end = time.monotonic() + limit
        while not done(self.text):
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.handle], [], [], left)[0]:
                return False
            try:
                part = os.read(self.handle, 65536)
            except OSError:
                return done(self.text)
            self.text += re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|[=>])|[\r\x07\x08]", "", part.decode("utf-8", "replace"))
        return True

    def run(self, command):
        """Runs a command and waits for its end. What is typed differs from what is waited for."""
        self.count += 1
        self.send(f"{command}; echo re''ady{self.count}.\r")
        if not self.read(lambda text: f"ready{self.count}." in text):
            raise SystemExit(f"the shell does not answer; it said: {self.text[-500:]!r}\n0 passed, 1 failed")

    def complete(self, line, wanted):
        """What the terminal shows for the line and a tab."""
        self.text = ""
        self.send(line + "\t")
        self.read(lambda text: all(word in (text[len(line):] if word in line else text) for word in wanted), 5 if wanted else 0.5)
        self.send("\x15")
        self.run("true")
        # Of the echoed commands nothing may count.
        return self.text.split("true; echo")[0]

    def close(self):
        os.close(self.handle)
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)


def bash(environment, folder):
    terminal = Terminal(["bash", "--norc", "--noprofile", "-i"], environment, folder)
    terminal.run("PS1='% '; bind 'set enable-bracketed-paste off'; bind 'set show-all-if-ambiguous on'; "
                 "bind 'set completion-query-items 0'; bind 'set page-completions off'; bind 'set bell-style none'")
    terminal.run("[ ! -e /usr/share/bash-completion/bash_completion ] || . /usr/share/bash-completion/bash_completion")
    terminal.run(f"source '{SCRIPTS['bash']}'")
    return terminal


def zsh(environment, folder):
    terminal = Terminal(["zsh", "-f", "-i"], environment, folder)
    terminal.run("PS1='% '; unset zle_bracketed_paste; unsetopt beep prompt_sp always_last_prompt; LISTMAX=1000; "
                 f"cp '{SCRIPTS['zsh']}' \"$HOME/functions\"; fpath=(\"$HOME/functions\" $fpath); "
                 "autoload -Uz compinit; compinit -u -D; setopt auto_list; unsetopt auto_menu list_ambiguous")
    return terminal


class Fish:
    def __init__(self, environment, folder):
        self.environment = environment
        self.folder = folder

    def complete(self, line, _wanted):
        done = subprocess.run(
            ["fish", "--no-config", "-c", f"source '{SCRIPTS['fish']}'; complete -C \"$argv\"", line], cwd=self.folder,
            env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
        return line + "\n" + done.stdout + done.stderr

    def close(self):
        pass


def words_of(text):
    return set(re.split(r"[\s=]+", text))


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, wrong):
        if wrong:
            self.failed += 1
            print(f"{what}: {wrong}")
        else:
            self.passed += 1


def wrong_words(line, shown, wanted, unwanted):
    """A full word must be offered, or the beginning that all candidates share be filled in."""
    words = words_of(shown[len(line) - len(line.split(" ")[-1]):] if shown.startswith(line) else shown)
    missing = [word for word in wanted if not any(have.startswith(word) for have in words)]
    surplus = [word for word in unwanted if word in words]
    if missing:
        return f"'{line}' does not offer {', '.join(missing)}; shown is {shown[-600:]!r}"
    if surplus:
        return f"'{line}' offers {', '.join(surplus)}; shown is {shown[-600:]!r}"
    return ""


def check_loading(checks, name, environment, folder):
    """Loading says nothing, needs nothing and calls nothing."""
    bare = dict(environment, PATH=os.path.join(folder, "nothing"))
    if name == "zsh":
        load = f"compdef() {{ :; }}; source '{SCRIPTS[name]}'"
    else:
        load = f"source '{SCRIPTS[name]}'"
    argv = {"bash": ["bash", "--norc", "--noprofile", "-eu", "-c", load], "zsh": ["zsh", "-f", "-e", "-u", "-c", load],
            "fish": ["fish", "--no-config", "-c", load]}[name]
    argv[0] = shutil.which(argv[0])
    done = subprocess.run(argv, cwd=folder, env=bare, capture_output=True, text=True, timeout=PATIENCE, check=False)
    checks.check(f"{name}: loading", "" if done.returncode == 0 and not done.stdout + done.stderr
                 else f"code {done.returncode}, said {(done.stdout + done.stderr)[:300]!r}")


def options_of(binary, command, environment):
    text = subprocess.run([binary, *command.split(), "--help"], env=environment, capture_output=True, text=True, check=True).stdout
    return sorted(set(re.findall(r"^  (?:-\w, |    )(--[a-z-]+)", text, re.MULTILINE)))


def commands_below(binary, environment, *nouns):
    """A word without a summary is a noun, whose verbs follow."""
    listed = subprocess.run([binary, "__complete", *nouns, ""], env=environment, capture_output=True, text=True, check=True).stdout
    out = []
    for line in listed.splitlines():
        word, _, summary = line.partition("\t")
        out += [" ".join([*nouns, word])] if summary else commands_below(binary, environment, *nouns, word)
    return out


def main():
    if len(sys.argv) != 2:
        raise SystemExit("usage: run.py BINARY")
    binary = os.path.abspath(sys.argv[1])
    checks = Checks()
    folder = tempfile.mkdtemp(prefix="aksmesh-shells-")
    work = os.path.join(folder, "work")
    home = os.path.join(folder, "home")
    os.makedirs(work)
    os.makedirs(os.path.join(home, "functions"))
    for name in FILES:
        with open(os.path.join(work, name), "w", encoding="utf-8"):
            pass
    for name, contexts in (("config", ["prod-eu", "prod-us", "stage"]), ("other", ["mine", "more"])):
        with open(os.path.join(work, name), "w", encoding="utf-8") as file:
            file.write("{apiVersion: v1, kind: Config, contexts: [%s]}\n" % ", ".join("{name: %s}" % each for each in contexts))
    environment = {"KUBECONFIG": os.path.join(work, "config"), "PATH": os.pathsep.join([os.path.dirname(binary), os.environ.get("PATH", "/usr/bin:/bin")]), "HOME": home,
                   "LC_ALL": "C.UTF-8", "TERM": "xterm", "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "HISTFILE": ""}
    commands = commands_below(binary, environment)
    cases = list(CASES)
    for command in commands:
        options = options_of(binary, command, environment)
        checks.check(f"help of {command}", "" if options else "lists no options")
        cases.append((f"aksmesh {command} --", options, []))
    for name, start in (("bash", bash), ("zsh", zsh), ("fish", Fish)):
        if shutil.which(name) is None:
            checks.check(name, "is not installed; packaging/install-dependencies.sh --tests installs it")
            continue
        check_loading(checks, name, environment, work)
        shell = start(environment, work)
        for line, wanted, unwanted in cases:
            checks.check(name, wrong_words(line, shell.complete(line, wanted), wanted, unwanted))
        # A name with a blank is filled in so that the shell reads it as one word.
        shown = shell.complete("aksmesh analyze -o json wit", ["with"])
        checks.check(f"{name}: blank", "" if re.search(r"with\\? ?blank\.yaml|with blank\.yaml", shown) else f"shown is {shown!r}")
        # Descriptions, where the shell shows them.
        if name != "bash":
            shown = shell.complete("aksmesh ", ["Explain a code"])
            checks.check(f"{name}: descriptions", "" if "Explain a code: meaning" in shown else f"shown is {shown!r}")
        shell.close()
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
