// SPDX-License-Identifier: Apache-2.0
#include "checks/proxy_view.hpp"

#include <algorithm>

#include "checks/addon_pods.hpp"
#include "checks/injectors.hpp"
#include "sys/clock.hpp"

namespace aksmesh::checks {
namespace {

using istio::TypeSync;

// Envoy connects within seconds of its start; istiod waits for 100 ms to 10 s to gather changes
// (PILOT_DEBOUNCE_MAX).
constexpr std::int64_t kStartGrace = 30;

constexpr std::string_view kPortAnnotation = "prometheus.io/port";

std::string key_of(std::string_view name_space, std::string_view name) {
  return std::string(name_space) + '/' + std::string(name);
}

void add_types(const istio::ProxySync& proxy, TypeSync::State state, std::int64_t now,
               ProxyTrouble& out) {
  for (const auto& one : proxy.types) {
    if (one.state != state) continue;
    const auto sent = one.sent_ms ? std::optional(*one.sent_ms / 1000) : std::nullopt;
    if (state == TypeSync::State::stale && sent && now - *sent < kPushGrace) continue;
    out.types.push_back(one.name);
    if (sent && (!out.since || *sent < *out.since)) out.since = sent;
    if (out.error.empty()) out.error = one.error;
  }
}

}  // namespace

ProxyView::ProxyView(std::vector<IstiodView> istiods, std::int64_t now, Reach reach)
    : istiods_(std::move(istiods)), now_(now), reach_(reach), whole_(reach == Reach::all) {
  for (const auto& istiod : istiods_) {
    whole_ = whole_ && istiod.proxies.has_value();
    if (!istiod.proxies) continue;
    for (const auto& proxy : *istiod.proxies)
      by_pod_.emplace(key_of(proxy.name_space, proxy.name), Connection{&proxy, &istiod});
  }
}

const ProxyView::Connection* ProxyView::find(std::string_view name_space,
                                             std::string_view pod) const {
  const auto found = by_pod_.find(key_of(name_space, pod));
  return found == by_pod_.end() ? nullptr : &found->second;
}

std::optional<std::size_t> ProxyView::connected(std::string_view revision) const {
  if (reach_ == Reach::some) return std::nullopt;
  std::size_t out = 0;
  for (const auto& istiod : istiods_) {
    if (istiod.revision != revision) continue;
    if (!istiod.proxies) return std::nullopt;
    out += istiod.proxies->size();
  }
  return out;
}

std::vector<IstiodView> running_istiods(const Model& model) {
  std::vector<IstiodView> out;
  for (const auto* pod : model.all(Kind::pod)) {
    if (!is_running_istiod(*pod)) continue;
    out.push_back({.pod = std::string(pod->name),
                   .revision = std::string(pod->label(kRevisionLabel).text()),
                   .version = std::string(
                       image_tag(find_container(pod->spec(), kIstiodContainer)["image"].text())),
                   .port = std::string(pod->annotation(kPortAnnotation).text())});
  }
  std::sort(out.begin(), out.end(),
            [](const IstiodView& a, const IstiodView& b) { return a.pod < b.pod; });
  return out;
}

std::optional<ProxyTrouble> trouble_of(const ProxyView& view, const Object& pod) {
  if (pod.status()["phase"].text() != "Running") return std::nullopt;
  ProxyTrouble out{.name_space = std::string(pod.name_space), .pod = std::string(pod.name)};
  const auto* connection = view.find(pod.name_space, pod.name);
  if (connection == nullptr) {
    out.since = sys::parse_rfc3339(pod.status()["startTime"].text());
    const bool is_new = out.since && view.now() - *out.since < kStartGrace;
    if (!view.is_whole() || is_new) return std::nullopt;
    return out;
  }
  out.istiod = connection->istiod->pod;
  const auto& proxy = *connection->proxy;
  if (proxy.has(TypeSync::State::rejected)) {
    out.state = ProxyTrouble::State::rejected;
    add_types(proxy, TypeSync::State::rejected, view.now(), out);
    return out;
  }
  out.state = ProxyTrouble::State::stale;
  add_types(proxy, TypeSync::State::stale, view.now(), out);
  return out.types.empty() ? std::nullopt : std::optional(std::move(out));
}

}  // namespace aksmesh::checks
