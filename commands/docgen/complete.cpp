// SPDX-License-Identifier: Apache-2.0
#include "docgen/complete.hpp"

#include "any_option.hpp"
#include "base/strings.hpp"
#include "checks/check.hpp"
#include "data/resources.hpp"
#include "docgen/help.hpp"
#include "mesh/table.hpp"
#include "setting_keys.hpp"

namespace aksmesh::commands::docgen {
namespace {

class Candidates {
 public:
  explicit Candidates(std::string_view prefix) : prefix_(prefix) {}
  void add(std::string_view candidate, std::string_view description = {}) {
    if (!candidate.starts_with(prefix_)) return;
    out_.append(candidate);
    if (!description.empty()) out_.append("\t").append(description);
    out_ += '\n';
  }
  void files() { out_ += ":files\n"; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string_view prefix_;
  std::string out_;
};

void add_commands(Candidates& out, std::string_view words) {
  std::string_view last;  // the catalogue is sorted, so commands of one noun follow each other
  for (const auto* command : catalogue()) {
    if (command->hidden || !command->path.starts_with(words)) continue;
    auto rest = command->path.substr(words.size());
    if (!words.empty() && !rest.starts_with(' ')) continue;
    rest = trim(rest);
    const auto word = rest.substr(0, rest.find(' '));
    if (!word.empty() && word != last)
      out.add(word, word == rest ? command->summary : std::string_view{});
    last = word;
  }
}

void add_policies(Candidates& out) {
  const auto names =
      mesh::Policy::names(data::resource("lib/mesh/tables/limitations.json"), "built-in");
  if (!names) return;
  for (const auto& name : *names)
    out.add(name.id, name.to.empty() ? name.basis : "until " + name.to);
}

/// The keys of the settings file; behind one of them its values, where they are few.
void add_settings(Candidates& out, const std::vector<std::string>& operands) {
  const SettingKeys keys;
  if (operands.empty()) {
    for (const auto& [key, spec] : keys.all()) out.add(key, spec->text);
  } else if (const auto spec = keys.find(operands.front()); spec && operands.size() == 1) {
    const bool formats = (*spec)->long_name == "--output";
    for (const auto& one : formats ? format_names(Formats::findings) : (*spec)->closed_set)
      out.add(one);
  }
}

/// `operands` are those before the unfinished word.
void add_values(Candidates& out, const OptionSpec& spec, const Command& command,
                const std::vector<std::string>& operands) {
  switch (spec.completer) {
    case Complete::nothing: break;
    case Complete::files: out.files(); break;
    case Complete::choices:
      for (const auto& value :
           spec.long_name == "--output" ? format_names(command.formats) : spec.closed_set)
        out.add(value);
      break;
    case Complete::codes:
      for (const auto& code : checks::codes()) out.add(code.code, code.slug);
      break;
    case Complete::policies: add_policies(out); break;
    case Complete::revisions:
      for (const auto& row : mesh::table("revisions.json")["revisions"].items())
        out.add(row["revision"].text(), row["statusAtAsOf"].text());
      break;
    case Complete::settings: add_settings(out, operands); break;
    case Complete::commands:
      add_commands(out, {});
      for (const auto& name : topic_names()) out.add(name, "topic");
      break;
  }
}

/// What the words before the unfinished one come to.
struct State {
  std::string words{};
  const Command* command = nullptr;
  std::unique_ptr<Declared> declaration{};  ///< of the command
  std::vector<std::string> operands{};
  const OptionSpec* waiting = nullptr;  ///< an option without its value
  bool options_ended = false;           ///< by a `--`
};

State read_words(const std::vector<std::string>& words, AnyOption& any) {
  State state;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto& word = words[i];
    if (state.waiting != nullptr) {
      state.waiting = nullptr;
    } else if (word == "--") {
      state.options_ended = true;
      break;
    } else if (word.starts_with('-')) {
      const auto option =
          state.declaration ? split_option(state.declaration->set, word) : any.find(word);
      if (option.spec != nullptr && !option.spec->value.empty() && !option.value)
        state.waiting = option.spec;
    } else if (state.command == nullptr) {
      state.words += (state.words.empty() ? "" : " ") + word;
      state.command = find_command(state.words);
      if (state.command != nullptr) state.declaration = declared(*state.command);
    } else {
      state.operands.push_back(word);
    }
  }
  return state;
}

}  // namespace

std::string complete(const std::vector<std::string>& words) {
  if (words.empty()) return {};
  const std::string& unfinished = words.back();
  AnyOption any;
  const auto state = read_words(words, any);
  const auto* declaration = state.declaration.get();
  static const Command nothing{};
  const Command& command = state.command == nullptr ? nothing : *state.command;
  const auto equals = unfinished.find('=');
  const bool option_wanted =
      state.waiting == nullptr && !state.options_ended && unfinished.starts_with('-');
  if (option_wanted && unfinished.starts_with("--") && equals != std::string::npos) {
    const auto option =
        declaration != nullptr ? split_option(declaration->set, unfinished) : any.find(unfinished);
    if (option.spec == nullptr) return {};
    Candidates out(std::string_view(unfinished).substr(equals + 1));
    add_values(out, *option.spec, command, {});
    return out.take();
  }
  Candidates out(unfinished);
  if (state.waiting != nullptr) {
    add_values(out, *state.waiting, command, {});
  } else if (option_wanted) {
    for (const auto& spec :
         declaration != nullptr ? declaration->set.specs() : any.globals().specs())
      if (!spec.operand && !spec.hidden) out.add(spec.long_name, spec.text);
    out.add("--help", "Show the full help");
  } else if (declaration == nullptr) {
    if (!state.options_ended) add_commands(out, state.words);
  } else {
    for (const auto& spec : declaration->set.specs())
      if (spec.operand) add_values(out, spec, command, state.operands);
  }
  return out.take();
}

}  // namespace aksmesh::commands::docgen
