// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "base/strings.hpp"
#include "checks/gateway_pods.hpp"
#include "checks/name_list.hpp"
#include "istio/number.hpp"

namespace aksmesh::checks {
namespace {

using mesh::Labels;
using SelectorId = std::uint32_t;

/// Selectors that one pod matches are compared pairwise; beyond so many the pod tells nothing more.
constexpr std::size_t kMostSelectorsOfPod = 64;

/// The distinct selectors of Gateways, and which of them may mean the same pods.
class Selectors {
 public:
  SelectorId add(const Labels& labels) {
    auto text = mesh::selector_text(labels);
    const auto [at, is_new] = ids_.try_emplace(text, static_cast<SelectorId>(rows_.size()));
    if (is_new) rows_.push_back({.labels = labels, .text = std::move(text)});
    return at->second;
  }
  /// Selectors are related when some pod matches both; istioctl also wants that the text of one
  /// holds that of the other.
  void relate(const Facts& facts);

  [[nodiscard]] const std::string& text(SelectorId id) const { return rows_[id].text; }
  /// Those related to a selector, itself included, ascending.
  [[nodiscard]] const std::set<SelectorId>& related(SelectorId id) const {
    return rows_[id].related;
  }

 private:
  struct Row {
    Labels labels{};
    std::string text;
    std::set<SelectorId> related{};
  };
  /// Selectors by the label of theirs that fewest others have; those of no label by an empty text.
  using ByRarest = std::unordered_map<std::string, std::vector<SelectorId>>;
  [[nodiscard]] ByRarest by_rarest_label() const;
  [[nodiscard]] std::vector<SelectorId> matched_by(const Labels& pod, const ByRarest& index) const;

  std::vector<Row> rows_;
  std::unordered_map<std::string, SelectorId> ids_;
};

Selectors::ByRarest Selectors::by_rarest_label() const {
  std::unordered_map<std::string, std::size_t> uses;
  for (const auto& row : rows_)
    for (const auto& label : row.labels) ++uses[mesh::selector_text({label})];
  ByRarest out;
  for (SelectorId id = 0; id < rows_.size(); ++id) {
    std::string rarest;
    for (const auto& label : rows_[id].labels)
      if (auto text = mesh::selector_text({label}); rarest.empty() || uses[text] < uses[rarest])
        rarest = std::move(text);
    out[rarest].push_back(id);
  }
  return out;
}

std::vector<SelectorId> Selectors::matched_by(const Labels& pod, const ByRarest& index) const {
  std::vector<SelectorId> out;
  const auto add = [&](const std::string& key) {
    const auto found = index.find(key);
    if (found == index.end()) return;
    for (const auto id : found->second)
      if (out.size() < kMostSelectorsOfPod && mesh::carries(pod, rows_[id].labels))
        out.push_back(id);
  };
  add({});
  for (const auto& label : pod) add(mesh::selector_text({label}));
  return out;
}

void Selectors::relate(const Facts& facts) {
  for (SelectorId id = 0; id < rows_.size(); ++id) rows_[id].related.insert(id);
  if (rows_.size() < 2) return;
  const auto index = by_rarest_label();
  std::unordered_set<std::string> seen;
  for (const auto& pod : facts.pods().items()) {
    if (!seen.insert(mesh::selector_text(pod.labels)).second) continue;
    const auto matched = matched_by(pod.labels, index);
    for (const auto one : matched)
      for (const auto other : matched)
        if (!facts.is_upstream() || text(one).find(text(other)) != std::string::npos) {
          rows_[one].related.insert(other);
          rows_[other].related.insert(one);
        }
  }
}

/// One server of a Gateway, as far as it can stand in the way of another.
struct Server {
  Node node{};
  std::int64_t port = 0;
  [[nodiscard]] std::string key(std::string_view host) const {
    return std::to_string(port) + '\n' + std::string(node["bind"].text()) + '\n' +
           std::string(host);
  }
};

std::vector<Server> servers_of(const Object& gateway) {
  std::vector<Server> out;
  for (const auto node : gateway.spec()["servers"].items())
    out.push_back({.node = node, .port = istio::number_of(node.at("port", "number")).value_or(0)});
  return out;
}

struct Listed {
  const Object* gateway = nullptr;
  std::string name;
  SelectorId selector = 0;
};

class Conflicts {
 public:
  explicit Conflicts(const Facts& facts) : facts_(facts) {
    for (const auto* gateway : facts.all(Kind::istio_gateway))
      gateways_.push_back(
          {.gateway = gateway,
           .name = full_name(*gateway),
           .selector = selectors_.add(mesh::labels_of(gateway->spec()["selector"]))});
    // So that the offers of one host stand in the order of names.
    std::sort(gateways_.begin(), gateways_.end(),
              [](const Listed& a, const Listed& b) { return a.name < b.name; });
    selectors_.relate(facts);
    for (const auto& one : gateways_)
      for (const auto& server : servers_of(*one.gateway)) {
        with_servers_.insert(one.selector);
        for (const auto host : server.node["hosts"].items())
          offers_[server.key(host.text())][one.selector].push_back(&one);
      }
  }

  void report(Findings& out) const {
    for (const auto& one : gateways_) {
      if (facts_.is_upstream()) report_unrelated(one, out);
      for (const auto& server : servers_of(*one.gateway)) report(one, server, out);
    }
  }

 private:
  /// Gateways by their selectors, in the order of names.
  using Offers = std::map<SelectorId, std::vector<const Listed*>>;

  /// istioctl misses the selector of a Gateway without servers in its table of servers.
  void report_unrelated(const Listed& one, Findings& out) const {
    const auto& text = selectors_.text(one.selector);
    const auto& related = selectors_.related(one.selector);
    if (text.empty() || std::any_of(related.begin(), related.end(),
                                    [&](SelectorId id) { return with_servers_.contains(id); }))
      return;
    out.report("IST0101", *one.gateway, first_label(one.gateway->spec()["selector"]),
               {"selector", text});
  }

  void report(const Listed& one, const Server& server, Findings& out) const {
    std::set<std::string> others;
    std::vector<std::string> hosts;
    for (const auto host : server.node["hosts"].items()) {
      hosts.emplace_back(host.text());
      if (const auto found = offers_.find(server.key(host.text())); found != offers_.end())
        add_others(one, found->second, others);
    }
    if (others.empty()) return;
    out.report("IST0145", *one.gateway, server.node["hosts"],
               {name_list({others.begin(), others.end()}), selectors_.text(one.selector),
                std::to_string(server.port), join(hosts, ",")});
  }

  void add_others(const Listed& one, const Offers& offers, std::set<std::string>& others) const {
    const auto add = [&](const std::vector<const Listed*>& list) {
      std::size_t taken = 0;
      for (const auto* other : list) {
        if (other->gateway == one.gateway) continue;
        others.insert(other->name);
        if (++taken > kMostNames) return;
      }
    };
    for (const auto id : selectors_.related(one.selector))
      if (const auto found = offers.find(id); found != offers.end()) add(found->second);
  }

  const Facts& facts_;
  Selectors selectors_;
  std::vector<Listed> gateways_;
  std::set<SelectorId> with_servers_;
  std::unordered_map<std::string, Offers> offers_;
};

void run(const Facts& facts, Findings& out) {
  Conflicts(facts).report(out);
}

constexpr std::array<std::string_view, 2> kCodes{"IST0101", "IST0145"};

}  // namespace

extern const Check gateway_conflicting_gateway_analyzer;
constinit const Check gateway_conflicting_gateway_analyzer{
    .slug = "gateway-conflicting-gateway-analyzer",
    .reads = kPodKinds | KindSet{Kind::istio_gateway},
    .run = run,
    .codes = kCodes,
    .analyzer = "gateway.ConflictingGatewayAnalyzer"};

}  // namespace aksmesh::checks
