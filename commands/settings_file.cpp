// SPDX-License-Identifier: Apache-2.0
#include "settings_file.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/strings.hpp"
#include "data/text_edit.hpp"
#include "data/yaml_text.hpp"
#include "setting_keys.hpp"

namespace aksmesh::commands {
namespace {

constexpr std::uint64_t kLargestFile = 1U << 20U;

Error at(const std::string& file, const data::Mark& mark, Error error) {
  error.kind = ErrorKind::usage;
  error.where = file + ':' + std::to_string(mark.line) + ':' + std::to_string(mark.column);
  return error;
}

data::Node root_of(const data::Tree& tree) {
  return tree.document_count() == 0 ? data::Node{} : tree.document(0);
}

bool is_nothing(const data::Node& node) {
  return !node || node.is_null() || (node.is_scalar() && node.text().empty());
}

void take_entry(const data::Entry& entry, const SettingKeys& keys, sys::Settings& out) {
  const std::string key(entry.key.text());
  if (const auto known = keys.find(key); !known) {
    out.problems.push_back(at(out.file, entry.key.mark(), known.error()));
  } else if (is_nothing(entry.value)) {
    return;  // as an empty variable
  } else if (!entry.value.is_scalar()) {
    out.problems.push_back(
        at(out.file, entry.value.mark(), {.what = "the setting " + key + " takes one value"}));
  } else if (const auto fits = keys.check(key, std::string(entry.value.text()), {key, key + ": "});
             !fits) {
    out.problems.push_back(at(out.file, entry.value.mark(), fits.error()));
  } else {
    out.values[key] = {.value = std::string(entry.value.text()),
                       .place = out.file + ':' + std::to_string(entry.value.mark().line)};
  }
}

std::map<std::string, std::string> entries_of(const data::Tree& tree) {
  std::map<std::string, std::string> out;
  for (const auto& [key, value] : root_of(tree).entries())
    out.emplace(key.text(), is_nothing(value) ? std::string_view{} : value.text());
  return out;
}

std::string applied(const data::Tree& tree, const data::TextEdit& edit) {
  return data::apply_edits(tree.source(), {edit});
}

/// A new entry behind the last one, indented as the first.
std::string appended(const data::Tree& tree, const std::string& line) {
  const auto source = tree.source();
  const auto root = root_of(tree);
  if (root.is_mapping() && root.size() == 0)  // {}
    return applied(tree, {root.begin(), root.end(), line});
  std::size_t place = source.size();
  std::string indent;
  if (root.is_mapping()) {
    indent.assign((*root.entries().begin()).key.mark().column - 1, ' ');
    std::size_t last = 0;
    for (const auto& [key, value] : root.entries())
      last = std::max<std::size_t>(last, std::max(key.end(), value.end()));
    // The end of a block of text is behind its line already.
    const bool ended = last > 0 && source[last - 1] == '\n';
    const auto newline = ended ? last - 1 : source.find('\n', last);
    place = newline == std::string_view::npos ? source.size() : newline + 1;
  }
  const bool open_line = place > 0 && source[place - 1] != '\n';
  const auto at_byte = static_cast<std::uint32_t>(place);
  return applied(tree, {at_byte, at_byte, (open_line ? "\n" : "") + indent + line + '\n'});
}

Error not_safe(const std::string& by_hand) {
  return {.kind = ErrorKind::usage,
          .what = "the settings file cannot be edited safely",
          .why = "it is written in a way that only a person should change",
          .next = {by_hand}};
}

/// The text, if reading it gives what was meant: edits of unusual YAML are not trusted.
Result<std::string> proven(const std::string& text,
                           const std::map<std::string, std::string>& wanted,
                           const std::string& by_hand) {
  const auto read = data::read_documents(text, data::Limits{});
  bool good = read.tree->document_count() <= 1 && entries_of(*read.tree) == wanted;
  for (const auto& problem : read.problems)
    good = good && problem.kind == data::Problem::Kind::duplicate_key;
  if (!good) return not_safe(by_hand);
  return text;
}

}  // namespace

std::string settings_path(const sys::Environment& env) {
  const auto variable = [&](const char* name) { return env.get(name).value_or(""); };
  if (auto file = variable("AKSMESH_CONFIG"); !file.empty()) return file;
  // A relative path there is to be ignored, as its specification says.
  if (const auto base = variable("XDG_CONFIG_HOME"); base.starts_with('/'))
    return base + "/aksmesh/config.yaml";
  const auto home = variable("HOME");
  return home.empty() ? "" : home + "/.config/aksmesh/config.yaml";
}

Result<data::ReadResult> read_settings_document(sys::Files& files, const std::string& path) {
  auto text = files.read(path, kLargestFile);
  if (!text && text.error().kind == ErrorKind::not_found) text = std::string();
  if (!text) {
    auto error = std::move(text).error();
    error.kind = ErrorKind::usage;
    error.trail.emplace_back("reading the settings file");
    return error;
  }
  auto read = data::read_documents(std::move(*text), data::Limits{});
  for (const auto& problem : read.problems)
    if (problem.kind != data::Problem::Kind::duplicate_key)
      return at(path, problem.mark,
                {.what = "the settings file cannot be understood", .why = problem.what});
  if (read.tree->document_count() > 1)
    return at(path, read.tree->document(1).mark(),
              {.what = "the settings file holds more than one document"});
  const auto root = root_of(*read.tree);
  if (!is_nothing(root) && !root.is_mapping())
    return at(path, root.mark(),
              {.what = "the settings file is no mapping",
               .why = "it holds lines such as `output: json`"});
  return read;
}

sys::Settings read_settings(sys::Files& files, const sys::Environment& env) {
  sys::Settings out{.file = settings_path(env)};
  if (out.file.empty()) return out;
  const auto read = read_settings_document(files, out.file);
  if (!read) {
    out.problems.push_back(read.error());
    return out;
  }
  const auto root = root_of(*read->tree);
  if (root.size() == 0) return out;
  for (const auto& problem : read->problems)
    out.problems.push_back(at(out.file, problem.mark, {.what = problem.what}));
  const SettingKeys keys;
  for (const auto& entry : root.entries()) take_entry(entry, keys, out);
  return out;
}

Error settings_error(const sys::Settings& settings) {
  auto error = settings.problems.front();
  for (std::size_t i = 1; i < settings.problems.size(); ++i) {
    const auto& other = settings.problems[i];
    error.why += (error.why.empty() ? "" : "; ") + other.what + " (" + other.where + ')';
  }
  return error;
}

Result<std::string> with_setting(const data::Tree& tree, const std::string& key,
                                 const std::string& value) {
  auto wanted = entries_of(tree);
  wanted[key] = value;
  const auto line = key + ": " + data::yaml_scalar(value);
  const auto old = root_of(tree)[key];
  if (!old) return proven(appended(tree, line), wanted, line);
  if (const auto edit = is_nothing(old) ? std::nullopt : data::replace_scalar(old, value))
    return proven(applied(tree, *edit), wanted, line);
  // `key:` alone is no text that could be replaced.
  if (const auto edit = data::remove_entry(old)) {
    const auto without = data::read_documents(applied(tree, *edit), data::Limits{});
    return proven(appended(*without.tree, line), wanted, line);
  }
  return not_safe(line);
}

Result<std::string> without_setting(const data::Tree& tree, const std::string& key) {
  auto wanted = entries_of(tree);
  wanted.erase(key);
  const auto by_hand = "take the line of " + key + " out";
  std::string text(tree.source());
  // A key that is given twice goes as often.
  for (;;) {
    const auto read = data::read_documents(text, data::Limits{});
    const auto old = root_of(*read.tree)[key];
    if (!old) return proven(text, wanted, by_hand);
    const auto edit = data::remove_entry(old);
    if (!edit) return not_safe(by_hand);
    text = applied(*read.tree, *edit);
  }
}

}  // namespace aksmesh::commands
