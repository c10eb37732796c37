// SPDX-License-Identifier: Apache-2.0
#include "mesh/telemetry.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/strings.hpp"
#include "mesh/istio_view.hpp"
#include "mesh/mesh_settings.hpp"
#include "mesh/names.hpp"
#include "mesh/telemetry_metrics.hpp"

namespace aksmesh::mesh {
namespace {

using data::Node;

struct ProviderType {
  std::string_view word;
  bool logs;
  bool traces;
  bool measures;
};
// istio.io, "Global Mesh Options", MeshConfig.ExtensionProvider; 1.28.
constexpr std::array kProviderTypes{ProviderType{"envoyFileAccessLog", true, false, false},
                                    ProviderType{"envoyHttpAls", true, false, false},
                                    ProviderType{"envoyTcpAls", true, false, false},
                                    ProviderType{"envoyOtelAls", true, false, false},
                                    ProviderType{"stackdriver", true, true, true},
                                    ProviderType{"prometheus", false, false, true},
                                    ProviderType{"zipkin", false, true, false},
                                    ProviderType{"lightstep", false, true, false},
                                    ProviderType{"datadog", false, true, false},
                                    ProviderType{"skywalking", false, true, false},
                                    ProviderType{"opencensus", false, true, false},
                                    ProviderType{"opentelemetry", false, true, false},
                                    ProviderType{"envoyExtAuthzHttp", false, false, false},
                                    ProviderType{"envoyExtAuthzGrpc", false, false, false},
                                    ProviderType{"sds", false, false, false}};

bool takes(std::string_view type, Signal signal) {
  for (const auto& one : kProviderTypes)
    if (one.word == type)
      return signal == Signal::access_logging ? one.logs
             : signal == Signal::tracing      ? one.traces
                                              : one.measures;
  return true;  // a type that came later is not judged
}

std::string_view side_word(TrafficSide side) {
  return side == TrafficSide::client ? "CLIENT" : "SERVER";
}

/// Whether an entry with a `match` is for a side.
bool is_for(const Node& entry, TrafficSide side) {
  const auto mode = entry.at("match", "mode").text();
  return mode.empty() || mode == "CLIENT_AND_SERVER" || mode == side_word(side);
}

std::vector<std::string> names_of(const Node& providers) {
  std::vector<std::string> out;
  for (const auto one : providers.items()) out.emplace_back(one["name"].text());
  return out;
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// `targetRef` and `targetRefs` as one list.
std::vector<Node> target_refs(const Object& telemetry) {
  std::vector<Node> out;
  if (const auto one = telemetry.spec()["targetRef"]; one.is_mapping()) out.push_back(one);
  for (const auto one : telemetry.spec()["targetRefs"].items()) out.push_back(one);
  return out;
}

bool is_general(const Object& telemetry) {
  return telemetry.spec().at("selector", "matchLabels").size() == 0 &&
         target_refs(telemetry).empty();
}

bool selects(const Object& telemetry, const Labels& labels) {
  const auto refs = target_refs(telemetry);
  if (refs.empty())
    return carries(labels, labels_of(telemetry.spec().at("selector", "matchLabels")));
  return std::any_of(refs.begin(), refs.end(), [&](const Node& ref) {
    const Labels wanted{{names::kGatewayNameLabel, ref["name"].text()}};
    return ref["kind"].text() == "Gateway" && carries(labels, wanted);
  });
}

void add_source(SignalPlan& plan, TelemetrySource source) {
  if (source.object != nullptr &&
      std::find(plan.sources.begin(), plan.sources.end(), source) == plan.sources.end())
    plan.sources.push_back(std::move(source));
}

/// The parts of a custom tag, whichever way it gets its value.
std::string tag_text(const Node& tag) {
  for (const auto [kind, value] : tag.entries()) {
    for (const std::string_view member : {"value", "name", "expression"})
      if (const auto text = value[member]; text)
        return std::string(kind.text()) + ' ' + std::string(text.text());
    return std::string(kind.text());
  }
  return {};
}

/// The first word of a mapping of which one member is set, such as a tracer or a provider.
std::string first_key(const Node& mapping, const std::vector<std::string_view>& but) {
  for (const auto [key, value] : mapping.entries())
    if (std::find(but.begin(), but.end(), key.text()) == but.end()) return std::string(key.text());
  return {};
}

}  // namespace

std::string_view signal_name(Signal signal) {
  switch (signal) {
    case Signal::access_logging: return "accessLogging";
    case Signal::tracing: return "tracing";
    case Signal::metrics: break;
  }
  return "metrics";
}

std::string_view word_of(TelemetryScope scope) {
  switch (scope) {
    case TelemetryScope::mesh_config: return "mesh-config";
    case TelemetryScope::mesh: return "mesh";
    case TelemetryScope::name_space: return "namespace";
    case TelemetryScope::workload: break;
  }
  return "workload";
}

bool SignalPlan::operator==(const SignalPlan& other) const {
  const auto same = [](const TelemetryProvider& a, const TelemetryProvider& b) {
    return a.name == b.name;
  };
  return is_on == other.is_on && details == other.details && sources == other.sources &&
         std::equal(providers.begin(), providers.end(), other.providers.begin(),
                    other.providers.end(), same);
}

Telemetries::Telemetries(const Model& model, std::string_view revision)
    : root_namespace_(model.istio().root_namespace()),
      configs_(counting_mesh_configs(model, revision)) {
  for (const auto* object : model.all(Kind::telemetry))
    by_namespace_[object->name_space].push_back(object);
  for (auto& [name_space, objects] : by_namespace_)
    std::stable_sort(objects.begin(), objects.end(), [](const Object* a, const Object* b) {
      return a->metadata()["creationTimestamp"].text() < b->metadata()["creationTimestamp"].text();
    });
  // Istio has these without being told.
  providers_ = {{"prometheus", "prometheus"},
                {"stackdriver", "stackdriver"},
                {"envoy", "envoyFileAccessLog"}};
  for (const auto* config : configs_)
    for (const auto one :
         mesh_config_field(config->root, "extensionProviders", "extension_providers").items())
      if (const auto name = one["name"].text(); !name.empty())
        providers_[to_lower(name)] = first_key(one, {"name"});
}

std::vector<Telemetries::Level> Telemetries::levels(const TelemetrySubject& subject) const {
  std::vector<Level> out;
  const auto of = [&](std::string_view name_space) -> const std::vector<const Object*>& {
    static const std::vector<const Object*> none;
    const auto found = by_namespace_.find(name_space);
    return found == by_namespace_.end() ? none : found->second;
  };
  const auto add = [&](std::string_view name_space, TelemetryScope scope, auto is_meant) {
    for (const auto* object : of(name_space))
      if (is_meant(*object)) return out.push_back({scope, object});
  };
  add(root_namespace_, TelemetryScope::mesh, is_general);
  if (subject.name_space != root_namespace_)
    add(subject.name_space, TelemetryScope::name_space, is_general);
  // Of those that select the workload every one counts, the oldest first.
  for (const auto* object : of(subject.name_space))
    if (!is_general(*object) && selects(*object, subject.labels))
      out.push_back({TelemetryScope::workload, object});
  return out;
}

std::vector<const Object*> Telemetries::overshadowed(const TelemetrySubject& subject) const {
  const auto used = levels(subject);
  std::vector<const Object*> out;
  for (const auto place : std::set<std::string_view>{root_namespace_, subject.name_space}) {
    const auto found = by_namespace_.find(place);
    if (found == by_namespace_.end()) continue;
    for (const auto* object : found->second) {
      const bool counts = std::any_of(used.begin(), used.end(),
                                      [&](const Level& level) { return level.object == object; });
      if (is_general(*object) && !counts) out.push_back(object);
    }
  }
  return out;
}

Telemetries::Setting Telemetries::setting(std::string_view name,
                                          std::string_view proto_name) const {
  Setting out;
  for (const auto* config : configs_)
    if (const auto value = mesh_config_field(config->root, name, proto_name); value)
      out = {.value = value, .object = config->object, .field = std::string(name)};
  return out;
}

Telemetries::Defaults Telemetries::defaults(std::string_view signal,
                                            std::string_view proto_name) const {
  Defaults out;
  for (const auto* config : configs_) {
    const auto all = mesh_config_field(config->root, "defaultProviders", "default_providers");
    const auto names = mesh_config_field(all, signal, proto_name);
    if (!names) continue;
    out = {.from = {.value = names,
                    .object = config->object,
                    .field = "defaultProviders." + std::string(signal)}};
    for (const auto name : names.items()) out.names.emplace_back(name.text());
  }
  return out;
}

TelemetryProvider Telemetries::provider(const std::string& name, Signal signal) const {
  const auto found = providers_.find(to_lower(name));
  TelemetryProvider out{.name = name};
  if (found != providers_.end()) out.type = found->second;
  out.fits = !out.type.empty() && takes(out.type, signal);
  return out;
}

SignalPlan Telemetries::plan(const TelemetrySubject& subject, Signal signal,
                             TrafficSide side) const {
  const auto all = levels(subject);
  switch (signal) {
    case Signal::access_logging: return access_logging(all, side);
    case Signal::tracing: return tracing(all, side);
    case Signal::metrics: break;
  }
  return metrics(all, side);
}

SignalPlan Telemetries::legacy_access_logging() const {
  SignalPlan out;
  if (const auto file = setting("accessLogFile", "access_log_file"); !file.value.text().empty()) {
    out.is_on = true;
    out.details.emplace_back("file", file.value.text());
    for (const auto& more : {setting("accessLogEncoding", "access_log_encoding"),
                             setting("accessLogFormat", "access_log_format")})
      if (!more.value.text().empty())
        out.details.emplace_back(more.field == "accessLogEncoding" ? "encoding" : "format",
                                 more.value.text());
    add_source(out, {TelemetryScope::mesh_config, file.object, file.field});
  } else {
    add_source(out, {TelemetryScope::mesh_config, file.object, file.field});
  }
  if (const auto service =
          setting("enableEnvoyAccessLogService", "enable_envoy_access_log_service");
      service.value.as_bool().value_or(false)) {
    out.is_on = true;
    out.details.emplace_back("service", "envoyAccessLogService");
    add_source(out, {TelemetryScope::mesh_config, service.object, service.field});
  }
  return out;
}

/// An entry without providers is about those of the entry before; in the end the providers of the
/// narrowest object that names any are used.
SignalPlan Telemetries::access_logging(const std::vector<Level>& levels, TrafficSide side) const {
  const auto base = defaults("accessLogging", "access_logging");
  SignalPlan out;
  std::vector<std::string> in_use = base.names;
  std::map<std::string, std::string> filters;
  std::map<std::string, bool> disabled;  // of each provider that is told of
  bool is_told = false;
  for (const auto& level : levels) {
    std::vector<std::string> named;
    for (const auto entry : level.object->spec()["accessLogging"].items()) {
      is_told = true;
      if (!is_for(entry, side)) continue;
      for (auto& name : names_of(entry["providers"])) {
        filters[name] = entry.at("filter", "expression").text();
        named.push_back(std::move(name));
      }
    }
    if (!named.empty()) in_use = std::move(named);
  }
  if (!is_told)
    for (const auto& name : base.names) disabled[name] = false;
  if (base.from.object != nullptr)
    add_source(out, {TelemetryScope::mesh_config, base.from.object, base.from.field});
  auto parent = base.names;
  for (const auto& level : levels)
    for (const auto entry : level.object->spec()["accessLogging"].items()) {
      if (auto named = names_of(entry["providers"]); !named.empty()) parent = std::move(named);
      if (!is_for(entry, side)) continue;
      add_source(out, {level.scope, level.object, "accessLogging"});
      for (const auto& name : parent)
        if (holds(in_use, name)) disabled[name] = entry["disabled"].as_bool().value_or(false);
    }
  bool counts = false;
  for (const auto& [name, is_off] : disabled) {
    auto one = provider(name, Signal::access_logging);
    counts = counts || one.fits;
    if (is_off) continue;
    out.is_on = out.is_on || one.fits;
    if (!filters[name].empty()) out.details.emplace_back("filter", filters[name]);
    out.providers.push_back(std::move(one));
  }
  return counts ? out : with_legacy_access_logging(std::move(out));
}

/// Where no provider is left that takes access logs, not even a disabled one, the older fields of
/// the mesh configuration count.
SignalPlan Telemetries::with_legacy_access_logging(SignalPlan plan) const {
  auto out = legacy_access_logging();
  out.providers = std::move(plan.providers);
  for (auto& source : plan.sources) add_source(out, std::move(source));
  return out;
}

SignalPlan Telemetries::legacy_tracing() const {
  SignalPlan out;
  const auto enabled = setting("enableTracing", "enable_tracing");
  for (const auto* config : configs_) {
    const auto proxy = mesh_config_field(config->root, "defaultConfig", "default_config");
    const auto tracing = proxy["tracing"];
    const auto tracer =
        first_key(tracing, {"sampling", "customTags", "custom_tags", "maxPathTagLength",
                            "max_path_tag_length", "tlsSettings", "tls_settings"});
    if (!tracing.is_mapping()) continue;
    out.details.clear();
    out.sources.clear();
    if (!tracer.empty()) out.details.emplace_back("tracer", tracer);
    if (const auto address = tracing.at(tracer, "address"); address)
      out.details.emplace_back("address", address.text());
    if (const auto sampling = tracing["sampling"]; sampling)
      out.details.emplace_back("sampling", sampling.text());
    out.is_on = !tracer.empty();
    add_source(out, {TelemetryScope::mesh_config, config->object, "defaultConfig.tracing"});
  }
  if (enabled.value.as_bool() == false) out.is_on = false;
  if (enabled.value) add_source(out, {TelemetryScope::mesh_config, enabled.object, enabled.field});
  return out;
}

/// Each part is that of the last entry that tells it; only the first provider counts.
SignalPlan Telemetries::tracing(const std::vector<Level>& levels, TrafficSide side) const {
  const auto base = defaults("tracing", "tracing");
  const bool is_told = std::any_of(levels.begin(), levels.end(), [](const Level& level) {
    return level.object->spec()["tracing"].size() > 0;
  });
  if (!is_told && base.names.empty()) return legacy_tracing();
  SignalPlan out;
  std::string name = base.names.empty() ? std::string() : base.names.front();
  if (base.from.object != nullptr)
    add_source(out, {TelemetryScope::mesh_config, base.from.object, base.from.field});
  bool disabled = false;
  std::string sampling;
  Node tags;
  for (const auto& level : levels)
    for (const auto entry : level.object->spec()["tracing"].items()) {
      if (!is_for(entry, side)) continue;
      add_source(out, {level.scope, level.object, "tracing"});
      if (const auto named = names_of(entry["providers"]); !named.empty()) name = named.front();
      if (const auto off = entry["disableSpanReporting"]; off)
        disabled = off.as_bool().value_or(false);
      if (const auto share = entry["randomSamplingPercentage"]; share) sampling = share.text();
      if (const auto own = entry["customTags"]; own) tags = own;
    }
  if (!name.empty()) out.providers.push_back(provider(name, Signal::tracing));
  out.is_on = !disabled && !name.empty() && out.providers.back().fits;
  if (disabled) out.details.emplace_back("spans", "not reported");
  if (!sampling.empty()) out.details.emplace_back("sampling", sampling);
  for (const auto [key, value] : tags.entries())
    out.details.emplace_back("tag " + std::string(key.text()), tag_text(value));
  return out;
}

SignalPlan Telemetries::metrics(const std::vector<Level>& levels, TrafficSide side) const {
  const auto base = defaults("metrics", "metrics");
  SignalPlan out;
  if (base.from.object != nullptr)
    add_source(out, {TelemetryScope::mesh_config, base.from.object, base.from.field});
  std::vector<Node> entries;
  for (const auto& level : levels)
    for (const auto entry : level.object->spec()["metrics"].items()) {
      entries.push_back(entry);
      add_source(out, {level.scope, level.object, "metrics"});
    }
  const auto merged = merge_metrics(entries, base.names, side_word(side));
  for (const auto& [name, overrides] : merged) {
    auto one = provider(name, Signal::metrics);
    if (!overrides.none_left && one.fits) out.is_on = true;
    for (const auto& detail : overrides.details()) out.details.push_back(detail);
    out.providers.push_back(std::move(one));
  }
  return out;
}

}  // namespace aksmesh::mesh
