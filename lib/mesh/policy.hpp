// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/version_number.hpp"
#include "data/tree.hpp"

namespace aksmesh::mesh {

/// Whose mesh it is: the add-on's, or one of plain Istio (`--policy upstream`).
enum class Flavour { addon, upstream };

/// What a policy says of a thing; words of lib/mesh/tables/limitations.json.
enum class Stance {
  forbidden,
  unsupported,
  conditional,
  required,
  allowed,
  supported,
  advice,
  unstated
};
std::string_view stance_name(Stance stance);

/// One limitation of the add-on as one dated policy sees it. Views live as long as the Policy.
struct Limitation {
  std::string_view id{};  ///< the slug of its check
  std::string_view title{};
  std::string_view category{};
  std::string_view remedy{};
  std::string_view enforced_by{};
  std::string_view note{};
  std::vector<std::string_view> sources{};
  std::vector<std::string_view> phases{};
  Stance stance = Stance::unstated;
  /// error, warning or info; empty when this policy has nothing to report.
  std::string_view severity{};
  /// The rating of the lesser case that the note tells, where there is one.
  std::string_view milder_severity{};
  /// The policy is not recorded for this entry: nothing can be said.
  bool recorded = true;
  std::optional<VersionNumber> min_revision{};
  /// For EnvoyFilter under the policies of 2024: the filter types that may be used, and how their
  /// use is rated.
  std::vector<std::string_view> allowed_types{};
  std::string_view allowed_severity{};
  /// Where its facts come from, by the words of the table: arm, kubernetes, manifest, cli.
  bool needs_azure_only = false;
};

struct PolicyName {
  std::string id;
  std::vector<std::string> aliases;
  std::string from;
  std::string to;  ///< empty while in force
  std::string basis;
};

/// The limitations under one policy. Severities, titles, remedies and sources are never constants
/// in code.
class Policy {
 public:
  /// `text` is a document like lib/mesh/tables/limitations.json; `name` an id or alias, or
  /// `upstream`.
  static Result<Policy> load(std::string_view text, std::string_view name, std::string_view origin);
  /// The policies that such a document knows, `upstream` last.
  static Result<std::vector<PolicyName>> names(std::string_view text, std::string_view origin);

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::string& as_of() const { return as_of_; }
  /// Plain Istio: no rule of the add-on applies.
  [[nodiscard]] bool is_upstream() const { return upstream_; }
  [[nodiscard]] Flavour flavour() const { return upstream_ ? Flavour::upstream : Flavour::addon; }
  [[nodiscard]] const std::vector<Limitation>& limitations() const { return limitations_; }
  [[nodiscard]] const Limitation* find(std::string_view id) const;

 private:
  std::unique_ptr<data::Tree> tree_;
  std::string id_;
  std::string as_of_;
  bool upstream_ = false;
  std::vector<Limitation> limitations_;
};

}  // namespace aksmesh::mesh
