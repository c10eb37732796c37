// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "command.hpp"
#include "envoy/columns.hpp"
#include "report/table.hpp"

namespace aksmesh::commands {

/// What one of the commands `proxy config` has found.
struct ConfigListing {
  struct Item {
    std::string facts{};   ///< an object, JSON without blanks
    std::string config{};  ///< the object of Envoy that they are about, likewise
  };
  std::string kind{};                ///< cluster, listener, ...
  std::string proxy{};               ///< whose it is, for people
  report::Table table{};             ///< for text and wide
  std::vector<Item> items{};         ///< for documents
  std::vector<Error> lost{};         ///< what could not be read
  std::vector<std::string> notes{};  ///< what the table does not tell
  report::Headers headers = report::Headers::shown;
};

/// Whether the documents of a run are wanted, whose items nobody else looks at.
bool wants_documents(const Context& context);
bool wants_all_columns(const Context& context);
envoy::Columns wanted_columns(const Context& context);
/// Facts of an item as it takes them.
std::string compact(const nlohmann::ordered_json& facts);
/// The facts with the configuration as their last member, where it is an object as it should be.
std::string item_text(const ConfigListing::Item& item);
/// What could not be read, as a document has it.
nlohmann::ordered_json unavailable_of(const std::vector<Error>& lost);
/// Tells each part of a proxy that could not be read.
std::vector<std::string> notes_of(const std::vector<Error>& lost, const std::string& proxy);

class ProxyConfigOutcome final : public Outcome {
 public:
  ProxyConfigOutcome(ConfigListing listing, const Context& context);
  [[nodiscard]] std::string text(const report::Style& style) const override;
  [[nodiscard]] std::string json() const override;
  [[nodiscard]] nlohmann::ordered_json document() const override;

 private:
  ConfigListing listing_;
  report::Headers headers_;
};

}  // namespace aksmesh::commands
