// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mesh/label_selector.hpp"
#include "mesh/model.hpp"

// The webhooks through which pods get their sidecars, as the cluster has them.
namespace aksmesh::mesh {

struct InjectionWebhook {
  const Object* configuration = nullptr;
  data::Node node{};
  std::string name{};  ///< configuration/webhook

  /// The revision whose istiod answers; empty when its configuration does not tell.
  [[nodiscard]] std::string_view revision() const;
  /// The tag that its configuration stands for; empty for a revision's own.
  [[nodiscard]] std::string_view tag() const;
};

/// Those of configurations that are about injection.
struct InjectionWebhooks {
  std::vector<InjectionWebhook> hooks{};
  std::set<std::string_view> revisions{};  ///< revisions and tags that they name
};
InjectionWebhooks find_injection_webhooks(const std::vector<const Object*>& configurations);

/// True for a webhook that puts sidecars in, not one that merely looks at their labels.
bool injects(const InjectionWebhook& webhook);

/// The revisions that a selector names.
std::vector<std::string_view> revisions_in(const data::Node& selector);

/// The groups of webhooks, by position, that would all take one pod: one whose namespace and itself
/// carry the labels that decide about injection, in any combination of their values and the
/// revisions.
std::set<std::vector<std::size_t>> overlaps_of(const InjectionWebhooks& webhooks);

}  // namespace aksmesh::mesh
