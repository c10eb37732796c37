// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "kube_session.hpp"
#include "net/http.hpp"

namespace aksmesh::commands {

/// What the istiod said that a proxy is connected with.
struct IstiodReply {
  std::string pod{};
  net::Response response{};
};

/// Asks every istiod of the cluster for a debug page about one proxy, `POD.NAMESPACE`; all but one
/// answer that it is not connected with them. Kind not_found when all do, could_not_look when those
/// do that could be asked.
Result<IstiodReply> ask_istiod_of(const std::string& proxy, const std::string& path,
                                  KubeSession& session, const Context& context);

}  // namespace aksmesh::commands
