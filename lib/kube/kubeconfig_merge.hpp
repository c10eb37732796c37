// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace aksmesh::kube {

enum class Overwrite : bool { no, yes };

/// Puts the clusters, users and contexts of `added` into the kubeconfig `existing` (which may be
/// empty) and makes its current context the current one. Entries of the same name that are equal
/// stay; with Overwrite::no one that differs is an error of kind conflict that names it. Comments
/// are lost, as with kubectl. Kind bad_data when either text is no kubeconfig.
Result<std::string> merge_kubeconfig(std::string_view existing, std::string_view added,
                                     Overwrite overwrite);

/// The kubeconfig with another name for its current context, where it stands and where it is named.
Result<std::string> with_context_name(std::string_view kubeconfig, std::string_view name);

/// Whether one of its users runs that program to sign in.
bool uses_program(std::string_view kubeconfig, std::string_view program);

}  // namespace aksmesh::kube
