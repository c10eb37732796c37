// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "data/tree.hpp"
#include "net/http.hpp"

namespace aksmesh::azure {

/// What an answer says of its failure. Resource Manager wraps it in `error`, AKS answers flat,
/// Entra ID has `error` and `error_description`.
struct ServiceError {
  int status = 0;  ///< 0 for the error of an operation
  std::string code{};
  std::string subcode{};
  std::string message{};
  std::string target{};
  std::vector<std::string> details{};  ///< `code: message`, outermost first
  std::string policy{};                ///< the name of the Azure Policy that refused
  std::string request_id{};
  std::string correlation_id{};
  std::int64_t missed_try = 0;  ///< as of net::Response
  std::int64_t asked = 0;       ///< milliseconds that it asks to wait; 0: it does not say
  bool by_gateway = false;      ///< Resource Manager answered without reaching AKS
};

/// Understands any body, even none or HTML.
ServiceError service_error(const net::Response& response);
/// The `error` of an operation or of `properties.status.provisioningError`.
ServiceError service_error(const data::Node& error);

/// As an Error of ours: `what` is the user's goal that failed; cause and remedy come from the
/// catalogue (tables/errors.json) where it knows the failure. Kind timeout when only the time of
/// the run kept the request from being tried again.
Error to_error(const ServiceError& error, std::string what, std::string where = {});

/// The row of the catalogue that a failure belongs to, by its id; empty when there is none.
std::string_view known_error(const ServiceError& error);

}  // namespace aksmesh::azure
