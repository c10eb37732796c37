// SPDX-License-Identifier: Apache-2.0
#include "kube/pod_lookup.hpp"

#include <algorithm>
#include <tuple>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "data/reader.hpp"

namespace aksmesh::kube {
namespace {

using data::Node;

/// One requirement of a label selector, as the API server takes it in a query.
std::string requirement_text(const Node& one) {
  const std::string key(one["key"].text());
  const auto operation = one["operator"].text();
  if (operation == "Exists") return key;
  if (operation == "DoesNotExist") return '!' + key;
  std::vector<std::string> values;
  for (const auto value : one["values"].items()) values.emplace_back(value.text());
  return key + (operation == "In" ? " in (" : " notin (") + join(values, ",") + ')';
}

std::string labels_text(const Node& labels) {
  std::vector<std::string> out;
  for (const auto& [key, value] : labels.entries())
    out.push_back(std::string(key.text()) + '=' + std::string(value.text()));
  return join(out, ",");
}

/// What selects the pods of an object; empty where nothing does.
std::string selector_of(const WorkloadType& type, const Node& object) {
  const auto selector = object["spec"]["selector"];
  if (type.kind == Kind::service) return labels_text(selector);
  // https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/ tells the label.
  if (type.kind == Kind::kube_gateway)
    return "gateway.networking.k8s.io/gateway-name=" +
           std::string(object["metadata"]["name"].text());
  std::vector<std::string> out;
  if (auto text = labels_text(selector["matchLabels"]); !text.empty())
    out.push_back(std::move(text));
  for (const auto one : selector["matchExpressions"].items()) out.push_back(requirement_text(one));
  return join(out, ",");
}

FoundPod found_pod(const Node& pod) {
  FoundPod out{.name_space = std::string(pod["metadata"]["namespace"].text()),
               .name = std::string(pod["metadata"]["name"].text()),
               .phase = std::string(pod["status"]["phase"].text()),
               .created = std::string(pod["metadata"]["creationTimestamp"].text())};
  for (const auto condition : pod["status"]["conditions"].items()) {
    if (condition["type"].text() != "Ready") continue;
    out.is_ready = condition["status"].text() == "True";
    out.ready_since = condition["lastTransitionTime"].text();
  }
  for (const auto container : pod["status"]["containerStatuses"].items())
    out.restarts += container["restartCount"].as_int().value_or(0);
  return out;
}

/// As kubectl chooses the pod whose log it shows.
bool is_better(const FoundPod& a, const FoundPod& b) {
  const auto rank = [](const FoundPod& pod) {
    return pod.phase == "Running" ? 0 : pod.phase == "Pending" ? 2 : 1;
  };
  const auto key = [&](const FoundPod& pod) {
    return std::tuple(rank(pod), !pod.is_ready, pod.is_ready ? pod.ready_since : std::string(),
                      pod.restarts, pod.created, pod.name);
  };
  return key(a) < key(b);
}

/// The names of all objects of a resource in a namespace.
Result<std::vector<std::string>> names_of(Client& client, ApiResource resource,
                                          const std::string& name_space) {
  const ListWish wish{.resource = std::move(resource),
                      .name_space = name_space,
                      .depth = ListWish::Depth::metadata};
  auto answers = client.list({wish});
  if (!answers.front()) return std::move(answers.front()).error();
  std::vector<std::string> out;
  for (const auto& page : *answers.front())
    for (const auto one : page->document(0)["items"].items())
      out.emplace_back(one["metadata"]["name"].text());
  return out;
}

ApiResource resource_of(const WorkloadType& type) {
  const auto parts = split(type.root, '/');  // an empty one, api or apis, the group if any, version
  return {.group = parts.size() > 3 ? std::string(parts[2]) : std::string(),
          .version = std::string(parts.back()),
          .plural = std::string(type.plural),
          .kind = std::string(type.name),
          .namespaced = true};
}

std::string near_text(const std::string& name, const std::vector<std::string>& names) {
  const auto near = suggestions(name, names);
  return near.empty() ? "" : "did you mean " + join(near, " or ") + '?';
}

}  // namespace

std::optional<Error> missing_namespace(Client& client, const std::string& name) {
  const auto names = names_of(client, {.version = "v1", .plural = "namespaces"}, {});
  if (!names || std::find(names->begin(), names->end(), name) != names->end()) return std::nullopt;
  return Error{.kind = ErrorKind::not_found,
               .what = "there is no namespace '" + name + '\'',
               .why = near_text(name, *names),
               .next = {"kubectl get namespaces"}};
}

Error with_near_names(Client& client, Error error, const PodWord& word) {
  if (error.kind != ErrorKind::not_found) return error;
  const auto* type = word.type == nullptr ? find_workload_type("pod") : word.type;
  const auto names = names_of(client, resource_of(*type), word.name_space);
  if (!names || std::find(names->begin(), names->end(), word.name) != names->end()) return error;
  if (names->empty())
    if (auto missing = missing_namespace(client, word.name_space)) return std::move(*missing);
  error.what = "there is no " + std::string(type->name) + " '" + word.name + "' in namespace " +
               word.name_space;
  error.why = near_text(word.name, *names);
  error.next = {"kubectl get " + std::string(type->plural) + " -n " + word.name_space};
  if (type->kind != Kind::pod) return error;
  const auto* deployment = find_workload_type("deployment");
  const auto workloads = names_of(client, resource_of(*deployment), word.name_space);
  if (workloads && std::find(workloads->begin(), workloads->end(), word.name) != workloads->end())
    error.next.insert(error.next.begin(), "deployment/" + word.name + '.' + word.name_space);
  return error;
}

std::string_view without_domain(std::string_view host) {
  // Behind the name and the namespace, either of which may be `svc`.
  const auto first = host.find('.');
  if (first == std::string_view::npos) return host;
  const auto second = host.find('.', first + 1);
  if (second == std::string_view::npos) return host;
  const auto domain = host.substr(second);
  return domain == ".svc" || domain.starts_with(".svc.") ? host.substr(0, second) : host;
}

Result<PodWord> parse_pod_word(std::string_view typed) {
  PodWord out;
  auto rest = typed;
  if (const auto slash = typed.find('/'); slash != std::string_view::npos) {
    const auto word = typed.substr(0, slash);
    out.type = find_workload_type(word);
    rest.remove_prefix(slash + 1);
    if (out.type == nullptr || out.type->kind == Kind::cron_job) {
      std::vector<std::string> known;
      for (const auto& type : workload_types())
        if (type.kind != Kind::cron_job) known.emplace_back(type.name);
      const auto near = suggestions(std::string(word), known);
      Error error{.kind = ErrorKind::usage,
                  .what = '\'' + std::string(word) + "' is no type of object that has pods",
                  .why = near.empty() ? "" : "did you mean " + join(near, " or ") + '?'};
      // As our own output names pods.
      if (near.empty())
        error.next.push_back(std::string(rest) + '.' + std::string(word) +
                             "   (when that is a pod and its namespace)");
      error.next.push_back("one of " + join(known, ", "));
      return error;
    }
    if (out.type->kind == Kind::pod) out.type = nullptr;
  }
  // A Service may be told as clients do, with the domain of the cluster.
  if (out.type != nullptr && out.type->kind == Kind::service) rest = without_domain(rest);
  if (const auto dot = rest.rfind('.'); dot != std::string_view::npos) {
    out.name_space = rest.substr(dot + 1);
    rest = rest.substr(0, dot);
  }
  out.name = rest;
  if (out.name.empty() || rest.find('/') != std::string_view::npos)
    return Error{.kind = ErrorKind::usage,
                 .what = '\'' + std::string(typed) + "' names no pod",
                 .next = {"POD", "POD.NAMESPACE", "deployment/NAME"}};
  return out;
}

Result<std::vector<FoundPod>> pods_of(Client& client, const PodWord& word) {
  const auto& type = *word.type;
  const auto what = std::string(type.name) + ' ' + word.name_space + '/' + word.name;
  auto body = client.get(std::string(type.root) + "/namespaces/" + url_escaped(word.name_space) +
                             '/' + std::string(type.plural) + '/' + url_escaped(word.name),
                         "look at " + what);
  if (!body) return with_near_names(client, std::move(body).error(), word);
  const auto answer = data::read_answer(std::move(*body));
  const auto selector = selector_of(type, answer.only_document());
  if (selector.empty())
    return Error{.kind = ErrorKind::not_found, .what = what + " selects no pods"};
  AK_TRY(auto pods, pods_with(client, selector, word.name_space));
  if (pods.empty())
    return Error{.kind = ErrorKind::not_found,
                 .what = what + " has no pods",
                 .why = "nothing in namespace " + word.name_space + " has the labels " + selector};
  return pods;
}

std::vector<FoundPod> ranked_pods(const std::vector<Node>& pods) {
  std::vector<FoundPod> out;
  for (const auto& pod : pods) out.push_back(found_pod(pod));
  std::sort(out.begin(), out.end(), is_better);
  return out;
}

Result<std::vector<FoundPod>> pods_with(Client& client, const std::string& selector,
                                        const std::string& name_space) {
  const ListWish wish{
      .resource = {.version = "v1", .plural = "pods", .kind = "Pod", .namespaced = true},
      .name_space = name_space,
      .label_selector = selector,
      .depth = ListWish::Depth::lean};
  auto answers = client.list({wish});
  if (!answers.front()) return std::move(answers.front()).error();
  std::vector<Node> pods;
  for (const auto& page : *answers.front())
    for (const auto pod : page->document(0)["items"].items()) pods.push_back(pod);
  return ranked_pods(pods);
}

}  // namespace aksmesh::kube
