// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "context.hpp"
#include "data/tree.hpp"
#include "kube/live_objects.hpp"
#include "kube_session.hpp"
#include "mesh/snapshot.hpp"
#include "proxy_source.hpp"

// What proxies are configured with, as snapshots hold it.
namespace aksmesh::commands {

/// Reads it for the pods that are named, of each word the one that `proxy config` would show. One
/// that cannot be read is told in its place; an error is that the run was interrupted.
Result<std::vector<mesh::ProxyDump>> save_proxies(KubeSession& session, const PodOptions& pods,
                                                  const Context& context);

/// The proxy of the pod that is named, in the session's snapshot; of a workload that of the best
/// pod among those that are in it.
Result<const mesh::ProxyDump*> find_saved_proxy(KubeSession& session, const PodOptions& options,
                                                const Context& context);

/// An object of what was read; nothing when it is not there. It lives as long as that.
data::Node find_object(const kube::LiveObjects& objects, kube::Kind kind,
                       std::string_view name_space, std::string_view name);

}  // namespace aksmesh::commands
