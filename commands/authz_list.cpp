// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include <nlohmann/json.hpp>

#include "authz_world.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "command.hpp"
#include "envoy/authz.hpp"
#include "envoy/dump.hpp"
#include "envoy/listener.hpp"
#include "injection_reading.hpp"
#include "mesh/authz_eval.hpp"
#include "mesh/istio_view.hpp"
#include "proxy_config_outcome.hpp"
#include "proxy_source.hpp"

namespace aksmesh::commands {
namespace {

using envoy::AuthzRow;
using Json = nlohmann::ordered_json;

struct Options {
  ProxyOptions proxy{};
};

void declare(OptionSet& set, Options& o) {
  declare_proxy_options(set, o.proxy);
}

/// A policy by its namespace and name.
using PolicyName = std::pair<std::string, std::string>;

std::string text_of(const PolicyName& name) {
  return name.first + '/' + name.second;
}

/// Where the proxy and the API server differ.
struct Difference {
  std::set<PolicyName> pending{};  ///< in force, and the proxy has nothing of it yet
  std::set<PolicyName> gone{};     ///< the proxy has it, and the API server does not
};

struct AuthzListing {
  std::string proxy{};
  std::vector<AuthzRow> rows{};
  Difference difference{};
  bool listens = false;  ///< for what istiod has told it to; a gateway without Gateways does not
  std::vector<Error> lost{};
  report::Table table{};
};

Json json_of(const std::set<PolicyName>& names) {
  auto out = Json::array();
  for (const auto& each : names)
    out.push_back({{"namespace", to_valid_utf8(each.first)}, {"name", to_valid_utf8(each.second)}});
  return out;
}

class ListOutcome final : public Outcome {
 public:
  ListOutcome(AuthzListing listing, const Context& context)
      : listing_(std::move(listing)),
        headers_(context.global.no_headers ? report::Headers::hidden : report::Headers::shown) {
    notes = notes_of(listing_.lost, listing_.proxy);
    if (!listing_.lost.empty()) verdict = Verdict::could_not_look;
    if (!wants_all_columns(context)) note_hidden();
    if (listing_.rows.empty() && listing_.difference.pending.empty())
      notes.push_back("no AuthorizationPolicy is in force in " + listing_.proxy);
    for (const auto& each : listing_.difference.pending)
      notes.push_back("AuthorizationPolicy " + printable(text_of(each)) +
                      (listing_.listens
                           ? " selects the pod, and its proxy does not have it yet"
                           : " selects the pod, whose proxy listens nowhere that it could apply"));
    for (const auto& each : listing_.difference.gone)
      notes.push_back("the proxy has AuthorizationPolicy " + printable(text_of(each)) +
                      ", which does not select the pod any more or is gone");
  }

  [[nodiscard]] std::string text(const report::Style& style) const override {
    return report::render_table(listing_.table, style, headers_);
  }

  [[nodiscard]] Json document() const override {
    auto items = Json::array();
    for (const auto& row : listing_.rows) items.push_back(json_of_row(row));
    return {{"schema", "aksmesh/authz-list/v1"},
            {"proxy", to_valid_utf8(listing_.proxy)},
            {"items", std::move(items)},
            {"pending", json_of(listing_.difference.pending)},
            {"gone", json_of(listing_.difference.gone)},
            {"complete", listing_.lost.empty()},
            {"unavailable", unavailable_of(listing_.lost)}};
  }

 private:
  void note_hidden() {
    std::vector<std::string> hidden;
    for (const auto& row : listing_.rows)
      if (!row.is_usual())
        hidden.push_back(printable(row.full_name()) +
                         (row.dry_run ? " (dry-run)" : " (only for what no other chain takes)"));
    if (!hidden.empty())
      notes.push_back("not in this table, but in that of -o wide: " + join(hidden, ", "));
  }

  static Json json_of_row(const AuthzRow& row) {
    Json out{{"action", to_valid_utf8(row.action)}, {"name", to_valid_utf8(row.name)}};
    if (!row.name_space.empty()) out["namespace"] = to_valid_utf8(row.name_space);
    out["rules"] = row.rules.size();
    out["dryRun"] = row.dry_run;
    out["onlyByDefault"] = row.only_by_default;
    out["ports"] = Json::array();
    for (const auto& port : row.ports) out["ports"].push_back(to_valid_utf8(port));
    return out;
  }

  AuthzListing listing_;
  report::Headers headers_;
};

/// What is in force for the pod by the objects of the cluster.
Result<Difference> compare(const std::string& pod, const std::vector<AuthzRow>& rows,
                           const Options& o, const Context& context) {
  AK_TRY(auto session, KubeSession::open(o.proxy.pods.kube, context));
  const auto slash = pod.find('/');
  const auto place = pod.substr(0, slash);
  AK_TRY(const auto model, read_authz(&session, {place}, place, {}, context));
  if (const auto& lacks = model->manifests().unavailable; !lacks.empty())
    return Error{.kind = ErrorKind::could_not_look,
                 .what = "the policies of the cluster could not be read",
                 .why = lacks.front().what + ": " + lacks.front().why};
  AK_TRY(const auto found,
         find_peers(*model, {.name = pod.substr(slash + 1), .name_space = place}));
  const auto& peer = found.peers.front();
  const auto revision = peer.revision();
  Difference out;
  std::set<PolicyName> wanted;
  for (const auto* policy :
       in_force(*model, kube::Kind::authorization_policy,
                {.name_space = place, .labels = peer.labels, .revision = revision}))
    wanted.emplace(policy->name_space, policy->name);
  std::set<PolicyName> have;
  for (const auto& row : rows)
    if (!row.name_space.empty()) have.emplace(row.name_space, row.name);
  std::set_difference(wanted.begin(), wanted.end(), have.begin(), have.end(),
                      std::inserter(out.pending, out.pending.end()));
  std::set_difference(have.begin(), have.end(), wanted.begin(), wanted.end(),
                      std::inserter(out.gone, out.gone.end()));
  return out;
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(auto proxy, ProxySource::open(o.proxy, context));
  envoy::AuthzFilters filters;
  bool listens = false;
  AK_TRY(auto facts, proxy.read(envoy::kAuthzLists, [&](const envoy::DumpEntry& entry) {
    if (entry.list == "dynamic_listeners") listens = true;
    filters.take(entry);
  }));
  AK_CHECK(require_section(facts, envoy::kListenerSection, "listeners", proxy));
  AuthzListing out{.proxy = proxy.name(),
                   .rows = filters.rows(),
                   .listens = listens,
                   .lost = std::move(facts.lost)};
  out.table = envoy::authz_table(out.rows, wanted_columns(context));
  if (o.proxy.file.empty() && out.lost.empty()) {
    auto difference = compare(out.proxy, out.rows, o, context);
    if (difference)
      out.difference = *std::move(difference);
    else
      out.lost.push_back(std::move(difference).error());
  }
  return OutcomePtr(std::make_unique<ListOutcome>(std::move(out), context));
}

constexpr std::array kExamples{
    Example{"aksmesh authz list deployment/productpage-v1.shop",
            "The policies that its proxy enforces"},
    Example{"aksmesh authz list -f dump.json -o wide", "Of a saved dump, with dry-runs and ports"}};
constexpr std::array<std::string_view, 3> kAliases{"authz check", "experimental authz check",
                                                   "x authz check"};

}  // namespace

extern const Command authz_list_command;
constinit const Command authz_list_command =
    command<declare, run>({.path = "authz list",
                           .summary = "Show the AuthorizationPolicies that a proxy enforces",
                           .page = "commands/authz_list.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
