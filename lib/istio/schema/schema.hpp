// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/tree.hpp"
#include "kube/manifests.hpp"

// What an API server accepts of the kinds of Istio, the Gateway API and its inference extension,
// by their custom resource definitions (lib/istio/tables), with strict field validation as kubectl
// asks for it. Unlike an API server this tells everything that is wrong, not the first of it.
namespace aksmesh::istio::schema {

using data::Node;

struct Problem {
  enum class Kind : std::uint8_t { unknown_field, wrong_type, invalid_value, rule };
  Kind kind = Kind::invalid_value;
  Node node{};             ///< the value; the key of an unknown field; the owner of a missing one
  std::string field{};     ///< how the message calls it
  std::string what{};      ///< the rest of the message
  std::string remedy{};    ///< empty when nothing better can be said than that of the code
  bool is_operand = true;  ///< false when rules that look at the value can still be tried
};

/// How much is known of an object's kind.
enum class Known : std::uint8_t {
  yes,
  not_ours,         ///< its group is none of the tables'
  unknown_kind,     ///< of a group of the tables
  unknown_version,  ///< of a kind of the tables
  wrong_group,      ///< a kind of the tables, its apiVersion without a group or without a version
};

struct Result {
  Known known = Known::not_ours;
  std::vector<Problem> problems{};
  /// Kinds, versions or apiVersions that there are, when that of the object is not known.
  std::vector<std::string> instead{};
};

/// Everything that is wrong with an object; its status, which is its controller's, is not looked
/// at. Of kinds that are not of the tables only the metadata is, which all kinds have alike.
Result validate(const kube::Object& object);

/// Whether istiod and istioctl can read the object at all. They take unknown fields, numbers in
/// quotes and snake_case names. True for kinds that are not of the tables.
bool decodes(const kube::Object& object);

}  // namespace aksmesh::istio::schema
