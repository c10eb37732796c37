// SPDX-License-Identifier: Apache-2.0
#include "envoy/chain_match.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/strings.hpp"

namespace aksmesh::envoy {
namespace {

using Chains = std::vector<Value>;
/// How exactly a chain matches in one criterion, 0 where it wants nothing; nothing where it does
/// not match.
using Rank = std::function<std::optional<std::int64_t>(const Value& match)>;

/// The chains with the highest rank.
Chains best_of(const Chains& chains, const Rank& rank) {
  Chains out;
  std::int64_t best = -1;
  for (const auto& chain : chains) {
    const auto one = rank(chain["filter_chain_match"]);
    if (!one || *one < best) continue;
    if (*one > best) out.clear();
    best = *one;
    out.push_back(chain);
  }
  return out;
}

struct Bytes {
  std::array<unsigned char, 16> bytes{};
  std::size_t count = 0;
};

std::optional<Bytes> bytes_of(std::string_view address) {
  const std::string text(address);
  Bytes out;
  if (inet_pton(AF_INET, text.c_str(), out.bytes.data()) == 1) return Bytes{out.bytes, 4};
  if (inet_pton(AF_INET6, text.c_str(), out.bytes.data()) == 1) return Bytes{out.bytes, 16};
  return std::nullopt;
}

std::optional<std::int64_t> address_rank(const Value& match, const Connection& connection) {
  const auto ranges = match["prefix_ranges"].items();
  if (ranges.empty()) return 0;
  std::optional<std::int64_t> out;
  for (const auto range : ranges) {
    const auto bits = range["prefix_len"].number().value_or(0);
    if (is_in_range(connection.address, range["address_prefix"].text(), bits))
      out = std::max(out.value_or(0), bits + 1);
  }
  return out;
}

/// The name itself, then `*.b.c`, then `*.c`.
std::optional<std::int64_t> name_rank(const Value& match, const Connection& connection) {
  const auto names = match["server_names"].items();
  if (names.empty()) return 0;
  const auto wanted = to_lower(connection.server_name);
  std::optional<std::int64_t> out;
  for (const auto name : names) {
    const auto text = to_lower(std::string(name.text()));
    const auto length = static_cast<std::int64_t>(text.size());
    if (text == wanted && !wanted.empty()) out = std::max(out.value_or(0), length + 1'000'000);
    if (text.starts_with("*.") && wanted.size() >= text.size() && wanted.ends_with(text.substr(1)))
      out = std::max(out.value_or(0), length);
  }
  return out;
}

/// The first of the connection's protocols that any chain knows decides.
std::optional<std::int64_t> protocol_rank(const Value& match, const Connection& connection) {
  const auto wanted = match["application_protocols"].items();
  if (wanted.empty()) return 0;
  const auto& own = connection.protocols;
  std::optional<std::int64_t> out;
  for (const auto one : wanted) {
    const auto found = std::find(own.begin(), own.end(), one.text());
    if (found != own.end())
      out = std::max(out.value_or(0), static_cast<std::int64_t>(own.end() - found));
  }
  return out;
}

bool asks_for_caller(const Value& chain) {
  const auto match = chain["filter_chain_match"];
  const auto type = match["source_type"].text();
  return !match["source_prefix_ranges"].items().empty() ||
         !match["direct_source_prefix_ranges"].items().empty() ||
         !match["source_ports"].items().empty() || (!type.empty() && type != "ANY");
}

Chains matching(const Value& listener, const Connection& connection) {
  Chains chains;
  for (const auto chain : listener["filter_chains"].items()) chains.push_back(chain);
  chains = best_of(chains, [&](const Value& match) -> std::optional<std::int64_t> {
    const auto port = match["destination_port"].number();
    if (!port) return 0;
    return *port == connection.port ? std::optional<std::int64_t>(1) : std::nullopt;
  });
  chains = best_of(chains, [&](const Value& match) { return address_rank(match, connection); });
  chains = best_of(chains, [&](const Value& match) { return name_rank(match, connection); });
  chains = best_of(chains, [&](const Value& match) -> std::optional<std::int64_t> {
    const auto transport = match["transport_protocol"].text();
    if (transport.empty()) return 0;
    return transport == connection.transport ? std::optional<std::int64_t>(1) : std::nullopt;
  });
  return best_of(chains, [&](const Value& match) { return protocol_rank(match, connection); });
}

}  // namespace

bool is_in_range(std::string_view address, std::string_view prefix, std::int64_t bits) {
  const auto own = bytes_of(address);
  const auto other = bytes_of(prefix);
  if (!own || !other || own->count != other->count || bits < 0) return false;
  for (std::size_t i = 0; i < own->count && bits > 0; ++i, bits -= 8) {
    const auto mask = bits >= 8 ? 0xFFU : 0xFFU << static_cast<unsigned>(8 - bits) & 0xFFU;
    if (((own->bytes[i] ^ other->bytes[i]) & mask) != 0) return false;
  }
  return true;
}

ChainChoice choose_chain(const Value& listener, const Connection& connection) {
  const auto chains = matching(listener, connection);
  ChainChoice out;
  std::size_t unknown = 0;
  for (const auto& chain : chains) {
    if (asks_for_caller(chain))
      ++unknown;
    else if (!out.chain.is_there())
      out.chain = chain;
  }
  if (unknown > 0)
    out.undecided = plural(unknown, "chain") + (unknown == 1 ? " takes" : " take") +
                    " such connections of some callers only";
  if (connection.address.empty())
    for (const auto chain : listener["filter_chains"].items())
      if (!chain["filter_chain_match"]["prefix_ranges"].items().empty() && out.undecided.empty())
        out.undecided =
            "a chain takes connections to some addresses only, and the address is not known";
  if (out.chain.is_there()) return out;
  out.chain = listener["default_filter_chain"];
  out.is_default = out.chain.is_there();
  return out;
}

}  // namespace aksmesh::envoy
