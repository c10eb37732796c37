// SPDX-License-Identifier: Apache-2.0
#include "istio/schema/request_uri.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace aksmesh::istio::schema {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Every `%` has two hexadecimal digits behind it.
bool has_good_escapes(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '%' && (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])))
      return false;
  return true;
}

bool is_host_character(char c) {
  return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("-_.~!$&'()*+,;=:[]<>\"%").find(c) != std::string_view::npos;
}

bool is_port(std::string_view text) {
  return text.empty() ||
         (text.front() == ':' && std::all_of(text.begin() + 1, text.end(), is_digit));
}

/// `user@host:port`, each part but the host optional.
bool is_authority(std::string_view text) {
  const auto at = text.rfind('@');
  const auto user = at == std::string_view::npos ? std::string_view{} : text.substr(0, at);
  const auto host = at == std::string_view::npos ? text : text.substr(at + 1);
  const bool good_user =
      has_good_escapes(user) && std::all_of(user.begin(), user.end(), [](char c) {
        return is_letter(c) || is_digit(c) ||
               std::string_view("-._:~!$&'()*+,;=%@").find(c) != std::string_view::npos;
      });
  if (!good_user || !has_good_escapes(host) ||
      !std::all_of(host.begin(), host.end(), is_host_character))
    return false;
  if (host.starts_with('[')) {
    const auto end = host.rfind(']');
    return end != std::string_view::npos && is_port(host.substr(end + 1));
  }
  const auto colon = host.rfind(':');
  return colon == std::string_view::npos || is_port(host.substr(colon));
}

/// Takes `scheme:` off the front; nothing when the text begins with a colon.
std::optional<std::string> take_scheme(std::string_view& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_letter(c)) continue;
    const bool inner = is_digit(c) || c == '+' || c == '-' || c == '.';
    if (inner && i > 0) continue;
    if (c != ':') break;
    if (i == 0) return std::nullopt;
    const auto scheme = to_lower(text.substr(0, i));
    text.remove_prefix(i + 1);
    return scheme;
  }
  return std::string{};
}

}  // namespace

std::optional<std::string> request_uri_scheme(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (text.empty() || std::any_of(text.begin(), text.end(), is_control)) return std::nullopt;
  if (text == "*") return std::string{};
  auto rest = text;
  auto scheme = take_scheme(rest);
  if (!scheme) return std::nullopt;
  rest = rest.substr(0, rest.find('?'));
  if (!rest.starts_with('/')) {
    if (scheme->empty()) return std::nullopt;
    return scheme;  // opaque, such as mailto:a@b
  }
  if (!scheme->empty() && rest.starts_with("//") && !rest.starts_with("///")) {
    rest.remove_prefix(2);
    const auto slash = std::min(rest.find('/'), rest.size());
    if (!is_authority(rest.substr(0, slash))) return std::nullopt;
    rest.remove_prefix(slash);
  }
  return has_good_escapes(rest) ? scheme : std::nullopt;
}

}  // namespace aksmesh::istio::schema
