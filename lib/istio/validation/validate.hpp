// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "istio/validation/problem.hpp"
#include "kube/manifests.hpp"

namespace aksmesh::istio::validation {

/// How to tell that a match of a VirtualService comes too late. Istio's own test takes some matches
/// for covered that are not, and misses others; `as_istio` repeats it, so that results compare.
enum class Coverage { exact, as_istio };

/// The rules of the object's kind; nothing for kinds that Istio does not validate.
void validate(const kube::Object& object, Problems& out, Coverage coverage = Coverage::exact);
/// The rules about annotations and labels, most of which hold for every kind of Istio, and others
/// that istiod's webhook and `istioctl validate` apply and the analysis does not.
void validate_metadata(const kube::Object& object, Problems& out);

}  // namespace aksmesh::istio::validation
