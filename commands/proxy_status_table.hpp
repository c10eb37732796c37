// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/version_number.hpp"
#include "checks/proxy_rows.hpp"
#include "report/table.hpp"

namespace aksmesh::commands {

/// Which of the neighbour's tables stands before our own columns.
enum class SyncColumns : std::uint8_t {
  subscribed,  ///< since 1.27: how many types the proxy asks for
  by_type,     ///< since 1.27 with -v 1: a column for each type that any of the rows has
  five_types,  ///< 1.23 to 1.26: five types, with the age of the last push
  bare_types   ///< to 1.22: those, without ages and without errors
};
/// That of an Istio minor; of the newest where it is not known.
SyncColumns columns_of(const std::optional<VersionNumber>& minor);
/// The newest minor among istiods: by the tag of the image, else by the name of the revision.
std::optional<VersionNumber> newest_minor(const std::vector<checks::IstiodView>& istiods);

/// How much of what a proxy answers is shown.
enum class Reasons : std::uint8_t { first, all };
/// Why a proxy is not well, in one line; empty when it is.
std::string reason_of(const checks::ProxyRow& row, Reasons which);

/// `now_ms` is in milliseconds since 1970.
report::Table proxy_table(const std::vector<checks::ProxyRow>& rows, SyncColumns columns,
                          Reasons reasons, std::int64_t now_ms);
report::Table summary_table(const std::vector<checks::ProxyRow>& rows);

}  // namespace aksmesh::commands
