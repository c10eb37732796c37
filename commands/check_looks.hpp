// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analysis.hpp"
#include "azure_side.hpp"
#include "istiod_answers.hpp"
#include "live_source.hpp"

namespace aksmesh::commands {

/// What is checked, and where.
struct CheckWish {
  AnalyzeOptions analysis{};
  ClusterOptions cluster{};
  FindingsOutcome::Layout layout = FindingsOutcome::Layout::by_category;
  LiveSource::How how = LiveSource::How::read_anew;
  bool asks_istiods = true;
};

/// Looks whether a mesh is well, as often as it is asked to. All looks together take the time of
/// --timeout, on connections and with a sign-in that they share.
class CheckLooks {
 public:
  CheckLooks(CheckWish wish, const Context& context);
  CheckLooks(const CheckLooks&) = delete;
  CheckLooks& operator=(const CheckLooks&) = delete;

  /// Looks into the cluster, and asks Azure when the cluster was named there.
  Result<OutcomePtr> look();
  /// What kept the last look from seeing all, when that may pass.
  [[nodiscard]] const std::optional<Error>& hiccup() const;
  /// Milliseconds until --timeout is over; nothing when there is no such end.
  [[nodiscard]] std::optional<std::int64_t> time_left() const;
  [[nodiscard]] bool asks_azure() const;
  /// Of a cluster that is followed: waits until there may be something else to tell.
  Status wait();

 private:
  Status ask_azure();
  void share_time();
  Result<kube::LiveObjects> read(const kube::KindSet& kinds, const std::string& cluster,
                                 std::string& name);

  Status ask_istiods(const AnalysisPlan& plan, const mesh::Model& model, report::FindingSet& out);

  CheckWish wish_;
  const Context& context_;
  std::int64_t begin_;
  std::int64_t timeout_;
  bool has_credentials_ = false;
  AzureSide azure_{};
  std::int64_t azure_due_ = 0;  ///< steady, when Azure may be asked again
  std::optional<LiveSource> source_{};
  std::optional<IstiodAsker> asker_{};
};

/// Looks again and again until the mesh is well, or the time is over (Verdict::timed_out; kind
/// timeout when nothing could be seen at all).
Result<OutcomePtr> wait_until_well(CheckLooks& looks, const Context& context);

}  // namespace aksmesh::commands
