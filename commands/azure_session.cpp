// SPDX-License-Identifier: Apache-2.0
#include "azure_session.hpp"

#include <nlohmann/json.hpp>

#include "azure/service_principal.hpp"
#include "azure/table.hpp"
#include "base/strings.hpp"
#include "version.hpp"

namespace aksmesh::commands {
namespace {

using azure::Cloud;

/// A variable's value, empty when it is not set.
std::string variable(const Context& context, const char* name) {
  return context.env.get(name).value_or("");
}

Result<azure::CredentialPtr> sign_in(const Cloud& cloud, const Context& context) {
  azure::Principal principal{.login = cloud.login,
                             .tenant = variable(context, "AZURE_TENANT_ID"),
                             .client_id = variable(context, "AZURE_CLIENT_ID")};
  const auto secret = variable(context, "AZURE_CLIENT_SECRET");
  if (!principal.tenant.empty() && !principal.client_id.empty() && !secret.empty())
    return azure::secret_credential(context.http, context.clock, principal, Secret(secret));
  return Error{.kind = ErrorKind::auth,
               .what = "not signed in",
               .why = "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are not all set",
               .next = {"set them"}};
}

}  // namespace

/// `-v` tells each request in a line, `--trace-file` keeps all of them.
class AzureSession::Tracer final : public net::Trace {
 public:
  Tracer(const Context& context, std::string file) : context_(context), file_(std::move(file)) {}

  void record(const net::Exchange& exchange) override {
    if (context_.global.verbose > 0) context_.progress.note(net::trace_line(exchange));
    if (!file_.empty())
      (void)context_.files.append(
          file_, net::trace_document(exchange, context_.clock.now()).dump() + '\n');
  }
  void waits(const net::Request& request, std::string_view reason,
             std::int64_t milliseconds) override {
    (void)request;
    context_.progress.waiting(std::string(reason) + ", next try in " +
                              sys::duration_text((milliseconds + 999) / 1000));
  }

 private:
  const Context& context_;
  std::string file_;
};

AzureSession::AzureSession(const Context& context) : context_(context) {}

Status AzureSession::set_up_network(const AzureOptions& options) {
  net::HttpSettings settings{.user_agent = "aksmesh/" + std::string(kVersion)};
  for (const char* name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"})
    if (settings.ca_file.empty()) settings.ca_file = variable(context_, name);
  if (!options.request_timeout.empty()) {
    AK_TRY(settings.request_timeout, parse_wait(options.request_timeout, "--request-timeout"));
  }
  if (!options.timeout.empty()) {
    AK_TRY(const auto time, parse_wait(options.timeout, "--timeout"));
    deadline_ = context_.clock.steady() + time;
  }
  settings.deadline = deadline_;
  tracer_ = std::make_unique<Tracer>(context_, options.trace_file);
  settings.trace = tracer_.get();
  if (!options.trace_file.empty()) AK_CHECK(context_.files.append(options.trace_file, ""));
  context_.http.configure(std::move(settings));
  context_.cancel.listen();
  return Done{};
}

Result<Cloud> AzureSession::choose_cloud(const AzureOptions& options) {
  if (options.arm_endpoint.empty())
    return azure::find_cloud(options.cloud.empty() ? "AzureCloud" : options.cloud);
  if (!options.arm_endpoint.starts_with("https://"))
    return Error{.kind = ErrorKind::usage,
                 .what = "--arm-endpoint '" + options.arm_endpoint + "' is no address",
                 .why = "it must begin with https://, because a token is sent there"};
  const net::Request request{
      .url = azure::join_url(options.arm_endpoint, "metadata/endpoints?api-version=2022-09-01"),
      .headers = {{"Accept", "application/json"}}};
  AK_TRY(const auto response, context_.http.send(request));
  return azure::cloud_of_metadata(options.arm_endpoint, response.body);
}

Result<std::unique_ptr<AzureSession>> AzureSession::open(const AzureOptions& options,
                                                         const Context& context) {
  std::unique_ptr<AzureSession> out(new AzureSession(context));
  AK_CHECK(out->set_up_network(options));
  AK_TRY(auto cloud, out->choose_cloud(options));
  AK_TRY(auto credential, sign_in(cloud, context));
  out->tokens_ =
      std::make_unique<azure::TokenSource>(std::move(credential), nullptr, context.clock);
  auto version = options.api_version;
  if (version.empty()) version = azure::table("managed-cluster.json")["apiVersion"].text();
  out->arm_ = std::make_unique<azure::Arm>(context.http, *out->tokens_, std::move(cloud),
                                           std::move(version), context.random);
  out->subscription_ = options.subscription;
  if (out->subscription_.empty()) out->subscription_ = variable(context, "AZURE_SUBSCRIPTION_ID");
  return out;
}

Result<azure::ClusterId> AzureSession::cluster(const ClusterOptions& options) const {
  if (!options.cluster_id.empty()) return azure::parse_cluster_id(options.cluster_id);
  std::vector<std::string> missing;
  if (options.cluster.empty()) missing.emplace_back("--cluster NAME");
  if (options.resource_group.empty()) missing.emplace_back("-g GROUP");
  if (subscription_.empty()) missing.emplace_back("--subscription ID");
  if (!missing.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "it is not said which cluster is meant",
                 .why = "missing: " + join(missing, ", "),
                 .next = {missing.front(), "--cluster-id ID   (all in one)"}};
  if (const auto why = azure::wrong_cluster_name(options.cluster); !why.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "'" + options.cluster + "' is no name of a cluster",
                 .why = why};
  if (const auto why = azure::wrong_group_name(options.resource_group); !why.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "'" + options.resource_group + "' is no name of a resource group",
                 .why = why};
  return azure::ClusterId{.subscription = subscription_,
                          .resource_group = options.resource_group,
                          .name = options.cluster};
}

}  // namespace aksmesh::commands
