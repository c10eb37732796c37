// SPDX-License-Identifier: Apache-2.0
#include "azure/change.hpp"

#include <algorithm>

#include "azure/service_error.hpp"
#include "net/more_time.hpp"
#include "net/retry.hpp"

namespace aksmesh::azure {
namespace {

constexpr int kMostTries = 5;  // a PUT costs one of 20 tokens that come back one a minute
constexpr std::int64_t kFirstPause = 1'000;
constexpr const char* kInterrupted = "interrupted before the answer";
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
  if (cluster.mesh == plan.wanted()) return true;
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

/// One plan on its way. Every try is made from a fresh look at the cluster: the ETag does not guard
/// what others do to node pools, so that an old body must not go out again after a pause.
class Sender {
 public:
  Sender(Arm& arm, const ClusterId& cluster, Plan& plan, const Edit& edit, const Sending& how)
      : arm_(arm), cluster_(cluster), plan_(plan), edit_(edit), how_(how) {}

  Result<Sent> run() {
    if (plan_.before.etag.empty()) return unguarded();
    for (int number = 1;; ++number) {
      const auto answer = arm_.put(cluster_.path(), plan_.body.text(), tag());
      if (answer && answer->ok()) return accepted(*answer);
      auto setback = answer ? refused(*answer) : without_answer(answer.error());
      if (setback.kind == Setback::Kind::final) return setback.error;
      if (setback.kind == Setback::Kind::busy || number >= kMostTries)
        return setback.kind == Setback::Kind::mismatch ? Result<Sent>(setback.error)
                                                       : ask_the_cluster(setback);
      AK_CHECK(pause(setback));
      auto now = get_cluster(arm_, cluster_);
      if (!now) return setback.in_doubt ? unreadable(setback.error) : std::move(now).error();
      if (has_change(*now, plan_, edit_)) return already(std::move(*now));
      AK_CHECK(renew(std::move(*now), setback));
    }
  }

 private:
  /// Why a try came to nothing.
  struct Setback {
    enum class Kind : std::uint8_t {
      final,     ///< no further try could do better
      busy,      ///< another operation runs, which may be that of a try before
      mismatch,  ///< somebody changed the cluster
      passing    ///< a fault that may be over soon
    };
    Kind kind = Kind::final;
    Error error{};
    bool in_doubt = false;   ///< Azure may have accepted the change all the same
    std::int64_t asked = 0;  ///< milliseconds that the service asks to wait
    std::string word{};      ///< for people who wait
  };

  [[nodiscard]] std::string tag() const {
    const auto& etag = plan_.before.etag;
    return quotes_ ? quoted(etag) : etag;
  }

  [[nodiscard]] std::string place() const { return arm_.place(net::Method::put, cluster_.path()); }

  [[nodiscard]] Error unguarded() const {
    return {.kind = ErrorKind::bad_data,
            .what = "cannot " + how_.goal,
            .why =
                "the cluster was told without its ETag, so that the change could not be guarded "
                "against those of others",
            .next = {"leave out --api-version, or name a newer one"},
            .where = place()};
  }

  Result<Sent> accepted(const net::Response& answer) {
    auto operation = operation_of(answer);
    if (operation.style != Operation::Style::resource || read_cluster(answer.body))
      return Sent{.operation = std::move(operation)};
    // Neither an operation to follow nor a cluster: it may come from anything on the way.
    return ask_the_cluster(
        {.error = {.kind = ErrorKind::bad_data,
                   .what = "cannot " + how_.goal,
                   .why = "the answer to the change is none of Azure's",
                   .next = {"check HTTPS_PROXY and NO_PROXY", "run the command again"},
                   .where = place()},
         .in_doubt = true});
  }

  Setback refused(const net::Response& answer) {
    const auto refusal = service_error(answer);
    const auto known = known_error(refusal);
    Setback out{.error = to_error(refusal, "cannot " + how_.goal, place()),
                .in_doubt = answer.status >= 500,
                .asked = net::retry_after(answer, how_.clock.now()).value_or(0),
                .word = "status " + std::to_string(answer.status)};
    if (known == kInProgress)
      out.kind = Setback::Kind::busy;
    else if (known == kMismatch)
      out.kind = Setback::Kind::mismatch;
    else if ((net::passes(answer.status) || out.in_doubt) && out.asked <= net::kLongestAsked)
      out.kind = Setback::Kind::passing;
    return out;
  }

  Setback without_answer(const Error& error) {
    Setback out{.error = error, .word = "no answer"};
    switch (error.kind) {
      case ErrorKind::cancelled: out.error = unknown_fate(error.kind, kInterrupted); break;
      case ErrorKind::network:
      case ErrorKind::server:
      case ErrorKind::timeout:
        out.kind = Setback::Kind::passing;
        out.in_doubt = true;
        out.error.what = "cannot " + how_.goal;
        out.error.why = error.in_one_line();
        break;
      default: break;  // nothing was sent
    }
    return out;
  }

  Status pause(const Setback& setback) {
    const auto wanted = std::max(setback.asked, pause_);
    pause_ *= 2;
    if (how_.deadline > 0 && how_.clock.steady() + wanted >= how_.deadline) {
      const std::string why = setback.error.why +
                              "; the time for the whole run is over before the "
                              "next try";
      auto late = setback.in_doubt ? unknown_fate(ErrorKind::timeout, why) : setback.error;
      late.kind = ErrorKind::timeout;
      late.why = why;
      late.next.insert(late.next.begin(), net::kMoreTime);
      return late;
    }
    if (setback.kind == Setback::Kind::passing)
      how_.progress.waiting(setback.word + ", next try in " +
                            sys::duration_text((wanted + 999) / 1000));
    if (how_.clock.sleep(wanted)) return Done{};
    if (setback.in_doubt) return unknown_fate(ErrorKind::cancelled, kInterrupted);
    return Error{.kind = ErrorKind::cancelled, .what = "interrupted; nothing was changed"};
  }

  Status renew(ManagedCluster now, const Setback& setback) {
    // The very tag that was refused: it is the spelling that the service does not take.
    if (setback.kind == Setback::Kind::mismatch && now.etag == plan_.before.etag && quotes_)
      quotes_ = false;
    if (now.body.text() == plan_.before.body.text()) return Done{};
    AK_TRY(plan_, same_plan(std::move(now), plan_, edit_, how_));
    return Done{};
  }

  Result<Sent> already(ManagedCluster now) {
    plan_.before = std::move(now);
    return Sent{.was_there_already = true};
  }

  /// No further try: what became of the change is told by the cluster alone.
  Result<Sent> ask_the_cluster(Setback setback) {
    auto now = get_cluster(arm_, cluster_);
    if (!now) return setback.in_doubt ? unreadable(setback.error) : setback.error;
    if (has_change(*now, plan_, edit_)) return already(std::move(*now));
    if (setback.in_doubt)
      setback.error.why += (setback.error.why.empty() ? "" : "; ") +
                           std::string("the cluster does not have the change");
    return setback.error;
  }

  [[nodiscard]] Error unreadable(const Error& error) const {
    return unknown_fate(error.kind, error.why + "; nor can the cluster be read");
  }

  [[nodiscard]] Error unknown_fate(ErrorKind kind, std::string why) const {
    return {
        .kind = kind,
        .what = "it is not known whether Azure has accepted the change, which was to " + how_.goal,
        .why = std::move(why),
        .next = {how_.how_to_follow + "   (waits for whatever runs on the cluster)",
                 "aksmesh show --cluster-id " + cluster_.path() + "   (tells what it has now)"},
        .where = place()};
  }

  Arm& arm_;
  const ClusterId& cluster_;
  Plan& plan_;
  const Edit& edit_;
  const Sending& how_;
  bool quotes_ = true;
  std::int64_t pause_ = kFirstPause;
};

}  // namespace

MeshProfile Plan::wanted() const {
  return read_profile(body.at({"properties", "serviceMeshProfile"}));
}

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
