// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "istio/validation/cel_syntax.hpp"
#include "istio/validation/common.hpp"
#include "istio/validation/kinds.hpp"

namespace aksmesh::istio::validation {
namespace {

void check_providers(const Node& part, Problems& out) {
  for (const auto provider : part["providers"].items())
    if (!has(provider, "name"))
      out.error("TE-02", {provider, "name"}, "the provider's name is required");
}

/// A way to fill a tag, and what it takes the value from.
struct TagSource {
  std::string_view field;
  std::string_view member;
};
constexpr std::array<TagSource, 3> kTagSources{
    {{"literal", "value"}, {"header", "name"}, {"environment", "name"}}};

void check_custom_tag(const Node& name, const Node& tag, Problems& out) {
  constexpr std::string_view kRule = "TE-05";
  if (name.text().empty()) out.error(kRule, tag, "the tag's name is empty");
  if (tag.is_null()) return out.error(kRule, tag, "the tag is null");
  for (const auto& [kind, member] : kTagSources)
    if (const auto source = field(tag, kind); source && !has(source, member))
      out.error(kRule, {source, member},
                "the " + std::string(member) + " of the " + std::string(kind) + " is required");
}

void check_tracing(const Node& spec, Problems& out) {
  const auto list = spec["tracing"];
  if (list.is_sequence() && list.size() > 1)
    out.warning("TE-03", list, "Istio does not support more than one entry");
  for (const auto tracing : list.items()) {
    const auto providers = tracing["providers"];
    if (providers.is_sequence() && providers.size() > 1)
      out.warning("TE-03", providers, "Istio does not support more than one provider of traces");
    check_providers(tracing, out);
    const auto share = tracing["randomSamplingPercentage"];
    const auto percent = share.as_double().value_or(0.0);
    if (percent < 0.0 || percent > 100.0)
      out.error("TE-04", share, shown(share.text()) + " is no percentage; allowed are 0 to 100");
    for (const auto& [name, tag] : tracing["customTags"].entries())
      check_custom_tag(name, tag, out);
  }
}

void check_tag_override(const Node& name, const Node& tag, Problems& out) {
  constexpr std::string_view kRule = "TE-06";
  if (name.text().empty()) out.warning(kRule, tag, "the tag's name is empty");
  if (tag.is_null()) return out.error(kRule, tag, "the tag is null");
  const auto operation = field(tag, "operation").text();
  const bool has_value = has(tag, "value");
  if ((operation.empty() || operation == "UPSERT") && !has_value)
    out.error(kRule, {tag, "value"}, "a value is required to set the tag (UPSERT)");
  if (operation == "REMOVE" && has_value)
    out.error(kRule, {tag, "value"}, "a tag that is removed (REMOVE) takes no value");
}

void check_metrics(const Node& metrics, Problems& out) {
  constexpr std::string_view kRule = "TE-06";
  check_providers(metrics, out);
  for (const auto override_ : metrics["overrides"].items()) {
    if (override_.is_null()) {
      out.error(kRule, override_, "the entry is null");
      continue;
    }
    for (const auto& [name, tag] : override_["tagOverrides"].entries())
      check_tag_override(name, tag, out);
    const auto metric = field(field(override_, "match"), "customMetric");
    if (metric.is_string() && metric.text().empty())
      out.error(kRule, metric, "the metric's name is required");
  }
}

void check_access_logging(const Node& logging, Problems& out) {
  check_providers(logging, out);
  const auto filter = field(logging, "filter");
  if (!filter) return;
  const Place expression{filter, "expression"};
  const auto fault = cel_fault(expression.text());
  if (expression.text().empty())
    out.error("TE-07", expression, "the expression of the filter is required");
  else if (!fault.empty())
    out.error("TE-07", expression, shown(expression.text()) + " is no CEL expression: " + fault);
}

}  // namespace

void validate_telemetry(const kube::Object& object, Problems& out) {
  const auto spec = object.spec();
  check_selector(spec, "selector", out);
  check_targets(spec, out);
  for (const auto metrics : spec["metrics"].items()) check_metrics(metrics, out);
  check_tracing(spec, out);
  for (const auto logging : spec["accessLogging"].items()) check_access_logging(logging, out);
}

}  // namespace aksmesh::istio::validation
