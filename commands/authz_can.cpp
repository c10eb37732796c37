// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "analyze_options.hpp"
#include "authz_question.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "command.hpp"
#include "report/style.hpp"

namespace aksmesh::commands {
namespace {

using mesh::AuthzVerdict;
using mesh::Truth;
using Json = nlohmann::ordered_json;

void declare(OptionSet& set, AuthzOptions& o) {
  set.value("--source", o.source, "WHO")
      .alias("--from")
      .help("Who calls: a pod or workload, an identity spiffe://..., or an IP address");
  set.value("--destination", o.destination, "WHERE")
      .alias("--to")
      .help("What is called: a pod, Service or workload");
  set.value("--destination-port", o.port, "PORT")
      .alias("--port")
      .help("Of the Service that is called, by number or name, or of the pod");
  set.value("--protocol", o.protocol, "PROTOCOL")
      .choices({"http", "tcp"})
      .preset("what the Service says")
      .help("What is spoken");
  set.value("--method", o.method, "METHOD").group("Request").help("The method of the request");
  set.value("--path", o.path, "PATH").group("Request").help("With its query, if it has one");
  set.value("--host", o.host, "HOST")
      .group("Request")
      .help("As the Host header has it, with the port if that has one");
  set.values("--header", o.headers, "NAME=VALUE").group("Request").help("A header of the request");
  set.values("--jwt-claim", o.claims, "NAME=VALUE")
      .group("Request")
      .help("A claim of its token; inner ones as in [realm][roles]=admin");
  set.value("--sni", o.sni, "NAME").group("Request").help("The name of the server that TLS tells");
  set.value("--source-ip", o.source_ip, "ADDRESS")
      .group("Request")
      .help("The address that connects, where it is not that of the source");
  set.value("--remote-ip", o.remote_ip, "ADDRESS")
      .group("Request")
      .help("The address before all proxies, as X-Forwarded-For tells it");
  set.flag("--plaintext", o.plaintext)
      .group("Request")
      .help("It comes without mutual TLS, as from a pod without proxy");
  declare_files(set, o.files);
  declare_namespace(set, o.name_space);
  set.flag("--live", o.live)
      .group("Kubernetes")
      .help(
          "Also the objects of the cluster, under those of the files; alone, this is the default");
  declare_cluster_source(set, o.kube);
}

Json identity_of(const kube::Object& object) {
  return {{"kind", to_valid_utf8(object.kind_name)},
          {"namespace", to_valid_utf8(object.name_space)},
          {"name", to_valid_utf8(object.name)}};
}

std::string said(Truth truth) {
  if (truth == Truth::unknown) return "may match";
  return truth == Truth::yes ? "matches" : "does not match";
}

class CanOutcome final : public Outcome {
 public:
  CanOutcome(std::string place, std::unique_ptr<mesh::Model> model, std::vector<AuthzCase> cases,
             const AuthzQuestion& question)
      : place_(std::move(place)),
        model_(std::move(model)),
        cases_(std::move(cases)),
        caller_(question.caller()),
        assumed_(question.assumed()) {
    decide();
    if (verdict_ == AuthzVerdict::denied) verdict = Verdict::findings;
    if (verdict_ == AuthzVerdict::depends ||
        (verdict_ == AuthzVerdict::allowed && !model_->manifests().complete))
      verdict = Verdict::could_not_look;
  }

  [[nodiscard]] std::string text(const report::Style& style) const override {
    std::string out;
    if (cases_.size() > 1)
      out = style.paint(tone_of(verdict_), mesh::word_of(verdict_)) +
            ": other policies are for some pods than for others\n\n";
    for (const auto& one : cases_)
      out += (&one == cases_.data() ? "" : "\n") + case_text(one, style);
    for (const auto& each : assumed_) out += "assumed: " + printable(each) + '\n';
    return out + unavailable_text(*model_, style);
  }

  [[nodiscard]] Json document() const override {
    Json out{{"schema", "aksmesh/authz-can/v1"}};
    if (!place_.empty()) out["place"] = to_valid_utf8(place_);
    out["verdict"] = mesh::word_of(verdict_);
    out["source"] = to_valid_utf8(caller_);
    out["items"] = Json::array();
    for (const auto& one : cases_) out["items"].push_back(json_of(one));
    out["assumed"] = Json::array();
    for (const auto& each : assumed_) out["assumed"].push_back(to_valid_utf8(each));
    out["complete"] = model_->manifests().complete;
    out["unavailable"] = unavailable_document(*model_);
    return out;
  }

 private:
  /// One verdict for all pods, or that it depends on the pod.
  void decide() {
    verdict_ = cases_.front().answer.verdict;
    for (const auto& one : cases_)
      if (one.answer.verdict != verdict_) verdict_ = AuthzVerdict::depends;
  }

  static report::Tone tone_of(AuthzVerdict verdict) {
    if (verdict == AuthzVerdict::depends) return report::Tone::attention;
    return verdict == AuthzVerdict::allowed ? report::Tone::done : report::Tone::broken;
  }

  static std::string value_text(const mesh::Attribute& attribute) {
    if (attribute.state == mesh::Attribute::State::absent) return "none";
    return attribute.is_known() ? printable(attribute.value) : "not known";
  }

  [[nodiscard]] std::string request_text(const AuthzCase& one) const {
    const auto& request = one.request;
    std::string out = "  from " + printable(caller_) + ", identity " +
                      value_text(request.principal) + ", address " + value_text(request.source_ip) +
                      "\n  to " + printable(one.destination.name());
    if (one.pods > 1) out += " and " + plural(one.pods - 1, "other pod");
    out += ", port " + value_text(request.port) + (request.http ? " (HTTP)" : " (no HTTP)") + '\n';
    if (request.http)
      out += "  method " + value_text(request.method) + ", host " + value_text(request.host) +
             ", path " + value_text(request.path) + '\n';
    if (!one.destination.is_gateway()) out += "  mutual TLS " + mtls_text(one) + '\n';
    return out;
  }

  static std::string mtls_text(const AuthzCase& one) {
    if (!one.mtls_known && !one.mtls.contested) return "not known";
    const auto word = std::string(mesh::mutual_tls_name(one.mtls.mode));
    if (one.mtls.source == nullptr) return word + " by default";
    return word + " by PeerAuthentication " + printable(one.mtls.source->name_space) + '/' +
           printable(one.mtls.source->name) +
           (one.mtls.contested ? " (or another of its scope: the oldest counts)" : "");
  }

  static std::string_view mark(Truth truth, const report::Style& style) {
    if (truth == Truth::unknown) return style.unknown_mark();
    return truth == Truth::yes ? style.pass_mark() : style.ascii ? "-" : "·";
  }

  static std::string policy_text(const mesh::PolicyTrace& trace, const report::Style& style) {
    std::string out = "  " + std::string(mark(trace.matches, style)) + ' ' +
                      std::string(mesh::word_of(trace.action)) + ' ' +
                      printable(trace.policy->name_space) + '/' + printable(trace.policy->name) +
                      ' ' + said(trace.matches);
    if (!trace.provider.empty()) out += ", provider " + printable(trace.provider);
    if (!trace.note.empty()) out += ": " + printable(trace.note);
    if (trace.dry_run) out += " (dry-run: it is not enforced)";
    if (trace.action == mesh::AuthorizationAction::audit) out += " (it only marks requests)";
    out += '\n';
    if (!trace.problem.empty())
      out += "      what counts of it is not known: " + printable(trace.problem) + '\n';
    if (trace.rules.empty()) out += "      it has no rules, so nothing matches it\n";
    for (const auto& rule : trace.rules) {
      out += "      rule " + std::to_string(rule.number) + ' ' + said(rule.matches) +
             (rule.because.empty() ? "" : ": " + rule.because) + '\n';
      for (const auto& one : rule.conditions)
        out += "        " + std::string(mark(one.holds, style)) + ' ' + printable(one.place) + ' ' +
               printable(one.wanted) + ": " + printable(one.because) + '\n';
    }
    return out;
  }

  [[nodiscard]] std::string case_text(const AuthzCase& one, const report::Style& style) const {
    const auto& answer = one.answer;
    auto out = style.paint(tone_of(answer.verdict), mesh::word_of(answer.verdict)) + ": " +
               printable(answer.because) + '\n' + request_text(one);
    if (answer.policies.empty() && one.unread.empty())
      out += "  no AuthorizationPolicy selects it\n";
    for (const auto& each : answer.policies) out += policy_text(each, style);
    for (const auto& each : answer.would_be) out += "  " + printable(each) + '\n';
    if (!answer.missing.empty())
      out += "  to decide it, give " +
             join(std::vector<std::string>(answer.missing.begin(), answer.missing.end()), ", ") +
             '\n';
    return out;
  }

  static void put(Json& out, const char* name, const mesh::Attribute& attribute) {
    if (attribute.is_known()) out[name] = to_valid_utf8(attribute.value);
  }

  static Json json_of(const mesh::PolicyTrace& trace) {
    auto out = identity_of(*trace.policy);
    out.erase("kind");
    out["action"] = mesh::word_of(trace.action);
    out["dryRun"] = trace.dry_run;
    if (!trace.provider.empty()) out["provider"] = to_valid_utf8(trace.provider);
    if (!trace.problem.empty()) out["problem"] = to_valid_utf8(trace.problem);
    if (!trace.note.empty()) out["note"] = to_valid_utf8(trace.note);
    out["matches"] = mesh::word_of(trace.matches);
    out["rules"] = Json::array();
    for (const auto& rule : trace.rules) {
      Json one{{"rule", rule.number}, {"matches", mesh::word_of(rule.matches)}};
      if (!rule.because.empty()) one["because"] = rule.because;
      one["conditions"] = Json::array();
      for (const auto& each : rule.conditions)
        one["conditions"].push_back({{"place", to_valid_utf8(each.place)},
                                     {"wanted", to_valid_utf8(each.wanted)},
                                     {"holds", mesh::word_of(each.holds)},
                                     {"because", to_valid_utf8(each.because)}});
      out["rules"].push_back(std::move(one));
    }
    return out;
  }

  static Json json_of(const AuthzCase& one) {
    const auto& answer = one.answer;
    Json request{{"protocol", one.request.http ? "http" : "tcp"}};
    put(request, "principal", one.request.principal);
    put(request, "sourceIp", one.request.source_ip);
    put(request, "remoteIp", one.request.remote_ip);
    put(request, "port", one.request.port);
    put(request, "host", one.request.host);
    put(request, "method", one.request.method);
    put(request, "path", one.request.path);
    Json out{{"destination", identity_of(*one.destination.object)},
             {"pods", one.pods},
             {"verdict", mesh::word_of(answer.verdict)},
             {"because", to_valid_utf8(answer.because)}};
    if (answer.decided_by != nullptr) out["decidedBy"] = identity_of(*answer.decided_by);
    out["request"] = std::move(request);
    if (one.proxy != mesh::Meshed::unknown) out["proxy"] = one.proxy == mesh::Meshed::yes;
    out["gateway"] = one.destination.is_gateway();
    if (one.mtls_known || one.mtls.contested) {
      Json mtls{{"mode", mesh::mutual_tls_name(one.mtls.mode)}};
      if (one.mtls.source != nullptr) mtls["source"] = identity_of(*one.mtls.source);
      if (one.mtls.contested) mtls["contested"] = true;
      out["mutualTls"] = std::move(mtls);
    }
    out["policies"] = Json::array();
    for (const auto& each : answer.policies) out["policies"].push_back(json_of(each));
    out["missing"] = answer.missing;
    out["dryRuns"] = Json::array();
    for (const auto& each : answer.would_be) out["dryRuns"].push_back(to_valid_utf8(each));
    return out;
  }

  std::string place_;
  std::unique_ptr<mesh::Model> model_;
  std::vector<AuthzCase> cases_;
  std::string caller_;
  std::vector<std::string> assumed_;
  AuthzVerdict verdict_ = AuthzVerdict::depends;
};

Result<OutcomePtr> run(const AuthzOptions& o, const Context& context) {
  std::optional<KubeSession> session;
  if (o.files.empty() || o.live) {
    AK_TRY(session, KubeSession::open(o.kube, context));
  }
  auto own = o.name_space;
  if (own.empty()) own = session ? session->name_space() : "default";
  AuthzQuestion question(o, own);
  AK_CHECK(question.parse());
  AK_TRY(auto model,
         read_authz(session ? &*session : nullptr, question.namespaces(), own, o.files, context));
  AK_TRY(auto cases, question.ask(*model));
  return OutcomePtr(std::make_unique<CanOutcome>(session ? session->name() : "", std::move(model),
                                                 std::move(cases), question));
}

constexpr std::array kExamples{
    Example{"aksmesh authz can --source checkout.pay --destination service/catalog.shop "
            "--method GET --path /items",
            "Whether a workload may send this request, and which policies say so"},
    Example{"aksmesh authz can --source spiffe://cluster.local/ns/pay/sa/checkout --destination "
            "catalog.shop -f policies/ --live",
            "What policies would do before they are applied; exit code 3: denied, 5: it depends"}};

}  // namespace

extern const Command authz_can_command;
constinit const Command authz_can_command =
    command<declare, run>({.path = "authz can",
                           .summary = "Tell whether policies let a request pass, and why",
                           .page = "commands/authz_can.md",
                           .examples = kExamples});

}  // namespace aksmesh::commands
