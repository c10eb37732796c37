// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "azure/credential.hpp"
#include "net/http.hpp"
#include "sys/clock.hpp"
#include "sys/progress.hpp"

namespace aksmesh::azure {

/// A person signs in with a browser, on any device, by a code that is shown. The refresh token that
/// comes with it is kept for this run only and never written to disk. `login` and `tenant` as in a
/// Principal; the tenant `organizations` stands for the person's own.
CredentialPtr device_code_credential(net::Http& http, sys::Clock& clock, sys::Progress& progress,
                                     std::string login, std::string tenant);

}  // namespace aksmesh::azure
