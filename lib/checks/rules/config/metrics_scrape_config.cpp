// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/regular_expression.hpp"
#include "base/strings.hpp"
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kJobs = "prometheus-config";
constexpr std::string_view kSection = "pod-annotation-based-scraping";
constexpr std::string_view kSectionV2 =
    "cluster-metrics";  // in this schema the section is text inside it

enum class Answer { no, yes, unknown };

bool keeps_annotated_pods(const Node& relabeling) {
  constexpr std::string_view kAnnotation = "__meta_kubernetes_pod_annotation_prometheus_io_scrape";
  if (relabeling["action"].text() != "keep" || relabeling["regex"].text() != "true") return false;
  const auto labels = relabeling["source_labels"].items();
  return std::any_of(labels.begin(), labels.end(),
                     [&](const Node& label) { return label.text() == kAnnotation; });
}

bool has_job(const Facts& facts, const Object* config_map) {
  if (config_map == nullptr) return false;
  const auto text = config_map->root.at("data", kJobs);
  if (!text.is_string()) return false;
  const auto& tree = *facts.embedded(*config_map, text).tree;
  const auto root = tree.document_count() > 0 ? tree.document(0) : Node{};
  for (const auto job : root["scrape_configs"].items())
    for (const auto relabeling : job["relabel_configs"].items())
      if (keeps_annotated_pods(relabeling)) return true;
  return false;
}

/// The value of podannotationnamespaceregex in a text of `key = "value"` lines.
std::string_view namespace_expression(std::string_view text) {
  constexpr std::string_view kKey = "podannotationnamespaceregex";
  for (auto line : split(text, '\n')) {
    line = trim(line);
    if (!line.starts_with(kKey)) continue;
    line = trim(line.substr(kKey.size()));
    if (!line.starts_with('=')) continue;
    line = trim(line.substr(1));
    const auto quote = line.substr(0, 1);
    if (quote != "\"" && quote != "'") continue;
    return line.substr(1, line.find(quote, 1) - 1);
  }
  return {};
}

Answer scrapes_all(const Object* settings, const std::vector<const Object*>& meshed) {
  if (settings == nullptr) return Answer::no;
  auto expression = namespace_expression(settings->root.at("data", kSection).text());
  if (expression.empty())
    expression = namespace_expression(settings->root.at("data", kSectionV2).text());
  if (expression.empty()) return Answer::no;
  auto answer = meshed.empty() ? Answer::unknown : Answer::yes;
  for (const auto* name_space : meshed) {
    const auto matches = matches_whole(expression, name_space->name);
    if (matches == false) return Answer::no;
    if (!matches) answer = Answer::unknown;
  }
  return answer;
}

void add_at_first_key(const Object& config_map, std::initializer_list<std::string_view> keys,
                      Findings& out) {
  Node place = config_map.root["data"];
  for (const auto key : keys) {
    const auto value = config_map.root.at("data", key);
    if (!value) continue;
    place = value;
    break;
  }
  out.add(config_map, place,
          "ConfigMap {name} does not make managed Prometheus scrape the annotated pods of the mesh",
          {{"name", std::string(config_map.name)}});
}

/// Neither ConfigMap is there: that says something only of a cluster with the collector.
void check_collector(const Facts& facts, const std::vector<const Object*>& meshed, Findings& out) {
  const auto& workloads = facts.workloads();
  const auto collector = std::find_if(workloads.begin(), workloads.end(), [](const Workload& one) {
    return one.label("rsName").text() == "ama-metrics";
  });
  if (collector == workloads.end()) return;
  if (!facts.covers(Kind::config_map, kKubeSystemNamespace) || meshed.empty())
    out.unknown(*collector->object,
                facts.of_cluster()
                    ? "what it scrapes for the mesh: no namespace is labelled istio.io/rev, or the "
                      "ConfigMaps of kube-system could not be listed"
                    : "what it scrapes; an export of the ConfigMaps of kube-system and of "
                      "Namespaces tells");
  else
    out.add(*meshed.front(),
            "managed Prometheus scrapes no annotated pods, for kube-system has no ConfigMap that "
            "says so");
}

void run(const Facts& facts, Findings& out) {
  std::vector<const Object*> meshed;
  for (const auto* name_space : facts.all(Kind::name_space))
    if (facts.meshed(name_space->name) == Meshed::yes) meshed.push_back(name_space);
  if (meshed.empty() && !facts.revisions().known) return;
  const auto* jobs = facts.find(Kind::config_map, kKubeSystemNamespace, kScrapeConfigMap);
  const auto* settings =
      facts.find(Kind::config_map, kKubeSystemNamespace, kScrapeSettingsConfigMap);
  if (has_job(facts, jobs)) return;
  const auto by_settings = scrapes_all(settings, meshed);
  if (by_settings == Answer::unknown)
    out.unknown(*settings,
                "whether podannotationnamespaceregex matches the meshed namespaces; Namespaces in "
                "the input tell");
  if (by_settings != Answer::no) return;
  if (jobs != nullptr)
    add_at_first_key(*jobs, {kJobs}, out);
  else if (settings != nullptr)
    add_at_first_key(*settings, {kSection, kSectionV2}, out);
  else
    check_collector(facts, meshed, out);
}

}  // namespace

extern const Check metrics_scrape_config;
constinit const Check metrics_scrape_config{
    .slug = "metrics-scrape-config",
    .reads = kPodKinds | kRevisionKinds | KindSet{Kind::name_space, Kind::config_map},
    .run = run};

}  // namespace aksmesh::checks
