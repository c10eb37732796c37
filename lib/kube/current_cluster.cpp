// SPDX-License-Identifier: Apache-2.0
#include "kube/current_cluster.hpp"

#include <map>

#include "base/strings.hpp"
#include "data/reader.hpp"

namespace aksmesh::kube {
namespace {

constexpr std::uint64_t kLargestFile = 16U << 20U;

/// What several kubeconfig files say together.
struct Merged {
  std::string context{};
  std::map<std::string, std::string> clusters{};  ///< by context
  std::map<std::string, std::string> servers{};   ///< by cluster
};

Error unreadable(const std::string& file, std::string why) {
  return {.kind = ErrorKind::usage,
          .what = "cannot read the kubeconfig " + file,
          .why = std::move(why)};
}

Status add_file(const std::string& file, sys::Files& files, Merged& out) {
  auto text = files.read(file, kLargestFile);
  if (!text && text.error().kind == ErrorKind::not_found) return Done{};
  if (!text) return unreadable(file, text.error().why);
  const auto read = data::read_documents(std::move(*text), data::Limits{});
  for (const auto& problem : read.problems)
    if (problem.document_lost)
      return unreadable(file, problem.what + ", line " + std::to_string(problem.mark.line));
  if (read.tree->document_count() == 0) return Done{};
  const auto root = read.tree->document(0);
  if (out.context.empty()) out.context = root["current-context"].text();
  for (const auto& one : root["contexts"].items())
    out.clusters.emplace(one["name"].text(), one.at("context", "cluster").text());
  for (const auto& one : root["clusters"].items())
    out.servers.emplace(one["name"].text(), one.at("cluster", "server").text());
  return Done{};
}

}  // namespace

std::vector<std::string> kubeconfig_files(const sys::Environment& env) {
  std::vector<std::string> out;
  const auto list = env.get("KUBECONFIG").value_or("");
  for (const auto part : split(list, ':'))
    if (!part.empty()) out.emplace_back(part);
  const auto home = env.get("HOME").value_or("");
  if (out.empty() && !home.empty()) out.push_back(home + "/.kube/config");
  return out;
}

std::string host_of(std::string_view address) {
  if (const auto scheme = address.find("://"); scheme != std::string_view::npos)
    address.remove_prefix(scheme + 3);
  address = address.substr(0, address.find_first_of("/?#"));
  if (const auto user = address.rfind('@'); user != std::string_view::npos)
    address.remove_prefix(user + 1);
  if (address.starts_with('['))
    address = address.substr(1, address.find(']') - 1);  // IPv6
  else
    address = address.substr(0, address.find(':'));
  while (address.ends_with('.')) address.remove_suffix(1);
  return to_lower(address);
}

Result<std::optional<CurrentCluster>> current_cluster(sys::Files& files,
                                                      const sys::Environment& env) {
  Merged merged;
  for (const auto& file : kubeconfig_files(env)) AK_CHECK(add_file(file, files, merged));
  if (merged.context.empty()) return std::optional<CurrentCluster>();
  const auto cluster = merged.clusters.find(merged.context);
  const auto server = cluster == merged.clusters.end() ? merged.servers.end()
                                                       : merged.servers.find(cluster->second);
  auto host = server == merged.servers.end() ? "" : host_of(server->second);
  if (host.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "the kubeconfig's current context is of no use",
                 .why = merged.context + " leads to no server"};
  return std::optional(CurrentCluster{.context = merged.context, .host = std::move(host)});
}

}  // namespace aksmesh::kube
