// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"

namespace aksmesh::sim {

/// Names in lower case.
using Headers = std::map<std::string, std::string>;
using Fields = std::map<std::string, std::string>;

struct Request {
  std::string method{};
  std::string target{};               ///< as it was sent
  std::string path{};                 ///< decoded
  std::vector<std::string> parts{};   ///< of the path, as they are spelled
  std::vector<std::string> folded{};  ///< the same in lower case: Azure compares so
  Fields query{};
  Headers headers{};
  std::string body{};

  [[nodiscard]] std::string header(const std::string& name) const;
  [[nodiscard]] std::string parameter(const std::string& name) const;
};

enum class Cut : std::uint8_t { none, before, half };

struct Response {
  int status = 200;
  Headers headers{};
  std::string body{};
  int delay_ms = 0;
  Cut cut = Cut::none;  ///< the connection ends before the answer, or in the middle of it
};

Request make_request(std::string method, std::string target, Headers headers, std::string body);

Response answer(int status, const Json& body);
/// The form of Resource Manager itself: {"error": {code, message}}.
Response gateway_error(int status, const std::string& code, const std::string& message);
/// The flat form of the container service behind it.
Response service_error(int status, const std::string& code, const std::string& message);

std::string lower(std::string_view text);
std::string decoded(std::string_view text, bool form);
/// Of a query or a body application/x-www-form-urlencoded.
Fields fields_of(std::string_view text);
std::vector<std::string> split(std::string_view text, char at);

std::string base64(std::string_view bytes);
std::string base64url(std::string_view bytes);
/// Either alphabet, with or without padding; what is no base64 is left out.
std::string from_base64(std::string_view text);

}  // namespace aksmesh::sim
