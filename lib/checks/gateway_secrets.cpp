// SPDX-License-Identifier: Apache-2.0
#include "checks/gateway_secrets.hpp"

#include "base/base64.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

const Node& secret_makers() {
  static const auto makers = mesh::table("secret-makers.json");
  return makers;
}

/// Calls `visit(value)` for each text at a path of the table, from its step `at` on.
template <class Visit>
void visit_path(const Node& from, const Node& path, std::size_t at, const Visit& visit) {
  std::size_t i = 0;
  Node step;
  for (const auto one : path.items())
    if (i++ == at) step = one;
  if (!step) {
    if (!from.text().empty()) visit(from.text());
  } else if (step.text() == "*") {
    for (const auto item : from.items()) visit_path(item, path, at + 1, visit);
  } else {
    visit_path(from[step.text()], path, at + 1, visit);
  }
}

Node find_maker(const Object& object) {
  for (const auto maker : secret_makers()["makers"].items())
    if (maker["kind"].text() == object.kind_name && maker["group"].text() == object.group)
      return maker;
  return {};
}

bool is_built_in(std::string_view group) {
  for (const auto item : secret_makers()["builtInGroups"].items())
    if (group == item.text() || group.ends_with("." + std::string(item.text()))) return true;
  return false;
}

}  // namespace

PromisedSecrets::PromisedSecrets(const Facts& facts) {
  for (const auto kind : {Kind::secret_provider_class, Kind::certificate, Kind::other})
    for (const auto* object : facts.all(kind)) add(*object);
}

void PromisedSecrets::add(const Object& object) {
  if (const auto maker = find_maker(object)) {
    const auto name_space =
        maker["everyNamespace"].as_bool().value_or(false) ? kEveryNamespace : object.name_space;
    bool named = false;
    visit_path(object.root, maker["name"], 0, [&](std::string_view name) {
      names_.emplace(name_space, name);
      named = true;
    });
    if (!named && maker["ownName"].as_bool().value_or(false))
      names_.emplace(name_space, object.name);
  } else if (!is_built_in(object.group)) {
    for (const auto path : secret_makers()["foreignNames"].items())
      visit_path(object.root, path, 0, [&](std::string_view name) {
        foreign_.try_emplace({object.name_space, name}, &object);
      });
  }
}

const Object* PromisedSecrets::possible_maker(std::string_view name_space,
                                              std::string_view name) const {
  // An object without a namespace may make Secrets in any.
  for (const auto place : {name_space, std::string_view{}})
    if (const auto found = foreign_.find({place, name}); found != foreign_.end())
      return found->second;
  return nullptr;
}

SecretAnswer look_for_secret(const Facts& facts, const PromisedSecrets* promised,
                             std::string_view name_space, std::string_view name) {
  SecretAnswer out{.secret = facts.find(Kind::secret, name_space, name)};
  if (out.secret != nullptr || (promised != nullptr && promised->has(name_space, name))) return out;
  const auto* maker = promised == nullptr ? nullptr : promised->possible_maker(name_space, name);
  if (maker != nullptr)
    out.unknown = "whether " + std::string(maker->kind_name) + ' ' + full_name(*maker) +
                  " of the input makes Secret " + full_name(name_space, name);
  else if (facts.covers(Kind::secret, name_space))
    out.missing = true;
  else
    out.unknown = "the input holds no Secrets of namespace " + std::string(name_space) +
                  "; Secret " + std::string(name) + " must be there";
  return out;
}

bool reads_secret(const Node& tls) {
  const auto mode = tls["mode"].text();
  const auto name = tls["credentialName"].text();
  return !name.empty() && name.find("://") == std::string_view::npos && mode != "PASSTHROUGH" &&
         mode != "AUTO_PASSTHROUGH" && mode != "ISTIO_MUTUAL";
}

std::string secret_value(const Object& secret, std::string_view key) {
  // The API server lays stringData over data when it takes the object.
  if (const auto plain = secret.root.at("stringData", key); plain) return std::string(plain.text());
  return decode_base64(secret.root.at("data", key).text()).value_or(std::string{});
}

}  // namespace aksmesh::checks
