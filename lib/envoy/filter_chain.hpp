// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace aksmesh::envoy {

struct FilterChain;
class Value;

/// What is told of a filter chain of a listener.
FilterChain filter_chain(const Value& chain);

}  // namespace aksmesh::envoy
