// SPDX-License-Identifier: Apache-2.0
#include "checks/mutual_tls.hpp"

namespace aksmesh::checks {
namespace {

bool is_strict(const mesh::MutualTlsSetting& setting) {
  return setting.mode == mesh::MutualTls::strict && !setting.contested;
}

void check_setting(const Object& rule, const ClientTls& tls, const Servers& servers,
                   Findings& out) {
  if (const auto server = servers.first(rule, tls, refuses_plain_text))
    return out.add(rule, tls.place,
                   "{mode} towards {host} fails: port {port} of {workload} accepts mutual TLS only "
                   "({source})",
                   {{"mode", std::string(tls.mode)},
                    {"host", std::string(rule.spec()["host"].text())},
                    {"port", std::to_string(server->port)},
                    {"workload", object_ref(*server->pods).text()},
                    {"source", source_text(server->accepts)}});
  if (const auto server = servers.first(rule, tls, may_refuse_plain_text))
    return out.unknown(rule, "the mode is STRICT, and whether " + object_ref(*server->pods).text() +
                                 " has a sidecar tells its Namespace, which is not in the input");
  if (const auto setting = servers.without_pods(rule); setting && is_strict(*setting))
    out.unknown(rule, "the namespace of its host is STRICT (" + source_text(*setting) +
                          "), and the input holds none of its workloads");
}

void run(const Facts& facts, Findings& out) {
  const auto& rules = facts.all(Kind::destination_rule);
  if (rules.empty()) return;
  const Servers servers(facts);
  for (const auto* rule : rules)
    for (const auto& tls : client_tls(*rule))
      if (shows_no_identity(tls.mode)) check_setting(*rule, tls, servers, out);
}

}  // namespace

extern const Check mtls_required_not_sent;
constinit const Check mtls_required_not_sent{
    .slug = "mtls-required-not-sent", .reads = kMutualTlsKinds, .run = run};

}  // namespace aksmesh::checks
