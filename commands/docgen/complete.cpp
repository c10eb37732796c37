// SPDX-License-Identifier: Apache-2.0
#include "docgen/complete.hpp"

#include <algorithm>

#include "any_option.hpp"
#include "base/strings.hpp"
#include "checks/check.hpp"
#include "dashboard_kinds.hpp"
#include "data/resources.hpp"
#include "docgen/help.hpp"
#include "kube/kubeconfig.hpp"
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

/// What the words before the unfinished one come to.
struct State {
  std::string words{};
  const Command* command = nullptr;
  std::unique_ptr<Declared> declaration{};  ///< of the command
  std::vector<std::string> operands{};
  std::string kubeconfig{};             ///< the file that is named; empty: the usual ones
  const OptionSpec* waiting = nullptr;  ///< an option without its value
  bool options_ended = false;           ///< by a `--`

  void take_value(const OptionSpec& spec, const std::string& value) {
    if (spec.long_name == "--kubeconfig") kubeconfig = value;
  }
};

/// Files and variables, for values that are not known before.
struct Surroundings {
  sys::Files& files;
  const sys::Environment& env;
};

/// Shells put it on the line as it is, so what they would read otherwise is not offered.
bool is_plain_word(std::string_view name) {
  return !name.empty() && name.front() != '-' && name.front() != ':' &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 ||
                  std::string_view("-_.:/@+%=").find(static_cast<char>(c)) !=
                      std::string_view::npos;
         });
}

/// The kubeconfig, when reading it neither waits for anybody nor takes long.
std::optional<kube::Kubeconfig> kubeconfig_at_hand(std::string file, const Surroundings& around) {
  constexpr std::uint64_t kLargest = 2U << 20U;
  // The shell has not put the home in its place yet.
  if (file.starts_with("~/")) file.replace(0, 1, around.env.get("HOME").value_or("~"));
  std::uint64_t size = 0;
  for (const auto& one : file.empty() ? kube::kubeconfig_files(around.env) : std::vector{file}) {
    const auto info = around.files.info(one);
    if (!info) continue;
    if (info->type != sys::FileInfo::Type::regular) return std::nullopt;
    size += info->size;
  }
  if (size == 0 || size > kLargest) return std::nullopt;
  auto config = kube::Kubeconfig::load(around.files, around.env, file);
  return config ? std::optional(std::move(*config)) : std::nullopt;
}

/// Of a list with commas the last name is to be completed, by those that are not in it yet.
void add_contexts(std::string_view unfinished, const OptionSpec& spec, const State& state,
                  const Surroundings& around, Candidates& out) {
  const auto config = kubeconfig_at_hand(state.kubeconfig, around);
  if (!config) return;
  const auto comma = spec.repeatable ? unfinished.rfind(',') : std::string_view::npos;
  const std::string before(comma == std::string_view::npos ? std::string_view()
                                                           : unfinished.substr(0, comma + 1));
  const auto taken = split(before, ',');
  auto names = config->contexts();
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const auto& name : names) {
    const bool is_taken = std::find(taken.begin(), taken.end(), name) != taken.end();
    if (!is_taken && is_plain_word(name))
      out.add(before + name, name == config->current_context() ? "current" : "");
  }
}

/// Values of an option, or of an operand, which begin with `unfinished`.
void add_values(std::string_view unfinished, const OptionSpec& spec, const Command& command,
                const State& state, const Surroundings& around, Candidates& out) {
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
    case Complete::settings: add_settings(out, state.operands); break;
    case Complete::contexts: add_contexts(unfinished, spec, state, around, out); break;
    case Complete::dashboards:
      // What follows is a pod.
      if (state.operands.empty())
        for (const auto& kind : dashboard_kinds()) out.add(kind.name, kind.title);
      break;
    case Complete::commands:
      add_commands(out, {});
      for (const auto& name : topic_names()) out.add(name, "topic");
      break;
  }
}

State read_words(const std::vector<std::string>& words, AnyOption& any) {
  State state;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto& word = words[i];
    if (state.waiting != nullptr) {
      state.take_value(*state.waiting, word);
      state.waiting = nullptr;
    } else if (word == "--") {
      state.options_ended = true;
      break;
    } else if (word.starts_with('-')) {
      const auto option =
          state.declaration ? split_option(state.declaration->set, word) : any.find(word);
      if (option.spec != nullptr && !option.spec->value.empty() && !option.value)
        state.waiting = option.spec;
      else if (option.spec != nullptr && option.value)
        state.take_value(*option.spec, *option.value);
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

std::string complete(const std::vector<std::string>& words, sys::Files& files,
                     const sys::Environment& env) {
  if (words.empty()) return {};
  const std::string& unfinished = words.back();
  AnyOption any;
  const auto state = read_words(words, any);
  const auto* declaration = state.declaration.get();
  const Surroundings around{.files = files, .env = env};
  static const Command nothing{};
  const Command& command = state.command == nullptr ? nothing : *state.command;
  const auto equals = unfinished.find('=');
  const bool option_wanted =
      state.waiting == nullptr && !state.options_ended && unfinished.starts_with('-');
  if (option_wanted && unfinished.starts_with("--") && equals != std::string::npos) {
    const auto option =
        declaration != nullptr ? split_option(declaration->set, unfinished) : any.find(unfinished);
    if (option.spec == nullptr) return {};
    const auto value = std::string_view(unfinished).substr(equals + 1);
    Candidates out(value);
    add_values(value, *option.spec, command, state, around, out);
    return out.take();
  }
  Candidates out(unfinished);
  if (state.waiting != nullptr) {
    add_values(unfinished, *state.waiting, command, state, around, out);
  } else if (option_wanted) {
    for (const auto& spec :
         declaration != nullptr ? declaration->set.specs() : any.globals().specs())
      if (!spec.operand && !spec.hidden) out.add(spec.long_name, spec.text);
    out.add("--help", "Show the full help");
  } else if (declaration == nullptr) {
    if (!state.options_ended) add_commands(out, state.words);
  } else {
    for (const auto& spec : declaration->set.specs())
      if (spec.operand) add_values(unfinished, spec, command, state, around, out);
  }
  return out.take();
}

}  // namespace aksmesh::commands::docgen
