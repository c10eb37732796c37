#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks the form of what changed since the last commit, or with --all of everything: C++ by clang-format 14, shell
# scripts by shellcheck, man pages by mandoc. Tools that are not installed are named. Ends with a count.
set -u
cd "$(dirname "$0")/.." || exit 1

files() {
  if [ "${1:-}" = "--all" ]; then git ls-files; else git diff --name-only --diff-filter=d HEAD; git ls-files --others --exclude-standard; fi
}
# Without git there would be no files, and nothing wrong with them.
git rev-parse --git-dir >/dev/null || { echo "0 passed, 1 failed"; exit 1; }
passed=0
failed=0
missing=""
check() {
  local tool=$1 what=$2
  shift 2
  command -v "$tool" >/dev/null || { case " $missing " in *" $tool "*) ;; *) missing="$missing $tool" ;; esac; return; }
  if output=$("$@" 2>&1); then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$what:"
    printf '%s\n' "$output" | head -n 20
  fi
}

format=clang-format
command -v clang-format-14 >/dev/null && format=clang-format-14
list=$(files "${1:-}" | sort -u)
for file in $list; do
  case $file in
    *.cpp | *.hpp) check "$format" "$file (repair: $format -i $file)" "$format" --dry-run -Werror "$file" ;;
    *.sh | .ci/run) check shellcheck "$file" shellcheck "$file" ;;
    man/*.1 | man/*.7) check mandoc "$file" mandoc -T lint -W warning "$file" ;;
  esac
done
[ -n "$missing" ] && echo "not installed, so not checked:$missing"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
