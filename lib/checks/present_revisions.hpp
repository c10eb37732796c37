// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"

namespace aksmesh::checks {

/// What to say when neither an option nor the input tells the revisions.
inline constexpr std::string_view kRevisionsUnknown =
    "which revisions are installed: no istiod of one is in the input; --revision tells";

/// As Facts::revisions, and with every istiod of the input: it is evidently there, whatever the
/// user names. Declare kRevisionKinds.
Revisions present_revisions(const Facts& facts);

}  // namespace aksmesh::checks
