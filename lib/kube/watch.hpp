// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kube/client.hpp"
#include "kube/live_objects.hpp"

namespace aksmesh::kube {

/// The objects of some kinds, listed once and then kept as the API server tells of changes. A watch
/// that is cut is taken up where it was; one whose past the server has forgotten begins with a new
/// list.
/// https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
class Watch {
 public:
  /// What may not be listed in all namespaces is followed in this one, if one is given.
  Watch(Client& client, const KindSet& kinds, std::string name_space = {});
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

  /// Lists; what may not be listed is not watched either.
  Status begin();
  /// True when something has changed, and what came right after it as well; false when the moment
  /// on the steady clock came first (0: there is none). Errors: cancelled, timeout, and what keeps
  /// a kind from being watched although it is tried again and again.
  Result<bool> wait(std::int64_t until);
  /// As they stand; the same as read_live_objects gives.
  Result<LiveObjects> objects(const std::string& cluster);

 private:
  struct Kept;
  class Changes;

  Status list(const std::vector<Kept*>& these);
  std::vector<Result<Pages>> answers_to(const std::vector<Kept*>& these);
  /// Ends what is over and begins what is due. True when something changed.
  Result<bool> tend();
  Status settle(Kept& kept);
  Status again(Kept& kept, const Error& error);

  Client& client_;
  KindSet kinds_;
  std::string name_space_;
  std::vector<std::unique_ptr<Kept>> kept_;
};

/// One event of a watch.
struct WatchEvent {
  std::string type{};     ///< ADDED, MODIFIED, DELETED, BOOKMARK or ERROR
  std::string key{};      ///< NAMESPACE/NAME
  std::string version{};  ///< of the object
  std::string object{};   ///< as JSON
  int code = 0;           ///< of an ERROR
};
/// Reads a line of a watch. Kind bad_data for what is none.
Result<WatchEvent> read_watch_event(std::string line);

}  // namespace aksmesh::kube
