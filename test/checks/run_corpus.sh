#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run_corpus.sh BINARY: compares findings and verdicts with those recorded of istioctl and of an API server. The cases that may
# differ are exactly those that deviations.md lists with their reasons, and at most two of a hundred. Ends with a count.
set -u
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")
corpus=${AKSMESH_CORPUS:-$here/../../../shared/data}
passed=0
failed=0

# compare NAME MARK COMMAND...: MARK is the heading of its list in deviations.md.
compare() {
  local name=$1 heading=$2 output differing listed total
  shift 2
  output=$("$@" 2>&1)
  total=$(printf '%s\n' "$output" | sed -nE 's/^([0-9]+) equal, ([0-9]+) different.*/\1 \2/p')
  if [ -z "$total" ]; then
    printf '%s\n' "$output" | tail -n 20
    failed=$((failed + 1))
    return
  fi
  differing=$(printf '%s\n' "$output" | sed -nE 's/^FAIL ([^:]+):.*/\1/p' | sort)
  # shellcheck disable=SC2016  # the backquotes are part of the list
  listed=$(awk -v want="## $heading" '/^## /{on = ($0 == want)} on' "$here/deviations.md" | sed -nE 's/^- `([^`]+)`:.*/\1/p' | sort)
  passed=$((passed + ${total% *}))
  if [ "$differing" != "$listed" ]; then
    printf '%s\n' "$output"
    echo "$name: the cases that differ are not those of deviations.md"
    diff <(printf '%s\n' "$listed") <(printf '%s\n' "$differing") | sed -nE 's/^< (.+)/  listed, and equal: \1/p; s/^> (.+)/  differs, and not listed: \1/p'
    failed=$((failed + 1))
  elif [ $((${total#* } * 50)) -gt $((${total% *} + ${total#* })) ]; then
    echo "$name: more than 2 of 100 cases differ: ${total#* } of $((${total% *} + ${total#* }))"
    failed=$((failed + 1))
  fi
}

if [ ! -d "$corpus/analyzers/cases" ]; then
  echo "left out: there is no corpus of recorded verdicts (AKSMESH_CORPUS)"
  echo "0 passed, 0 failed"
  exit 0
fi
export AKSMESH_CORPUS="$corpus"
compare analyzers "Analyzers" python3 "$here/check_analyzers.py" --command \
  "$program analyze --policy upstream {flags} -o json {inputs} | python3 $here/as_messages.py"
compare validation "Validation" python3 "$here/check_validation.py" --truth either --command "$program validate --policy upstream -f {file}"
compare schema "Schema" python3 "$here/check_validation.py" --truth api --command "$program validate -f {file}"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
