// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"

// What rules ask of Pods that were exported with their status.
namespace aksmesh::checks {

/// An item of a list by its `name`; absent when there is none.
Node item_named(const Node& list, std::string_view name);
/// A condition of an object's status by its type; absent when there is none.
Node status_condition(const Object& object, std::string_view type);
/// True for a Pod with a status that has neither ended nor is being deleted.
bool is_live_pod(const Object& pod);
/// True for a Pod with a sidecar or gateway proxy, native sidecars included.
bool has_proxy_container(const Object& pod);
/// The container or init container of that name (native sidecars are init containers), or nothing.
Node find_container(const Node& pod_spec, std::string_view name);

/// True for a Pod of the add-on's istiod, not of app routing's or a self-managed one.
bool is_addon_istiod_pod(const Object& pod);

}  // namespace aksmesh::checks
