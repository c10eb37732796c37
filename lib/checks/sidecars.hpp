// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"

// Which pods have a sidecar, for rules that must be sure.
namespace aksmesh::checks {

/// Whether the pods of an object have a sidecar or will get one; unknown when their Namespace would
/// have to tell and is not in the input. Reads Namespace.
Meshed has_sidecar(const Facts& facts, const Object& pods);

/// True for pods that are a proxy and nothing else: policies about a workload's callers mean
/// something else to them.
bool is_gateway_pod(const Object& pods);

}  // namespace aksmesh::checks
