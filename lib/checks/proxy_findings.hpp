// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/proxy_view.hpp"
#include "checks/runner.hpp"

namespace aksmesh::checks {

/// Whether anything of that is wanted.
bool wants_proxies(const Selection& wanted);

/// Adds to a result what the istiods of a cluster tell of their proxies, as far as it is wanted.
/// `why_not` says what kept some istiods, or all, from telling (`view` may be null then); what they
/// would have told is unknown.
void add_proxy_findings(const Model& model, const ProxyView* view, const std::string& why_not,
                        const Selection& wanted, report::FindingSet& out);

}  // namespace aksmesh::checks
