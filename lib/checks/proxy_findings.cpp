// SPDX-License-Identifier: Apache-2.0
#include "checks/proxy_findings.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "checks/mesh_status.hpp"
#include "sys/clock.hpp"

namespace aksmesh::checks {
namespace {

using report::Verdict;
using State = ProxyTrouble::State;

struct Told {
  State state;
  std::string_view slug;
};
constexpr std::array kTold{Told{State::disconnected, "proxy-disconnected"},
                           Told{State::rejected, "proxy-rejects-configuration"},
                           Told{State::stale, "proxy-configuration-stale"}};

/// The parameters of the code, in their order.
std::vector<std::string> values_of(const ProxyTrouble& trouble) {
  const auto since = trouble.since ? sys::rfc3339(*trouble.since) : std::string("the last change");
  switch (trouble.state) {
    case State::disconnected: return {trouble.pod, trouble.revision};
    case State::rejected:
      return {trouble.pod, join(trouble.types, ", "), trouble.istiod, trouble.error};
    case State::stale: return {trouble.pod, join(trouble.types, ", "), trouble.istiod, since};
  }
  return {};
}

}  // namespace

bool wants_proxies(const Selection& wanted) {
  return std::any_of(kTold.begin(), kTold.end(),
                     [&](const Told& one) { return wanted.wants(*find_code(one.slug), nullptr); });
}

void add_proxy_findings(const Model& model, const ProxyView* view, const std::string& why_not,
                        const Selection& wanted, report::FindingSet& out) {
  const auto troubles = mesh_status(model, view).proxies;
  const Facts facts(model, nullptr, {Kind::pod});
  Findings findings(nullptr, {}, {}, out);
  for (const auto& [state, slug] : kTold) {
    const auto& code = *find_code(slug);
    if (!wanted.wants(code, nullptr)) continue;
    // What was left open for it is told here.
    const auto is_its = [&](const auto& one) { return one.code == code.code; };
    std::erase_if(out.unknown, is_its);
    std::erase_if(out.checks, is_its);
    const auto before = findings.found();
    for (const auto& one : troubles)
      if (const auto* pod = facts.find(Kind::pod, one.name_space, one.pod);
          one.state == state && pod != nullptr)
        findings.report(code.code, *pod, values_of(one));
    auto verdict = findings.found() > before ? Verdict::findings : Verdict::pass;
    if (!why_not.empty())
      out.unknown.push_back(
          {.code = std::string(code.code), .slug = std::string(slug), .why = why_not});
    if (verdict == Verdict::pass && !why_not.empty()) verdict = Verdict::unknown;
    if (verdict == Verdict::pass && !view->has_any()) verdict = Verdict::not_applicable;
    out.checks.push_back({.code = std::string(code.code),
                          .slug = std::string(slug),
                          .category = std::string(category_of(code.code)),
                          .verdict = verdict});
  }
}

}  // namespace aksmesh::checks
