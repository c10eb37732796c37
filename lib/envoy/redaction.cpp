// SPDX-License-Identifier: Apache-2.0
#include "envoy/redaction.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

/// In the words of mesh/redaction.hpp.
constexpr std::string_view kHidden = "\"redacted\"";
/// What Envoy writes itself in the place of a secret, plain and in base64.
constexpr std::array<std::string_view, 2> kHiddenByEnvoy{"[redacted]", "W3JlZGFjdGVkXQ=="};

/// Members of Envoy's messages Secret, TlsCertificate, TlsSessionTicketKeys and of those with a
/// password, in both ways to write them.
bool is_secret(std::string_view key) {
  constexpr std::array<std::string_view, 9> kKeys{
      "private_key",        "privateKey",          "private_key_provider",
      "privateKeyProvider", "session_ticket_keys", "sessionTicketKeys",
      "generic_secret",     "genericSecret",       "pkcs12"};
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end() || key.ends_with("password") ||
         key.ends_with("Password");
}

/// What an extension or a workload makes of its own, in which anything may stand.
bool is_private(std::string_view key) {
  constexpr std::array<std::string_view, 5> kKeys{"configuration", "environment_variables",
                                                  "environmentVariables", "proxyMetadata",
                                                  "proxy_metadata"};
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end() ||
         key.ends_with("last-applied-configuration");
}

bool tells_where(std::string_view key) {
  return key == "filename" || key == "environment_variable" || key == "environmentVariable";
}

bool has_secret(const Value& value) {
  for (const auto& item : value.items())
    if (has_secret(item)) return true;
  for (const auto& [key, member] : value.members())
    if (is_secret(key) || has_secret(member)) return true;
  return false;
}

class Writer {
 public:
  /// With a function for somebody else.
  explicit Writer(TellsOfSecret tells_of_secret) : tells_of_secret_(tells_of_secret) {}

  void write(const Value& value) {
    if (!value.is_object() && !value.is_array()) {
      out += value.json();
      return;
    }
    const bool names_secret =
        tells_of_secret_ != nullptr && (tells(value["key"].text()) || tells(value["name"].text()));
    write_parts(value, [&](std::string_view key, const Value& part) {
      if (is_secret(key)) return hide(part);
      if (tells_of_secret_ != nullptr) {
        if (is_private(key)) return hide(part);
        const bool is_scalar = !part.is_object() && !part.is_array();
        if (is_scalar && (tells(key) || (names_secret && key == "value"))) return hide(part);
      }
      write(part);
    });
  }

  std::string out{};

 private:
  void hide(const Value& value) {
    if (value.is_object() || value.is_array())
      return write_parts(value, [this](std::string_view key, const Value& part) {
        if (tells_where(key) || key == "@type") return write(part);
        hide(part);
      });
    const bool is_hidden = std::find(kHiddenByEnvoy.begin(), kHiddenByEnvoy.end(), value.text()) !=
                           kHiddenByEnvoy.end();
    out += is_hidden ? value.json() : std::string(kHidden);
  }

  [[nodiscard]] bool tells(std::string_view key) const { return tells_of_secret_(to_lower(key)); }

  TellsOfSecret tells_of_secret_;

  template <class WritePart>
  void write_parts(const Value& value, const WritePart& write_part) {
    const bool is_object = value.is_object();
    const auto begin = out.size();
    const auto separate = [&] {
      if (out.size() > begin + 1) out += ',';
    };
    out += is_object ? '{' : '[';
    for (const auto& item : value.items()) {
      separate();
      write_part({}, item);
    }
    for (const auto& [key, member] : value.members()) {
      separate();
      out += nlohmann::json(key).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
      out += ':';
      write_part(key, member);
    }
    out += is_object ? '}' : ']';
  }
};

}  // namespace

std::string json_without_secrets(const Value& value) {
  if (!has_secret(value)) return value.json();  // as nearly always
  Writer writer(nullptr);
  writer.write(value);
  return std::move(writer.out);
}

std::string json_for_others(const Value& value, TellsOfSecret tells_of_secret) {
  Writer writer(tells_of_secret);
  writer.write(value);
  return std::move(writer.out);
}

}  // namespace aksmesh::envoy
