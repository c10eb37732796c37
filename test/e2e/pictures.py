# SPDX-License-Identifier: Apache-2.0
"""A snapshot of the bed, taken while everything is planted, must tell offline what the commands tell live."""

import os
import tempfile

from findings import COMMANDS


def without_place(document):
    """The one thing that differs: what was looked at."""
    return {key: value for key, value in document.items() if key != "place"}


def pictures(checks, bed, program):
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "bed.tar.gz")
        made = program.run("snapshot", file, "-o", "json")
        checks.same("snapshot: it is whole", (made.code, made.json["complete"], made.json["skipped"]), (0, True, []))
        commands = {name: [*words, "--fail-on", "never"] for name, words in COMMANDS.items()}
        for name, words in {**commands, "status": ["status"]}.items():
            live, later = (program.run(*words, "-o", "json", *source) for source in ((), ("--snapshot", file)))
            checks.same(f"snapshot: {name} ends as live", later.code, live.code)
            seen, wanted = without_place(later.json), without_place(live.json)
            checks.same(f"snapshot: {name} tells the same as live", {key: seen.get(key) for key in wanted if seen.get(key) != wanted[key]},
                        {key: value for key, value in wanted.items() if seen.get(key) != value})
            checks.same(f"snapshot: {name} tells nothing more", sorted(seen), sorted(wanted))
