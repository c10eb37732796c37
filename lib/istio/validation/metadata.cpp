// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "istio/validation/service_entry.hpp"
#include "istio/validation/validate.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::string_view kDryRun = "istio.io/dry-run";
constexpr std::string_view kAllocateLabel = "networking.istio.io/enable-autoallocate-ip";
constexpr std::string_view kAlwaysReject = "internal.istio.io/webhook-always-reject";
constexpr std::array<std::string_view, 2> kInternal{"internal.istio.io/parents",
                                                    "internal.istio.io/parent-namespace"};
// As Go's strconv.ParseBool takes them.
constexpr std::array<std::string_view, 12> kBooleans{"1", "t", "T", "true",  "TRUE",  "True",
                                                     "0", "f", "F", "false", "FALSE", "False"};

void check_dry_run(const kube::Object& object, const Node& value, Problems& out) {
  if (object.kind != kube::Kind::authorization_policy)
    return out.error("META-01", value, "is for an AuthorizationPolicy only");
  const auto action = object.spec()["action"].text();
  if (!action.empty() && action != "ALLOW" && action != "DENY")
    out.error("META-02", value, "works with the actions ALLOW and DENY only");
  if (std::find(kBooleans.begin(), kBooleans.end(), value.text()) == kBooleans.end())
    out.error("META-02", value, "must be true or false, not " + shown(value.text()));
}

}  // namespace

void validate_metadata(const kube::Object& object, Problems& out) {
  if (const auto value = object.annotation(kDryRun)) check_dry_run(object, value, out);
  if (const auto value = object.annotation(kAlwaysReject))
    out.error("META-03", value, "makes istiod refuse the object; it is for tests");
  for (const auto name : kInternal)
    if (const auto value = object.annotation(name))
      out.error("META-04", value, "is Istio's own; objects must not carry it");
  const auto ports = object.spec()["portLevelMtls"];
  if (object.kind == kube::Kind::peer_authentication && ports.is_mapping() && ports.size() == 0)
    out.error("PA-02", ports, "the mapping is empty; remove it or name a port");
  if (object.kind == kube::Kind::service_entry && resolution_of(object.spec()) != "NONE" &&
      to_lower(object.label(kAllocateLabel).text()) == "false")
    check_tcp_addresses(object.spec(), out);
}

}  // namespace aksmesh::istio::validation
