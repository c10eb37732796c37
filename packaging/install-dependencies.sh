#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the build needs, with --tests what the tests need as well, and with --lint also what checks the
# form of the code and a second compiler, with --e2e what the live test bed needs. Does nothing when all is there.
# Debian and Ubuntu through apt, macOS through Homebrew; run as root or with sudo available.
set -eu

with_tests=no
with_lint=no
with_e2e=no
for option in "$@"; do
  case $option in
    --tests) with_tests=yes ;;
    --lint) with_lint=yes ;;
    --e2e) with_e2e=yes ;;
    *) echo "unknown option $option; known are --tests, --lint and --e2e" >&2; exit 2 ;;
  esac
done

debian() {
  local want="g++ cmake ninja-build pkg-config libcli11-dev nlohmann-json3-dev libyaml-dev libarchive-dev zlib1g-dev libssl-dev libcurl4-openssl-dev libwslay-dev libsimdjson-dev"
  [ "$with_tests" = yes ] && want="$want doctest-dev python3 python3-jsonschema python3-yaml libxml2-utils openssl zsh fish bash-completion mandoc nghttp2-proxy"
  # Any version of Boost will do, and Debian's exclude each other.
  [ "$with_tests" = yes ] && [ ! -e /usr/include/boost/beast.hpp ] && want="$want libboost-dev"
  [ "$with_lint" = yes ] && want="$want clang-14 clang-format-14 git shellcheck"
  # Any Go will do: one that is too old for the test bed fetches another.
  [ "$with_e2e" = yes ] && want="$want iproute2 iptables curl socat openssl python3 python3-yaml python3-venv ca-certificates"
  [ "$with_e2e" = yes ] && ! command -v go >/dev/null && want="$want golang-go"
  local missing="" package
  for package in $want; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  local sudo=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "these packages are missing, and installing them needs root:$missing" >&2; exit 1; }
    sudo=sudo
  fi
  echo "installing:$missing"
  $sudo apt-get -q update >/dev/null
  # shellcheck disable=SC2086  # the list is meant to be split
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -q -y --no-install-recommends $missing >/dev/null
}

homebrew() {
  local want="cmake ninja pkg-config cli11 nlohmann-json libyaml libarchive openssl@3 curl wslay simdjson"
  [ "$with_tests" = yes ] && want="$want doctest boost python3 fish mandoc"
  # shellcheck disable=SC2086
  brew install --quiet $want
}

if command -v apt-get >/dev/null; then
  debian
elif command -v brew >/dev/null; then
  homebrew
else
  echo "install a C++20 compiler, CMake 3.25, Ninja, pkg-config, CLI11, nlohmann-json 3.11, libyaml, libarchive, libcurl, wslay, simdjson and OpenSSL, then run this again" >&2
  for tool in cmake ninja pkg-config; do command -v "$tool" >/dev/null || exit 1; done
fi
