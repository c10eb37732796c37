// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace aksmesh {

/// A quantity as Kubernetes writes it (`250m`, `2`, `1.5`, `512Mi`, `1e3`) in thousandths of its
/// unit, rounded down: of a processor, or of a byte. Nothing for any other text, and for more than
/// fits. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
std::optional<std::int64_t> quantity_in_thousandths(std::string_view text);

}  // namespace aksmesh
