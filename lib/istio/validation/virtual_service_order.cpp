// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "base/strings.hpp"
#include "istio/validation/virtual_service_parts.hpp"

namespace aksmesh::istio::validation {
namespace {

/// A match that has a prefix of the path, and where it stands.
struct Match {
  Node node;
  std::string rule{};  ///< how messages name the route
  std::string name{};  ///< and the match
  std::string_view prefix{};
};

std::string name_of(const Node& node, std::size_t index) {
  const auto name = field(node, "name").text();
  return name.empty() ? '#' + std::to_string(index) : '"' + std::string(name) + '"';
}

bool is_default(const Node& value) {
  if (value.is_mapping()) return false;
  if (value.is_sequence()) return value.size() == 0;
  return value.is_null() || value.text().empty() || value.as_double() == 0.0 ||
         value.as_bool() == false;
}

/// A text that is the same for equal matches, whatever the order of their fields.
void append_canonical(const Node& node, std::string& out, std::string_view without = {}) {
  if (node.is_sequence()) {
    out += '[';
    for (const auto item : node.items()) append_canonical(item, out);
    out += ']';
  } else if (node.is_mapping()) {
    std::map<std::string_view, Node> sorted;
    for (const auto& [key, value] : node.entries())
      if ((!is_default(value) || key.text() == "exact") && key.text() != without)
        sorted.emplace(key.text(), value);
    out += '{';
    for (const auto& [key, value] : sorted) {
      out.append(std::to_string(key.size())).append(":").append(key);
      append_canonical(value, out);
    }
    out += '}';
  } else {
    out.append(std::to_string(node.text().size())).append(":").append(node.text());
  }
}

/// Names say nothing about what is matched.
std::string canonical(const Node& match) {
  std::string out;
  append_canonical(match, out, "name");
  return out;
}

/// `exact:v` or `prefix:v`; empty for a regular expression or none.
std::string text_of(const Node& match) {
  const auto [kind, value] = read_string_match(match);
  return kind == "exact" || kind == "prefix" ? std::string(kind) + ':' + std::string(value.text())
                                             : std::string{};
}

/// Istio's test for one of the mappings of a match.
bool begin_alike(const Node& earlier, const Node& later) {
  const auto all = later.entries();
  return earlier.size() == later.size() &&
         std::all_of(all.begin(), all.end(), [&](const auto& one) {
           const auto same = earlier[one.key.text()];
           return same && text_of(same).starts_with(text_of(one.value));
         });
}

bool covers_as_istio(const Node& earlier, const Node& later) {
  const auto method = [](const Node& match) {
    return field(match, "method") ? text_of(match["method"]) : std::string("exact:GET");
  };
  return integer(earlier, "port") == integer(later, "port") &&
         method(earlier).starts_with(method(later)) &&
         text_of(earlier["authority"]).starts_with(text_of(later["authority"])) &&
         begin_alike(earlier["headers"], later["headers"]) &&
         begin_alike(earlier["queryParams"], later["queryParams"]) &&
         begin_alike(earlier["withoutHeaders"], later["withoutHeaders"]);
}

/// Whether every text that `narrow` takes is taken by `wide`.
bool implies(const Node& narrow, const Node& wide) {
  const auto inner = read_string_match(narrow);
  const auto outer = read_string_match(wide);
  if (outer.kind.empty()) return true;
  if (outer.kind != "prefix")
    return inner.kind == outer.kind && inner.value.text() == outer.value.text();
  return (inner.kind == "prefix" || inner.kind == "exact") &&
         inner.value.text().starts_with(outer.value.text());
}

/// Whether what `wide` demands is demanded by `narrow` too, key by key.
template <class Test>
bool all_demanded(const Node& wide, const Node& narrow, Test test) {
  const auto all = wide.entries();
  return std::all_of(all.begin(), all.end(), [&](const auto& one) {
    const auto same = narrow[one.key.text()];
    return same && test(same, one.value);
  });
}

bool covers(const Node& earlier, const Node& later) {
  const auto same_text = [](const Node& one, const Node& other) {
    return one.text() == other.text();
  };
  const auto narrower = [](const Node& narrow, const Node& wide) { return implies(narrow, wide); };
  for (const std::string_view name : {"scheme", "method", "authority"})
    if (field(earlier, name) && (!field(later, name) || !implies(later[name], earlier[name])))
      return false;
  for (const std::string_view name : {"port", "sourceNamespace"})
    if (has(earlier, name) && !same_text(earlier[name], field(later, name))) return false;
  const auto gateways = earlier["gateways"].items();
  const auto offered = [&](const Node& gateway) {
    return std::any_of(gateways.begin(), gateways.end(),
                       [&](const Node& one) { return same_text(one, gateway); });
  };
  const auto asked = later["gateways"].items();
  if (has(earlier, "gateways") &&
      (!has(later, "gateways") || !std::all_of(asked.begin(), asked.end(), offered)))
    return false;
  return is_true(earlier, "ignoreUriCase") == is_true(later, "ignoreUriCase") &&
         all_demanded(earlier["headers"], later["headers"], narrower) &&
         all_demanded(earlier["queryParams"], later["queryParams"], narrower) &&
         all_demanded(earlier["sourceLabels"], later["sourceLabels"], same_text) &&
         all_demanded(earlier["withoutHeaders"], later["withoutHeaders"],
                      [](const Node& narrow, const Node& wide) { return implies(wide, narrow); });
}

/// Looks at the routes of one list in their order.
class Order {
 public:
  Order(Coverage coverage, Problems& out) : coverage_(coverage), out_(out) {}

  void check(const Node& routes) {
    std::size_t index = 0;
    for (const auto route : routes.items()) {
      if (!route.is_null()) check_route(route, index);
      ++index;
    }
  }

 private:
  void check_route(const Node& route, std::size_t index) {
    const auto rule = name_of(route, index);
    // What a delegate takes is only known with the delegate.
    const bool final = coverage_ == Coverage::as_istio || !field(route, "delegate");
    if (!has(route, "match")) {
      if (catch_all_) unreachable(route, rule, "only the last rule can have no matches");
      catch_all_ = catch_all_ || final;
      return;
    }
    if (catch_all_) unreachable(route, rule, "route without matches defined before");
    std::size_t number = 0;
    std::size_t repeated = 0;
    for (const auto match : route["match"].items()) {
      const auto name = name_of(match, number++);
      auto text = canonical(match);
      if (const auto found = seen_.find(text); found != seen_.end()) {
        ineffective(match, {rule, name, found->second});
        ++repeated;
        continue;
      }
      check_prefix({.node = match, .rule = rule, .name = name}, final);
      if (final) seen_.emplace(std::move(text), rule);
    }
    if (repeated == route["match"].size())
      unreachable(route, rule, "all matches used by prior rules");
  }

  /// Compares with the earlier matches whose prefix begins this one's.
  void check_prefix(Match match, bool final) {
    const auto uri = read_string_match(match.node["uri"]);
    const bool by_prefix = uri.kind == "prefix";
    const auto path = uri.value.text();
    if (!by_prefix && (uri.kind != "exact" || coverage_ == Coverage::as_istio)) return;
    match.prefix = path;
    for (const auto length : lengths_) {
      if (length > path.size()) break;
      const auto found = earlier_.find(path.substr(0, length));
      if (found == earlier_.end()) continue;
      for (const auto& one : found->second) {
        const bool covered = coverage_ == Coverage::exact
                                 ? covers(one.node, match.node)
                                 : one.prefix != path && covers_as_istio(one.node, match.node);
        if (!covered) continue;
        ineffective(
            match.node,
            {match.rule, match.name + " of " + std::string(uri.kind) + ' ' + std::string(path),
             one.name + " of prefix " + std::string(one.prefix) + " on " + one.rule});
        if (coverage_ == Coverage::exact) return;
      }
    }
    if (!by_prefix || !final || path.empty()) return;
    lengths_.insert(path.size());
    earlier_[path].push_back(std::move(match));
  }

  void unreachable(const Node& route, const std::string& rule, const std::string& reason) {
    out_.add({.rule = "VS-09",
              .severity = Severity::warning,
              .place = route,
              .text = "route " + rule + " is never taken: " + reason,
              .topic = Topic::unreachable_rule,
              .parameters = {rule, reason}});
  }
  void ineffective(const Node& match, std::vector<std::string> parameters) {
    out_.add({.rule = "VS-10",
              .severity = Severity::warning,
              .place = match,
              .text = "match " + parameters[1] + " of route " + parameters[0] +
                      " has no effect: " + parameters[2] + " comes first",
              .topic = Topic::ineffective_match,
              .parameters = std::move(parameters)});
  }

  Coverage coverage_;
  Problems& out_;
  bool catch_all_ = false;
  std::unordered_map<std::string, std::string> seen_{};  // matches, and the rule of each
  std::unordered_map<std::string_view, std::vector<Match>> earlier_{};  // by prefix
  std::set<std::size_t> lengths_{};                                     // of these prefixes
};

}  // namespace

void check_route_order(const Node& spec, Coverage coverage, Problems& out) {
  for (const std::string_view list : {"http", "tcp", "tls"}) Order(coverage, out).check(spec[list]);
}

}  // namespace aksmesh::istio::validation
