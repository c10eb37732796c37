// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aksmesh::istio {

/// What is wrong with the value of an annotation of a form, empty when nothing is. Forms are
/// boolean, uint32, port, ports, all-or-ports, cidrs, all-or-cidrs (lists have commas, `all` is
/// written `*`), quantity and interception-mode; of any other form every value is right.
std::string annotation_fault(std::string_view form, std::string_view value);

/// A quantity of Kubernetes, such as `100m`, `1.5`, `256Mi` or `1e3`.
bool is_quantity(std::string_view text);

}  // namespace aksmesh::istio
