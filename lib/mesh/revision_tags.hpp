// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "mesh/model.hpp"

// Revision tags: names that lead to a revision, so that namespaces need not be labelled anew for
// an upgrade.
namespace aksmesh::mesh {

enum class TagState : std::uint8_t {
  ok,
  several,          ///< more than one webhook configuration bears the tag
  stale,            ///< its revision is gone
  webhook_missing,  ///< nothing but a service bears it, which nobody asks
  service_missing,  ///< its webhook leads to a service that is not there
  ca_differs,       ///< it trusts another authority than the webhook of its revision
  unknown           ///< what it rests on could not be seen
};
/// As in JSON: `ok`, `several`, ...
std::string_view word_of(TagState state);

struct RevisionTag {
  std::string name{};
  std::string revision{};
  std::vector<const Object*> configurations{};
  std::vector<const Object*> services{};
  std::vector<std::string> namespaces{};  ///< labelled with it, by name
  TagState state = TagState::ok;          ///< the worst
  std::string why{};                      ///< one sentence; empty when all is well
};
/// By name. Reads Namespace, Service and MutatingWebhookConfiguration.
std::vector<RevisionTag> revision_tags(const Model& model);

/// The webhook configuration of a revision itself; null when there is none.
const Object* revision_configuration(const Model& model, std::string_view revision);

/// The name of the webhook configuration that stands for a tag, and of its service.
std::string tag_configuration_name(std::string_view tag);
std::string tag_service_name(std::string_view tag);
/// What stands for a tag, as JSON. The configuration is that of the revision under another name,
/// with the tag in the places of the revision's selectors.
std::string tag_configuration(const Object& of_revision, std::string_view tag);
std::string tag_service(std::string_view revision, std::string_view tag);

/// That a tag may have the name, whatever the cluster holds. Kind usage.
Status check_tag_name(const std::string& name);

}  // namespace aksmesh::mesh
