// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aksmesh::envoy {

class Value;

/// The object of Istio that a cluster or route was made of, as istiod notes it in its metadata:
/// `/apis/networking.istio.io/v1/namespaces/NS/destination-rule/NAME`; empty: none is noted.
std::string origin_of(const Value& resource);

/// `NAME.NS` of such a path; `<unknown>` for one of another group.
std::string origin_name(std::string_view origin);

}  // namespace aksmesh::envoy
