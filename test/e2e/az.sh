#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Drives the simulator with the real `az`: az.sh [SIMULATOR]. What the client of Microsoft does with it, and what it
# prints, shows whether the simulator behaves as that client expects. Not part of test/run.sh: where `az` is not on the
# PATH it is installed from PyPI into build/e2e (some 700 MB). Ends with `N passed, N failed`.
set -u
cd "$(dirname "$0")/../.." || exit 1
simulator=${1:-build/release/bin/aksmesh-sim}
tenant=00000000-0000-0000-0000-00000000aaaa
client=00000000-0000-0000-0000-00000000cccc

az=$(command -v az)
if [ -z "$az" ]; then
  az=build/e2e/venv/bin/az
  if [ ! -x "$az" ]; then
    echo "installing azure-cli"
    mkdir -p build/e2e
    if ! { python3 -m venv build/e2e/venv && build/e2e/venv/bin/pip -q install azure-cli; } >build/e2e/install.log 2>&1; then
      tail -n 5 build/e2e/install.log
      echo "0 passed, 1 failed"
      exit 1
    fi
  fi
fi

work=$(mktemp -d)
sim_pid=""
finish() {
  [ -n "$sim_pid" ] && kill "$sim_pid"
  rm -rf "$work"
}
trap finish EXIT

openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=sp -days 2 -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
cat "$work/key.pem" "$work/cert.pem" >"$work/sp.pem"
python3 - "$work" <<'PYTHON'
import json, sys
certificate = open(sys.argv[1] + "/cert.pem").read()
# Without a Retry-After az waits 30 seconds between two polls.
scenario = {"retryAfter": 1, "operationSeconds": 0.5, "certificate": certificate}
json.dump(scenario, open(sys.argv[1] + "/scenario.json", "w"))
PYTHON
"$simulator" --directory "$work" --scenario "$work/scenario.json" >/dev/null &
sim_pid=$!
for _ in $(seq 100); do
  [ -e "$work/ready.json" ] && break
  sleep 0.1
done
endpoint=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["endpoint"])' "$work/ready.json") || exit 1

export AZURE_CONFIG_DIR="$work/azure" REQUESTS_CA_BUNDLE="$work/ca.pem" AZURE_CORE_COLLECT_TELEMETRY=no AZURE_CORE_NO_COLOR=true
export HOME="$work"
unset HTTPS_PROXY HTTP_PROXY https_proxy http_proxy

passed=0
failed=0
# expect CODE TEXT COMMAND...: the exit code, and a text that the output holds (a regular expression).
expect() {
  local code=$1 text=$2 output status
  shift 2
  output=$("$@" 2>&1 </dev/null)
  status=$?
  if [ "$status" = "$code" ] && printf '%s\n' "$output" | tr '\n' ' ' | grep -Eq -- "$text"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED $*: exit code $status for $code, wanted: $text"
    printf '%s\n' "$output" | tail -n 5
  fi
}
control() { curl -sS --cacert "$work/ca.pem" -X "$1" "$endpoint/sim/$2" ${3:+-d "$3"}; }
mesh() {
  local command=$1 name=$2
  shift 2
  # shellcheck disable=SC2086  # `upgrade start` is two words
  "$az" aks mesh $command -g rg-mesh -n "$name" "$@"
}
profile() { mesh "$@" -o json --query serviceMeshProfile; }

# Sign-in, each way against the same identity endpoint.
expect 0 "" "$az" cloud register -n sim --endpoint-resource-manager "$endpoint" --endpoint-active-directory "$endpoint" \
  --endpoint-active-directory-resource-id https://management.core.windows.net/
expect 0 "" "$az" cloud set -n sim
expect 0 "" "$az" config set core.instance_discovery=false core.login_experience_v2=off extension.use_dynamic_install=no
expect 1 AADSTS7000215 "$az" login --service-principal -u "$client" -p wrong --tenant "$tenant"
expect 0 "Simulated Subscription" "$az" login --service-principal -u "$client" --certificate "$work/sp.pem" --tenant "$tenant"
expect 0 "operator@contoso.example" "$az" login --use-device-code --tenant "$tenant"
expect 0 "\"type\": \"user\"" "$az" account show
expect 0 "accessToken" "$az" account get-access-token
expect 0 "servicePrincipal" "$az" login --service-principal -u "$client" -p fake-secret --tenant "$tenant"

# Reading.
expect 0 "demo .*old " "$az" aks list -o table
expect 0 "asm-1-28 +asm-1-29, asm-1-30" "$az" aks mesh get-revisions -l westus2 -o table
expect 1 "NoRegisteredProviderFound" "$az" aks mesh get-revisions -l mars
expect 0 "No mesh upgrade profiles found" mesh get-upgrades demo
expect 0 "asm-1-28 +asm-1-29, asm-1-30" mesh get-upgrades mesh -o table
expect 1 "Mesh upgrade is in progress" mesh get-upgrades canary
expect 0 "1.34.5" "$az" aks get-upgrades -g rg-mesh -n demo -o table
expect 0 "nodepool1" "$az" aks nodepool list -g rg-mesh --cluster-name demo -o table
expect 0 "Saturday" "$az" aks maintenanceconfiguration list -g rg-mesh --cluster-name demo
expect 0 "current-context: demo" "$az" aks get-credentials -g rg-mesh -n demo -f -
expect 3 "ResourceNotFound" "$az" aks show -g rg-mesh -n nope
expect 3 "ResourceGroupNotFound" "$az" aks show -g nope -n demo

# The mesh, its gateways and its authority.
expect 1 "Revision asm-1-17 is not supported by the service mesh add-on" mesh enable demo --revision asm-1-17
expect 1 "incompatible with feature openServiceMesh" mesh enable osm
expect 0 "asm-1-29" profile enable demo
expect 1 "already been enabled" mesh enable demo
expect 0 "\"enabled\": true, +\"mode\": \"External\"" profile enable-ingress-gateway demo --ingress-gateway-type External
expect 0 "\"enabled\": true, +\"mode\": \"Internal\"" profile enable-ingress-gateway demo --ingress-gateway-type Internal
expect 0 "\"enabled\": false, +\"mode\": \"Internal\"" profile disable-ingress-gateway demo --ingress-gateway-type Internal -y
expect 0 "\"gatewayConfigurationName\": \"sgc\"" profile enable-egress-gateway demo --istio-egressgateway-name out --gateway-configuration-name sgc
expect 0 "\"enabled\": false, +\"gatewayConfigurationName\": \"sgc\"" profile disable-egress-gateway demo --istio-egressgateway-name out -y
expect 0 "CNIChaining" profile proxy-redirection-mechanism demo --mechanism CNIChaining
expect 0 "\"istio\": null, +\"mode\": \"Disabled\"" profile disable demo -y
expect 1 "not been enabled" mesh disable demo -y
vault=/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-mesh/providers/Microsoft.KeyVault/vaults/kv
expect 0 "\"certChainObjectName\": \"chain\"" profile enable demo --revision asm-1-30 --key-vault-id "$vault" --ca-cert-object-name ca \
  --ca-key-object-name key --root-cert-object-name root --cert-chain-object-name chain

# Upgrades: az sends a third revision, and the service refuses it.
expect 0 "\"asm-1-28\", +\"asm-1-29\"" profile "upgrade start" mesh --revision asm-1-29
expect 1 "exceeds maximum allowed number of revisions" mesh "upgrade start" mesh --revision asm-1-30
expect 0 "\"revisions\": \[ +\"asm-1-28\" +\]" profile "upgrade rollback" mesh -y
expect 0 "\"asm-1-28\", +\"asm-1-30\"" profile "upgrade start" mesh --revision asm-1-30
expect 0 "\"revisions\": \[ +\"asm-1-30\" +\]" profile "upgrade complete" mesh -y
expect 1 "upgrade is not in progress" mesh "upgrade complete" mesh -y
expect 0 "no longer supported" mesh enable-ingress-gateway old --ingress-gateway-type Internal

# Operations and their faults.
expect 1 "etag provided does not match" "$az" aks update -g rg-mesh -n mesh --tier standard --if-match other
tag=$("$az" aks show -g rg-mesh -n mesh --query eTag -o tsv)
expect 0 "\"Standard\"" "$az" aks update -g rg-mesh -n mesh --tier standard --if-match "$tag" --query sku.tier
control PUT faults '[{"method": "PUT", "hang": true}]' >/dev/null
expect 0 "" mesh enable-ingress-gateway mesh --ingress-gateway-type External --no-wait
expect 1 "OperationNotAllowed" mesh enable-ingress-gateway mesh --ingress-gateway-type External
expect 0 "" "$az" aks operation-abort -g rg-mesh -n mesh
control PUT faults '[{"method": "PUT", "fail": true}]' >/dev/null
sleep 1
expect 1 "ReconcileAddonsError" mesh enable-ingress-gateway mesh --ingress-gateway-type External
control PUT faults '[{"method": "PUT", "status": 429}, {"path": "operations", "status": 503}, {"method": "PUT", "note": true}]' >/dev/null
sleep 1
expect 0 "External" profile enable-ingress-gateway mesh --ingress-gateway-type External

# What az does to another writer: it sends no If-Match, and echoes the image of the nodes.
image=AKSUbuntu-2204gen2containerd-202608.10.0
control PUT faults '[{"method": "PUT", "change": {"path": "properties.agentPoolProfiles.user1.nodeImageVersion", "value": "'$image'"}}]' >/dev/null
sleep 1
expect 0 "Internal" profile enable-ingress-gateway mesh --ingress-gateway-type Internal
expect 0 "poolRollback.*\"from\": \"$image\"" control GET journal

# What az sent, against the description of the service.
control GET journal >"$work/journal.json"
expect 0 "[0-9]+ passed, 0 failed" python3 test/sim/conform.py --journal "$work/journal.json"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
