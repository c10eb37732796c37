// SPDX-License-Identifier: Apache-2.0
#include "azure/cluster_id.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace aksmesh::azure {
namespace {

// Length and pattern of the API description, 2026-06-01.
constexpr std::size_t kLongestCluster = 63;
constexpr std::size_t kLongestGroup = 90;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

std::string ClusterId::path() const {
  return "/subscriptions/" + url_escaped(subscription) + "/resourceGroups/" +
         url_escaped(resource_group) + "/providers/Microsoft.ContainerService/managedClusters/" +
         url_escaped(name);
}

Result<ClusterId> parse_cluster_id(std::string_view id) {
  auto text = id;
  while (text.starts_with('/')) text.remove_prefix(1);
  while (text.ends_with('/')) text.remove_suffix(1);
  const auto parts = split(text, '/');
  const auto is = [&](std::size_t i, std::string_view word) { return to_lower(parts[i]) == word; };
  if (parts.size() != 8 || !is(0, "subscriptions") || !is(2, "resourcegroups") ||
      !is(4, "providers") || !is(5, "microsoft.containerservice") || !is(6, "managedclusters"))
    return Error{.kind = ErrorKind::usage,
                 .what = "'" + std::string(id) + "' is no resource id of a managed cluster",
                 .why =
                     "it must be /subscriptions/ID/resourceGroups/GROUP/providers/"
                     "Microsoft.ContainerService/managedClusters/NAME",
                 .next = {"az aks show -g GROUP -n NAME --query id -o tsv"}};
  return ClusterId{.subscription = std::string(parts[1]),
                   .resource_group = std::string(parts[3]),
                   .name = std::string(parts[7])};
}

std::string wrong_cluster_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestCluster) return "it must have 1 to 63 characters";
  if (!is_alphanumeric(name.front()) || !is_alphanumeric(name.back()))
    return "it must begin and end with a letter or a digit";
  const bool fits = std::all_of(name.begin(), name.end(),
                                [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; });
  return fits ? "" : "it may hold only letters, digits, - and _";
}

std::string wrong_group_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestGroup) return "it must have 1 to 90 characters";
  const bool odd = std::any_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x21 ||
           std::string_view("/\\?#%&<>*:").find(c) != std::string_view::npos;
  });
  return odd ? "it holds a character that no resource group has" : "";
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

}  // namespace aksmesh::azure
