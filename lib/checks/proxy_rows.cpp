// SPDX-License-Identifier: Apache-2.0
#include "checks/proxy_rows.hpp"

#include <algorithm>
#include <utility>

#include "checks/injectors.hpp"
#include "checks/live_pods.hpp"
#include "checks/proxies.hpp"

namespace aksmesh::checks {
namespace {

using istio::TypeSync;

// With a limitation the facts are the objects as they are, not Istio's choice of them.
const mesh::Limitation kAsTheyAre{};

ProxyState state_of(const istio::ProxySync& proxy) {
  if (proxy.has(TypeSync::State::rejected)) return ProxyState::error;
  if (proxy.has(TypeSync::State::stale)) return ProxyState::stale;
  const bool lacks = proxy.has(TypeSync::State::not_sent);
  return lacks || !proxy.has(TypeSync::State::synced) ? ProxyState::not_sent : ProxyState::synced;
}

ProxyRow connected_row(const istio::ProxySync& proxy, const IstiodView& istiod) {
  ProxyRow out{.name = proxy.name,
               .name_space = proxy.name_space,
               .revision = istiod.revision,
               .version = proxy.version,
               .state = state_of(proxy),
               .sync = &proxy,
               .istiod = &istiod};
  for (const auto& one : proxy.types)
    if (one.sent_ms && (!out.pushed_ms || *one.sent_ms > *out.pushed_ms))
      out.pushed_ms = one.sent_ms;
  return out;
}

/// A proxy of the add-on that runs and that no istiod knows.
std::optional<ProxyRow> disconnected_row(const Facts& facts, const ProxyView& view,
                                         const Object& pod) {
  if (!is_live_pod(pod)) return std::nullopt;
  const auto proxy = find_container(pod.spec(), kProxyContainer);
  if (!proxy) return std::nullopt;
  const auto revision = proxy_revision(facts, pod).name;
  if (!parse_revision(revision)) return std::nullopt;  // other meshes have istiods of their own
  const auto trouble = trouble_of(view, pod);
  if (!trouble || trouble->state != ProxyTrouble::State::disconnected) return std::nullopt;
  return ProxyRow{.name = std::string(pod.name),
                  .name_space = std::string(pod.name_space),
                  .revision = std::string(revision),
                  .version = std::string(image_tag(proxy["image"].text())),
                  .state = ProxyState::disconnected,
                  .pod = &pod};
}

}  // namespace

std::string_view word_of(ProxyState state) {
  switch (state) {
    case ProxyState::error: return "error";
    case ProxyState::stale: return "stale";
    case ProxyState::not_sent: return "not-sent";
    case ProxyState::synced: return "synced";
    case ProxyState::disconnected: break;
  }
  return "disconnected";
}

std::vector<ProxyRow> proxy_rows(const Model& model, const ProxyView& view) {
  const Facts facts(model, &kAsTheyAre, {Kind::pod});
  std::vector<ProxyRow> out;
  for (const auto& istiod : view.istiods()) {
    if (!istiod.proxies) continue;
    for (const auto& proxy : *istiod.proxies) {
      out.push_back(connected_row(proxy, istiod));
      out.back().pod = model.find(Kind::pod, proxy.name_space, proxy.name);
    }
  }
  for (const auto* pod : facts.all(Kind::pod)) {
    if (view.find(pod->name_space, pod->name) != nullptr) continue;
    if (auto row = disconnected_row(facts, view, *pod)) out.push_back(std::move(*row));
  }
  std::vector<std::tuple<std::string, std::string_view, std::size_t>> order;
  order.reserve(out.size());
  for (std::size_t i = 0; i < out.size(); ++i)
    order.emplace_back(
        out[i].id(),
        out[i].istiod == nullptr ? std::string_view() : std::string_view(out[i].istiod->pod), i);
  std::sort(order.begin(), order.end());
  std::vector<ProxyRow> sorted;
  sorted.reserve(out.size());
  for (const auto& one : order) sorted.push_back(std::move(out[std::get<2>(one)]));
  return sorted;
}

bool is_in_trouble(const ProxyRow& row, std::int64_t now_ms) {
  if (row.state != ProxyState::stale) return row.state != ProxyState::synced;
  return std::any_of(row.sync->types.begin(), row.sync->types.end(), [&](const TypeSync& one) {
    return one.state == TypeSync::State::stale &&
           (!one.sent_ms || now_ms - *one.sent_ms >= kPushGrace * 1000);
  });
}

ProxyCounts counts_of(const std::vector<ProxyRow>& rows) {
  ProxyCounts out;
  for (const auto& row : rows) ++out[{row.revision, row.version, row.state}];
  return out;
}

}  // namespace aksmesh::checks
