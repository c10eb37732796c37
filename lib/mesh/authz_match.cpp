// SPDX-License-Identifier: Apache-2.0
#include "mesh/authz_match.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/strings.hpp"
#include "data/scalar.hpp"

namespace aksmesh::mesh {
namespace {

constexpr std::string_view kOne = "{*}";
constexpr std::string_view kMany = "{**}";
constexpr int kByte = 8;

struct Address {
  std::array<std::uint8_t, 16> bytes{};
  int bits = 0;
};

std::optional<Address> parse_address(std::string_view text) {
  const std::string whole(text);
  Address out;
  if (inet_pton(AF_INET, whole.c_str(), out.bytes.data()) == 1) {
    out.bits = 32;
    return out;
  }
  if (inet_pton(AF_INET6, whole.c_str(), out.bytes.data()) == 1) {
    out.bits = 128;
    return out;
  }
  return std::nullopt;
}

/// Of a template without `{**}`: how much of the path it takes from its begin; nothing when it does
/// not fit. A segment always ends where the next slash is, so that there is one way at most.
std::optional<std::size_t> taken_by(std::string_view pattern, std::string_view path) {
  std::size_t at = 0;
  while (!pattern.empty()) {
    if (pattern.starts_with(kOne)) {
      const auto end = std::min(path.find('/', at), path.size());
      if (end <= at) return std::nullopt;
      at = end;
      pattern.remove_prefix(kOne.size());
      continue;
    }
    if (at == path.size() || pattern.front() != path[at]) return std::nullopt;
    ++at;
    pattern.remove_prefix(1);
  }
  return at;
}

bool matches_template(std::string_view pattern, std::string_view path) {
  const auto many = pattern.find(kMany);
  const auto begin = taken_by(pattern.substr(0, many), path);
  if (!begin) return false;
  if (many == std::string_view::npos) return *begin == path.size();
  const auto rest = pattern.substr(many + kMany.size());
  // Istio refuses a second one.
  if (rest.find(kMany) != std::string_view::npos) return false;
  for (auto at = *begin; at <= path.size(); ++at)
    if (const auto end = taken_by(rest, path.substr(at)); end && at + *end == path.size())
      return true;
  return false;
}

}  // namespace

Truth truth_of(bool value) {
  return value ? Truth::yes : Truth::no;
}

Truth both(Truth a, Truth b) {
  if (a == Truth::no || b == Truth::no) return Truth::no;
  return a == Truth::yes ? b : a;
}

Truth either(Truth a, Truth b) {
  return opposite(both(opposite(a), opposite(b)));
}

Truth opposite(Truth a) {
  if (a == Truth::unknown) return a;
  return a == Truth::yes ? Truth::no : Truth::yes;
}

std::string_view word_of(Truth truth) {
  if (truth == Truth::unknown) return "unknown";
  return truth == Truth::yes ? "yes" : "no";
}

bool matches_value(std::string_view pattern, std::string_view text) {
  if (pattern == "*") return !text.empty();
  if (pattern.starts_with('*')) return text.ends_with(pattern.substr(1));
  if (pattern.ends_with('*')) return text.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == text;
}

bool matches_host(std::string_view pattern, std::string_view host) {
  return matches_value(to_lower(pattern), to_lower(host));
}

bool is_path_template(std::string_view pattern) {
  return pattern.find(kOne) != std::string_view::npos ||
         pattern.find(kMany) != std::string_view::npos;
}

bool matches_path(std::string_view pattern, std::string_view path) {
  return is_path_template(pattern) ? matches_template(pattern, path) : matches_value(pattern, path);
}

bool is_address(std::string_view text) {
  return parse_address(text).has_value();
}

bool is_in_block(std::string_view block, std::string_view address) {
  const auto slash = block.find('/');
  const auto network = parse_address(block.substr(0, slash));
  const auto one = parse_address(address);
  if (!network || !one || network->bits != one->bits) return false;
  auto bits = std::int64_t{network->bits};
  if (slash != std::string_view::npos) {
    const auto given = data::parse_integer(block.substr(slash + 1));
    if (!given || *given < 0 || *given > bits) return false;
    bits = *given;
  }
  for (std::size_t i = 0; bits > 0; ++i, bits -= kByte) {
    const auto mask = static_cast<std::uint8_t>(bits >= kByte ? 0xFF : 0xFF << (kByte - bits));
    if ((network->bytes[i] & mask) != (one->bytes[i] & mask)) return false;
  }
  return true;
}

bool matches_namespace(std::string_view pattern, std::string_view principal) {
  return wildcard_match("*/ns/" + std::string(pattern) + "/*", principal);
}

bool matches_service_account(std::string_view account, std::string_view own_namespace,
                             std::string_view principal) {
  const auto slash = account.find('/');
  const auto place = slash == std::string_view::npos ? own_namespace : account.substr(0, slash);
  const auto name = slash == std::string_view::npos ? account : account.substr(slash + 1);
  const auto end = "/ns/" + std::string(place) + "/sa/" + std::string(name);
  return principal.ends_with(end) || principal.find(end + '/') != std::string_view::npos;
}

}  // namespace aksmesh::mesh
