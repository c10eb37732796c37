// SPDX-License-Identifier: Apache-2.0
#include "mesh/revision_tags.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "kube/json_of.hpp"
#include "mesh/injection_webhooks.hpp"
#include "mesh/names.hpp"

namespace aksmesh::mesh {
namespace {

using namespace names;
using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 7> kWords{
    "ok", "several", "stale", "webhook-missing", "service-missing", "ca-differs", "unknown"};
constexpr std::string_view kTagPrefix = "istio-revision-tag-";
constexpr std::string_view kServicePrefix = "istiod-revision-tag-";
constexpr std::string_view kInjectorSuffix = "sidecar-injector.istio.io";
constexpr std::string_view kDefault = "default";
// The name of a Service has up to 63 characters.
constexpr std::size_t kLongestTag = 63 - kServicePrefix.size();

// Labels and annotations that say who keeps the revision's own object. On ours they would be lies,
// and whoever goes by them would remove it.
constexpr std::array<std::string_view, 9> kKeepers{"addonmanager.kubernetes.io/",
                                                   "app.kubernetes.io/",
                                                   "argocd.argoproj.io/",
                                                   "helm.sh/",
                                                   "helm.toolkit.fluxcd.io/",
                                                   "kubectl.kubernetes.io/",
                                                   "kubernetes.azure.com/managedby",
                                                   "meta.helm.sh/",
                                                   "operator.istio.io/"};

bool tells_keeper(std::string_view key) {
  // install.operator.istio.io/... too
  return std::any_of(kKeepers.begin(), kKeepers.end(), [&](std::string_view keeper) {
    return key.starts_with(keeper) ||
           (keeper == "operator.istio.io/" && key.find(keeper) != std::string_view::npos);
  });
}

data::Node first_injector(const Object& configuration) {
  for (const auto webhook : configuration.root["webhooks"].items())
    if (webhook["name"].text().ends_with(kInjectorSuffix)) return webhook;
  return {};
}

/// Puts the tag where a selector asks for the revision.
void rename_in(Json& selector, const std::string& revision, const std::string& tag) {
  const std::string key(kRevisionLabel);
  if (!selector.is_object()) return;
  if (selector.contains("matchLabels") && selector["matchLabels"].is_object()) {
    auto& labels = selector["matchLabels"];
    if (labels.contains(key) && labels[key] == revision) labels[key] = tag;
  }
  if (!selector.contains("matchExpressions")) return;
  for (auto& expression : selector["matchExpressions"]) {
    if (!expression.is_object() || expression.value("key", "") != key) continue;
    if (!expression.contains("values") || !expression["values"].is_array()) continue;
    for (auto& value : expression["values"])
      if (value == revision) value = tag;
  }
}

Json without_keepers(const data::Node& mapping) {
  auto out = Json::object();
  for (const auto [key, value] : mapping.entries())
    if (!tells_keeper(key.text())) out[std::string(key.text())] = std::string(value.text());
  return out;
}

/// What is wrong with a tag, the worst first.
void inspect(const Model& model, RevisionTag& tag) {
  const auto say = [&](TagState state, std::string why) {
    tag.state = state;
    tag.why = std::move(why);
  };
  if (tag.configurations.size() > 1) {
    std::vector<std::string> names;
    for (const auto* one : tag.configurations) names.emplace_back(one->name);
    return say(TagState::several, "more than one webhook configuration: " + join(names, ", "));
  }
  if (tag.configurations.empty())
    return say(TagState::webhook_missing,
               "it has a service and no webhook, so that nobody asks it");
  const auto* of_revision = revision_configuration(model, tag.revision);
  if (of_revision == nullptr) return say(TagState::stale, "revision " + tag.revision + " is gone");
  const auto webhook = first_injector(*tag.configurations.front());
  const auto service = webhook.at("clientConfig", "service");
  const auto place = service["namespace"].text();
  const auto name = service["name"].text();
  if (service && model.find(Kind::service, place, name) == nullptr) {
    const auto full = std::string(place) + '/' + std::string(name);
    if (!model.covers(Kind::service, place))
      return say(TagState::unknown, "whether service " + full + " is there could not be seen");
    return say(TagState::service_missing, "service " + full + " is not there");
  }
  const auto bundle = [](const data::Node& one) {
    return one.at("clientConfig", "caBundle").text();
  };
  if (bundle(webhook) != bundle(first_injector(*of_revision)))
    say(TagState::ca_differs, "it trusts another authority than the webhook of " + tag.revision);
}

}  // namespace

std::string_view word_of(TagState state) {
  return kWords[static_cast<std::size_t>(state)];
}

const Object* revision_configuration(const Model& model, std::string_view revision) {
  for (const auto* one : model.all(Kind::mutating_webhook_configuration))
    if (!one->label(kTagLabel) && one->label(kRevisionLabel).text() == revision &&
        first_injector(*one))
      return one;
  return nullptr;
}

std::vector<RevisionTag> revision_tags(const Model& model) {
  std::map<std::string, RevisionTag, std::less<>> tags;
  const auto take = [&](const Object& object) -> RevisionTag* {
    const auto name = object.label(kTagLabel).text();
    if (name.empty()) return nullptr;
    auto& tag = tags[std::string(name)];
    tag.name = name;
    if (tag.revision.empty()) tag.revision = object.label(kRevisionLabel).text();
    return &tag;
  };
  for (const auto* one : model.all(Kind::mutating_webhook_configuration))
    if (auto* tag = take(*one)) tag->configurations.push_back(one);
  for (const auto* one : model.all(Kind::service))
    if (auto* tag = take(*one)) tag->services.push_back(one);
  for (const auto* one : model.all(Kind::name_space)) {
    const auto found = tags.find(one->label(kRevisionLabel).text());
    if (found != tags.end()) found->second.namespaces.emplace_back(one->name);
  }
  std::vector<RevisionTag> out;
  for (auto& [name, tag] : tags) {
    std::sort(tag.namespaces.begin(), tag.namespaces.end());
    inspect(model, tag);
    out.push_back(std::move(tag));
  }
  return out;
}

std::string tag_configuration_name(std::string_view tag) {
  return std::string(kTagPrefix).append(tag).append(kSystemSuffix);
}

std::string tag_service_name(std::string_view tag) {
  return std::string(kServicePrefix).append(tag);
}

std::string tag_configuration(const Object& of_revision, std::string_view tag) {
  const std::string revision(of_revision.label(kRevisionLabel).text());
  auto labels = without_keepers(of_revision.metadata()["labels"]);
  labels["app"] = kInjectorApp;
  labels[std::string(kTagLabel)] = tag;
  labels[std::string(kRevisionLabel)] = revision;
  Json out{{"apiVersion", "admissionregistration.k8s.io/v1"},
           {"kind", "MutatingWebhookConfiguration"},
           {"metadata", {{"name", tag_configuration_name(tag)}, {"labels", std::move(labels)}}}};
  auto annotations = without_keepers(of_revision.metadata()["annotations"]);
  if (!annotations.empty()) out["metadata"]["annotations"] = std::move(annotations);
  out["webhooks"] = Json::array();
  for (const auto webhook : of_revision.root["webhooks"].items()) {
    if (!webhook["name"].text().ends_with(kInjectorSuffix)) continue;
    // Those of a default revision answer to no revision, and a tag must not double them.
    if (revisions_in(webhook["namespaceSelector"]).empty() &&
        revisions_in(webhook["objectSelector"]).empty())
      continue;
    auto copy = kube::json_of(webhook);
    rename_in(copy["namespaceSelector"], revision, std::string(tag));
    rename_in(copy["objectSelector"], revision, std::string(tag));
    out["webhooks"].push_back(std::move(copy));
  }
  return out.dump();
}

std::string tag_service(std::string_view revision, std::string_view tag) {
  const Json labels{
      {"app", kIstiod}, {"istio", "pilot"}, {kRevisionLabel, revision}, {kTagLabel, tag}};
  const auto port = [](int number, const char* name, int target) {
    return Json{{"name", name}, {"port", number}, {"protocol", "TCP"}, {"targetPort", target}};
  };
  return Json{
      {"apiVersion", "v1"},
      {"kind", "Service"},
      {"metadata",
       {{"name", tag_service_name(tag)}, {"namespace", kSystemNamespace}, {"labels", labels}}},
      {"spec",
       {{"selector", {{"app", kIstiod}, {kRevisionLabel, revision}}},
        {"ports",
         {port(15010, "grpc-xds", 15010), port(15012, "https-dns", 15012),
          port(443, "https-webhook", 15017), port(15014, "http-monitoring", 15014)}}}}}
      .dump();
}

Status check_tag_name(const std::string& name) {
  const auto refused = [&](std::string why, std::vector<std::string> next = {}) {
    return Error{.kind = ErrorKind::usage,
                 .what = "'" + name + "' cannot be the name of a revision tag",
                 .why = std::move(why),
                 .next = std::move(next)};
  };
  if (name == kDefault)
    return refused(
        "a default revision would take namespaces labelled istio-injection=enabled and validate "
        "every object of Istio, so that changing any of them would depend on that one istiod; the "
        "add-on validates by itself and has no default revision",
        {"choose another name, such as prod-stable"});
  const bool well_formed =
      !name.empty() && name.size() <= kLongestTag && name.front() != '-' && name.back() != '-' &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!well_formed)
    return refused("a tag is made of small letters, digits and dashes within, " +
                   std::to_string(kLongestTag) + " characters at most");
  if (parse_revision(name)) return refused("it is the name of a revision");
  return Done{};
}

}  // namespace aksmesh::mesh
