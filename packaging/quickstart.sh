#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh machine to the main job: installs what the build needs, builds the release and analyzes the bundled sample,
# a small shop that is to move to the add-on.
set -eu
cd "$(dirname "$0")/.."

packaging/install-dependencies.sh
mkdir -p build
echo "building the release (about a minute on two cores)"
{ cmake --preset release && cmake --build --preset release; } >build/release.log 2>&1 || {
  grep -E "error|FAILED" build/release.log | head -n 20
  echo "the build failed; all of its output is in build/release.log" >&2
  exit 1
}

echo
echo "$ aksmesh analyze --revision asm-1-28 packaging/sample/shop"
status=0
build/release/bin/aksmesh analyze --revision asm-1-28 packaging/sample/shop || status=$?
# The sample has planted mistakes, so findings are the right result.
if [ "$status" != 3 ]; then
  echo "expected findings (exit code 3), got $status" >&2
  exit 1
fi
echo
echo "The program is build/release/bin/aksmesh. Install it, its man pages and completions:"
echo "  cmake --install build/release --prefix /usr/local"
