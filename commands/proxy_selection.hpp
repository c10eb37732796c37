// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "checks/proxy_rows.hpp"

namespace aksmesh::commands {

/// Which proxies are meant: `POD`, `POD.NAMESPACE`, or `TYPE/NAME` of what makes the pods, with or
/// without a namespace. Where none is named, those of all namespaces are.
class ProxySelection {
 public:
  /// Kind usage for a type that makes no pods.
  static Result<ProxySelection> parse(const std::vector<std::string>& operands);
  [[nodiscard]] bool is_all() const { return wanted_.empty(); }
  /// TYPE/NAME matches no row whose pod could not be seen.
  [[nodiscard]] bool matches(const checks::ProxyRow& row) const;
  /// The operands that none of the rows is meant by.
  [[nodiscard]] std::vector<std::string> missed(const std::vector<checks::ProxyRow>& rows) const;

 private:
  struct Wanted {
    std::string typed{};
    std::string kind{};  ///< Deployment, ...; empty: a pod
    std::string name{};  ///< may end with .NAMESPACE
  };
  static bool is_meant(const Wanted& wanted, const checks::ProxyRow& row);

  std::vector<Wanted> wanted_{};
};

}  // namespace aksmesh::commands
