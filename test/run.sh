#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the tests need, builds, runs every test and ends with the line `N passed, N failed`.
# With --e2e it ends with the live test bed: a real Kubernetes and Istio, built once into the user's cache folder.
set -u
cd "$(dirname "$0")/.." || exit 1

case ${1:-} in
  "") needs=(--tests) ;;
  --e2e) needs=(--tests --e2e) ;;
  *) echo "unknown option $1; known is --e2e" >&2; exit 2 ;;
esac
packaging/install-dependencies.sh "${needs[@]}" || { echo "0 passed, 1 failed"; exit 1; }

# Builds the tests under the sanitizers, and the release program and simulator that scripts are tried with.
build() {
  cmake --preset "$@" >"build/$1.log" 2>&1 && cmake --build --preset "$1" >>"build/$1.log" 2>&1 && return 0
  grep -E "error|FAILED" "build/$1.log" | head -n 40
  echo "the build of preset $1 failed; see build/$1.log"
  echo "0 passed, 1 failed"
  exit 1
}
mkdir -p build
build dev
build release -DAKSMESH_SIM=ON

passed=0
failed=0
# A suite prints its own counts in a last line `N passed, N failed`.
suite() {
  local name=$1 output counts
  shift
  output=$("$@" 2>&1)
  counts=$(printf '%s\n' "$output" | grep -Eo '^[0-9]+ passed, [0-9]+ failed$' | tail -n 1)
  if [ -z "$counts" ]; then
    printf '%s\n' "$output" | tail -n 40
    counts="0 passed, 1 failed"
  elif [ "${counts#* passed, }" != "0 failed" ]; then
    printf '%s\n' "$output" | head -n 200
  fi
  printf '%s\n' "$output" | grep '^left out: '
  echo "$name: $counts"
  passed=$((passed + ${counts%% *}))
  counts=${counts#* passed, }
  failed=$((failed + ${counts%% *}))
}

unit() {
  build/dev/bin/aksmesh_tests "$@" >build/unit.log 2>&1
  local status=$? line
  line=$(sed -nE 's/.*test cases: +[0-9]+ \| +([0-9]+) passed \| +([0-9]+) failed.*/\1 passed, \2 failed/p' build/unit.log)
  # A sanitizer ends the program before doctest can count.
  if [ -z "$line" ] || { [ $status != 0 ] && [ "${line#* passed, }" = "0 failed" ]; }; then
    cat build/unit.log
    line="0 passed, 1 failed"
  elif [ $status != 0 ]; then
    cat build/unit.log
  fi
  echo "$line"
}

suite unit unit
for runner in test/*/run.py; do
  name=$(basename "$(dirname "$runner")")
  program=aksmesh
  [ "$name" = sim ] && program=aksmesh-sim
  suite "$name" python3 "$runner" "build/release/bin/$program"
done
suite azure-schemas python3 test/azure/schemas.py build/release/bin/aksmesh
suite corpus test/checks/run_corpus.sh build/release/bin/aksmesh
# A dozen servers on one machine: what fails once is told, and what fails on a fresh bed, too, counts.
e2e() {
  local output
  output=$(python3 test/e2e/live.py build/release/bin/aksmesh 2>&1)
  if printf '%s\n' "$output" | grep -q ', 0 failed$'; then
    printf '%s\n' "$output"
    return
  fi
  printf '%s\n' "$output" >build/e2e-first.log
  echo "left out: the first run on the test bed, which failed; see build/e2e-first.log"
  python3 test/e2e/live.py build/release/bin/aksmesh
}
[ "${1:-}" = --e2e ] && suite e2e e2e

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
