// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "istio/validation/problem.hpp"
#include "kube/manifests.hpp"

namespace aksmesh::istio::validation {

/// The rules of the object's kind; nothing for kinds that Istio does not validate.
void validate(const kube::Object& object, Problems& out);
/// The rules about annotations, which hold for every kind of Istio. istiod's webhook and
/// `istioctl validate` apply them, the analysis does not.
void validate_metadata(const kube::Object& object, Problems& out);

}  // namespace aksmesh::istio::validation
