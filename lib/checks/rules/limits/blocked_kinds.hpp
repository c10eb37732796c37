// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"

namespace aksmesh::checks {

/// The rule of a kind that the add-on's admission webhook refuses as a whole.
template <Kind kind>
void deny_kind(const Facts& facts, Findings& out) {
  for (const auto* object : facts.all(kind))
    out.add(*object,
            "the admission webhook of the add-on denies every {kind}; {name} will not be created",
            {{"kind", std::string(object->kind_name)}, {"name", std::string(object->name)}});
}

}  // namespace aksmesh::checks
