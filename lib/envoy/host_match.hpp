// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "envoy/value.hpp"

namespace aksmesh::envoy {

struct HostChoice {
  Value host{};          ///< the virtual host
  std::string domain{};  ///< the one of its domains that took the request
};

/// The virtual host of a route configuration that takes an authority, in Envoy's order: the domain
/// itself, then the longest `*.b.c`, then the longest `a.*`, then `*`. Nothing when none does.
std::optional<HostChoice> choose_host(const Value& routes, std::string_view authority);

/// `a:80` without its port; of `[::1]:80` the brackets stay.
std::string_view without_port(std::string_view authority);

}  // namespace aksmesh::envoy
