# SPDX-License-Identifier: Apache-2.0
# Completion of aksmesh for fish. All knowledge is in the program.

function __aksmesh_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l unfinished (commandline --current-token --cut-at-cursor | string unescape)
    # Candidates for `--option=value` are values; fish wants the whole word.
    set -l before (string match --regex -- '^--[^=]*=' $unfinished)
    set -l program $words[1]
    set -e words[1]
    command $program __complete $words "$unfinished" 2>/dev/null | while read --local line
        if test "$line" = :files
            __fish_complete_path (string replace -- "$before" '' "$unfinished") | string replace --regex -- '^' "$before"
        else
            printf '%s%s\n' "$before" "$line"
        end
    end
end

for program in aksmesh mesh kubectl-aksmesh
    complete --command $program --no-files --keep-order --arguments '(__aksmesh_complete)'
end
