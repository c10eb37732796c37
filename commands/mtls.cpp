// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "checks/mtls_view.hpp"
#include "command.hpp"
#include "istio/host.hpp"
#include "report/table.hpp"
#include "workload_choice.hpp"

namespace aksmesh::commands {
namespace {

using checks::CallerTls;
using checks::PortTls;
using checks::TlsFit;
using checks::WorkloadTls;
using kube::Kind;
using kube::Object;
using mesh::Meshed;
using Json = nlohmann::ordered_json;

/// `DestinationRule shop/web`.
std::string object_text(const Object& object) {
  return std::string(object.kind_name) + ' ' + checks::full_name(object);
}

Json reference(const Object& object) {
  return {{"kind", object.kind_name}, {"namespace", object.name_space}, {"name", object.name}};
}

/// `pay`, or `pay with app=x`.
std::string callers_text(const CallerTls& one) {
  return printable(one.callers_in) +
         (one.callers_with.empty() ? "" : " with " + printable(one.callers_with));
}

std::string caller_text(const CallerTls& one) {
  auto out = one.rule == nullptr ? std::string("auto")
                                 : printable(one.mode) + " by " + object_text(*one.rule);
  if (!one.subset.empty()) out += ", subset " + printable(one.subset);
  if (!one.callers_in.empty()) out += ", from " + callers_text(one);
  return out + ": " + std::string(checks::word_of(one.fit));
}

/// One line of the table: the workload as a whole, or a port.
struct Row {
  const WorkloadTls* workload = nullptr;
  const PortTls* port = nullptr;
  const mesh::MutualTlsSetting* accepts = nullptr;
};

class MtlsOutcome final : public Outcome {
 public:
  MtlsOutcome(WorkloadInput input, const Context& context)
      : input_(std::move(input)),
        headers_(!context.global.no_headers),
        wide_(context.global.output == "wide") {
    const checks::Facts facts(*input_.model, nullptr, checks::kMutualTlsKinds);
    root_ = facts.root_namespace();
    auto_mutual_tls_ = facts.settings().auto_mutual_tls;
    const checks::MtlsView view(facts, *input_.model);
    for (const auto* object : input_.objects) items_.push_back(view.of(*object));
    const bool unknown = std::any_of(items_.begin(), items_.end(), [](const WorkloadTls& one) {
      return one.sidecar == Meshed::unknown || one.accepts.contested ||
             std::any_of(one.ports.begin(), one.ports.end(), has_unknown_callers);
    });
    if (unknown || !input_.model->manifests().complete) verdict = Verdict::could_not_look;
    if (items_.empty()) notes.emplace_back("no workloads to look at");
  }

  [[nodiscard]] std::string text(const report::Style& style) const override {
    report::Table table{.columns = {{"NAMESPACE"},
                                    {"WORKLOAD"},
                                    {"SIDECAR"},
                                    {"PORT"},
                                    {"MODE"},
                                    {"FROM", 1},
                                    {"CALLERS", 2}},
                        .rows = {}};
    for (const auto& one : items_)
      for (const auto& row : rows_of(one)) table.rows.push_back(cells(row));
    auto out = listing_text(table, *input_.model, style,
                            headers_ ? report::Headers::shown : report::Headers::hidden);
    return out + conflicts_text(style);
  }

  [[nodiscard]] Json document() const override {
    auto items = Json::array();
    for (const auto& one : items_) items.push_back(json_of(one));
    Json out{{"schema", "aksmesh/mtls/v1"}};
    if (!input_.place.empty()) out["place"] = input_.place;
    out["autoMutualTls"] = auto_mutual_tls_;
    out["rootNamespace"] = root_;
    out["items"] = std::move(items);
    out["complete"] = input_.model->manifests().complete;
    out["unavailable"] = unavailable_document(*input_.model);
    return out;
  }

 private:
  static bool has_unknown_callers(const PortTls& port) {
    return std::any_of(port.callers.begin(), port.callers.end(),
                       [](const CallerTls& one) { return one.fit == TlsFit::unknown; });
  }

  [[nodiscard]] static bool stands_out(const PortTls& port) {
    return port.is_own || port.bypasses || has_unknown_callers(port) ||
           std::any_of(port.callers.begin(), port.callers.end(), [](const CallerTls& one) {
             return one.rule != nullptr || checks::is_conflict(one.fit);
           });
  }

  [[nodiscard]] std::vector<Row> rows_of(const WorkloadTls& one) const {
    std::vector<Row> out{{.workload = &one, .accepts = &one.accepts}};
    for (const auto& port : one.ports)
      if (wide_ || stands_out(port))
        out.push_back({.workload = &one, .port = &port, .accepts = &port.accepts});
    return out;
  }

  static std::string sidecar_text(const WorkloadTls& one) {
    if (one.is_gateway) return "gateway";
    if (one.sidecar == Meshed::unknown) return "?";
    if (one.sidecar == Meshed::no) return "no";
    if (one.without == 0) return "yes";
    return std::to_string(one.pods - one.without) + " of " + std::to_string(one.pods) + " pods";
  }

  [[nodiscard]] std::string from_text(const mesh::MutualTlsSetting& setting) const {
    if (setting.source == nullptr) return "default";
    return std::string(checks::scope_of(setting, root_)) + ' ' +
           printable(checks::full_name(*setting.source)) +
           (setting.contested ? " (or another of its scope: the oldest counts)" : "");
  }

  static std::string mode_text(const Row& row) {
    if (row.workload->is_gateway) return "-";
    return row.workload->is_known ? std::string(mesh::mutual_tls_name(row.accepts->mode)) : "?";
  }

  [[nodiscard]] std::string from_text(const Row& row) const {
    if (row.workload->is_gateway) return "its Gateways decide";
    return row.workload->is_known ? from_text(*row.accepts)
                                  : "PeerAuthentications could not be read";
  }

  [[nodiscard]] std::vector<std::string> cells(const Row& row) const {
    const auto& one = *row.workload;
    const bool past = one.sidecar == Meshed::no || (row.port != nullptr && row.port->bypasses);
    std::string callers;
    if (row.port != nullptr) {
      std::vector<std::string> texts;
      for (const auto& caller : row.port->callers)
        if (const auto text = caller_text(caller);
            std::find(texts.begin(), texts.end(), text) == texts.end())
          texts.push_back(text);
      callers = join(texts, "; ");
    }
    return {printable(one.object->name_space),
            printable(std::string(one.object->kind_name) + '/' + std::string(one.object->name)),
            sidecar_text(one),
            row.port == nullptr ? "*" : std::to_string(row.port->port),
            past ? "none" : mode_text(row),
            past ? (one.sidecar == Meshed::no ? "no sidecar" : "goes past the sidecar")
                 : from_text(row),
            callers.empty() ? "-" : callers};
  }

  [[nodiscard]] std::string conflicts_text(const report::Style& style) const {
    std::string out;
    for (const auto& one : items_)
      for (const auto& port : one.ports)
        for (const auto& caller : port.callers)
          if (checks::is_conflict(caller.fit))
            out += std::string(style.mark(report::Severity::error)) + ' ' +
                   conflict(one, port, caller) + '\n';
    return out.empty() ? out : '\n' + out;
  }

  [[nodiscard]] std::string conflict(const WorkloadTls& one, const PortTls& port,
                                     const CallerTls& caller) const {
    const auto who = caller.callers_in.empty() ? std::string("calls")
                                               : "calls from namespace " + callers_text(caller);
    const auto host = printable(istio::fqdn(caller.service->name, caller.service->name_space)) +
                      ':' + std::to_string(caller.service_port);
    const auto sent = caller.rule == nullptr
                          ? "plain text, for auto mutual TLS is off"
                          : printable(caller.mode) + " of " + printable(object_text(*caller.rule));
    const auto taken =
        caller.fit == TlsFit::refused ? " demands mutual TLS (" + from_text(port.accepts) + ')'
        : one.sidecar == Meshed::no   ? " has no sidecar"
        : port.bypasses               ? " is past its sidecar"
                                      : " takes plain text alone (" + from_text(port.accepts) + ')';
    return who + " to " + host + " fail: they send " + sent + ", and port " +
           std::to_string(port.port) + " of " + printable(one.object->kind_name) + ' ' +
           printable(checks::full_name(*one.object)) + taken;
  }

  [[nodiscard]] Json setting_document(const mesh::MutualTlsSetting& setting) const {
    Json out{{"mode", mesh::mutual_tls_name(setting.mode)},
             {"scope", checks::scope_of(setting, root_)}};
    if (setting.source != nullptr) out["source"] = reference(*setting.source);
    if (setting.contested) out["contested"] = true;
    return out;
  }

  static Json caller_document(const CallerTls& caller) {
    Json out{{"host", to_valid_utf8(istio::fqdn(caller.service->name, caller.service->name_space))},
             {"port", caller.service_port}};
    if (!caller.mode.empty()) out["mode"] = to_valid_utf8(caller.mode);
    if (caller.rule != nullptr) out["source"] = reference(*caller.rule);
    if (!caller.subset.empty()) out["subset"] = to_valid_utf8(caller.subset);
    if (!caller.callers_in.empty()) out["callersIn"] = to_valid_utf8(caller.callers_in);
    if (!caller.callers_with.empty()) out["callersWith"] = to_valid_utf8(caller.callers_with);
    out["result"] = checks::word_of(caller.fit);
    out["conflict"] = checks::is_conflict(caller.fit);
    return out;
  }

  [[nodiscard]] Json json_of(const WorkloadTls& one) const {
    Json out{{"namespace", one.object->name_space},
             {"kind", one.object->kind_name},
             {"name", one.object->name},
             {"sidecar", one.sidecar == Meshed::yes  ? "yes"
                         : one.sidecar == Meshed::no ? "no"
                                                     : "unknown"},
             {"gateway", one.is_gateway}};
    if (one.pods > 0) out["pods"] = {{"running", one.pods}, {"withoutSidecar", one.without}};
    const bool is_told = one.is_known && !one.is_gateway;
    if (is_told) out["accepts"] = setting_document(one.accepts);
    out["ports"] = Json::array();
    for (const auto& port : one.ports) {
      Json row{{"port", port.port},
               {"own", port.is_own},
               {"pastSidecar", port.bypasses},
               {"callers", Json::array()}};
      if (is_told) row["accepts"] = setting_document(port.accepts);
      for (const auto& caller : port.callers) row["callers"].push_back(caller_document(caller));
      out["ports"].push_back(std::move(row));
    }
    return out;
  }

  WorkloadInput input_;
  std::vector<WorkloadTls> items_;
  std::string root_;
  bool auto_mutual_tls_ = true;
  bool headers_;
  bool wide_;
};

Result<OutcomePtr> run(const WorkloadOptions& o, const Context& context) {
  const WorkloadReading reading{.local = checks::kPodKinds,
                                .more = {Kind::service, Kind::service_entry,
                                         Kind::peer_authentication, Kind::destination_rule}};
  AK_TRY(auto input, read_workloads(o, reading, "mtls", context));
  if (o.names.empty()) leave_out_platform(input);
  return OutcomePtr(std::make_unique<MtlsOutcome>(std::move(input), context));
}

constexpr std::array kExamples{
    Example{"aksmesh mtls -n shop", "What the workloads of a namespace demand, and from where"},
    Example{"aksmesh mtls deployment/web -n shop -o wide", "Every port of one of them"},
    Example{"aksmesh mtls -f manifests/ -A", "Of manifests, before they are applied"}};

}  // namespace

extern const Command mtls_command;
constinit const Command mtls_command = command<declare_workload_options, run>(
    {.path = "mtls",
     .summary = "Show which mutual TLS workloads demand, and what their callers send",
     .page = "commands/mtls.md",
     .examples = kExamples});

}  // namespace aksmesh::commands
