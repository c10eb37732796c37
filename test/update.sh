#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes anew what is generated from the program and committed: the man pages.
set -eu
cd "$(dirname "$0")/.."
cmake --preset release >/dev/null
cmake --build --preset release >/dev/null
build/release/bin/aksmesh __docs man >/dev/null
