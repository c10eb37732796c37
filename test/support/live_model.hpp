// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "mesh/model.hpp"

namespace aksmesh::test {

/// The objects of a text as if a cluster had listed them; `unseen` are kinds that it refused.
std::unique_ptr<mesh::Model> live_model(const std::string& yaml, kube::KindSet unseen = {});

/// The webhooks of a revision, or of a tag that leads to it, with the add-on's names and selectors,
/// and the service behind them.
std::string injector_of(const std::string& revision, const std::string& tag = {});
std::string service_of(const std::string& revision);
std::string namespace_of(const std::string& name, const std::string& labels = {});

}  // namespace aksmesh::test
