// SPDX-License-Identifier: Apache-2.0
#include "azure/operation.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "data/json_edit.hpp"
#include "net/retry.hpp"

namespace aksmesh::azure {
namespace {

// The status resource allows a burst of 200 and two a second; the recorded answers ask for nothing.
constexpr std::int64_t kFirstPause = 2'000;
constexpr std::int64_t kLongestPause = 15'000;
// Reads of a cluster: a burst of 60 and one a second.
constexpr std::int64_t kClusterPause = 5'000;
// Looks in a row that tell nothing, after which the cluster itself is asked.
constexpr int kMostEmptyLooks = 3;
// How often the cluster is looked at after a failure, until it has come to rest.
constexpr int kLooksAfterFailure = 12;

std::string last_part(std::string_view link) {
  const auto path = link.substr(0, link.find('?'));
  return std::string(path.substr(path.rfind('/') + 1));
}

using Word = OperationState::Word;

Word word_of(std::string_view status) {
  const auto word = to_lower(status);
  if (word == "succeeded") return Word::succeeded;
  if (word == "failed") return Word::failed;
  if (word == "canceled" || word == "cancelled") return Word::canceled;
  return Word::running;
}

/// The waiting for one operation.
class Waiting {
 public:
  Waiting(Arm& arm, const ClusterId& cluster, Operation operation, const Following& how)
      : arm_(arm),
        cluster_(cluster),
        operation_(std::move(operation)),
        how_(how),
        began_(how.clock.steady()) {}

  Result<ManagedCluster> run() {
    tell({});
    auto result = wait();
    how_.progress.end();
    return result;
  }

 private:
  Result<ManagedCluster> wait() {
    while (operation_.style != Operation::Style::resource) {
      AK_CHECK(pause());
      const auto answer = arm_.follow(operation_.link);
      if (!answer && answer.error().kind == ErrorKind::cancelled) return interrupted();
      // Without a token no look succeeds any more; reading the cluster says why.
      if (!answer && answer.error().kind == ErrorKind::auth) break;
      if (!answer && !may_pass(answer.error().kind)) return answer.error();
      if (!answer) {
        asked_ = 0;
        tell("no answer, trying again");
        // The operation goes on, whatever becomes of one look at it.
        if (is_useless()) break;
        continue;
      }
      const auto state = look(*answer);
      const bool told = operation_.style == Operation::Style::location || !state.said.empty();
      if (state.word == Word::running && !told && is_useless()) break;
      if (told) empty_looks_ = 0;
      if (state.word == Word::running) continue;
      if (state.word == Word::lost) break;
      if (state.word != Word::succeeded) return failed_and_settled(state);
      break;
    }
    return wait_for_cluster();
  }

  /// A link can be of no use for ever, such as one to a host that cannot be reached.
  bool is_useless() { return ++empty_looks_ >= kMostEmptyLooks; }

  /// The cluster is not at rest the moment its operation has failed.
  Error failed_and_settled(const OperationState& state) {
    auto error = state.error;
    for (int looks = 0; looks < kLooksAfterFailure; ++looks) {
      const auto cluster = get_cluster(arm_, cluster_);
      if (!cluster) break;
      if (cluster->is_settled()) {
        // The status of a failed operation can lack its error; the cluster often knows.
        if (error.message.empty() && error.code.empty())
          error = service_error(cluster->provisioning_error());
        break;
      }
      tell("failed; the cluster is " + cluster->provisioning_state);
      if (!pause_for_cluster()) break;
    }
    return failed(error, state.word);
  }

  OperationState look(const net::Response& answer) {
    auto state = state_of(operation_.style, answer);
    if (const auto newer = answer.header("location");
        operation_.style == Operation::Style::location && !newer.empty())
      operation_.link = newer;
    asked_ = net::retry_after(answer, how_.clock.now()).value_or(0);
    if (state.word == Word::running) tell(state.said, state.percent);
    return state;
  }

  /// Succeeded is not the end: the cluster can go on with Updating for a while.
  Result<ManagedCluster> wait_for_cluster() {
    while (true) {
      auto cluster = get_cluster(arm_, cluster_);
      if (!cluster && cluster.error().kind == ErrorKind::cancelled) return interrupted();
      if (!cluster && !may_pass(cluster.error().kind)) return cluster;
      if (cluster && cluster->is_settled()) return finished(std::move(*cluster));
      tell(cluster ? cluster->provisioning_state : "no answer, trying again");
      AK_CHECK(pause_for_cluster());
    }
  }

  static bool may_pass(ErrorKind kind) {
    return kind == ErrorKind::network || kind == ErrorKind::timeout || kind == ErrorKind::server ||
           kind == ErrorKind::throttled || kind == ErrorKind::bad_data;
  }

  Result<ManagedCluster> finished(ManagedCluster cluster) {
    const auto word = word_of(cluster.provisioning_state);
    if (word == Word::succeeded) return cluster;
    return failed(service_error(cluster.provisioning_error()), word);
  }

  [[nodiscard]] Error failed(const ServiceError& error, Word word) const {
    auto out = to_error(error, "cannot " + how_.goal,
                        operation_.id.empty() ? "" : "operation " + operation_.id);
    if (out.why.empty())
      out.why = word == Word::canceled ? "the operation was canceled"
                                       : "the operation failed, and Azure does not say why";
    out.next.push_back("aksmesh show --cluster-id " + cluster_.path() +
                       "   (the state it is in now)");
    return out;
  }

  Error interrupted() const {
    return {.kind = ErrorKind::cancelled,
            .what = "stopped waiting; " + how_.waiting_for + " goes on in Azure",
            .next = {how_.how_to_follow + "   (follows it)", "az aks operation-abort -g " +
                                                                 cluster_.resource_group + " -n " +
                                                                 cluster_.name + "   (ends it)"}};
  }

  Error late() const {
    return {.kind = ErrorKind::timeout,
            .what = how_.waiting_for + " is still running in Azure",
            .why = "the time to wait was over after " + elapsed(),
            .next = {how_.how_to_follow + "   (follows it)"}};
  }

  [[nodiscard]] std::string elapsed() const {
    return sys::duration_text((how_.clock.steady() - began_) / 1000);
  }

  void tell(std::string_view state, int percent = -1) const {
    std::string text = how_.waiting_for;
    if (!state.empty()) text.append(": ").append(state);
    if (percent >= 0) text += ' ' + std::to_string(percent) + " %";
    how_.progress.waiting(text + ", " + elapsed());
  }

  /// Nobody asks for a time between two reads of a cluster.
  Status pause_for_cluster() {
    asked_ = 0;
    pause_ = std::max(pause_, kClusterPause);
    return pause();
  }

  Status pause() {
    const auto wanted = asked_ > 0 ? std::min(asked_, net::kLongestAsked) : pause_;
    pause_ = std::min(pause_ + pause_ / 2, kLongestPause);
    // In short steps, so that people see the time go by.
    constexpr std::int64_t kStep = 1'000;
    for (auto left = wanted; left > 0; left -= kStep) {
      if (how_.deadline > 0 && how_.clock.steady() >= how_.deadline) return late();
      if (!how_.clock.sleep(std::min(left, kStep))) return interrupted();
    }
    return Done{};
  }

  Arm& arm_;
  const ClusterId& cluster_;
  Operation operation_;
  const Following& how_;
  std::int64_t began_;
  std::int64_t pause_ = kFirstPause;
  std::int64_t asked_ = 0;
  int empty_looks_ = 0;
};

}  // namespace

Operation operation_of(const net::Response& response) {
  Operation out;
  if (const auto link = response.header("azure-asyncoperation"); !link.empty()) {
    out.style = Operation::Style::status;
    out.link = link;
  } else if (const auto location = response.header("location");
             !location.empty() && response.status != 204) {
    out.style = Operation::Style::location;
    out.link = location;
  }
  out.id = last_part(out.link);
  return out;
}

OperationState state_of(Operation::Style style, const net::Response& response) {
  OperationState out;
  const auto status = response.status;
  const bool refused = status >= 400 && status < 500 && status != 408 && status != 429;
  const bool by_location = style == Operation::Style::location;
  if (refused && (!by_location || status == 401 || status == 403 || status == 404)) {
    out.word = Word::lost;  // the same question would get the same answer for ever
    return out;
  }
  if (by_location) {
    if (response.ok() && status != 202) out.word = Word::succeeded;
    if (refused) {
      out.word = Word::failed;
      out.error = service_error(response);
    }
    return out;
  }
  if (!response.ok()) return out;  // the operation goes on, whatever this look met
  const auto document = data::JsonDocument::parse(response.body);
  if (!document) return out;
  const auto root = document->root();
  out.said = root["status"].text();
  out.word = word_of(out.said);
  if (const auto percent = root["percentComplete"].as_double())
    out.percent = static_cast<int>(std::clamp(*percent, 0.0, 100.0));
  if (out.word == Word::failed || out.word == Word::canceled)
    out.error = service_error(root["error"]);
  return out;
}

Result<ManagedCluster> get_cluster(Arm& arm, const ClusterId& cluster) {
  AK_TRY(auto response, arm.get(cluster.path(), "read the cluster " + cluster.name));
  return read_cluster(std::move(response.body));
}

Result<ManagedCluster> follow(Arm& arm, const ClusterId& cluster, Operation operation,
                              const Following& how) {
  return Waiting(arm, cluster, std::move(operation), how).run();
}

}  // namespace aksmesh::azure
