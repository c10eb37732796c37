// SPDX-License-Identifier: Apache-2.0
#include "kube/kubeconfig.hpp"

#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "base/strings.hpp"
#include "kube/json_of.hpp"

namespace aksmesh::kube {
namespace {

constexpr std::uint64_t kLargestFile = 16U << 20U;
// Where the kubelet puts them:
// https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
constexpr const char* kServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount/";
constexpr std::string_view kExecExtension = "client.authentication.k8s.io/exec";

Error usage(std::string what, std::string why, std::vector<std::string> next = {}) {
  return {.kind = ErrorKind::usage,
          .what = std::move(what),
          .why = std::move(why),
          .next = std::move(next)};
}

/// Paths in a kubeconfig are relative to the file that holds them.
std::string beside(const std::string& file, std::string_view path) {
  const auto slash = file.rfind('/');
  if (path.starts_with('/') || slash == std::string::npos) return std::string(path);
  return file.substr(0, slash + 1).append(path);
}

/// Reads what one entry of a file holds as text in base64, or in a file beside it.
class EntryReader {
 public:
  EntryReader(sys::Files& files, const std::string& file, const data::Node& entry)
      : files_(files), file_(file), entry_(entry) {}

  /// `data_key` counts more than `key`.
  Result<std::string> content(std::string_view key, std::string_view data_key) {
    if (const auto encoded = entry_[data_key].text(); !encoded.empty()) {
      if (auto text = decode_base64(encoded)) return std::move(*text);
      return usage("cannot use the kubeconfig " + file_,
                   std::string(data_key) + " is not base64, line " +
                       std::to_string(entry_[data_key].mark().line));
    }
    const auto path = entry_[key].text();
    if (path.empty()) return std::string();
    auto text = files_.read(beside(file_, path), kLargestFile);
    if (text) return std::move(*text);
    return usage("cannot read " + beside(file_, path),
                 text.error().why + "; " + file_ + " names it as " + std::string(key));
  }

 private:
  sys::Files& files_;
  const std::string& file_;
  data::Node entry_;
};

Result<ExecPlugin> read_exec(const std::string& file, const data::Node& exec,
                             const data::Node& cluster) {
  ExecPlugin out{.api_version = std::string(exec["apiVersion"].text()),
                 .command = std::string(exec["command"].text()),
                 .install_hint = std::string(exec["installHint"].text()),
                 .interactive_mode = std::string(exec["interactiveMode"].text()),
                 .wants_cluster = exec["provideClusterInfo"].as_bool().value_or(false)};
  if (out.command.empty())
    return usage("cannot use the kubeconfig " + file,
                 "an exec entry names no command, line " + std::to_string(exec.mark().line));
  if (out.command.find('/') != std::string::npos) out.command = beside(file, out.command);
  for (const auto& one : exec["args"].items()) out.arguments.emplace_back(one.text());
  for (const auto& one : exec["env"].items())
    out.environment.emplace_back(one["name"].text(), one["value"].text());
  for (const auto& one : cluster["extensions"].items())
    if (one["name"].text() == kExecExtension) out.cluster_config = json_of(one["extension"]).dump();
  return out;
}

Result<Access> in_cluster(sys::Files& files, const sys::Environment& env) {
  const auto host = env.get("KUBERNETES_SERVICE_HOST").value_or("");
  const auto port = env.get("KUBERNETES_SERVICE_PORT").value_or("");
  if (host.empty() || port.empty())
    return usage("there is no Kubernetes cluster to talk to",
                 "no kubeconfig has a current context, and this is no pod",
                 {"--context NAME   (kubectl config get-contexts lists them)",
                  "aksmesh credentials -g GROUP --cluster NAME   (writes a kubeconfig)"});
  const std::string folder = kServiceAccount;
  auto ca = files.read(folder + "ca.crt", kLargestFile);
  if (!ca)
    return Error{.kind = ErrorKind::auth,
                 .what = "cannot use the service account of this pod",
                 .why = folder + "ca.crt: " + ca.error().why};
  Access out{.ca = std::move(*ca), .token_file = folder + "token"};
  const bool v6 = host.find(':') != std::string::npos;
  out.server = "https://" + (v6 ? '[' + host + ']' : host) + ':' + port;
  if (const auto name = files.read(folder + "namespace", kLargestFile); name)
    out.name_space = trim(*name);
  return out;
}

}  // namespace

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

std::vector<std::string> kubeconfig_files(const sys::Environment& env) {
  std::vector<std::string> out;
  const auto list = env.get("KUBECONFIG").value_or("");
  for (const auto part : split(list, ':'))
    if (!part.empty()) out.emplace_back(part);
  const auto home = env.get("HOME").value_or("");
  if (out.empty() && !home.empty()) out.push_back(home + "/.kube/config");
  return out;
}

data::Node Kubeconfig::Source::root() const {
  return read.tree->document_count() == 0 ? data::Node{} : read.tree->document(0);
}

Status Kubeconfig::add(std::string file, std::string text) {
  auto read = data::read_documents(std::move(text), data::Limits{});
  for (const auto& problem : read.problems)
    if (problem.document_lost)
      return usage("cannot read the kubeconfig " + file,
                   problem.what + ", line " + std::to_string(problem.mark.line));
  auto source = std::make_unique<Source>(Source{.file = std::move(file), .read = std::move(read)});
  const auto root = source->root();
  if (root && !root.is_mapping() && !root.is_null())
    return usage("cannot read the kubeconfig " + source->file, "it is not one YAML mapping");
  if (current_.empty()) current_ = root["current-context"].text();
  sources_.push_back(std::move(source));
  return Done{};
}

Result<Kubeconfig> Kubeconfig::load(sys::Files& files, const sys::Environment& env,
                                    const std::string& file) {
  Kubeconfig out;
  for (const auto& name : file.empty() ? kubeconfig_files(env) : std::vector{file}) {
    auto text = files.read(name, kLargestFile);
    if (!text && text.error().kind == ErrorKind::not_found && file.empty()) continue;
    if (!text) return usage("cannot read the kubeconfig " + name, text.error().why);
    AK_CHECK(out.add(name, std::move(*text)));
  }
  return out;
}

Result<Kubeconfig> Kubeconfig::parse(std::string text) {
  Kubeconfig out;
  AK_CHECK(out.add("from Azure", std::move(text)));
  return out;
}

std::vector<std::string> Kubeconfig::contexts() const {
  std::vector<std::string> out;
  for (const auto& source : sources_)
    for (const auto& one : source->root()["contexts"].items()) out.emplace_back(one["name"].text());
  return out;
}

Kubeconfig::Entry Kubeconfig::find(std::string_view list, std::string_view name) const {
  const auto member = list.substr(0, list.size() - 1);
  for (const auto& source : sources_)
    for (const auto& one : source->root()[list].items())
      if (one["name"].text() == name) return {source.get(), one[member]};
  return {};
}

std::string Kubeconfig::server(std::string_view context) const {
  const auto entry = find("contexts", context);
  return std::string(find("clusters", entry.value["cluster"].text()).value["server"].text());
}

Result<Access> Kubeconfig::access(sys::Files& files, const sys::Environment& env,
                                  std::string_view wanted) const {
  const std::string name(wanted.empty() ? current_ : wanted);
  if (name.empty()) return in_cluster(files, env);
  const auto context = find("contexts", name);
  const auto unusable = [&](std::string why) {
    const auto known = contexts();
    return usage(
        "cannot use the context '" + name + '\'', std::move(why),
        {known.empty() ? "aksmesh credentials -g GROUP --cluster NAME   (writes a kubeconfig)"
                       : "--context NAME   (one of " + join(known, ", ") + ')'});
  };
  if (context.source == nullptr) return unusable("no kubeconfig has it");
  const auto cluster = find("clusters", context.value["cluster"].text());
  auto server = std::string(cluster.value["server"].text());
  while (server.ends_with('/')) server.pop_back();
  if (server.empty()) return unusable("it leads to no server");
  if (server.find("://") == std::string::npos) server.insert(0, "https://");
  Access out{.context = name,
             .server = std::move(server),
             .tls_server_name = std::string(cluster.value["tls-server-name"].text()),
             .trusts_anybody = cluster.value["insecure-skip-tls-verify"].as_bool().value_or(false),
             .proxy = std::string(cluster.value["proxy-url"].text())};
  // As Go's proxies do: the proxy finds the address, which need not be known here.
  if (out.proxy.starts_with("socks5://")) out.proxy.insert(6, "h");
  if (const auto space = context.value["namespace"].text(); !space.empty()) out.name_space = space;
  EntryReader of_cluster(files, cluster.source->file, cluster.value);
  AK_TRY(out.ca, of_cluster.content("certificate-authority", "certificate-authority-data"));

  if (out.trusts_anybody && !out.ca.empty())
    return unusable("its cluster has both a certificate-authority and insecure-skip-tls-verify");

  const auto user_name = context.value["user"].text();
  const auto user = find("users", user_name);
  if (user.source == nullptr && !user_name.empty())
    return unusable("there is no user '" + std::string(user_name) + '\'');
  // Nobody is to see credentials on their way; kubectl leaves them out as well.
  if (user.source == nullptr || !out.server.starts_with("https://")) return out;
  EntryReader of_user(files, user.source->file, user.value);
  AK_TRY(out.client_certificate, of_user.content("client-certificate", "client-certificate-data"));
  AK_TRY(auto key, of_user.content("client-key", "client-key-data"));
  out.client_key = Secret(std::move(key));
  out.token = Secret(std::string(user.value["token"].text()));
  if (const auto file = user.value["tokenFile"].text(); !file.empty())
    out.token_file = beside(user.source->file, file);
  out.user_name = user.value["username"].text();
  out.password = Secret(std::string(user.value["password"].text()));
  out.impersonated_user = user.value["as"].text();
  out.impersonated_uid = user.value["as-uid"].text();
  for (const auto& one : user.value["as-groups"].items())
    out.impersonated_groups.emplace_back(one.text());
  for (const auto& [fact, values] : user.value["as-user-extra"].entries())
    for (const auto& one : values.items())
      out.impersonated_extra.emplace_back(fact.text(), one.text());
  if (out.impersonated_user.empty() &&
      !(out.impersonated_uid.empty() && out.impersonated_groups.empty() &&
        out.impersonated_extra.empty()))
    return unusable("its user acts as groups, a uid or extra facts without acting as somebody");
  if (out.client_certificate.empty() != out.client_key.empty())
    return unusable("its user has a client certificate without a key, or a key alone");
  if (const auto exec = user.value["exec"]) {
    AK_TRY(out.exec, read_exec(user.source->file, exec, cluster.value));
  } else if (const auto provider = user.value["auth-provider"]) {
    return unusable("its user signs in by auth-provider '" + std::string(provider["name"].text()) +
                    "', which Kubernetes has given up for programs (exec)");
  }
  return out;
}

}  // namespace aksmesh::kube
