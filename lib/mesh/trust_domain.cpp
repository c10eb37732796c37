// SPDX-License-Identifier: Apache-2.0
#include "mesh/trust_domain.hpp"

#include <algorithm>

namespace aksmesh::mesh {
namespace {

constexpr std::ptrdiff_t kSlashes = 4;  // of `td/ns/a/sa/b`

std::string_view domain_of(std::string_view principal) {
  return principal.substr(0, principal.find('/'));
}

std::string with_domain(std::string_view domain, std::string_view principal) {
  return std::string(domain).append(principal.substr(domain_of(principal).size()));
}

/// Whether a pattern asks for a trust domain at all. One that is no whole identity is left as it
/// is.
bool asks_for_domain(std::string_view pattern) {
  return std::count(pattern.begin(), pattern.end(), '/') == kSlashes && domain_of(pattern) != "*";
}

bool begins(std::string_view text, std::string_view pattern) {
  return pattern.ends_with('*') && text.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool ends(std::string_view text, std::string_view pattern) {
  return pattern.starts_with('*') && text.ends_with(pattern.substr(1));
}

}  // namespace

/// Either side may be a pattern.
bool TrustDomains::are_meant_by(std::string_view domain) const {
  return domain == kLocalTrustDomain ||
         std::any_of(names.begin(), names.end(), [&](const std::string& name) {
           return domain == name || name == "*" || begins(domain, name) || begins(name, domain) ||
                  ends(domain, name) || ends(name, domain);
         });
}

Truth TrustDomains::take(std::string_view principal) const {
  if (std::find(names.begin(), names.end(), domain_of(principal)) != names.end()) return Truth::yes;
  return known ? Truth::no : Truth::unknown;
}

Truth TrustDomains::match(std::string_view pattern, std::string_view principal) const {
  if (!asks_for_domain(pattern)) return truth_of(matches_value(pattern, principal));
  const auto domain = domain_of(pattern);
  if (!are_meant_by(domain)) {
    if (matches_value(pattern, principal)) return Truth::yes;
  } else if (std::any_of(names.begin(), names.end(), [&](const std::string& name) {
               return matches_value(
                   ends(name, domain) ? std::string(pattern) : with_domain(name, pattern),
                   principal);
             })) {
    return Truth::yes;
  }
  if (known) return Truth::no;
  const bool rest_fits = matches_value(with_domain(domain_of(principal), pattern), principal);
  return rest_fits ? Truth::unknown : Truth::no;
}

}  // namespace aksmesh::mesh
