// SPDX-License-Identifier: Apache-2.0
#include "azure/change.hpp"

#include "azure/service_error.hpp"

namespace aksmesh::azure {
namespace {

constexpr int kMostTries = 5;  // a PUT costs one of 20 tokens that come back one a minute
constexpr std::int64_t kFirstPause = 1'000;
// In tables/errors.json.
constexpr std::string_view kMismatch = "etag-mismatch";
constexpr std::string_view kInProgress = "operation-in-progress";

std::string quoted(const std::string& etag) {
  return etag.empty() || etag.starts_with('"') || etag.starts_with("W/") ? etag : '"' + etag + '"';
}

Error changed_meanwhile(const std::string& goal, const Plan& old, const Plan& now) {
  Error out{.kind = ErrorKind::conflict,
            .what = "cannot " + goal,
            .why =
                "somebody else changed the mesh in the meantime, so that the change would be "
                "another one than was shown",
            .next = {"run the command again: it reads the cluster anew"}};
  if (!now.changes.empty() && now.changes != old.changes)
    out.why += " (" + now.changes.front().path + " is " +
               (now.changes.front().before.empty() ? "not set" : now.changes.front().before) +
               " now)";
  return out;
}

/// Whether the cluster has what the plan is for, or nothing is left to do: a plan can leave the
/// revision to the service.
bool has_change(const ManagedCluster& cluster, const Plan& plan, const Edit& edit) {
  if (cluster.mesh == read_profile(plan.body.at({"properties", "serviceMeshProfile"}))) return true;
  const auto wanted = edit(cluster);
  return wanted && data::differences(cluster.body.root(), wanted->root()).empty();
}

/// The plan for the cluster as it is now, if it is still the same one.
Result<Plan> same_plan(ManagedCluster now, const Plan& old, const Edit& edit, const Sending& how) {
  AK_TRY(auto fresh, make_plan(std::move(now), edit));
  if (fresh.changes != old.changes) return changed_meanwhile(how.goal, old, fresh);
  if (how.agree) AK_CHECK(how.agree(fresh.before));
  return fresh;
}

/// One plan on its way.
class Sender {
 public:
  Sender(Arm& arm, const ClusterId& cluster, Plan& plan, const Edit& edit, const Sending& how)
      : arm_(arm), cluster_(cluster), plan_(plan), edit_(edit), how_(how) {}

  Result<Sent> run() {
    if (plan_.before.etag.empty()) return unguarded();
    bool quotes = true;
    auto pause = kFirstPause;
    for (int number = 1;; ++number) {
      const auto& etag = plan_.before.etag;
      const auto answer =
          arm_.put(cluster_.path(), plan_.body.text(), quotes ? quoted(etag) : etag);
      if (!answer) return without_answer(answer.error());
      if (answer->ok()) {
        auto operation = operation_of(*answer);
        if (operation.style == Operation::Style::resource && !read_cluster(answer->body))
          return ask_the_cluster(foreign_answer());
        return Sent{.operation = std::move(operation)};
      }
      const auto refusal = service_error(*answer);
      const auto known = known_error(refusal);
      auto refused = to_error(refusal, "cannot " + how_.goal, place());
      // A server that failed may have taken the change all the same.
      if (answer->status >= 500) return ask_the_cluster(std::move(refused));
      if ((known != kMismatch && known != kInProgress) || number >= kMostTries) return refused;
      AK_TRY(auto now, get_cluster(arm_, cluster_));
      if (has_change(now, plan_, edit_)) return already(std::move(now));
      if (known == kInProgress) return refused;
      // The very tag that was sent: it is the spelling that the service does not take.
      if (now.etag == etag && quotes) {
        quotes = false;
        continue;
      }
      AK_TRY(plan_, same_plan(std::move(now), plan_, edit_, how_));
      if (!how_.clock.sleep(pause))
        return Error{.kind = ErrorKind::cancelled, .what = "interrupted; nothing was changed"};
      pause *= 2;
    }
  }

 private:
  [[nodiscard]] std::string place() const {
    return arm_.place(net::Method::put, cluster_.path());
  }

  [[nodiscard]] Error unguarded() const {
    return {.kind = ErrorKind::bad_data,
            .what = "cannot " + how_.goal,
            .why = "the cluster was told without its ETag, so that the change could not be guarded "
                   "against those of others",
            .next = {"leave out --api-version, or name a newer one"},
            .where = place()};
  }

  /// An answer of 2xx with neither an operation to follow nor a cluster in it may come from
  /// anything on the way.
  [[nodiscard]] Error foreign_answer() const {
    return {.kind = ErrorKind::bad_data,
            .what = "cannot " + how_.goal,
            .why = "the answer to the change is none of Azure's",
            .next = {"check HTTPS_PROXY and NO_PROXY", "run the command again"},
            .where = place()};
  }

  Result<Sent> already(ManagedCluster now) {
    plan_.before = std::move(now);
    return Sent{.was_there_already = true};
  }

  Result<Sent> without_answer(const Error& error) {
    switch (error.kind) {
      case ErrorKind::cancelled: return unknown_fate(error);
      case ErrorKind::network:
      case ErrorKind::server:
      case ErrorKind::timeout: {
        auto named = error;
        named.why = error.what + (error.why.empty() ? "" : ": " + error.why);
        named.what = "cannot " + how_.goal;
        return ask_the_cluster(std::move(named));
      }
      default: return error;  // nothing was sent
    }
  }

  /// What became of the change is told by the cluster alone; sending again could undo what others
  /// do meanwhile.
  Result<Sent> ask_the_cluster(Error error) {
    auto now = get_cluster(arm_, cluster_);
    if (!now) return unknown_fate(error);
    if (has_change(*now, plan_, edit_)) return already(std::move(*now));
    error.why += error.why.empty() ? "the cluster does not have the change"
                                   : "; the cluster does not have the change";
    return error;
  }

  [[nodiscard]] Error unknown_fate(const Error& error) const {
    Error out{.kind = error.kind,
              .what = "it is not known whether Azure has accepted the change: it was to " +
                      how_.goal,
              .why = error.kind == ErrorKind::cancelled
                         ? "interrupted while it was being sent"
                         : error.why + "; nor can the cluster be read",
              .next = {how_.how_to_follow + "   (waits for whatever runs on the cluster)",
                       "aksmesh show   (tells what it has now)"},
              .where = place()};
    return out;
  }

  Arm& arm_;
  const ClusterId& cluster_;
  Plan& plan_;
  const Edit& edit_;
  const Sending& how_;
};

}  // namespace

Result<Plan> make_plan(ManagedCluster cluster, const Edit& edit) {
  AK_TRY(auto wanted, edit(cluster));
  auto changes = data::differences(cluster.body.root(), wanted.root());
  auto body = writable(wanted);
  return Plan{.before = std::move(cluster), .body = std::move(body), .changes = std::move(changes)};
}

Status renew_plan(Arm& arm, const ClusterId& cluster, Plan& plan, const Edit& edit,
                  const Sending& how) {
  AK_TRY(auto now, get_cluster(arm, cluster));
  if (now.body.text() == plan.before.body.text()) return Done{};
  AK_TRY(plan, same_plan(std::move(now), plan, edit, how));
  return Done{};
}

Result<Sent> send_plan(Arm& arm, const ClusterId& cluster, Plan& plan, const Edit& edit,
                       const Sending& how) {
  return Sender(arm, cluster, plan, edit, how).run();
}

}  // namespace aksmesh::azure
