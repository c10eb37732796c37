// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "kube/client.hpp"
#include "kube/kind.hpp"
#include "kube/manifests.hpp"

namespace aksmesh::kube {

/// What is to be read of a cluster.
struct Reading {
  KindSet kinds{};
  std::string name_space{};  ///< asked for what is refused in all of them; empty: none is
  std::string cluster{};     ///< its name, where several are read
  std::map<Kind, std::string> only_in{};  ///< kinds to ask for in that namespace and nowhere else
  ListWish::Depth depth = ListWish::Depth::lean;
  std::vector<Error>* failures = nullptr;  ///< takes those of single lists, if somebody wants them
};

/// Lists the kinds that are served. Of Secrets only the metadata is asked for. An error when
/// nothing at all could be listed (denied when that was for want of rights); a list that fails is
/// told in the result.
Result<LiveObjects> read_live_objects(Client& client, const Reading& reading);
/// The same of all namespaces of several clusters, which share their connections: so many are read
/// at the same time, each at its own pace. They sign in before that, one after the other, because a
/// program may ask somebody. `take` is called for each, by its place among the clients, as soon as
/// it has been read.
using TakeLiveObjects = std::function<void(std::size_t, Result<LiveObjects>)>;
void read_live_objects(const std::vector<Client*>& clients, const KindSet& kinds,
                       std::size_t at_once, const TakeLiveObjects& take);

/// The same of some namespaces alone, of whole objects; kinds that belong to none are listed as a
/// whole.
Result<LiveObjects> read_live_objects_in(Client& client, const KindSet& kinds,
                                         const std::vector<std::string>& namespaces,
                                         const std::map<Kind, std::string>& only_in);

/// The two steps of it. What to list of the kinds that are served:
std::vector<ListWish> wishes_of(const std::vector<ApiResource>& resources, const KindSet& kinds,
                                const std::map<Kind, std::string>& only_in = {},
                                ListWish::Depth depth = ListWish::Depth::lean);
/// and what comes of the answers.
Result<LiveObjects> live_objects_of(Client& client, const KindSet& kinds,
                                    const std::string& cluster, const std::vector<ListWish>& wishes,
                                    std::vector<Result<Pages>> answers);
/// Asks once more, in one namespace, for what is refused in all of them.
void ask_in_namespace(Client& client, const std::string& name_space, std::vector<ListWish>& wishes,
                      std::vector<Result<Pages>>& answers);
/// Of a cluster that could not be read: nothing is known of any of the kinds.
LiveObjects nothing_listed(const KindSet& kinds, const std::string& cluster,
                           const std::string& why);

}  // namespace aksmesh::kube
