// SPDX-License-Identifier: Apache-2.0
#include "azure/sign_in.hpp"

#include <algorithm>
#include <array>

#include "azure/az_session.hpp"
#include "azure/device_code.hpp"
#include "azure/pipeline_token.hpp"
#include "azure/service_principal.hpp"
#include "base/edit_distance.hpp"
#include "base/strings.hpp"

namespace aksmesh::azure {
namespace {

/// What a way of signing in has to say: a credential, or why there is none.
struct Offer {
  CredentialPtr credential{};
  std::string why_not{};
  std::vector<std::string> next{};  ///< what would make it fit
};

/// A wish in its world.
struct Attempt {
  const SignInWish& wish;
  const SignInWorld& world;
  std::string login{};        ///< the address of Entra ID
  bool is_asked_for = false;  ///< this very way, not just the first that fits

  /// A variable's value, empty when it is not set.
  [[nodiscard]] std::string variable(const std::string& name) const {
    return world.env.get(name).value_or("");
  }
};

/// AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH, or the same with Terraform's ARM_.
std::string prefix_of_principal(const Attempt& attempt) {
  for (const char* prefix : {"AZURE_", "ARM_"})
    for (const char* name : {"CLIENT_SECRET", "CLIENT_CERTIFICATE_PATH"})
      if (!attempt.variable(prefix + std::string(name)).empty()) return prefix;
  return {};
}

/// Half a configuration is an error and not passed over: otherwise somebody else would sign in than
/// was meant.
Result<Principal> principal_of(const Attempt& attempt, const std::string& prefix,
                               const std::string& because) {
  Principal out{.login = attempt.login,
                .tenant = attempt.wish.tenant,
                .client_id = attempt.variable(prefix + "CLIENT_ID")};
  if (out.tenant.empty()) out.tenant = attempt.variable(prefix + "TENANT_ID");
  std::vector<std::string> missing;
  if (out.tenant.empty()) missing.push_back(prefix + "TENANT_ID");
  if (out.client_id.empty()) missing.push_back(prefix + "CLIENT_ID");
  if (missing.empty()) return out;
  return Error{
      .kind = ErrorKind::auth,
      .what = "the sign-in from the environment is not complete",
      .why = because + " is set, but not " + join(missing, " and "),
      .next = {"set " + join(missing, " and "), "or choose another way, such as --auth az"}};
}

Result<Offer> from_environment(const Attempt& attempt) {
  const auto prefix = prefix_of_principal(attempt);
  if (prefix.empty())
    return Offer{.why_not = "neither AZURE_CLIENT_SECRET nor AZURE_CLIENT_CERTIFICATE_PATH is set",
                 .next = {"set AZURE_TENANT_ID, AZURE_CLIENT_ID and one of these"}};
  const auto& world = attempt.world;
  const auto secret = attempt.variable(prefix + "CLIENT_SECRET");
  AK_TRY(auto principal,
         principal_of(attempt, prefix,
                      prefix + (secret.empty() ? "CLIENT_CERTIFICATE_PATH" : "CLIENT_SECRET")));
  if (!secret.empty())
    return Offer{.credential = secret_credential(world.http, world.clock, std::move(principal),
                                                 Secret(secret))};
  const auto send = to_lower(attempt.variable(prefix + "CLIENT_SEND_CERTIFICATE_CHAIN"));
  CertificateFile file{.path = attempt.variable(prefix + "CLIENT_CERTIFICATE_PATH"),
                       .password = Secret(attempt.variable(prefix + "CLIENT_CERTIFICATE_PASSWORD")),
                       .chain = send == "true" || send == "1" ? Chain::send : Chain::leave_out};
  return Offer{.credential =
                   certificate_credential(world.http, world.clock, world.random, world.files,
                                          std::move(principal), std::move(file))};
}

Result<Offer> from_federation(const Attempt& attempt) {
  const auto& world = attempt.world;
  if (const auto file = attempt.variable("AZURE_FEDERATED_TOKEN_FILE"); !file.empty()) {
    AK_TRY(auto principal, principal_of(attempt, "AZURE_", "AZURE_FEDERATED_TOKEN_FILE"));
    return Offer{.credential = federated_credential(world.http, world.clock, std::move(principal),
                                                    token_of_file(world.files, file))};
  }
  // Every job may have the platform's variables, also one whose user signs in otherwise.
  auto pipeline = pipeline_of(world.env);
  if (pipeline &&
      (attempt.is_asked_for || !attempt.variable(pipeline->prefix + "CLIENT_ID").empty())) {
    AK_TRY(auto principal, principal_of(attempt, pipeline->prefix, pipeline->because));
    return Offer{.credential = federated_credential(world.http, world.clock, std::move(principal),
                                                    token_of(world.http, std::move(*pipeline)))};
  }
  return Offer{.why_not = "AZURE_FEDERATED_TOKEN_FILE is not set",
               .next = {"in a pod: give its service account a workload identity"}};
}

Result<Offer> from_machine(const Attempt& attempt) {
  // The metadata service can only be found by asking, which takes seconds where there is none.
  if (!attempt.is_asked_for && attempt.variable("IDENTITY_ENDPOINT").empty())
    return Offer{
        .why_not = "IDENTITY_ENDPOINT is not set; on a virtual machine it must be asked for",
        .next = {"--auth managed-identity   (on a virtual machine of Azure)"}};
  AK_TRY(auto host, identity_host(attempt.world.env));
  auto identity = attempt.wish.identity;
  if (identity.empty() && host.kind != IdentityHost::Kind::arc)
    identity.client_id = attempt.variable("AZURE_CLIENT_ID");
  const auto& world = attempt.world;
  AK_TRY(auto credential, managed_identity_credential({world.http, world.clock, world.files},
                                                      std::move(host), std::move(identity)));
  return Offer{.credential = std::move(credential)};
}

/// Both are clouds with a name, and they differ.
bool is_other_cloud(const std::string& one, const std::string& other) {
  const auto first = find_cloud(one);
  const auto second = find_cloud(other);
  return first && second && first->name != second->name;
}

Result<Offer> from_az(const Attempt& attempt) {
  const auto& wish = attempt.wish;
  const auto& world = attempt.world;
  if (is_other_cloud(world.az.cloud, world.cloud.name))
    return Offer{.why_not = "az is set to the cloud " + world.az.cloud,
                 .next = {"az cloud set --name " + world.cloud.name + ", then az login"}};
  if (world.az.subscriptions.empty() && !attempt.is_asked_for)
    return Offer{.why_not = world.az.problem, .next = {"az login"}};
  AzAccount account{.tenant = wish.tenant};
  const auto* chosen = default_subscription(world.az);
  const auto wanted = find_subscription(world.az, wish.subscription);
  if (wanted) chosen = &*wanted;
  if (chosen != nullptr) {
    account.user = chosen->user;
    // A subscription that az does not know may still be one of the tenant that it is signed in to.
    const bool known = wish.subscription.empty() || wanted.has_value();
    if (account.tenant.empty() && known) account.subscription = chosen->id;
    if (account.tenant.empty()) account.tenant = chosen->tenant;
  }
  return Offer{.credential = az_credential(world.process, world.clock, std::move(account))};
}

Result<Offer> from_person(const Attempt& attempt) {
  const auto& world = attempt.world;
  auto tenant = attempt.wish.tenant;
  if (tenant.empty()) tenant = attempt.variable("AZURE_TENANT_ID");
  const auto wanted = find_subscription(world.az, attempt.wish.subscription);
  if (tenant.empty() && wanted) tenant = wanted->tenant;
  if (tenant.empty())
    if (const auto* chosen = default_subscription(world.az)) tenant = chosen->tenant;
  if (tenant.empty()) tenant = "organizations";
  return Offer{.credential = device_code_credential(world.http, world.clock, world.progress,
                                                    attempt.login, tenant)};
}

struct Way {
  std::string_view name;
  Result<Offer> (*offer)(const Attempt&);
  std::string_view sdk_name;  ///< its word in AZURE_TOKEN_CREDENTIALS
  std::string_view sdk_group;
  bool is_automatic;  ///< taken without being asked for
};
/// In the order in which `auto` takes them.
constexpr std::array kWays{
    Way{"environment", from_environment, "environmentcredential", "prod", true},
    Way{"workload-identity", from_federation, "workloadidentitycredential", "prod", true},
    Way{"managed-identity", from_machine, "managedidentitycredential", "prod", true},
    Way{"az", from_az, "azureclicredential", "dev", true},
    Way{"device-code", from_person, "", "", false},
};

/// The address of Entra ID: AZURE_AUTHORITY_HOST or the cloud's.
Result<std::string> login_of(const SignInWorld& world) {
  auto host = world.env.get("AZURE_AUTHORITY_HOST").value_or("");
  if (host.empty()) return world.cloud.login;
  if (host.find("://") == std::string::npos) host = "https://" + host;
  if (host.starts_with("https://")) return host;
  return Error{.kind = ErrorKind::usage,
               .what = "AZURE_AUTHORITY_HOST '" + host + "' is no address to sign in at",
               .why = "it must begin with https://, because secrets are sent there"};
}

/// `auto` as AZURE_TOKEN_CREDENTIALS narrows it.
Result<std::vector<const Way*>> automatic_ways(const Attempt& attempt) {
  const auto word = to_lower(trim(attempt.variable("AZURE_TOKEN_CREDENTIALS")));
  std::vector<const Way*> out;
  for (const auto& way : kWays)
    if (way.is_automatic && (word.empty() || way.sdk_name == word || way.sdk_group == word))
      out.push_back(&way);
  if (!out.empty()) return out;
  return Error{.kind = ErrorKind::usage,
               .what = "AZURE_TOKEN_CREDENTIALS allows no way of signing in that is known here",
               .why = "it is '" + word +
                      "'; what is known is prod, dev, EnvironmentCredential, "
                      "WorkloadIdentityCredential, ManagedIdentityCredential and "
                      "AzureCliCredential",
               .next = {"unset AZURE_TOKEN_CREDENTIALS, or choose a way with --auth"}};
}

Error unknown_method(const std::string& method) {
  const auto methods = sign_in_methods();
  Error out{.kind = ErrorKind::usage,
            .what = "unknown way to sign in '" + method + "'",
            .why = "there are " + join(methods, ", ")};
  for (const auto& near : suggestions(method, methods)) out.next.push_back("--auth " + near);
  return out;
}

/// The first that fits.
Result<CredentialPtr> first_of(const std::vector<const Way*>& ways, const Attempt& attempt) {
  Error nothing{.kind = ErrorKind::auth, .what = "not signed in to Azure"};
  std::vector<std::string> reasons;
  for (const auto* way : ways) {
    AK_TRY(auto offer, way->offer(attempt));
    if (offer.credential != nullptr) return std::move(offer.credential);
    reasons.push_back(std::string(way->name) + ": " + offer.why_not);
    // What most people want comes first.
    nothing.next.insert(nothing.next.begin(), offer.next.begin(), offer.next.end());
  }
  nothing.why = join(reasons, "; ");
  nothing.next.emplace_back("aksmesh help sign-in   (describes the ways)");
  return nothing;
}

}  // namespace

std::vector<std::string> sign_in_methods() {
  std::vector<std::string> out{"auto"};
  for (const auto& way : kWays) out.emplace_back(way.name);
  return out;
}

Result<CredentialPtr> choose_credential(const SignInWish& wish, const SignInWorld& world) {
  AK_TRY(auto login, login_of(world));
  Attempt attempt{.wish = wish, .world = world, .login = std::move(login)};
  // An identity that is named is as good as its way, or else somebody else might sign in.
  const auto method =
      wish.method == "auto" && !wish.identity.empty() ? "managed-identity" : wish.method;
  if (method == "auto") {
    AK_TRY(const auto ways, automatic_ways(attempt));
    // The only one that is left is as good as named.
    attempt.is_asked_for = ways.size() == 1;
    return first_of(ways, attempt);
  }
  const auto* way =
      std::find_if(kWays.begin(), kWays.end(), [&](const Way& one) { return one.name == method; });
  if (way == kWays.end()) return unknown_method(method);
  attempt.is_asked_for = true;
  return first_of({way}, attempt);
}

}  // namespace aksmesh::azure
