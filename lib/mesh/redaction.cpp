// SPDX-License-Identifier: Apache-2.0
#include "mesh/redaction.hpp"

#include <algorithm>
#include <cctype>
#include <unordered_set>

#include "base/strings.hpp"
#include "data/json_rewrite.hpp"
#include "mesh/table.hpp"

namespace aksmesh::mesh {
namespace {

using data::Fate;
using data::KeyPath;
using data::Node;

constexpr const char* kHidden = "redacted";

std::unordered_set<std::string_view> words(std::string_view name) {
  std::unordered_set<std::string_view> out;
  for (const auto word : table("redaction.json")[name].items()) out.insert(word.text());
  return out;
}

/// Whether the contents of a ConfigMap are kept whatever its keys.
bool keeps_contents(const Node& config_map) {
  const auto name_space = config_map.at("metadata", "namespace").text();
  const auto name = config_map.at("metadata", "name").text();
  for (const auto row : table("redaction.json")["configMaps"].items()) {
    if (row["namespace"].text() != name_space) continue;
    const auto names = row["names"].items();
    return !row["names"] || std::any_of(names.begin(), names.end(), [&](const Node& prefix) {
      return name.starts_with(prefix.text());
    });
  }
  return false;
}

class Redaction final : public data::Fates {
 public:
  explicit Redaction(std::string_view kind)
      : kind_(kind), has_pods_(words("kindsWithPods").contains(kind)) {}

  Fate of(const KeyPath& path, const Node& value, const Node& holder) override {
    if (path[0] != "items") return Fate::keep;
    switch (path.size()) {
      case 1: return Fate::look;
      case 3: return of_object(path[2], holder);
      case 4:
        if (path[2] == "metadata") return of_metadata(path[3]);
        if (kind_ == "ConfigMap") return of_content(path[3], value);
        break;
      case 5:
        if (path[2] == "metadata")
          return path[4] == "kubectl.kubernetes.io/last-applied-configuration" ? Fate::drop
                                                                               : Fate::keep;
        break;
      default: break;
    }
    return of_pod_part(path, value, holder);
  }

  [[nodiscard]] std::string instead(const Node& value) const override {
    return scrubs_ ? without_secrets(value.text()) : kHidden;
  }

 private:
  Fate of_object(std::string_view key, const Node& object) {
    if (key == "metadata") return Fate::look;
    if (kind_ != "ConfigMap") return key == "spec" && has_pods_ ? Fate::look : Fate::keep;
    if (key == "binaryData") return Fate::drop;
    whole_ = keeps_contents(object);
    return key == "data" ? Fate::look : Fate::keep;
  }

  Fate of_metadata(std::string_view key) const {
    // A rule asks who wrote a ConfigMap.
    if (key == "managedFields") return kind_ == "ConfigMap" ? Fate::keep : Fate::drop;
    return key == "annotations" ? Fate::look : Fate::keep;
  }

  Fate of_content(std::string_view key, const Node&) {
    static const auto kept = words("configMapKeys");
    scrubs_ = whole_ || kept.contains(key);
    return Fate::change;
  }

  /// Containers stand at different depths, in templates and in pods.
  Fate of_pod_part(const KeyPath& path, const Node& value, const Node& holder) {
    static const auto known = words("containersWithEnvironment");
    const auto key = path.back();
    const bool in_container = holder["image"] && holder["name"];
    if (in_container && known.contains(holder["name"].text())) return Fate::keep;
    if (in_container && (key == "args" || key == "command")) return Fate::drop;
    if (key == "httpHeaders" ||
        (key == "command" && path.size() > 1 && path[path.size() - 2] == "exec"))
      return Fate::drop;
    const bool in_variable = path.size() > 2 && path[path.size() - 3] == "env";
    if (in_variable && key == "value") {
      scrubs_ = false;
      return value.text().empty() ? Fate::keep : Fate::change;
    }
    return value.is_mapping() || value.is_sequence() ? Fate::look : Fate::keep;
  }

  std::string_view kind_;
  bool has_pods_;
  bool whole_ = false;   // the ConfigMap at hand is kept but for secret lines
  bool scrubs_ = false;  // of the value at hand only secret lines go
};

/// The word that stands before a `:` or `=`, in small letters.
std::string key_before(std::string_view text, std::size_t sign) {
  auto end = sign;
  while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '"' || text[end - 1] == '\'')) --end;
  auto begin = end;
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
  };
  while (begin > 0 && is_part(text[begin - 1])) --begin;
  return to_lower(text.substr(begin, end - begin));
}

/// The scalar behind the sign when the key before it tells of a secret, quotes aside; empty when
/// there is none. Containers and blocks are no scalars: what is in them has keys of its own.
std::string_view secret_value(std::string_view text, std::size_t sign) {
  static const auto secret = words("secretKeys");
  const auto key = key_before(text, sign);
  if (std::none_of(secret.begin(), secret.end(),
                   [&](std::string_view word) { return key.ends_with(word); }))
    return {};
  auto begin = text.find_first_not_of(" \t", sign + 1);
  if (begin == text.npos || std::string_view("\n{[|>&*,}]").find(text[begin]) != text.npos)
    return {};
  const char quote = text[begin];
  const bool quoted = quote == '"' || quote == '\'';
  if (quoted) ++begin;
  const auto end = quoted ? text.find(quote, begin) : text.find_first_of("\n,}", begin);
  return text.substr(begin, end == text.npos ? end : end - begin);
}

}  // namespace

std::string without_secrets(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (auto sign = text.find_first_of(":="); sign != text.npos;
       sign = text.find_first_of(":=", std::max(sign + 1, done))) {
    const auto value = secret_value(text, sign);
    if (value.empty()) continue;
    const auto begin = static_cast<std::size_t>(value.data() - text.data());
    out.append(text.substr(done, begin - done)).append(kHidden);
    done = begin + value.size();
  }
  return out.append(text.substr(done));
}

std::string redacted_list(const Node& list, std::string_view kind) {
  Redaction redaction(kind);
  return data::rewritten(list, redaction);
}

}  // namespace aksmesh::mesh
