#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Walks through the Azure commands without an account: starts the simulator of Azure and enables, extends, upgrades and
# disables the mesh of a cluster in it.
#
#   test/sim/demo.sh [PROGRAM [SIMULATOR]]
set -eu
cd "$(dirname "$0")/../.."

program=${1:-build/release/bin/aksmesh}
simulator=${2:-$(dirname "$program")/aksmesh-sim}
if [ ! -x "$program" ] || [ ! -x "$simulator" ]; then
  mkdir -p build
  cmake --preset release -DAKSMESH_SIM=ON >build/demo.log
  cmake --build --preset release >>build/demo.log
fi

folder=$(mktemp -d)
"$simulator" --directory "$folder" >"$folder/log" 2>&1 &
trap 'kill %1 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 100); do
  [ -e "$folder/ready.json" ] && break
  sleep 0.1
done

AKSMESH_ARM_ENDPOINT=$(sed -E 's/.*"endpoint":"([^"]+)".*/\1/' "$folder/ready.json")
export AKSMESH_ARM_ENDPOINT
export SSL_CERT_FILE=$folder/ca.pem AKSMESH_TOKEN_CACHE=off
export AZURE_TENANT_ID=00000000-0000-0000-0000-00000000aaaa AZURE_CLIENT_ID=00000000-0000-0000-0000-00000000cccc
export AZURE_CLIENT_SECRET=fake-secret AKSMESH_SUBSCRIPTION=00000000-0000-0000-0000-000000000000
export AKSMESH_RESOURCE_GROUP=rg-mesh AKSMESH_CLUSTER=demo

step() {
  printf '\n$ aksmesh %s\n' "$*"
  "$program" "$@"
}
step revisions -l westus2
step show
step enable --revision asm-1-28 --dry-run
step enable --revision asm-1-28 --yes
step gateway enable external --yes
step upgrade list
step upgrade start --revision asm-1-29 --yes
step upgrade status
step upgrade rollback --yes
step disable --dry-run
step disable --confirm demo --skip-checks AKM4002,AKM4003
