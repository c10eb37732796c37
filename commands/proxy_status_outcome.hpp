// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "mesh/model.hpp"
#include "proxy_status_table.hpp"
#include "report/finding.hpp"

namespace aksmesh::commands {

/// What the istiods of a cluster told.
struct ProxyReading {
  std::string place{};  ///< the cluster, for people
  std::unique_ptr<mesh::Model> model{};
  std::unique_ptr<checks::ProxyView> view{};
  std::vector<checks::ProxyRow> rows{};  ///< those that are wanted
  std::vector<report::UnavailablePart> unavailable{};
  std::int64_t now_ms = 0;  ///< when it was so, in milliseconds since 1970
};

class ProxyStatusOutcome final : public Outcome {
 public:
  enum class Form : std::uint8_t { proxies, summary };
  ProxyStatusOutcome(ProxyReading reading, Form form, SyncColumns columns, const Context& context);
  [[nodiscard]] std::string text(const report::Style& style) const override;
  [[nodiscard]] nlohmann::ordered_json document() const override;
  [[nodiscard]] const ProxyReading& reading() const { return reading_; }

 private:
  ProxyReading reading_;
  Form form_;
  SyncColumns columns_;
  Reasons reasons_;
  report::Headers headers_;
};

/// As the member `unavailable` of a document, and for people.
nlohmann::ordered_json unavailable_document(const std::vector<report::UnavailablePart>& parts);
std::vector<std::string> unavailable_notes(const std::vector<report::UnavailablePart>& parts);

}  // namespace aksmesh::commands
