// SPDX-License-Identifier: Apache-2.0
#include "kube/client.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/base64.hpp"
#include "base/strings.hpp"
#include "data/reader.hpp"
#include "kube/trimmed.hpp"
#include "net/retry.hpp"

namespace aksmesh::kube {
namespace {

constexpr int kPage = 500;
// https://kubernetes.io/docs/reference/using-api/api-concepts/#aggregated-discovery; since 1.30.
constexpr const char* kDiscovery =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";
// https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-partialobjectmetadata
constexpr const char* kMetadata =
    "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
constexpr std::uint64_t kLargestToken = 1U << 20U;

/// The one document of an answer; absent when it is not that.
data::Node document_of(const data::ReadResult& read) {
  return read.problems.empty() && read.tree->document_count() == 1 ? read.tree->document(0)
                                                                   : data::Node{};
}

/// A Status object's words; empty for any other body.
struct StatusWords {
  std::string reason{};
  std::string message{};
};
StatusWords status_of(const std::string& body) {
  const auto read = data::read_documents(body, data::Limits{}, data::Format::json);
  const auto root = document_of(read);
  if (root["kind"].text() != "Status") return {};
  return {.reason = std::string(root["reason"].text()),
          .message = std::string(root["message"].text())};
}

/// A list is as large as it is: the server has made it.
data::ReadResult read_list(std::string body) {
  data::Limits limits;
  limits.document = limits.file;
  return data::read_documents(std::move(body), limits, data::Format::json);
}

ErrorKind kind_of(int status) {
  switch (status) {
    case 401: return ErrorKind::auth;
    case 403: return ErrorKind::denied;
    case 404: return ErrorKind::not_found;
    case 409: return ErrorKind::conflict;
    case 429: return ErrorKind::throttled;
    default: return status >= 500 ? ErrorKind::server : ErrorKind::bad_data;
  }
}

void add_resources(const data::Node& group, std::vector<ApiResource>& out) {
  const std::string name(group.at("metadata", "name").text());
  for (const auto& version : group["versions"].items())
    for (const auto& one : version["resources"].items()) {
      ApiResource resource{.group = name,
                           .version = std::string(version["version"].text()),
                           .plural = std::string(one["resource"].text()),
                           .kind = std::string(one.at("responseKind", "kind").text()),
                           .namespaced = one["scope"].text() == "Namespaced"};
      // Versions stand in the order of the server's preference.
      const bool known = std::any_of(out.begin(), out.end(), [&](const ApiResource& each) {
        return each.group == name && each.kind == resource.kind;
      });
      if (!known) out.push_back(std::move(resource));
    }
}

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

std::string list_path(const ListWish& wish) {
  const auto& resource = wish.resource;
  std::string out = (resource.group.empty() ? "/api/" : "/apis/") + resource.api_version();
  if (resource.namespaced && !wish.name_space.empty())
    out += "/namespaces/" + url_escaped(wish.name_space);
  return out + '/' + resource.plural;
}

std::string status_reason(const net::Response& response) {
  return status_of(response.body).reason;
}

Error api_error(const net::Response& response, std::string goal, const std::string& right,
                std::string where) {
  const auto words = status_of(response.body);
  Error out{.kind = kind_of(response.status),
            .what = "cannot " + std::move(goal),
            .why = words.message.empty()
                       ? "the API server answers with status " + std::to_string(response.status)
                       : words.message,
            .where = std::move(where) + ", " + std::to_string(response.status)};
  if (!words.reason.empty()) out.where += ' ' + words.reason;
  if (out.kind == ErrorKind::denied && !right.empty())
    out.next.push_back("ask for the right to " + right);
  if (out.kind == ErrorKind::auth)
    out.next.emplace_back("kubectl auth whoami   (tells whether the kubeconfig still signs in)");
  return out;
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

std::vector<Result<net::Response>> Client::send(std::vector<net::Request> requests) {
  const auto refused = [](const Result<net::Response>& answer) {
    return answer && answer->status == 401;
  };
  const auto with_token = [&] {
    if (!token_.empty())
      for (auto& one : requests) one.bearer = token_;
  };
  if (const auto ready = sign_in(); !ready)
    return std::vector<Result<net::Response>>(requests.size(),
                                              Result<net::Response>(ready.error()));
  with_token();
  auto answers = http_.send_all(requests);
  const bool any_refused = std::any_of(answers.begin(), answers.end(), refused);
  // A sign-in that was good for a while may end, and be made anew, again and again.
  if (!any_refused && std::any_of(answers.begin(), answers.end(),
                                  [](const auto& answer) { return answer && answer->ok(); }))
    renewed_ = false;
  const bool renewable = !renewed_ && (access_.exec || !access_.token_file.empty());
  if (!renewable || !any_refused) return answers;
  renewed_ = true;
  signed_in_ = false;
  if (auto again = sign_in(); !again) {
    signed_in_ = true;  // as well as it can be
    for (auto& answer : answers)
      if (refused(answer)) answer = again.error();
    return answers;
  }
  with_token();
  return http_.send_all(requests);
}

Result<std::string> Client::get(const std::string& path, const std::string& goal) {
  auto answer = std::move(send({request(path)}).front());
  if (!answer) return std::move(answer).error();
  if (answer->ok()) return std::move(answer->body);
  return api_error(*answer, goal, "", "GET " + host_of(access_.server) + path);
}

Result<std::string> Client::version() {
  const auto answer = get("/version", "ask for the version of the API server");
  if (!answer && answer.error().kind == ErrorKind::cancelled) return answer.error();
  if (!answer) return std::string();
  const auto read = data::read_documents(*answer, data::Limits{}, data::Format::json);
  return std::string(document_of(read)["gitVersion"].text());
}

Result<std::vector<ApiResource>> Client::resources() {
  std::vector<net::Request> both{request("/api"), request("/apis")};
  for (auto& one : both) one.headers.front().second = kDiscovery;
  std::vector<ApiResource> out;
  for (const auto& answer : send(std::move(both))) {
    if (!answer) return answer.error();
    const std::string where = "GET " + access_.server + (out.empty() ? "/api" : "/apis");
    if (!answer->ok()) return api_error(*answer, "ask the cluster what it serves", "", where);
    const auto read = read_list(answer->body);
    const auto root = document_of(read);
    if (root["kind"].text() != "APIGroupDiscoveryList")
      return Error{.kind = ErrorKind::bad_data,
                   .what = "cannot ask the cluster what it serves",
                   .why = "it answers no aggregated discovery, which Kubernetes has had since 1.30",
                   .where = where};
    const auto before = out.size();
    for (const auto& group : root["items"].items()) add_resources(group, out);
    if (out.size() == before)
      return Error{.kind = ErrorKind::bad_data,
                   .what = "cannot ask the cluster what it serves",
                   .why = "it answers that it serves nothing",
                   .where = where};
  }
  return out;
}

/// One list on its way through its pages.
struct Client::Listing {
  const ListWish* wish = nullptr;
  std::string path{};
  std::string token{};
  bool paged = true;
  Pages pages{};
  std::optional<Error> error{};
  bool done = false;

  [[nodiscard]] std::string url() const {
    std::string out = path;
    char separator = '?';
    const auto add = [&](const std::string& name, const std::string& value) {
      out += separator + name + '=' + url_escaped(value);
      separator = '&';
    };
    if (!wish->label_selector.empty()) add("labelSelector", wish->label_selector);
    if (paged) add("limit", std::to_string(kPage));
    if (!token.empty()) add("continue", token);
    return out;
  }
};

void Client::take(Listing& listing, Result<net::Response> answer) {
  if (!answer) {
    listing.error = answer.error();
  } else if (answer->status == 410 && listing.paged) {
    // The pages are of a state that the server has forgotten: all at once, then.
    Listing whole{.wish = listing.wish, .path = listing.path, .paged = false};
    listing = std::move(whole);
    return;
  } else if (!answer->ok()) {
    const auto right = listing.wish->right();
    listing.error = api_error(*answer, right, right, "GET " + listing.path);
  } else {
    auto read = read_list(std::move(answer->body));
    const auto root = document_of(read);
    const auto items = root["items"];
    // Go writes an empty list as null in places.
    if (!items || !(items.is_sequence() || items.is_null())) {
      listing.error = Error{.kind = ErrorKind::bad_data,
                            .what = "cannot " + listing.wish->right(),
                            .why = "the answer is no list"};
    } else {
      const std::string next(root.at("metadata", "continue").text());
      const bool stands_still = !next.empty() && next == listing.token;
      listing.token = next;
      if (stands_still)
        listing.error = Error{.kind = ErrorKind::bad_data,
                              .what = "cannot " + listing.wish->right(),
                              .why = "the list does not end: a page leads to itself"};
      else if (items.is_sequence())
        listing.pages.push_back(trimmed(std::move(read.tree), *listing.wish));
    }
  }
  listing.done = listing.error || listing.token.empty();
}

std::vector<Result<Pages>> Client::list(const std::vector<ListWish>& wishes) {
  std::vector<Listing> listings;
  for (const auto& wish : wishes) {
    listings.push_back({.wish = &wish, .path = list_path(wish)});
  }
  while (true) {
    std::vector<net::Request> requests;
    std::vector<Listing*> open;
    for (auto& listing : listings) {
      if (listing.done) continue;
      auto one = request(listing.url());
      if (listing.wish->depth == ListWish::Depth::metadata) one.headers.front().second = kMetadata;
      requests.push_back(std::move(one));
      open.push_back(&listing);
    }
    if (open.empty()) break;
    auto answers = send(std::move(requests));
    for (std::size_t i = 0; i < open.size(); ++i) take(*open[i], std::move(answers[i]));
  }
  std::vector<Result<Pages>> out;
  for (auto& listing : listings) {
    if (listing.error)
      out.emplace_back(std::move(*listing.error));
    else
      out.emplace_back(std::move(listing.pages));
  }
  return out;
}

}  // namespace aksmesh::kube
