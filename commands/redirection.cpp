// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "azure/profile_edit.hpp"
#include "change_run.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  ClusterOptions cluster{};
  ChangeOptions change{};
  std::vector<std::string> mechanisms{};
};
struct AzOptions {
  ClusterOptions cluster{};
  ChangeOptions change{};
  std::string mechanism{};
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.mechanisms, "WAY")
      .once()
      .help("InitContainers or CNIChaining")
      .choices({"InitContainers", "CNIChaining"})
      .in_any_case();
  declare_change_options(set, o.change, Confirmation::yes_or_no);
  declare_cluster_options(set, o.cluster);
}

void declare_az(OptionSet& set, AzOptions& o) {
  set.value("--mechanism", o.mechanism, "WAY")
      .help("InitContainers or CNIChaining")
      .choices({"InitContainers", "CNIChaining"})
      .in_any_case();
  declare_change_options(set, o.change, Confirmation::yes_or_no);
  declare_cluster_options(set, o.cluster);
}

Result<OutcomePtr> change(const std::string& mechanism, const ClusterOptions& cluster,
                          const ChangeOptions& options, const Context& context) {
  if (mechanism.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "it is not said which mechanism is meant",
                 .next = {context.program + " redirection set CNIChaining"}};
  AK_TRY(const auto session, AzureSession::open(cluster, context));
  const Change change{
      .goal = "set the redirection mechanism to " + mechanism,
      .doing = "setting the redirection mechanism",
      .done = "the redirection mechanism is " + mechanism,
      .already = "the redirection mechanism is " + mechanism + " already",
      .edit = [&](const auto& of) { return azure::with_redirection(of, mechanism); },
      .obstacles = [&](const auto& of) -> Result<azure::Obstacles> {
        azure::Obstacles out;
        azure::check_redirection(of, mechanism, out);
        return out;
      },
      .next =
          {"kubectl rollout restart deployment -n NAMESPACE   (pods take it up when they start)"}};
  return run_change(change, cluster, options, *session, context);
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  if (o.mechanisms.size() > 1)
    return Error{.kind = ErrorKind::usage,
                 .what = "only one mechanism can be set",
                 .why = "both '" + o.mechanisms[0] + "' and '" + o.mechanisms[1] + "' are named",
                 .next = {context.program + " redirection set " + o.mechanisms[0]}};
  return change(o.mechanisms.empty() ? "" : o.mechanisms.front(), o.cluster, o.change, context);
}
Result<OutcomePtr> run_az(const AzOptions& o, const Context& context) {
  return change(o.mechanism, o.cluster, o.change, context);
}

constexpr std::array kExamples{Example{"aksmesh redirection set CNIChaining -g shop --cluster prod",
                                       "Without init containers"}};
constexpr std::array kAzExamples{
    Example{"aksmesh proxy-redirection-mechanism --mechanism CNIChaining -g shop -n prod",
            "As in az aks mesh"}};

}  // namespace

extern const Command redirection_set_command;
constinit const Command redirection_set_command =
    command<declare, run>({.path = "redirection set",
                           .summary = "Set how traffic gets to the sidecars",
                           .page = "commands/redirection_set.md",
                           .examples = kExamples});
extern const Command proxy_redirection_mechanism_command;
constinit const Command proxy_redirection_mechanism_command =
    command<declare_az, run_az>({.path = "proxy-redirection-mechanism",
                                 .summary = "Set how traffic gets to the sidecars (as in az)",
                                 .page = "commands/redirection_set.md",
                                 .examples = kAzExamples,
                                 .hidden = true});

}  // namespace aksmesh::commands
