// SPDX-License-Identifier: Apache-2.0
#include "mesh/redaction.hpp"

#include <algorithm>
#include <cctype>
#include <unordered_set>

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "data/json_rewrite.hpp"
#include "data/reader.hpp"
#include "istio/sync_status.hpp"
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

}  // namespace

bool tells_of_secret(std::string_view key) {
  static const auto secret = words("secretKeys");
  return std::any_of(secret.begin(), secret.end(),
                     [&](std::string_view word) { return key.ends_with(word); });
}

namespace {

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
        if (kind_ == "WasmPlugin") return path[3] == "pluginConfig" ? Fate::drop : Fate::keep;
        break;
      case 5:
        if (path[2] == "metadata") return of_annotation(path[4]);
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
    if (kind_ == "Secret") return key == "kind" || key == "apiVersion" ? Fate::keep : Fate::drop;
    name_space_ = object.at("metadata", "namespace").text();
    if (kind_ != "ConfigMap")
      return key == "spec" && (has_pods_ || kind_ == "WasmPlugin") ? Fate::look : Fate::keep;
    if (key == "binaryData") return Fate::drop;
    whole_ = keeps_contents(object);
    return key == "data" ? Fate::look : Fate::keep;
  }

  Fate of_metadata(std::string_view key) const {
    // A rule asks who wrote a ConfigMap.
    if (key == "managedFields") return kind_ == "ConfigMap" ? Fate::keep : Fate::drop;
    return key == "annotations" ? Fate::look : Fate::keep;
  }

  Fate of_annotation(std::string_view key) {
    if (key == "kubectl.kubernetes.io/last-applied-configuration") return Fate::drop;
    scrubs_ = false;
    return tells_of_secret(to_lower(key)) ? Fate::change : Fate::keep;
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
    // The sidecar is everywhere; the other names are Istio's in its own namespaces alone.
    const auto name = holder["name"].text();
    if (in_container && known.contains(name) &&
        (name.starts_with("istio-") || name_space_.ends_with("istio-system")))
      return Fate::keep;
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
  std::string_view name_space_{};
  bool has_pods_;
  bool whole_ = false;   // the ConfigMap at hand is kept but for secret lines
  bool scrubs_ = false;  // of the value at hand only secret lines go
};

bool is_quote(char c) {
  return c == '"' || c == '\'' || c == '\\';  // escaped in a text within a text
}

/// The word that stands before a `:` or `=`, in small letters.
std::string key_before(std::string_view text, std::size_t sign) {
  auto end = sign;
  while (end > 0 && (text[end - 1] == ' ' || is_quote(text[end - 1]))) --end;
  auto begin = end;
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
  };
  while (begin > 0 && is_part(text[begin - 1])) --begin;
  return to_lower(text.substr(begin, end - begin));
}

std::size_t indent_of(std::string_view line) {
  const auto at = line.find_first_not_of(' ');
  return at == line.npos ? line.size() : at;
}

/// The lines below a key that belong to it alone, where they are no mapping: a block or a scalar on
/// a line of its own.
std::string_view lines_below(std::string_view text, std::size_t sign) {
  const auto line_begin = text.rfind('\n', sign) + 1;  // npos + 1 is the first
  const auto indent = indent_of(text.substr(line_begin, sign - line_begin));
  const auto rest = text.substr(sign + 1);
  const auto first = rest.find('\n');
  if (first == rest.npos) return {};
  const bool block = rest.substr(0, first).find_first_of("|>") != rest.npos;
  auto at = first + 1;
  while (at < rest.size()) {
    const auto line = rest.substr(at, rest.find('\n', at) - at);
    const bool blank = trim(line).empty();
    if (!blank && indent_of(line) <= indent) break;
    if (!blank && !block && line.find(':') != line.npos) return {};  // keys of their own
    at += line.size() + 1;
  }
  const auto end = std::min(at, rest.size());
  return rest.substr(first + 1, end - first - 1);
}

/// Lists of headers have the name of the secret beside its value.
bool is_named_secret(std::string_view text, std::size_t sign) {
  constexpr std::size_t kNear = 200;
  const auto before = to_lower(text.substr(sign < kNear ? 0 : sign - kNear, std::min(sign, kNear)));
  const auto name = before.rfind("name");
  if (name == before.npos) return false;
  const auto end = before.find_first_of(",\n}", name);
  auto word = before.substr(name, end == before.npos ? end : end - name);
  std::erase_if(word, [](char c) { return is_quote(c) || c == ' '; });
  return tells_of_secret(word) || word.ends_with("key");
}

/// The scalar behind the sign when the key before it tells of a secret, quotes aside; empty when
/// there is none.
std::string_view secret_value(std::string_view text, std::size_t sign) {
  const auto key = key_before(text, sign);
  const bool beside = (key == "value" || key == "envvalue") && is_named_secret(text, sign);
  if (!beside && !tells_of_secret(key)) return {};
  auto begin = text.find_first_not_of(" \t", sign + 1);
  if (begin == text.npos) return {};
  if (text[begin] == '\n' || text[begin] == '|' || text[begin] == '>')
    return lines_below(text, sign);
  if (std::string_view("{[&*,}]").find(text[begin]) != text.npos) return {};
  while (begin < text.size() && is_quote(text[begin])) ++begin;
  const bool quoted = is_quote(text[begin - 1]);
  const auto end = text.find_first_of(quoted ? "\"'\\\n" : "\n,}", begin);
  return text.substr(begin, end == text.npos ? end : end - begin);
}

/// Keys in PEM and the users in URLs need no word before them.
std::string without_keys_and_users(std::string text) {
  constexpr std::string_view kKey = "PRIVATE KEY-----";
  auto at = text.find(kKey);
  while (at != text.npos) {
    const auto begin = at + kKey.size();
    const auto end = std::min(text.find("-----END", begin), text.size());
    text.replace(begin, end - begin, kHidden);
    // Behind the end of this one, which holds the same words.
    at = text.find(kKey, begin);
    if (at != text.npos) at = text.find(kKey, at + kKey.size());
  }
  for (at = text.find("://"); at != text.npos; at = text.find("://", at + 3)) {
    const auto end = std::min(text.find_first_of("/ \n\"',", at + 3), text.size());
    const auto sign = text.substr(0, end).rfind('@');
    if (sign != text.npos && sign > at) text.replace(at + 3, sign - at - 3, kHidden);
  }
  return text;
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
  out.append(text.substr(done));
  return without_keys_and_users(std::move(out));
}

std::string redacted_list(const Node& list, std::string_view kind) {
  Redaction redaction(kind);
  return data::rewritten(list, redaction);
}

namespace {

using Json = nlohmann::ordered_json;

void keep_text(const Node& holder, const char* key, Json& out) {
  if (const auto value = holder[key]) out[key] = to_valid_utf8(value.text());
}

Json kept_of_proxy(const Node& entry) {
  Json out = Json::object();
  for (const char* key : {"proxy", "cluster_id", "proxy_type", "istio_version"})
    keep_text(entry, key, out);
  // istiod up to 1.22
  for (const auto& [key, value] : entry.entries())
    if (key.text().ends_with("_sent") || key.text().ends_with("_acked"))
      out[to_valid_utf8(key.text())] = to_valid_utf8(value.text());
  const auto resources = entry["resources"];
  if (!resources) return out;
  out["resources"] = Json::object();
  for (const auto& [url, one] : resources.entries()) {
    auto& kept = out["resources"][to_valid_utf8(url.text())];
    kept = Json::object();
    for (const char* key : {"sent", "acked", "sentTime"}) keep_text(one, key, kept);
    if (const auto error = one["lastError"])
      kept["lastError"] = to_valid_utf8(without_secrets(error.text()));
  }
  return out;
}

}  // namespace

Result<std::string> redacted_sync_status(const std::string& json, std::size_t& proxies) {
  // Whoever reads it later says the same of it.
  AK_TRY(const auto known, istio::read_sync_status(json));
  proxies = known.size();
  const auto read = data::read_answer(json);
  auto out = Json::array();
  for (const auto& entry : read.only_document().items()) out.push_back(kept_of_proxy(entry));
  return out.dump() + '\n';
}

}  // namespace aksmesh::mesh
