// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command.hpp"
#include "envoy/dump.hpp"
#include "proxy_config_outcome.hpp"
#include "proxy_source.hpp"

namespace aksmesh::commands {

/// How what a kind has found is shown.
struct ListingForm {
  bool documents = false;    ///< as items, not as a table
  bool all_columns = false;  ///< and rows that the neighbour leaves out
  bool brief = false;        ///< the neighbour's `--verbose=false`: a row for each object
  bool named = false;  ///< with a column NAME first, for a table that stands among those of others
};
ListingForm form_of(const Context& context);
envoy::Columns columns_of(const ListingForm& form);

/// One kind of what a proxy is configured with: takes what it wants of a dump as that goes by, and
/// then shows it.
class ConfigKind {
 public:
  ConfigKind() = default;
  ConfigKind(const ConfigKind&) = delete;
  ConfigKind& operator=(const ConfigKind&) = delete;
  virtual ~ConfigKind() = default;
  /// `cluster`, as in the command and in documents.
  [[nodiscard]] virtual std::string_view word() const = 0;
  /// For people; completes "there are no ...".
  [[nodiscard]] virtual std::string_view plural() const = 0;
  /// The section of a dump that must be there, empty: none must; and the lists that are wanted.
  [[nodiscard]] virtual std::string_view section() const = 0;
  [[nodiscard]] virtual std::span<const std::string_view> lists() const = 0;
  /// A regular expression of RE2 that matches the whole names of all objects that are wanted, and
  /// maybe further ones; empty: all are.
  [[nodiscard]] virtual std::string names() const { return {}; }
  virtual void take(const envoy::DumpEntry& entry) = 0;
  /// Once the dump has been read: table or items, and notes.
  virtual ConfigListing listing(const envoy::DumpFacts& facts) = 0;
};
using ConfigKindPtr = std::unique_ptr<ConfigKind>;

/// Reads one kind of a proxy and shows it.
Result<OutcomePtr> show_kind(ConfigKind& kind, const ProxyOptions& options, const Context& context);

/// A note on what the neighbour's table leaves out, each with its reason; none when there is
/// nothing.
using LeftOut = std::vector<std::pair<std::string, std::string>>;
void note_left_out(std::vector<std::string>& notes, std::string_view what, const LeftOut& left_out);
/// Notes on updates that Envoy refused: names of objects, and why.
void note_refusals(std::vector<std::string>& notes, std::string_view what, const LeftOut& refused);

/// Makes the first cells of a table's rows say the kind, as `secret/NAME`.
void name_rows(report::Table& table, std::string_view kind);
/// That a dump has what a kind needs. Kind bad_data.
Status require(const ConfigKind& kind, const envoy::DumpFacts& facts, const ProxySource& proxy);

/// For cells that the neighbour does not have.
std::string or_dash(const std::string& text);

}  // namespace aksmesh::commands
