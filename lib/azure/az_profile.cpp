// SPDX-License-Identifier: Apache-2.0
#include "azure/az_profile.hpp"

#include <algorithm>

#include "base/edit_distance.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "data/ini.hpp"
#include "data/json_edit.hpp"

namespace aksmesh::azure {
namespace {

constexpr std::uint64_t kLargestFile = 16U << 20U;
constexpr std::size_t kMostShown = 10;
constexpr int kMostParents = 64;

std::string variable(const sys::Environment& env, const char* name) {
  return env.get(name).value_or("");
}

/// Of ~/.azure; empty when there is no home either.
std::string directory_of(const sys::Environment& env) {
  if (auto directory = variable(env, "AZURE_CONFIG_DIR"); !directory.empty()) return directory;
  const auto home = variable(env, "HOME");
  return home.empty() ? std::string{} : home + "/.azure";
}

data::Ini read_ini_file(sys::Files& files, const std::string& path) {
  const auto text = files.read(path, kLargestFile);
  return text ? data::read_ini(*text) : data::Ini{};
}

/// An option of [defaults] from the nearest `.azure/config` of this directory and its parents.
std::string nearest_default(sys::Files& files, const std::string& option) {
  std::string up;
  for (int i = 0; i < kMostParents; ++i) {
    const auto ini = read_ini_file(files, up + ".azure/config");
    if (auto value = data::ini_value(ini, "defaults", option); !value.empty()) return value;
    const auto here = files.info(up + ".");
    up += "../";
    const auto above = files.info(up + ".");
    // The root is its own parent.
    if (!here || !above || here->identity == above->identity) break;
  }
  return {};
}

void read_subscriptions(sys::Files& files, AzProfile& profile) {
  const auto path = profile.directory + "/azureProfile.json";
  const auto text = files.read(path, kLargestFile);
  if (!text) {
    profile.problem = text.error().kind == ErrorKind::not_found ? "az is not signed in"
                                                                : printable(text.error().what);
    return;
  }
  // It begins with a byte order mark, which the reader passes over.
  const auto document = data::JsonDocument::parse(*text);
  if (!document) {
    profile.problem = printable(path) + " is no JSON";
    return;
  }
  for (const auto& one : document->root()["subscriptions"].items()) {
    if (to_lower(one["environmentName"].text()) != to_lower(profile.cloud)) continue;
    profile.subscriptions.push_back({.id = std::string(one["id"].text()),
                                     .name = std::string(one["name"].text()),
                                     .tenant = std::string(one["tenantId"].text()),
                                     .state = std::string(one["state"].text()),
                                     .user = std::string(one.at("user", "name").text()),
                                     .is_default = one["isDefault"].as_bool().value_or(false)});
  }
  if (profile.subscriptions.empty())
    profile.problem = "az is not signed in to the cloud " + printable(profile.cloud);
}

std::string shown(const AzSubscription& one) {
  return printable(one.name) + " (" + printable(one.id) + ')';
}

std::string list_of(const std::vector<AzSubscription>& subscriptions) {
  std::vector<std::string> out;
  for (const auto& one : subscriptions) out.push_back(shown(one));
  std::sort(out.begin(), out.end());
  if (out.size() > kMostShown) {
    const auto more = out.size() - kMostShown;
    out.resize(kMostShown);
    out.push_back(std::to_string(more) + " more");
  }
  return join(out, ", ");
}

Error not_found(const AzProfile& profile, std::string_view wanted) {
  Error out{.kind = ErrorKind::not_found,
            .what = "no subscription '" + printable(wanted) + "' is known",
            .why = profile.subscriptions.empty()
                       ? profile.problem
                       : "az knows these: " + list_of(profile.subscriptions)};
  std::vector<std::string> names;
  for (const auto& one : profile.subscriptions) names.push_back(one.name);
  for (const auto& near : suggestions(std::string(wanted), names))
    out.next.push_back("--subscription '" + printable(near) + '\'');
  out.next.emplace_back("az login   (lists what can be used)");
  return out;
}

}  // namespace

AzProfile read_az_profile(sys::Files& files, const sys::Environment& env) {
  AzProfile out{.directory = directory_of(env)};
  const auto global = read_ini_file(files, out.directory + "/config");
  const auto first_of = [](std::initializer_list<std::string> values) {
    for (const auto& value : values)
      if (!value.empty()) return value;
    return std::string{};
  };
  out.cloud = first_of(
      {variable(env, "AZURE_CLOUD_NAME"), data::ini_value(global, "cloud", "name"), out.cloud});
  const auto value_of = [&](const char* name, const std::string& option) {
    return first_of({variable(env, name), nearest_default(files, option),
                     data::ini_value(global, "defaults", option)});
  };
  out.group = value_of("AZURE_DEFAULTS_GROUP", "group");
  out.location = value_of("AZURE_DEFAULTS_LOCATION", "location");
  if (out.directory.empty())
    out.problem = "neither AZURE_CONFIG_DIR nor HOME is set";
  else
    read_subscriptions(files, out);
  return out;
}

Result<Cloud> az_cloud(sys::Files& files, const AzProfile& profile) {
  if (auto known = find_cloud(profile.cloud)) return known;
  const auto path = profile.directory + "/clouds.config";
  const auto ini = read_ini_file(files, path);
  const auto value = [&](const char* option) {
    auto out = data::ini_value(ini, profile.cloud, option);
    while (out.ends_with('/')) out.pop_back();
    return out;
  };
  Cloud out{
      .name = profile.cloud,
      .resource_manager = value("endpoint_resource_manager"),
      .login = value("endpoint_active_directory"),
      // The slash at its end is part of this one.
      .audience = data::ini_value(ini, profile.cloud, "endpoint_active_directory_resource_id")};
  if (out.audience.empty()) out.audience = out.resource_manager;
  if (!out.resource_manager.empty() && !out.login.empty()) {
    AK_CHECK(demand_https(out, printable(path)));
    return out;
  }
  return Error{.kind = ErrorKind::usage,
               .what = "the cloud '" + printable(profile.cloud) + "' of az is not known",
               .why = printable(path) +
                      " names no endpoint_resource_manager or no "
                      "endpoint_active_directory for it",
               .next = {"az cloud set --name AzureCloud",
                        "--cloud NAME or --arm-endpoint URL   (another one, for this run)"}};
}

Result<AzSubscription> find_subscription(const AzProfile& profile, std::string_view wanted) {
  const auto lower = to_lower(wanted);
  std::vector<AzSubscription> named;
  for (const auto& one : profile.subscriptions) {
    if (to_lower(one.id) == lower) return one;
    if (to_lower(one.name) == lower) named.push_back(one);
  }
  if (named.size() == 1) return named.front();
  if (named.empty()) return not_found(profile, wanted);
  return Error{.kind = ErrorKind::usage,
               .what = "several subscriptions are called '" + printable(wanted) + "'",
               .why = list_of(named),
               .next = {"--subscription " + printable(named.front().id) + "   (by id)"}};
}

const AzSubscription* default_subscription(const AzProfile& profile) {
  const auto& all = profile.subscriptions;
  const auto found =
      std::find_if(all.begin(), all.end(), [](const auto& one) { return one.is_default; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace aksmesh::azure
