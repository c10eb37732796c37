// SPDX-License-Identifier: Apache-2.0
#include "kube/client.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "base/strings.hpp"
#include "kube/answers.hpp"
#include "kube/listing.hpp"
#include "net/retry.hpp"

namespace aksmesh::kube {
namespace {

constexpr std::uint64_t kLargestToken = 1U << 20U;

/// No proxy of the environment leads to this machine itself; Go's clients know that too.
bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace

std::string ApiResource::api_version() const {
  return group.empty() ? version : group + '/' + version;
}

std::string ListWish::right() const {
  return "list " + what();
}

std::string ListWish::what() const {
  return resource.plural + (resource.group.empty() ? "" : '.' + resource.group) +
         (!resource.namespaced ? ""
          : name_space.empty() ? " in all namespaces"
                               : " in namespace " + name_space);
}

Client::Client(Access access, net::Http& http, sys::Files& files, sys::Process& process,
               sys::Clock& clock, sys::Progress& progress)
    : access_(std::move(access)),
      http_(http),
      files_(files),
      process_(process),
      clock_(clock),
      progress_(progress) {
  peer_ = {.ca = access_.ca,
           .certificate = access_.client_certificate,
           .key = access_.client_key,
           .server_name = access_.tls_server_name,
           .trusts_anybody = access_.trusts_anybody,
           .proxy = access_.proxy};
  token_ = access_.token;
}

Status Client::sign_in() {
  if (signed_in_) return Done{};
  if (!access_.token_file.empty()) {
    auto text = files_.read(access_.token_file, kLargestToken);
    if (!text)
      return Error{.kind = ErrorKind::auth,
                   .what = "cannot read the token of the cluster",
                   .why = access_.token_file + ": " + text.error().why};
    token_ = Secret(std::string(trim(*text)));
  }
  if (access_.exec) {
    AK_TRY(auto credential, run_exec_plugin(access_, process_, progress_, time_left()));
    if (credential.expires > 0 && credential.expires <= clock_.now())
      return Error{
          .kind = ErrorKind::auth,
          .what = "cannot sign in to the cluster with " + access_.exec->command,
          .why = "the credential that it gives has ended at " + sys::rfc3339(credential.expires)};
    if (!credential.token.empty()) token_ = std::move(credential.token);
    if (!credential.certificate.empty()) {
      peer_.certificate = std::move(credential.certificate);
      peer_.key = std::move(credential.key);
    }
  }
  signed_in_ = true;
  return Done{};
}

std::int64_t Client::time_left() const {
  const auto deadline = http_.deadline();
  return deadline == 0 ? 0 : std::max<std::int64_t>(deadline - clock_.steady(), 1);
}

net::Request Client::request(const std::string& path) const {
  net::Request out{.url = access_.server + path,
                   .headers = {{"Accept", "application/json"}},
                   .bearer = token_,
                   .secret_answer = true,  // Pods and ConfigMaps hold what their makers put there
                   .past_proxy = access_.proxy.empty() && is_loopback(host_of(access_.server)),
                   .peer = &peer_};
  if (token_.empty() && !access_.user_name.empty())
    out.secret_headers.emplace_back(
        "Authorization",
        "Basic " + encode_base64(access_.user_name + ':' + access_.password.reveal()));
  if (!access_.impersonated_user.empty()) {
    out.headers.emplace_back("Impersonate-User", access_.impersonated_user);
    if (!access_.impersonated_uid.empty())
      out.headers.emplace_back("Impersonate-Uid", access_.impersonated_uid);
    for (const auto& group : access_.impersonated_groups)
      out.headers.emplace_back("Impersonate-Group", group);
    for (const auto& [key, value] : access_.impersonated_extra)
      out.headers.emplace_back("Impersonate-Extra-" + url_escaped(key), value);
  }
  return out;
}

Result<net::Request> Client::signed_request(const std::string& path) {
  AK_CHECK(sign_in());
  return request(path);
}

bool Client::renew() {
  if (renewed_ || (!access_.exec && access_.token_file.empty())) return false;
  renewed_ = true;
  signed_in_ = false;
  const bool good = sign_in().has_value();
  signed_in_ = true;  // as well as it can be
  return good;
}

std::vector<net::Request> Client::with_token(std::vector<net::Request> requests) const {
  if (!token_.empty())
    for (auto& one : requests) one.bearer = token_;
  return requests;
}

std::vector<Result<net::Response>> Client::send(std::vector<net::Request> requests) {
  if (const auto ready = sign_in(); !ready)
    return std::vector<Result<net::Response>>(requests.size(),
                                              Result<net::Response>(ready.error()));
  requests = with_token(std::move(requests));
  auto answers = http_.send_all(requests);
  if (!is_to_repeat(answers)) return answers;
  return http_.send_all(with_token(std::move(requests)));
}

/// Whether some were refused and there is a new sign-in to try.
bool Client::is_to_repeat(std::vector<Result<net::Response>>& answers) {
  const auto refused = [](const Result<net::Response>& answer) {
    return answer && answer->status == 401;
  };
  const bool any_refused = std::any_of(answers.begin(), answers.end(), refused);
  // A sign-in that was good for a while may end, and be made anew, again and again.
  if (!any_refused && std::any_of(answers.begin(), answers.end(),
                                  [](const auto& answer) { return answer && answer->ok(); }))
    renewed_ = false;
  const bool renewable = !renewed_ && (access_.exec || !access_.token_file.empty());
  if (!renewable || !any_refused) return false;
  renewed_ = true;
  signed_in_ = false;
  const auto again = sign_in();
  signed_in_ = true;  // as well as it can be
  if (again) return true;
  for (auto& answer : answers)
    if (refused(answer)) answer = again.error();
  return false;
}

Result<std::string> Client::get(const std::string& path, const std::string& goal) {
  auto answer = std::move(send({request(path)}).front());
  if (!answer) return std::move(answer).error();
  if (answer->ok()) return std::move(answer->body);
  return api_error(*answer, goal, "", "GET " + host_of(access_.server) + path);
}

Result<std::string> Client::version() {
  return version_of(send({request("/version")}).front());
}

std::vector<net::Request> Client::discovery() const {
  std::vector<net::Request> out{request("/api"), request("/apis")};
  for (auto& one : out) one.headers.front().second = kDiscovery;
  return out;
}

Result<std::vector<ApiResource>> Client::resources() {
  return resources_of(send(discovery()), access_.server);
}

std::vector<net::Request> Client::next_pages(const std::vector<Listing>& listings) const {
  std::vector<net::Request> out;
  for (const auto& listing : listings) {
    if (listing.done) continue;
    out.push_back(request(listing.url()));
    if (listing.wish.depth == ListWish::Depth::metadata)
      out.back().headers.front().second = kMetadata;
  }
  return out;
}

std::vector<Result<Pages>> Client::list(const std::vector<ListWish>& wishes) {
  auto listings = listings_of(wishes);
  for (auto requests = next_pages(listings); !requests.empty(); requests = next_pages(listings))
    take_pages(listings, send(std::move(requests)));
  return results_of(std::move(listings));
}

}  // namespace aksmesh::kube
