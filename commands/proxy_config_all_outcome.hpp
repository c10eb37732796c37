// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "command.hpp"
#include "proxy_config_outcome.hpp"

namespace aksmesh::commands {

/// What `proxy config all` has found: a listing for each kind that was there.
class ProxyConfigAllOutcome final : public Outcome {
 public:
  ProxyConfigAllOutcome(std::vector<ConfigListing> listings, std::vector<Error> lost,
                        std::string proxy, const Context& context);
  [[nodiscard]] std::string text(const report::Style& style) const override;
  [[nodiscard]] std::string json() const override;
  [[nodiscard]] nlohmann::ordered_json document() const override;

 private:
  /// The document with empty lists for the kinds.
  [[nodiscard]] nlohmann::ordered_json frame() const;

  std::vector<ConfigListing> listings_;
  std::vector<Error> lost_;
  std::string proxy_;
  report::Headers headers_;
};

}  // namespace aksmesh::commands
