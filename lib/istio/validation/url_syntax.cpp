// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/url_syntax.hpp"

#include <algorithm>
#include <cctype>

#include "base/strings.hpp"
#include "istio/validation/syntax.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr auto kNowhere = std::string_view::npos;

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}
bool is_plain(char c, std::string_view more) {
  return is_letter(c) || is_digit(c) || more.find(c) != kNowhere;
}

/// Whether two hexadecimal digits follow each `%`.
bool escapes_well(std::string_view text) {
  for (auto at = text.find('%'); at != kNowhere; at = text.find('%', at + 1)) {
    const auto digits = text.substr(at + 1, 2);
    if (digits.size() < 2 || !std::all_of(digits.begin(), digits.end(), [](char c) {
          return std::isxdigit(static_cast<unsigned char>(c)) != 0;
        }))
      return false;
  }
  return true;
}

/// Takes `scheme:` from the front of `rest`; a text without one has an empty scheme.
Url take_scheme(std::string_view& rest) {
  const auto end =
      std::find_if_not(rest.begin(), rest.end(), [](char c) { return is_plain(c, "+-."); });
  const auto length = static_cast<std::size_t>(end - rest.begin());
  if (end == rest.end() || *end != ':') return {};
  if (length == 0) return {.fault = "the scheme before : is missing"};
  if (!is_letter(rest.front())) return {};
  Url url{.scheme = to_lower(rest.substr(0, length))};
  rest.remove_prefix(length + 1);
  return url;
}

bool is_port_suffix(std::string_view text) {
  return text.empty() ||
         (text.front() == ':' && std::all_of(text.begin() + 1, text.end(), is_digit));
}

/// A name may hold escapes of other letters than those of ASCII, such as %C3%A4.
bool is_host_name(std::string_view host) {
  for (std::size_t i = 0; i < host.size(); ++i) {
    const char c = host[i];
    if (c == '%' && host.substr(i, 3) != "%25" && host[i + 1] < '8') return false;
    if (static_cast<unsigned char>(c) < 0x80 && !is_plain(c, "-_.~!$&'()*+,;=]<>\"%")) return false;
  }
  return true;
}

std::string host_fault(std::string_view host) {
  if (!escapes_well(host)) return "% in the host must stand before two hexadecimal digits";
  auto name = host;
  std::string_view port;
  if (host.starts_with('[')) {
    const auto close = host.rfind(']');
    if (close == kNowhere) return "] is missing after the address of the host";
    name = host.substr(1, close - 1);
    port = host.substr(close + 1);
    if (name.find(':') == kNowhere || !is_ip(replace_all(name, "%25", "%")))
      return "[" + std::string(name) + "] holds no IPv6 address";
    name = {};
  } else if (const auto colon = host.find(':'); colon != kNowhere) {
    name = host.substr(0, colon);
    port = host.substr(colon);
  }
  if (!is_port_suffix(port)) return "the port " + std::string(port) + " is no number";
  return is_host_name(name) ? ""
                            : "the host " + std::string(name) + " has a character that no host has";
}

std::string authority_fault(std::string_view authority) {
  const auto at = authority.rfind('@');
  if (at == kNowhere) return host_fault(authority);
  const auto user = authority.substr(0, at);
  const bool good = escapes_well(user) && std::all_of(user.begin(), user.end(), [](char c) {
                      return is_plain(c, "-._:~!$&'()*+,;=%@");
                    });
  return good ? host_fault(authority.substr(at + 1)) : "the user before @ has a wrong character";
}

/// Everything after the scheme.
std::string rest_fault(std::string_view rest, const std::string& scheme, UrlForm form) {
  rest = rest.substr(0, rest.find('?'));
  if (!rest.starts_with('/')) {
    if (!scheme.empty()) return {};  // opaque, as in mailto:a@b
    if (form == UrlForm::request) return "neither a scheme nor a leading / is given";
    if (rest.substr(0, rest.find('/')).find(':') != kNowhere)
      return "the first segment of a path without scheme must not have a colon";
  }
  const bool can_have_host =
      !scheme.empty() || (form == UrlForm::reference && !rest.starts_with("///"));
  if (can_have_host && rest.starts_with("//")) {
    rest.remove_prefix(2);
    const auto authority = rest.substr(0, rest.find('/'));
    auto fault = authority_fault(authority);
    if (!fault.empty()) return fault;
    rest.remove_prefix(authority.size());
  }
  return escapes_well(rest) ? "" : "% in the path must stand before two hexadecimal digits";
}

}  // namespace

Url parse_url(std::string_view text, UrlForm form) {
  if (form == UrlForm::reference) {
    const auto mark = std::min(text.find('#'), text.size());
    if (!escapes_well(text.substr(mark)))
      return {.fault = "% after # must stand before two hexadecimal digits"};
    text = text.substr(0, mark);
  }
  if (std::any_of(text.begin(), text.end(), is_control))
    return {.fault = "it holds a control character"};
  if (form == UrlForm::request && text.empty()) return {.fault = "it is empty"};
  if (text == "*") return {};
  auto url = take_scheme(text);
  if (url.fault.empty()) url.fault = rest_fault(text, url.scheme, form);
  return url;
}

}  // namespace aksmesh::istio::validation
