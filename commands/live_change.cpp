// SPDX-License-Identifier: Apache-2.0
#include "live_change.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "hints.hpp"

namespace aksmesh::commands {
namespace {

using Json = nlohmann::ordered_json;
using checks::Renewal;

enum class State { unchanged, planned, done };

std::string_view word_of(State state) {
  switch (state) {
    case State::unchanged: return "unchanged";
    case State::planned: return "planned";
    case State::done: break;
  }
  return "done";
}

std::string_view word_of(Renewal renewal) {
  switch (renewal) {
    case Renewal::joins: return "joins";
    case Renewal::leaves: return "leaves";
    case Renewal::other_revision: return "other-revision";
    default: return "other-image";
  }
}

std::string name_of(const ObjectChange& one) {
  return to_lower(one.kind) + ' ' + (one.name_space.empty() ? "" : one.name_space + '/') + one.name;
}

std::string line_of(const ObjectChange& one, const std::string& value) {
  return name_of(one) + (one.path.empty() ? "" : ": " + one.path) +
         (value == one.name || value.empty() ? "" : " = " + printable(value));
}

std::string changes_text(const std::vector<ObjectChange>& changes, const report::Style& style) {
  std::string out;
  for (const auto& one : changes) {
    if (!one.before.empty())
      out += "  " + style.paint(report::Tone::broken, "- " + line_of(one, one.before)) + '\n';
    if (!one.after.empty())
      out += "  " + style.paint(report::Tone::done, "+ " + line_of(one, one.after)) + '\n';
  }
  return out;
}

Json json_of(const ObjectChange& one) {
  Json object{{"kind", one.kind}};
  if (!one.name_space.empty()) object["namespace"] = one.name_space;
  object["name"] = one.name;
  Json out{{"object", std::move(object)}};
  if (!one.path.empty()) out["path"] = one.path;
  if (!one.before.empty()) out["before"] = one.before;
  if (!one.after.empty()) out["after"] = one.after;
  return out;
}

Json json_of(const checks::RestartNeed& need) {
  return {{"kind", need.kind},
          {"name", need.name},
          {"pods", need.pods},
          {"why", word_of(need.renewal)}};
}

class LiveChangeOutcome final : public Outcome {
 public:
  LiveChangeOutcome(State state, std::string place, LiveChange change)
      : state_(state), place_(std::move(place)), change_(std::move(change)) {}

  [[nodiscard]] std::string text(const report::Style& style) const override {
    std::string out = printable(place_) + '\n' + headline() + '\n';
    out += changes_text(change_.changes, style);
    for (const auto& one : change_.effects) out += printable(one) + '\n';
    for (const auto& one : change_.warnings)
      out += style.paint(report::Tone::attention, "warning: ") + printable(one) + '\n';
    const auto section = [&](const char* title, const std::vector<std::string>& lines) {
      if (!lines.empty()) out += std::string("\n") + title + ":\n";
      for (const auto& one : lines) out += "  " + one + '\n';
    };
    section("next", change_.next);
    section("undo", change_.undo);
    return out;
  }

  [[nodiscard]] Json document() const override {
    Json out{{"schema", "aksmesh/kube-change/v1"}, {"place", place_}, {"state", word_of(state_)}};
    out["changes"] = Json::array();
    for (const auto& one : change_.changes) out["changes"].push_back(json_of(one));
    out["restarts"] = Json::array();
    for (const auto& [name_space, need] : change_.restarts) {
      Json row{{"namespace", name_space}};
      row.update(json_of(need));
      out["restarts"].push_back(std::move(row));
    }
    out["warnings"] = change_.warnings;
    out["next"] = change_.next;
    out["undo"] = change_.undo;
    return out;
  }

  [[nodiscard]] std::string deed() const override {
    return state_ == State::done ? change_.done : std::string();
  }

 private:
  [[nodiscard]] std::string headline() const {
    switch (state_) {
      case State::unchanged: return change_.already + ", nothing to do";
      case State::planned: return "would change, and changes nothing with --dry-run:";
      case State::done: break;
    }
    return change_.done;
  }

  State state_;
  std::string place_;
  LiveChange change_;
};

/// One run of a changing command.
class LiveChangeRun {
 public:
  LiveChangeRun(LiveChange change, const LiveChangeOptions& options, KubeSession& session,
                const Context& context)
      : change_(std::move(change)), options_(options), session_(session), context_(context) {
    for (auto* lines : {&change_.next, &change_.undo})
      *lines = aimed(std::move(*lines), context_.program, context_.aim);
  }

  Result<OutcomePtr> run() {
    if (change_.writes.empty()) {
      change_.undo.clear();
      return outcome(State::unchanged);
    }
    if (options_.dry_run) {
      AK_CHECK(warn_of_refusal());
      return outcome(State::planned);
    }
    AK_CHECK(confirm());
    AK_CHECK(apply());
    return outcome(State::done);
  }

 private:
  /// Asks the API server of each change whether it would take it. The first that it would not.
  Result<std::optional<std::pair<kube::Write, Error>>> rehearse() {
    for (auto one : change_.writes) {
      one.effect = kube::Write::Effect::rehearsed;
      const auto answer = session_.write(one, change_.goal);
      if (answer) continue;
      const auto kind = answer.error().kind;
      if (kind == ErrorKind::cancelled || kind == ErrorKind::timeout) return answer.error();
      return std::optional(std::pair(std::move(one), answer.error()));
    }
    return std::optional<std::pair<kube::Write, Error>>();
  }

  /// What would be refused is worth knowing, and no reason not to show the plan.
  Status warn_of_refusal() {
    AK_TRY(const auto refused, rehearse());
    if (!refused) return Done{};
    const auto& [write, error] = *refused;
    std::string text = "the API server would not take it: " + error.why;
    if (error.kind == ErrorKind::denied) text += "; it takes the right to " + write.right();
    change_.warnings.push_back(std::move(text));
    return Done{};
  }

  Status confirm() {
    if (options_.yes) return Done{};
    if (options_.no_input || !context_.asker.can_ask())
      return Error{.kind = ErrorKind::usage,
                   .what = "cannot " + change_.goal + " without being confirmed",
                   .why = "nobody can be asked here",
                   .next = {"--yes", "--dry-run   (shows what would be changed)"}};
    auto& progress = context_.progress;
    progress.note(session_.name());
    for (const auto& one : change_.warnings) progress.note("warning: " + printable(one));
    progress.note("this will " + change_.goal + ':');
    const auto lines = changes_text(change_.changes, report::Style{});
    for (const auto line : split(lines, '\n'))
      if (!line.empty()) progress.note(line);
    for (const auto& one : change_.effects) progress.note(printable(one));
    AK_TRY(const auto answer, context_.asker.ask("go on? [y/N]"));
    const auto word = to_lower(answer);
    if (word == "y" || word == "yes") return Done{};
    return Error{.kind = ErrorKind::conflict, .what = "nothing was changed", .why = "you declined"};
  }

  Status apply() {
    // Of several changes none is made while another would surely be refused.
    if (change_.writes.size() > 1) {
      AK_TRY(auto refused, rehearse());
      if (refused) return std::move(refused->second);
    }
    std::vector<std::string> made;
    for (const auto& one : change_.writes) {
      const auto answer = session_.write(one, change_.goal);
      if (!answer) return unfinished(answer.error(), made);
      made.push_back(to_lower(one.resource.kind) + ' ' +
                     (one.name_space.empty() ? "" : one.name_space + '/') + one.name);
    }
    return Done{};
  }

  /// What was changed before a write failed stays so, and is told.
  static Error unfinished(Error error, const std::vector<std::string>& made) {
    if (made.empty()) return error;
    error.why += "; before that this was changed: " + join(made, ", ");
    return error;
  }

  OutcomePtr outcome(State state) {
    return std::make_unique<LiveChangeOutcome>(state, session_.name(), std::move(change_));
  }

  LiveChange change_;
  const LiveChangeOptions& options_;
  KubeSession& session_;
  const Context& context_;
};

}  // namespace

void declare_live_change_options(OptionSet& set, LiveChangeOptions& options) {
  constexpr const char* kGroup = "Changing";
  set.flag("--dry-run", options.dry_run)
      .help("Show what would be changed and change nothing")
      .group(kGroup);
  set.flag("-y,--yes", options.yes).help("Answer the question with yes").group(kGroup);
  set.flag("--no-input", options.no_input).help("Never ask").group(kGroup);
}

Result<OutcomePtr> run_live_change(LiveChange change, const LiveChangeOptions& options,
                                   KubeSession& session, const Context& context) {
  return LiveChangeRun(std::move(change), options, session, context).run();
}

Json restarts_document(const std::vector<checks::RestartNeed>& restarts) {
  auto out = Json::array();
  for (const auto& one : restarts) out.push_back(json_of(one));
  return out;
}

std::vector<std::string> restart_commands(const std::vector<RestartOf>& restarts) {
  std::map<std::string, std::string> by_namespace;
  std::vector<std::string> others;
  for (const auto& [name_space, need] : restarts) {
    if (need.can_restart())
      by_namespace[name_space] += ' ' + shell_word(need.reference());
    else
      others.push_back("# " + need.kind + ' ' + name_space + '/' + need.name +
                       ": delete and create it, nothing restarts it");
  }
  std::vector<std::string> out;
  for (const auto& [name_space, names] : by_namespace)
    out.push_back("kubectl rollout restart" + names + " -n " + shell_word(name_space));
  out.insert(out.end(), others.begin(), others.end());
  return out;
}

}  // namespace aksmesh::commands
