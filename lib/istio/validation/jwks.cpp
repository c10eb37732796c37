// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/jwks.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>

#include "data/reader.hpp"
#include "istio/validation/common.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::array<std::string_view, 4> kTexts{"kid", "alg", "use", "x5u"};

std::string text_fault(const Node& key, std::string_view name) {
  const auto value = key[name];
  if (!value) return {};
  return value.is_string() ? "" : std::string(name) + " must be a text";
}

/// A member that the type of the key demands.
std::string number_fault(const Node& key, std::string_view name) {
  const auto value = key[name];
  if (!value) return "it has no " + std::string(name);
  if (!value.is_string()) return std::string(name) + " must be a text";
  return is_base64(value.text(), Base64::any) ? "" : std::string(name) + " is not in base64";
}

std::string members_fault(const Node& key, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    auto fault = number_fault(key, name);
    if (!fault.empty()) return fault;
  }
  return {};
}

std::string key_fault(const Node& key) {
  if (!key.is_mapping()) return "it is no object";
  for (const auto name : kTexts) {
    auto fault = text_fault(key, name);
    if (!fault.empty()) return fault;
  }
  const auto kind = key["kty"];
  if (kind.string() == "RSA") return members_fault(key, {"n", "e"});
  if (kind.string() == "oct") return members_fault(key, {"k"});
  const bool has_curve = key["crv"].is_string();
  if (kind.string() == "EC") return has_curve ? members_fault(key, {"x", "y"}) : "it has no crv";
  if (kind.string() == "OKP") return has_curve ? members_fault(key, {"x"}) : "it has no crv";
  return "its kty must be RSA, EC, OKP or oct" +
         (kind ? ", not " + shown(kind.text()) : std::string{});
}

}  // namespace

bool is_base64(std::string_view text, Base64 form) {
  const bool url = form == Base64::any && text.find_first_of("+/") == std::string_view::npos;
  const bool padded = form == Base64::standard || text.ends_with('=');
  if (padded && text.size() % 4 != 0) return false;
  for (int i = 0; i < 2 && padded && text.ends_with('='); ++i) text.remove_suffix(1);
  return text.size() % 4 != 1 && std::all_of(text.begin(), text.end(), [&](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                  (url ? c == '-' || c == '_' : c == '+' || c == '/');
         });
}

std::string jwks_fault(std::string_view text) {
  const auto read = data::read_documents(std::string(text), data::Limits{}, data::Format::json);
  const auto lost = std::find_if(read.problems.begin(), read.problems.end(),
                                 [](const data::Problem& each) { return each.document_lost; });
  if (lost != read.problems.end()) return "it is no JSON: " + lost->what;
  if (read.tree->document_count() != 1) return "it is no JSON";
  const auto set = read.tree->document(0);
  if (!set.is_mapping()) return "it is no JSON object";
  const auto keys = set["keys"];
  if (!keys) {
    auto fault = key_fault(set);
    return fault.empty() ? fault : "it has no keys, and is no single key: " + fault;
  }
  if (!keys.is_sequence()) return keys.is_null() ? "" : "its keys are no list";
  std::size_t index = 0;
  for (const auto key : keys.items()) {
    const auto fault = key_fault(key);
    if (!fault.empty()) return "keys[" + std::to_string(index) + "]: " + fault;
    ++index;
  }
  return {};
}

}  // namespace aksmesh::istio::validation
