// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "context.hpp"
#include "envoy/dump.hpp"
#include "option_set.hpp"

namespace aksmesh::commands {

/// Which proxy is looked at.
struct ProxyOptions {
  std::string file{};
};
void declare_proxy_options(OptionSet& set, ProxyOptions& options);

/// One proxy, or what was saved of one.
class ProxySource {
 public:
  static Result<ProxySource> open(const ProxyOptions& options, const Context& context);

  /// Gives each entry of the lists of its dump. A part that cannot be had is told in the facts, an
  /// error is that there is nothing at all.
  Result<envoy::DumpFacts> read(std::span<const std::string_view> lists,
                                const envoy::TakeEntry& take);
  /// `pod shop/productpage-1`, the file's name or `standard input`, for people.
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  explicit ProxySource(const Context& context) : context_(&context) {}

  const Context* context_;
  std::string file_{};
  std::string name_{};
};

/// That a dump has a section. Kind bad_data; `what` completes "there are no ... in".
Status require_section(const envoy::DumpFacts& facts, std::string_view section,
                       const std::string& what, const ProxySource& source);

}  // namespace aksmesh::commands
