// SPDX-License-Identifier: Apache-2.0
#include "kube/exec_credential.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "data/reader.hpp"
#include "net/more_time.hpp"
#include "sys/clock.hpp"

namespace aksmesh::kube {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 2> kVersions{"client.authentication.k8s.io/v1",
                                                    "client.authentication.k8s.io/v1beta1"};
constexpr std::int64_t kLongest = 120'000;  // a browser may be part of it
constexpr std::size_t kLongestWords = 400;  // of what the program says itself

/// What goes to the program in KUBERNETES_EXEC_INFO.
std::string exec_info(const Access& access, const ExecPlugin& plugin) {
  Json spec{{"interactive", false}};
  if (plugin.wants_cluster) {
    Json cluster{{"server", access.server}};
    if (!access.tls_server_name.empty()) cluster["tls-server-name"] = access.tls_server_name;
    if (access.trusts_anybody) cluster["insecure-skip-tls-verify"] = true;
    if (!access.ca.empty()) cluster["certificate-authority-data"] = encode_base64(access.ca);
    if (!access.proxy.empty()) cluster["proxy-url"] = access.proxy;
    if (!plugin.cluster_config.empty())
      cluster["config"] = Json::parse(plugin.cluster_config, nullptr, false);
    spec["cluster"] = std::move(cluster);
  }
  return Json{{"apiVersion", plugin.api_version}, {"kind", "ExecCredential"}, {"spec", spec}}.dump(
      -1, ' ', false, Json::error_handler_t::replace);
}

Error sign_in_failed(const ExecPlugin& plugin, std::string why,
                     std::vector<std::string> next = {}) {
  return {.kind = ErrorKind::auth,
          .what = "cannot sign in to the cluster with " + plugin.command,
          .why = std::move(why),
          .next = std::move(next)};
}

/// Its own words, which may be many.
std::string said(const sys::ProgramResult& result) {
  auto text = std::string(trim(result.err));
  if (text.size() > kLongestWords) text = "..." + text.substr(text.size() - kLongestWords);
  return printable(text);
}

Result<ExecCredential> read_answer(const ExecPlugin& plugin, std::string text) {
  const auto read = data::read_documents(std::move(text), data::Limits{}, data::Format::json);
  const auto root = read.tree->document_count() == 1 ? read.tree->document(0) : data::Node{};
  if (!read.problems.empty() || root["kind"].text() != "ExecCredential")
    return sign_in_failed(plugin, "its answer is no ExecCredential");
  if (root["apiVersion"].text() != plugin.api_version)
    return sign_in_failed(plugin, "it answers in " + std::string(root["apiVersion"].text()) +
                                      " and was asked in " + plugin.api_version);
  const auto status = root["status"];
  ExecCredential out{.token = Secret(std::string(status["token"].text())),
                     .certificate = std::string(status["clientCertificateData"].text()),
                     .key = Secret(std::string(status["clientKeyData"].text()))};
  if (out.certificate.empty() != out.key.empty())
    return sign_in_failed(plugin, "it gives a certificate without a key, or a key alone");
  if (out.token.empty() && out.certificate.empty())
    return sign_in_failed(plugin, "its answer holds neither a token nor a certificate");
  out.expires = sys::parse_rfc3339(status["expirationTimestamp"].text()).value_or(0);
  return out;
}

}  // namespace

Result<ExecCredential> run_exec_plugin(const Access& access, sys::Process& process,
                                       sys::Progress& progress, std::int64_t time_left) {
  const auto& plugin = *access.exec;
  if (std::find(kVersions.begin(), kVersions.end(), plugin.api_version) == kVersions.end())
    return sign_in_failed(plugin, "the kubeconfig wants it in '" + plugin.api_version +
                                      "'; known are " + std::string(kVersions[0]) + " and " +
                                      std::string(kVersions[1]));
  if (plugin.interactive_mode == "Always")
    return sign_in_failed(plugin,
                          "the kubeconfig says that it always asks somebody, and it cannot "
                          "ask from within this program",
                          {"kubectl get namespaces   (signs in, and may leave a token behind)"});
  sys::Program program{.name = plugin.command,
                       .arguments = plugin.arguments,
                       .environment = plugin.environment,
                       .timeout = time_left == 0 ? kLongest : std::min(time_left, kLongest),
                       .overhear = [&](std::string_view line) { progress.note(line); }};
  program.environment.emplace_back("KUBERNETES_EXEC_INFO", exec_info(access, plugin));
  auto result = process.run(program);
  if (!result && result.error().kind == ErrorKind::not_found)
    return sign_in_failed(plugin, "the program is not installed",
                          plugin.install_hint.empty()
                              ? std::vector<std::string>{}
                              : std::vector{std::string(trim(plugin.install_hint))});
  if (!result) {
    auto error = std::move(result).error();
    // Its own limit holds else, and nobody can move that.
    if (error.kind == ErrorKind::timeout && program.timeout < kLongest)
      error.next.emplace_back(net::kMoreTime);
    return std::move(error).context("signing in with " + plugin.command);
  }
  if (result->code != 0)
    return sign_in_failed(plugin, "it ended with " + std::to_string(result->code) +
                                      (said(*result).empty() ? "" : ": " + said(*result)));
  return read_answer(plugin, std::move(result->out));
}

}  // namespace aksmesh::kube
