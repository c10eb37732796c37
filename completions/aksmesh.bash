# SPDX-License-Identifier: Apache-2.0
# Completion of aksmesh for bash. All knowledge is in the program.

_aksmesh() {
  local IFS=$' \t\n' word line candidate before="" words=() glue=no wants_files=no i
  COMPREPLY=()
  # Bash takes `=` and `:` for words of their own; here they belong to the word that they stand in.
  local blanks=$COMP_LINE
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i > 0)) && [[ $blanks != [[:blank:]]* ]] && [[ $word == [=:]* || $glue == yes ]]; then
      before=${words[-1]}
      words[-1]+=$word
    else
      before=""
      words+=("$word")
    fi
    [[ $word == [=:]* ]] && glue=yes || glue=no
    while [[ $blanks == [[:blank:]]* ]]; do blanks=${blanks#?}; done
    blanks=${blanks#"$word"}
  done
  # The cursor stands right behind a `=` or `:`, which bash would replace.
  local replaced=${COMP_WORDS[COMP_CWORD]}
  [[ $replaced == [=:]* ]] && before+=$replaced

  # In `--option=val` only the value is asked for; in `a:b` the part up to the colon stays.
  local unfinished=${words[-1]} strip=""
  if [[ $unfinished != --*=* ]]; then strip=$before; fi
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      wants_files=yes
      continue
    fi
    candidate=${line%%$'\t'*}
    COMPREPLY+=("${candidate#"$strip"}")
  done < <(command "${COMP_WORDS[0]}" __complete "${words[@]:1}" 2>/dev/null)
}
