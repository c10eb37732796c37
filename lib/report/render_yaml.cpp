// SPDX-License-Identifier: Apache-2.0
#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>

#include "data/scalar.hpp"
#include "report/render.hpp"

namespace aksmesh::report {
namespace {

void emit_text(YAML::Emitter& out, const std::string& text) {
  // A plain word that a YAML 1.1 reader would take for a number, boolean or null must be quoted.
  if (data::resolve_plain(text) != data::NodeKind::string)
    out << YAML::DoubleQuoted;
  else if (text.find('\n') != std::string::npos)
    out << YAML::Literal;
  out << text;
}

void emit(YAML::Emitter& out, const nlohmann::ordered_json& value) {
  if (value.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [key, child] : value.items()) {
      out << YAML::Key;
      emit_text(out, key);
      out << YAML::Value;
      emit(out, child);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const auto& child : value) emit(out, child);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    emit_text(out, value.get_ref<const std::string&>());
  } else {
    out << value.dump();
  }
}

}  // namespace

std::string to_yaml_text(const nlohmann::ordered_json& document) {
  YAML::Emitter out;
  emit(out, document);
  return std::string(out.c_str()) + '\n';
}

}  // namespace aksmesh::report
