# SPDX-License-Identifier: Apache-2.0
# Completion of aksmesh for bash. All knowledge is in the program.

_aksmesh() {
  local IFS=$' \t\n' words=() last=0 i line word files=no
  COMPREPLY=()
  # Bash makes three words of `--option=value`; the program wants the one that was typed.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((last > 0)) && [[ ${words[last - 1]} == --* ]] && [[ $word == = || ${words[last - 1]} == *= ]]; then
      words[last - 1]+=$word
    else
      words[last]=$word
      last=$((last + 1))
    fi
  done
  # What bash would replace is only the part behind the `=`, and so are the candidates.
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      files=yes
    else
      COMPREPLY+=("${line%%$'\t'*}")
    fi
  done < <(command "${COMP_WORDS[0]}" __complete "${words[@]}" 2>/dev/null)
  # Without candidates readline completes file names, which is right only where the program wants some.
  [[ $files == yes ]] || compopt +o default 2>/dev/null
  return 0
}

complete -o default -F _aksmesh aksmesh mesh kubectl-aksmesh
