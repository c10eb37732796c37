// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks/check.hpp"
#include "istio/protocol.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kCode = "AKM7006";

void check_port(const Object& service, const Node& port, Findings& out) {
  const auto protocol = istio::service_port_protocol(port);
  const bool names_nothing = port["appProtocol"].text().empty() && port["name"].text().empty();
  if (protocol == istio::Protocol::udp) return;
  // Istio guesses the protocol of some numbers; an unnamed port is a fault all the same.
  if (protocol != istio::Protocol::unsupported && !names_nothing) return;
  const auto number = std::string(port["port"].text());
  if (names_nothing)
    return out.report(kCode, service, port,
                      {number, "has neither a name nor appProtocol to tell its protocol"});
  const auto source = port["appProtocol"].text().empty() ? port["name"] : port["appProtocol"];
  out.report(kCode, service, source,
             {number, "gets no protocol from " + std::string(source.key().text()) + " " +
                          std::string(source.text())});
}

/// Namespaces whose Services are not the user's.
bool is_managed(const Facts& facts, std::string_view name_space) {
  return name_space == facts.control_plane_namespace() ||
         (!facts.is_upstream() &&
          (name_space == kIngressNamespace || name_space == kEgressNamespace));
}

void run(const Facts& facts, Findings& out) {
  for (const auto* service : facts.as_read(Kind::service))
    if (!is_managed(facts, service->name_space))
      for (const auto port : service->spec()["ports"].items()) check_port(*service, port, out);
}

}  // namespace

extern const Check service_port_protocol;
constinit const Check service_port_protocol{.slug = "service-port-protocol",
                                            .reads = {Kind::service},
                                            .run = run,
                                            .runs = Runs::when_asked};

}  // namespace aksmesh::checks
