// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "checks/proxy_view.hpp"
#include "kube/pod_http.hpp"

namespace aksmesh::commands {

/// What each istiod answers when it is asked for its proxies, as JSON, or why that is of no use. An
/// istiod may take `patience` milliseconds; 0: the usual time.
std::vector<Result<std::string>> ask_istiods(const std::vector<checks::IstiodView>& istiods,
                                             kube::PodHttp& pods, std::int64_t patience);

/// `asking 2 istiods for their proxies`, for people who wait.
std::string asking_text(const std::vector<checks::IstiodView>& istiods);

}  // namespace aksmesh::commands
