// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "envoy/columns.hpp"
#include "report/table.hpp"

namespace aksmesh::envoy {

struct DumpEntry;

/// What a proxy was started with. Anything that is not told is empty.
struct BootstrapRow {
  std::string istio_version{};  ///< of the agent
  std::string proxy_build{};    ///< the commit of Istio's Envoy
  std::string envoy_version{};  ///< `1.36.4/Clean/RELEASE/BoringSSL`
  std::string node{};           ///< `sidecar~IP~POD.NAMESPACE~DOMAIN`
  std::string cluster{};        ///< what Envoy takes itself to be part of, `productpage.shop`
  std::string workload{};
  std::string name_space{};
  std::string locality{};
  std::string mesh{};
  std::string istiod{};   ///< where its configuration comes from, HOST:PORT
  std::string updated{};  ///< RFC 3339
  std::string config{};   ///< for who wants the bootstrap as Envoy gives it: JSON without blanks
  std::size_t section = 0;
};

/// Members of the section, which are no lists: the second is a time.
inline constexpr std::array<std::string_view, 2> kBootstrapLists{"bootstrap", "last_updated"};
inline constexpr std::string_view kBootstrapSection = "BootstrapConfigDump";

/// Puts an entry of either into what is known: a bootstrap takes the place of an earlier one, the
/// time belongs to the bootstrap before it in the same section.
void add_bootstrap(const DumpEntry& entry, std::optional<BootstrapRow>& row);
/// The lines of `istioctl proxy-config bootstrap -o short`: what and its value. Its headers are to
/// be hidden.
report::Table bootstrap_table(const BootstrapRow& row, Columns columns);

}  // namespace aksmesh::envoy
