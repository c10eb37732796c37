// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/tree.hpp"
#include "kube/manifests.hpp"

// Istio's rules about the content of its objects (pkg/config/validation, 1.28): what istiod's
// webhook and `istioctl validate` refuse. What a schema can tell, such as a wrong type or an
// unknown field, is not told here; such a value reads as absent.
namespace aksmesh::istio::validation {

using data::Node;

/// What a rule speaks of: a value of the object, or a field that is missing in `node`.
struct Place {
  Node node{};
  std::string_view missing{};

  Place(const Node& value) : node(value) {}
  /// The field of `owner`, whether it is there or not.
  Place(const Node& owner, std::string_view field);
  /// Absent for a missing field and for null.
  [[nodiscard]] Node value() const;
  /// The text of a scalar; empty when it is missing.
  [[nodiscard]] std::string_view text() const { return value().text(); }
};

enum class Severity : std::uint8_t { error, warning };

/// Istio's analysis gives two warnings about routes codes of their own (IST0130, IST0131).
enum class Topic : std::uint8_t { content, unreachable_rule, ineffective_match };

struct Problem {
  std::string_view rule{};  ///< our name of the rule, such as VS-05
  Severity severity = Severity::error;
  Place place;
  std::string text{};  ///< what is wrong with the value, and what is allowed
  Topic topic = Topic::content;
  std::vector<std::string> parameters{};  ///< of the topic's code, in its order
};

/// Takes what the rules have to say about one object.
class Problems {
 public:
  void error(std::string_view rule, const Place& place, std::string text) {
    add({.rule = rule, .place = place, .text = std::move(text)});
    ++errors_;
  }
  void warning(std::string_view rule, const Place& place, std::string text) {
    add({.rule = rule, .severity = Severity::warning, .place = place, .text = std::move(text)});
  }
  void add(Problem problem) { all_.push_back(std::move(problem)); }

  [[nodiscard]] const std::vector<Problem>& all() const { return all_; }
  /// For rules that end when another has failed.
  [[nodiscard]] std::size_t errors() const { return errors_; }

 private:
  std::vector<Problem> all_;
  std::size_t errors_ = 0;
};

/// Where the problem is, as in `spec.http[0].timeout`, the missing field included.
std::string path_of(const kube::Object& object, const Problem& problem);

}  // namespace aksmesh::istio::validation
