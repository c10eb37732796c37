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

/// An answer can be lost although the change was taken: then the cluster has the wanted profile.
bool is_there_already(const ManagedCluster& cluster, const Plan& plan) {
  return cluster.mesh == read_profile(plan.body.at({"properties", "serviceMeshProfile"}));
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

/// An answer of 2xx with neither an operation to follow nor a cluster in it may come from anything
/// on the way. Sending again could undo what others do meanwhile; the cluster knows.
Result<Sent> ask_the_cluster(Arm& arm, const ClusterId& cluster, Plan& plan, const Edit& edit,
                             const std::string& goal) {
  AK_TRY(auto now, get_cluster(arm, cluster));
  if (!is_there_already(now, plan)) {
    // A plan that leaves the revision to the service is done when nothing is left to do.
    AK_TRY(auto rest, make_plan(std::move(now), edit));
    if (!rest.nothing_to_do())
      return Error{.kind = ErrorKind::bad_data,
                   .what = "cannot " + goal,
                   .why =
                       "the answer to the change is none of Azure's, and the cluster does not "
                       "have the change",
                   .next = {"check HTTPS_PROXY and NO_PROXY", "run the command again"},
                   .where = arm.place(net::Method::put, cluster.path())};
    now = std::move(rest.before);
  }
  plan.before = std::move(now);
  return Sent{.was_there_already = true};
}

}  // namespace

Result<Plan> make_plan(ManagedCluster cluster, const Edit& edit) {
  AK_TRY(auto wanted, edit(cluster));
  auto changes = data::differences(cluster.body.root(), wanted.root());
  auto body = writable(wanted);
  return Plan{.before = std::move(cluster), .body = std::move(body), .changes = std::move(changes)};
}

Result<Sent> send_plan(Arm& arm, const ClusterId& cluster, Plan& plan, const Edit& edit,
                       const std::string& goal, sys::Clock& clock) {
  auto pause = kFirstPause;
  bool quotes = true;
  for (int number = 1;; ++number) {
    const auto& etag = plan.before.etag;
    AK_TRY(const auto answer,
           arm.put(cluster.path(), plan.body.text(), quotes ? quoted(etag) : etag));
    if (answer.ok()) {
      auto operation = operation_of(answer);
      const bool tells = operation.style != Operation::Style::resource || read_cluster(answer.body);
      if (!tells) return ask_the_cluster(arm, cluster, plan, edit, goal);
      return Sent{.operation = std::move(operation)};
    }
    const auto refusal = service_error(answer);
    const auto known = known_error(refusal);
    const auto refused = [&] {
      return to_error(refusal, "cannot " + goal, arm.place(net::Method::put, cluster.path()));
    };
    if ((known != kMismatch && known != kInProgress) || number >= kMostTries) return refused();
    AK_TRY(auto again, get_cluster(arm, cluster));
    if (is_there_already(again, plan)) {
      plan.before = std::move(again);
      return Sent{.was_there_already = true};
    }
    if (known == kInProgress) return refused();
    // The very tag that was sent: it is the spelling that the service does not take.
    if (again.etag == etag && quotes) {
      quotes = false;
      continue;
    }
    AK_TRY(auto fresh, make_plan(std::move(again), edit));
    if (fresh.nothing_to_do()) {
      plan.before = std::move(fresh.before);
      return Sent{.was_there_already = true};
    }
    if (fresh.changes != plan.changes) return changed_meanwhile(goal, plan, fresh);
    plan = std::move(fresh);
    if (!clock.sleep(pause)) return Error{.kind = ErrorKind::cancelled, .what = "interrupted"};
    pause *= 2;
  }
}

}  // namespace aksmesh::azure
