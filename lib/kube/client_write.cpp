// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "kube/client.hpp"

namespace aksmesh::kube {
namespace {

using Json = nlohmann::ordered_json;
using Verb = Write::Verb;

constexpr const char* kFieldManager = "aksmesh";

net::Method method_of(Verb verb) {
  switch (verb) {
    case Verb::create: return net::Method::post;
    case Verb::erase: return net::Method::erase;
    default: return net::Method::patch;
  }
}

// https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply
const char* content_type(Verb verb) {
  switch (verb) {
    case Verb::apply: return "application/apply-patch+yaml";
    case Verb::merge: return "application/merge-patch+json";
    default: return "application/json";
  }
}

std::string path_of(const Write& wish) {
  const auto& resource = wish.resource;
  std::string out = (resource.group.empty() ? "/api/" : "/apis/") + resource.api_version();
  if (resource.namespaced) out += "/namespaces/" + url_escaped(wish.name_space);
  out += '/' + resource.plural;
  if (wish.verb != Verb::create) out += '/' + url_escaped(wish.name);
  char separator = '?';
  const auto add = [&](const std::string& text) {
    out += separator + text;
    separator = '&';
  };
  if (wish.verb != Verb::erase) add(std::string("fieldManager=") + kFieldManager);
  if (wish.verb == Verb::apply && wish.owners == Write::Owners::overruled) add("force=true");
  if (wish.effect == Write::Effect::rehearsed) add("dryRun=All");
  return out;
}

/// The body with what guards it: a server compares these members with the object that it has.
std::string body_of(const Write& wish) {
  Json guard = Json::object();
  if (!wish.uid.empty()) guard["uid"] = wish.uid;
  if (!wish.resource_version.empty()) guard["resourceVersion"] = wish.resource_version;
  if (wish.verb == Verb::erase) {
    Json options{{"apiVersion", "v1"}, {"kind", "DeleteOptions"}};
    if (!guard.empty()) options["preconditions"] = guard;
    if (wish.effect == Write::Effect::rehearsed) options["dryRun"] = {"All"};
    return options.dump();
  }
  if (guard.empty()) return wish.body;
  auto body = Json::parse(wish.body, nullptr, false);
  if (!body.is_object()) return wish.body;
  body["metadata"].update(guard);
  return body.dump();
}

/// Who owns which of the fields that an apply wants, in the server's words: `conflict with "helm"
/// using v1 at .metadata.labels.x`. Empty when that is not what stood in the way.
std::vector<std::string> owners_in(const std::string& body) {
  std::vector<std::string> out;
  const auto status = Json::parse(body, nullptr, false);
  if (!status.is_object()) return out;
  const auto text = [](const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto details = status.find("details");
  if (details == status.end() || !details->is_object()) return out;
  const auto causes = details->find("causes");
  if (causes == details->end() || !causes->is_array()) return out;
  for (const auto& cause : *causes)
    if (cause.is_object() && text(cause, "reason") == "FieldManagerConflict")
      out.push_back(text(cause, "message") + " at " + text(cause, "field"));
  return out;
}

void explain_conflict(const std::string& body, Error& error) {
  const auto owners = owners_in(body);
  if (!owners.empty()) {
    error.why = join(owners, "; ");
    error.next.emplace_back("change it where that manager has it from, or ask its owner");
  } else {
    error.next.emplace_back("run the command again: it reads the cluster anew");
  }
}

}  // namespace

std::string Write::what() const {
  return ListWish{.resource = resource, .name_space = name_space}.what();
}

std::string Write::right() const {
  switch (verb) {
    case Verb::create: return "create " + what();
    case Verb::erase: return "delete " + what();
    // Applying an object that is not there yet creates it.
    case Verb::apply: return "create and patch " + what();
    case Verb::merge: break;
  }
  return "patch " + what();
}

Result<std::string> Client::write(const Write& wish, const std::string& goal) {
  const auto path = path_of(wish);
  auto one = request(path);
  one.method = method_of(wish.verb);
  one.headers.emplace_back("Content-Type", content_type(wish.verb));
  one.body = body_of(wish);
  // A second one would meet the result of the first, and tell of a conflict that nobody else made.
  one.repeat = net::Repeat::if_not_sent;
  auto answer = std::move(send({std::move(one)}).front());
  if (!answer) {
    auto error = std::move(answer).error();
    error.next.emplace_back(
        "run the command again: whether the API server took the change is not known, and it looks "
        "first");
    return std::move(error).context("trying to " + goal);
  }
  if (answer->ok()) return std::move(answer->body);
  const std::string method(net::method_name(method_of(wish.verb)));
  auto error =
      api_error(*answer, goal, wish.right(), method + ' ' + host_of(access_.server) + path);
  if (error.kind == ErrorKind::conflict) explain_conflict(answer->body, error);
  return error;
}

}  // namespace aksmesh::kube
