// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/certs/ca_mount_events.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for (const auto* event : facts.all(Kind::event)) {
    const auto message = failed_ca_mount(*event);
    if (mentions(message, "StatusCode=404") && mentions(message, "SecretNotFound"))
      out.add(*event, message,
              "the vault has no secret of a name that istiod's volume {volume} needs",
              {{"volume", std::string(kCaVolume)}});
  }
}

}  // namespace

extern const Check plugin_ca_object_missing;
constinit const Check plugin_ca_object_missing{
    .slug = "plugin-ca-object-missing", .reads = {Kind::event}, .run = run};

}  // namespace aksmesh::checks
