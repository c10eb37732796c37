// SPDX-License-Identifier: Apache-2.0
#include "azure/cloud.hpp"

#include "azure/table.hpp"
#include "base/edit_distance.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "data/json_edit.hpp"

namespace aksmesh::azure {
namespace {

std::string without_slash(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

bool is_called(const data::Node& row, std::string_view name) {
  const auto wanted = to_lower(name);
  if (to_lower(row["name"].text()) == wanted) return true;
  for (const auto& other : row["also"].items())
    if (to_lower(other.text()) == wanted) return true;
  return false;
}

}  // namespace

std::vector<std::string> cloud_names() {
  std::vector<std::string> out;
  for (const auto& row : table("clouds.json")["clouds"].items())
    out.emplace_back(row["name"].text());
  return out;
}

std::vector<std::string> other_cloud_names() {
  std::vector<std::string> out;
  for (const auto& row : table("clouds.json")["clouds"].items())
    for (const auto& other : row["also"].items()) out.emplace_back(other.text());
  return out;
}

Result<Cloud> find_cloud(std::string_view name) {
  for (const auto& row : table("clouds.json")["clouds"].items())
    if (is_called(row, name))
      return Cloud{.name = std::string(row["name"].text()),
                   .resource_manager = without_slash(row["resourceManager"].text()),
                   .login = without_slash(row["login"].text()),
                   .audience = std::string(row["audience"].text()),
                   .portal = without_slash(row["portal"].text())};
  Error error{.kind = ErrorKind::usage, .what = "unknown cloud '" + std::string(name) + "'"};
  const auto names = cloud_names();
  error.why = "the clouds are " + join(names, ", ");
  for (const auto& near : suggestions(std::string(name), names))
    error.next.push_back("--cloud " + near);
  error.next.push_back("--arm-endpoint URL   (any other cloud, by its Resource Manager)");
  return error;
}

Status demand_https(const Cloud& cloud, std::string_view source) {
  for (const auto* address : {&cloud.resource_manager, &cloud.login})
    if (!to_lower(*address).starts_with("https://"))
      return Error{.kind = ErrorKind::usage,
                   .what = "'" + printable(*address) + "' is no address of a cloud",
                   .why = std::string(source) +
                          " names it; it must begin with https://, because secrets are sent there"};
  return Done{};
}

Result<Cloud> cloud_of_metadata(std::string_view resource_manager, std::string_view json) {
  const auto document = data::JsonDocument::parse(std::string(json));
  const auto root = document ? document->root() : data::Node{};
  const auto login = root.at("authentication", "loginEndpoint").text();
  std::string audience;
  for (const auto& one : root.at("authentication", "audiences").items()) {
    audience = one.text();
    break;
  }
  if (login.empty() || audience.empty())
    return Error{.kind = ErrorKind::bad_data,
                 .what = "cannot learn about the cloud of " + std::string(resource_manager),
                 .why = "its /metadata/endpoints names no loginEndpoint or no audience"};
  Cloud out{.name = std::string(root["name"].text()),
            .resource_manager = without_slash(resource_manager),
            .login = without_slash(login),
            .audience = std::move(audience),
            .portal = without_slash(root["portal"].text())};
  AK_CHECK(demand_https(out, out.resource_manager + "/metadata/endpoints"));
  return out;
}

std::string join_url(std::string_view base, std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  return without_slash(base) + '/' + std::string(path);
}

}  // namespace aksmesh::azure
