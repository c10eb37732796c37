// SPDX-License-Identifier: Apache-2.0
#include "checks/mutual_tls.hpp"

namespace aksmesh::checks {
namespace {

bool is_disabled(const mesh::MutualTlsSetting& setting) {
  return setting.mode == mesh::MutualTls::disable && !setting.contested;
}

std::string reason(const Server& server) {
  if (server.sidecar == Meshed::no) return "has no sidecar";
  return "takes plain text on port " + std::to_string(server.port) + " (" +
         source_text(server.accepts) + ")";
}

void check_setting(const Object& rule, const ClientTls& tls, const Servers& servers,
                   Findings& out) {
  if (const auto server = servers.first(rule, tls, cannot_answer_mutual_tls))
    return out.add(rule, tls.place, "ISTIO_MUTUAL towards {host} fails: {workload} {reason}",
                   {{"host", std::string(rule.spec()["host"].text())},
                    {"workload", object_ref(*server->pods).text()},
                    {"reason", reason(*server)}});
  if (const auto setting = servers.without_pods(rule); setting && is_disabled(*setting))
    out.unknown(rule, "mutual TLS is off in the namespace of its host (" + source_text(*setting) +
                          "), and the input holds none of its workloads");
}

void run(const Facts& facts, Findings& out) {
  const auto& rules = facts.all(Kind::destination_rule);
  if (rules.empty()) return;
  const Servers servers(facts);
  for (const auto* rule : rules)
    for (const auto& tls : client_tls(*rule))
      if (tls.mode == "ISTIO_MUTUAL") check_setting(*rule, tls, servers, out);
}

}  // namespace

extern const Check mtls_sent_not_accepted;
constinit const Check mtls_sent_not_accepted{
    .slug = "mtls-sent-not-accepted", .reads = kMutualTlsKinds, .run = run};

}  // namespace aksmesh::checks
