// SPDX-License-Identifier: Apache-2.0
#include "change_run.hpp"

#include <algorithm>
#include <cctype>

#include "azure/operation_store.hpp"
#include "base/strings.hpp"
#include "built_in_policy.hpp"
#include "change_outcome.hpp"
#include "checks/check.hpp"
#include "hints.hpp"
#include "mesh/policy.hpp"
#include "mesh_view.hpp"

namespace aksmesh::commands {
namespace {

using azure::ManagedCluster;
using azure::Obstacle;
using State = ChangeResult::State;

// Milliseconds after which the cluster is read once more before a change is sent.
constexpr std::int64_t kFresh = 100;

/// One run of a changing command.
class ChangeRun {
 public:
  ChangeRun(const Change& change, const ChangeOptions& options, AzureSession& session,
            azure::ClusterId id, const Context& context)
      : change_(change),
        options_(options),
        session_(session),
        id_(std::move(id)),
        context_(context),
        store_(context.files, context.env) {}

  Result<OutcomePtr> run() {
    AK_CHECK(find_skipped_codes());
    AK_TRY(auto cluster, azure::get_cluster(session_.arm(), id_));
    read_at_ = context_.clock.steady();
    const auto record = store_.find(id_);
    const bool ours = !cluster.is_settled() && record.doing == change_.doing;
    const auto& edit = ours && change_.resumed_edit ? change_.resumed_edit : change_.edit;
    AK_TRY(auto plan, azure::make_plan(std::move(cluster), edit));
    if (plan.nothing_to_do()) {
      if (ours) return resumed(std::move(plan), record.operation);
      if (!plan.before.is_settled()) return others_at_work(std::move(plan));
      if (plan.before.has_succeeded()) return unchanged(std::move(plan));
      // The profile is as wanted, but what brought it about has failed: sent again, it is taken up.
      again_ = true;
    }
    AK_TRY(const auto warnings, check(plan.before));
    if (options_.dry_run) {
      const char* headline = plan.nothing_to_do()
                                 ? "would send the same again, and sends nothing with --dry-run"
                                 : "would change, and changes nothing with --dry-run:";
      return outcome(State::planned, headline, std::move(plan), warnings);
    }
    AK_CHECK(confirm(plan, warnings));
    return apply(std::move(plan), warnings);
  }

 private:
  OutcomePtr unchanged(azure::Plan plan, const std::vector<std::string>& warnings = {}) {
    return outcome(State::unchanged, change_.already + ", nothing to do", std::move(plan),
                   warnings);
  }

  /// The profile is as wanted and an operation still runs that an earlier run of this command
  /// began: it was cut off, and this one takes up its waiting.
  Result<OutcomePtr> resumed(azure::Plan plan, const azure::Operation& operation) {
    const std::string headline = change_.doing + " is under way already";
    operation_ = operation.id;
    if (options_.no_wait || options_.dry_run)
      return outcome(State::accepted, headline, std::move(plan), {});
    context_.progress.note(headline + "; waiting for its end");
    AK_TRY(auto after, azure::resume(session_.arm(), id_, operation, following(), store_));
    AK_CHECK(as_wanted(plan, after.cluster));
    std::vector<std::string> warnings;
    if (!after.earlier.empty()) warnings.push_back(std::move(after.earlier));
    plan.before = std::move(after.cluster);
    return outcome(State::done, change_.resumed_edit ? change_.already : change_.done,
                   std::move(plan), warnings);
  }

  /// The profile is as wanted and somebody's operation runs: it is not done before that has ended.
  Result<OutcomePtr> others_at_work(azure::Plan plan) {
    const std::string busy =
        "an operation is under way that was not begun from here: its state is " +
        plan.before.provisioning_state;
    if (options_.no_wait || options_.dry_run) return unchanged(std::move(plan), {busy});
    context_.progress.note(busy + "; waiting for its end");
    AK_TRY(plan.before, azure::follow(session_.arm(), id_, azure::Operation{}, following()));
    AK_CHECK(as_wanted(plan, plan.before));
    return unchanged(std::move(plan));
  }

  /// By code or slug, case aside; codes may stand in one word with commas.
  Status find_skipped_codes() {
    for (const auto& word : options_.skip_checks)
      for (const auto part : split(word, ',')) {
        const std::string one(trim(part));
        auto upper = one;
        for (auto& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        const auto* code = checks::find_code(upper);
        if (code == nullptr) code = checks::find_code(to_lower(one));
        if (code == nullptr)
          return Error{.kind = ErrorKind::usage,
                       .what = "--skip-checks: unknown check '" + one + "'",
                       .next = {"aksmesh checks   (lists all)"}};
        skipped_codes_.push_back(code);
      }
    return Done{};
  }

  [[nodiscard]] bool skips(const checks::Code* code) const {
    return std::find(skipped_codes_.begin(), skipped_codes_.end(), code) != skipped_codes_.end();
  }

  /// What stands against the change ends it; what is to be known is returned.
  Result<std::vector<std::string>> check(const ManagedCluster& cluster) {
    skipped_.clear();
    azure::Obstacles found;
    azure::check_state(cluster, found);
    // What stands against making the change says nothing of one that is made.
    if (change_.obstacles && !again_) {
      AK_TRY(const auto more, change_.obstacles(cluster));
      found.insert(found.end(), more.begin(), more.end());
    }
    std::vector<std::string> warnings;
    // Until something is seen to be in the way.
    Error error{.kind = ErrorKind::could_not_look, .what = "cannot " + change_.goal};
    std::vector<std::string> reasons;
    AK_TRY(const auto policy, built_in_policy("current", context_));
    for (const auto& one : found) {
      const auto* code = checks::find_code(one.slug);  // a test holds that each has one
      const std::string name(code->code);
      if (one.warning || (one.unseen && options_.dry_run)) {
        warnings.push_back(one.why + " (" + name + ')');
      } else if (skips(code)) {
        skipped_.push_back(name + ": " + one.why);
      } else {
        if (!one.unseen) error.kind = ErrorKind::conflict;
        reasons.push_back(one.why);
        if (error.facts.code.empty()) error.facts.code = name;
        add_advice(one, name, policy.find(one.slug), error);
      }
    }
    if (change_.warnings && !again_)
      for (auto& one : change_.warnings(cluster)) warnings.push_back(std::move(one));
    if (reasons.empty()) return warnings;
    error.why = join(reasons, "; ");
    return error;
  }

  static void add_advice(const Obstacle& obstacle, const std::string& code,
                         const mesh::Limitation* limitation, Error& error) {
    auto advice = obstacle.advice;
    if (advice.empty() && limitation != nullptr) advice = limitation->remedy;
    const auto& told = error.next;
    if (!advice.empty() && std::find(told.begin(), told.end(), advice) == told.end())
      error.next.push_back(advice);
    error.next.push_back(
        "--skip-checks " + code +
        (obstacle.unseen ? "   (when you have looked yourself)" : "   (tries it all the same)"));
    error.next.push_back("aksmesh explain " + code);
  }

  Status confirm(const azure::Plan& plan, const std::vector<std::string>& warnings) {
    const auto& name = plan.before.name;
    const bool typed = change_.confirmation == Confirmation::name;
    if (typed ? options_.confirm == name : options_.yes) return Done{};
    if (typed && !options_.confirm.empty())
      return Error{.kind = ErrorKind::usage,
                   .what = "cannot " + change_.goal,
                   .why = "--confirm names '" + options_.confirm + "', and the cluster is " + name,
                   .next = {confirmed_command(name)}};
    if (options_.no_input || !context_.asker.can_ask())
      return Error{.kind = ErrorKind::usage,
                   .what = "cannot " + change_.goal + " without being confirmed",
                   .why = "nobody can be asked here",
                   .next = {typed ? confirmed_command(name) : "--yes",
                            "--dry-run   (shows what would be changed)"}};
    report::Style style;
    context_.progress.note(target_line(plan.before));
    for (const auto& one : warnings) context_.progress.note("warning: " + one);
    context_.progress.note("this will " + change_.goal +
                           (plan.nothing_to_do() ? ", sending the same profile again" : ":"));
    auto lines = changes_text(plan.changes, style);
    while (lines.ends_with('\n')) lines.pop_back();
    if (!lines.empty())
      for (const auto line : split(lines, '\n')) context_.progress.note(line);
    AK_TRY(const auto answer,
           context_.asker.ask(typed ? "type the name of the cluster to go on:" : "go on? [y/N]"));
    const auto word = to_lower(answer);
    if (typed ? answer == name : word == "y" || word == "yes") return Done{};
    return Error{.kind = ErrorKind::conflict, .what = "nothing was changed", .why = "you declined"};
  }

  /// The command as it goes through without a question.
  [[nodiscard]] std::string confirmed_command(const std::string& name) const {
    std::string out = context_.program + ' ' + change_.command + " --confirm " + name;
    if (!options_.skip_checks.empty()) out += " --skip-checks " + join(options_.skip_checks, ",");
    return out;
  }

  azure::Following following() {
    return {.clock = context_.clock,
            .progress = context_.progress,
            .goal = change_.goal,
            .waiting_for = change_.doing,
            .how_to_follow = context_.program + " wait --cluster-id " + id_.path(),
            .deadline = session_.deadline()};
  }

  /// That a plan made anew still meets no obstacle and takes away what was told, no more.
  Status agree(const ManagedCluster& now, const std::vector<std::string>& warnings) {
    AK_TRY(const auto told, check(now));
    if (told == warnings) return Done{};
    std::vector<std::string> fresh;
    for (const auto& one : told)
      if (std::find(warnings.begin(), warnings.end(), one) == warnings.end()) fresh.push_back(one);
    return Error{.kind = ErrorKind::conflict,
                 .what = "cannot " + change_.goal,
                 .why = "somebody else changed the cluster in the meantime" +
                        (fresh.empty() ? std::string(", so that less was at stake than was shown")
                                       : ": " + join(fresh, "; ")),
                 .next = {"run the command again: it reads the cluster anew"}};
  }

  Result<azure::Sent> send(azure::Plan& plan, const std::vector<std::string>& warnings) {
    const azure::Sending how{
        .clock = context_.clock,
        .progress = context_.progress,
        .goal = change_.goal,
        .how_to_follow = following().how_to_follow,
        .agree = [&](const ManagedCluster& now) { return agree(now, warnings); },
        .deadline = session_.deadline()};
    // Somebody may have thought about the question for a while, and pools change without a new tag.
    if (context_.clock.steady() - read_at_ > kFresh)
      AK_CHECK(azure::renew_plan(session_.arm(), id_, plan, change_.edit, how));
    store_.keep(id_, {.doing = change_.doing});
    auto sent = azure::send_plan(session_.arm(), id_, plan, change_.edit, how);
    const auto in_doubt = [](ErrorKind kind) {
      return kind == ErrorKind::cancelled || kind == ErrorKind::timeout ||
             kind == ErrorKind::network;
    };
    if (sent)
      store_.keep(id_, {.operation = sent->operation, .doing = change_.doing});
    else if (!in_doubt(sent.error().kind))
      store_.forget(id_);
    return sent;
  }

  Result<OutcomePtr> apply(azure::Plan plan, const std::vector<std::string>& warnings) {
    context_.progress.waiting("sending the change to Azure");
    auto sent = send(plan, warnings);
    context_.progress.end();
    if (!sent) return std::move(sent).error();
    operation_ = sent->operation.id;
    if (options_.no_wait) {
      return outcome(State::accepted, "Azure has accepted it; " + change_.doing + " goes on",
                     std::move(plan), warnings);
    }
    AK_TRY(auto after, azure::follow(session_.arm(), id_, sent->operation, following(), store_));
    AK_CHECK(as_wanted(plan, after));
    plan.before = std::move(after);
    return outcome(State::done, change_.done, std::move(plan), warnings);
  }

  /// Whether the profile came out as it was sent.
  [[nodiscard]] Status as_wanted(const azure::Plan& plan, const ManagedCluster& after) const {
    const auto missing = azure::what_lacks(after.mesh, plan.wanted());
    if (missing.empty()) return Done{};
    return Error{.kind = ErrorKind::conflict,
                 .what = "cannot " + change_.goal,
                 .why =
                     "Azure ended the operation without complaint, but the mesh is not as it was "
                     "asked for: " +
                     join(missing, "; "),
                 .next = {context_.program + " show   (tells what it has now)",
                          "run the command again, unless somebody else has changed it since"}};
  }

  OutcomePtr outcome(State state, std::string headline, azure::Plan plan,
                     const std::vector<std::string>& warnings) {
    ChangeResult result{.state = state,
                        .headline = std::move(headline),
                        .cluster = std::move(plan.before),
                        .changes = std::move(plan.changes),
                        .warnings = warnings,
                        .skipped_checks = skipped_,
                        .operation = operation_};
    if (state == State::done)
      result.next = aimed(change_.next_of ? change_.next_of(result.cluster.mesh) : change_.next,
                          context_.program, context_.aim);
    if (state == State::planned)
      result.request = session_.arm().place(net::Method::put, id_.path()) + ", If-Match " +
                       (result.cluster.etag.empty() ? "none" : result.cluster.etag);
    if (state == State::accepted)
      result.next = {context_.program + " wait --cluster-id " + id_.path()};
    return std::make_unique<ChangeOutcome>(std::move(result));
  }

  const Change& change_;
  const ChangeOptions& options_;
  AzureSession& session_;
  azure::ClusterId id_;
  const Context& context_;
  azure::OperationStore store_;
  std::vector<const checks::Code*> skipped_codes_;
  std::vector<std::string> skipped_;
  std::string operation_;
  std::int64_t read_at_ = 0;  // steady milliseconds
  bool again_ = false;        // the profile is as wanted, and is sent once more
};

}  // namespace

Result<OutcomePtr> run_change(const Change& change, const ClusterOptions& cluster,
                              const ChangeOptions& options, AzureSession& session,
                              const Context& context) {
  AK_TRY(auto id, session.cluster(cluster));
  return ChangeRun(change, options, session, std::move(id), context).run();
}

}  // namespace aksmesh::commands
