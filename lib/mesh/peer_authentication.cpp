// SPDX-License-Identifier: Apache-2.0
#include "mesh/peer_authentication.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace aksmesh::mesh {
namespace {

constexpr std::array<std::pair<std::string_view, MutualTls>, 3> kModes{
    {{"DISABLE", MutualTls::disable},
     {"PERMISSIVE", MutualTls::permissive},
     {"STRICT", MutualTls::strict}}};

std::optional<MutualTls> mode_of(const data::Node& value) {
  for (const auto& [name, mode] : kModes)
    if (value.text() == name) return mode;
  return std::nullopt;  // UNSET, absent or wrong: the wider scope counts
}

/// The one that counts of several with the same scope, and whether that can be told.
struct Chosen {
  const kube::Object* object = nullptr;
  bool known = true;
};

Chosen oldest(const std::vector<const kube::Object*>& rivals) {
  if (rivals.empty()) return {};
  const auto created = [](const kube::Object* object) {
    return object->metadata()["creationTimestamp"].text();
  };
  // In UTC and with seconds, so that the order of the texts is that of the times.
  const auto first = *std::min_element(rivals.begin(), rivals.end(),
                                       [&](const kube::Object* one, const kube::Object* other) {
                                         return created(one) < created(other);
                                       });
  const bool known = rivals.size() == 1 || !created(first).empty();
  return {.object = known ? first : rivals.front(), .known = known};
}

bool differ(const std::vector<const kube::Object*>& rivals) {
  const auto mode = [](const kube::Object* object) {
    return mode_of(object->spec().at("mtls", "mode"));
  };
  return std::any_of(rivals.begin(), rivals.end(), [&](const kube::Object* object) {
    return mode(object) != mode(rivals.front());
  });
}

void narrow(MutualTlsSetting& setting, const Chosen& chosen, const data::Node& value) {
  const auto mode = mode_of(value);
  if (mode)
    setting = {.mode = *mode, .source = chosen.object, .value = value, .contested = !chosen.known};
}

void narrow(MutualTlsSetting& setting, const std::vector<const kube::Object*>& rivals) {
  auto chosen = oldest(rivals);
  if (chosen.object == nullptr) return;
  if (!chosen.known && !differ(rivals)) chosen.known = true;
  narrow(setting, chosen, chosen.object->spec().at("mtls", "mode"));
  setting.contested = setting.contested || !chosen.known;
}

}  // namespace

std::string_view mutual_tls_name(MutualTls mode) {
  for (const auto& [name, known] : kModes)
    if (known == mode) return name;
  return {};
}

std::optional<std::int64_t> port_of_key(const data::Node& key) {
  const auto text = key.text();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool selects_workloads(const kube::Object& peer_authentication) {
  return peer_authentication.spec().at("selector", "matchLabels").size() > 0;
}

PeerAuthentications::PeerAuthentications(const std::vector<const kube::Object*>& objects,
                                         std::string_view root_namespace)
    : root_namespace_(root_namespace) {
  for (const auto* object : objects) {
    auto& scope = scopes_[object->name_space];
    if (!selects_workloads(*object))
      scope.general.push_back(object);
    else if (object->name_space != root_namespace)  // there it selects nothing
      scope.selecting.add(object, labels_of(object->spec().at("selector", "matchLabels")));
  }
}

const PeerAuthentications::Scope& PeerAuthentications::scope(std::string_view name_space) const {
  static const Scope none;
  const auto found = scopes_.find(name_space);
  return found == scopes_.end() ? none : found->second;
}

MutualTlsSetting PeerAuthentications::of_mesh() const {
  MutualTlsSetting setting;
  narrow(setting, scope(root_namespace_).general);
  return setting;
}

MutualTlsSetting PeerAuthentications::of_namespace(std::string_view name_space) const {
  auto setting = of_mesh();
  if (name_space != root_namespace_) narrow(setting, scope(name_space).general);
  return setting;
}

MutualTlsSetting PeerAuthentications::of_workload(std::string_view name_space,
                                                  const Labels& labels) const {
  auto setting = of_namespace(name_space);
  narrow(setting, scope(name_space).selecting.accepting(labels));
  return setting;
}

MutualTlsSetting PeerAuthentications::of_port(std::string_view name_space, const Labels& labels,
                                              std::int64_t port) const {
  auto setting = of_namespace(name_space);
  const auto rivals = scope(name_space).selecting.accepting(labels);
  narrow(setting, rivals);
  const auto chosen = oldest(rivals);
  if (chosen.object == nullptr) return setting;
  for (const auto [key, value] : chosen.object->spec()["portLevelMtls"].entries()) {
    if (port_of_key(key) == port) narrow(setting, chosen, value["mode"]);
  }
  return setting;
}

std::vector<std::int64_t> PeerAuthentications::own_ports(std::string_view name_space,
                                                         const Labels& labels) const {
  std::vector<std::int64_t> out;
  const auto chosen = oldest(scope(name_space).selecting.accepting(labels));
  if (chosen.object == nullptr) return out;
  for (const auto [key, value] : chosen.object->spec()["portLevelMtls"].entries())
    if (const auto port = port_of_key(key); port && mode_of(value["mode"])) out.push_back(*port);
  return out;
}

bool PeerAuthentications::has_selectors(std::string_view name_space) const {
  return !scope(name_space).selecting.empty();
}

const std::vector<const kube::Object*>& PeerAuthentications::of_scope(
    std::string_view name_space) const {
  return scope(name_space).general;
}

}  // namespace aksmesh::mesh
