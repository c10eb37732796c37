// SPDX-License-Identifier: Apache-2.0
#include "throttle.hpp"

#include <algorithm>
#include <cmath>

namespace aksmesh::sim {
namespace {

struct Limit {
  std::string name{};   ///< of the handler, as the refusal says it
  std::string scope{};  ///< what shares the bucket
  double burst = 60;
  double per_second = 1;
};

Limit limit_of(const Request& request) {
  const std::vector<std::string>& parts = request.folded;
  const bool cluster = parts.size() == 8 && parts[6] == "managedclusters";
  if (cluster && request.method == "PUT") {
    return {"PutManagedClusterHandler.PUT", lower(request.path), 20, 1.0 / 60};
  }
  if (cluster && request.method == "GET") {
    return {"GetManagedClusterHandler.GET", lower(request.path), 60, 1};
  }
  if (parts.size() == 5 && parts[4] == "managedclusters") {
    return {"ListManagedClustersBySubscriptionHandler.GET", "", 500, 1};
  }
  if (parts.size() == 8 && parts[6] == "operations") {
    return {"GetOperationStatusHandler.GET", "", 200, 2};
  }
  return {"DefaultHandler." + request.method, "", 60, 1};
}

}  // namespace

std::optional<Response> Throttle::take(const Request& request, Clock::time_point now) {
  const Limit limit = limit_of(request);
  const auto [found, is_new] = buckets_.try_emplace(limit.name + " " + limit.scope);
  Bucket& bucket = found->second;
  if (is_new) bucket = {limit.burst, now};
  const double gone = std::chrono::duration<double>(now - bucket.seen).count();
  bucket.left = std::min(limit.burst, bucket.left + gone * limit.per_second);
  bucket.seen = now;
  if (bucket.left >= 1) {
    bucket.left -= 1;
    return std::nullopt;
  }
  const std::string wait =
      std::to_string(std::lround(std::ceil((1 - bucket.left) / limit.per_second)));
  Response out = answer(
      429, {{"code", "Throttled"},
            {"details", nullptr},
            {"message", "The " + limit.name + " request limit has been exceeded for SubID='" +
                            (request.parts.size() > 1 ? request.parts[1] : "") +
                            "', please retry again in " + wait +
                            " seconds. For more information, please visit "
                            "aka.ms/aks/throttling"},
            {"subcode", "Throttled"}});
  out.headers["retry-after"] = wait;
  return out;
}

}  // namespace aksmesh::sim
