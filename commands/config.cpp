// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "command.hpp"
#include "report/table.hpp"
#include "setting_keys.hpp"
#include "settings_file.hpp"
#include "sys/given_value.hpp"
#include "sys/mode_keeping.hpp"
#include "text_outcome.hpp"

// The commands about the settings file.
namespace aksmesh::commands {
namespace {

/// What counts for one key when the command line says nothing.
struct Effective {
  std::string key{};
  std::string value{};
  std::string_view origin{};  ///< variable, file or default
  std::string place{};        ///< the variable, or FILE:LINE; empty for a default
};

/// Empty value when nothing gives one.
Effective effective(const std::string& key, const OptionSpec& spec, const sys::Settings& settings,
                    const sys::Environment& env) {
  const auto given = sys::given_value(spec.variable, key, env, settings);
  if (!given) return {key, spec.default_text, "default", {}};
  const bool of_file = given->kind == sys::Origin::Kind::file;
  return {key, given->value, of_file ? "file" : "variable", given->place};
}

Error no_place() {
  return {.kind = ErrorKind::usage,
          .what = "it is not known where the settings file is",
          .why = "none of AKSMESH_CONFIG, XDG_CONFIG_HOME and HOME is set",
          .next = {"AKSMESH_CONFIG=FILE"}};
}

struct ViewOptions {
  bool origin = false;
};

void declare_view(OptionSet& set, ViewOptions& o) {
  set.flag("--origin", o.origin).help("Tell where each value comes from");
}

class ViewOutcome final : public Outcome {
 public:
  ViewOutcome(std::vector<Effective> rows, std::string file, bool origin, report::Headers headers)
      : rows_(std::move(rows)), file_(std::move(file)), origin_(origin), headers_(headers) {}
  [[nodiscard]] std::string text(const report::Style& style) const override {
    report::Table table{.columns = {{"KEY"}, {"VALUE"}}, .rows = {}};
    if (origin_) table.columns.push_back({"ORIGIN"});
    for (const auto& row : rows_) {
      table.rows.push_back({row.key, row.value});
      if (origin_) table.rows.back().push_back(row.place.empty() ? "built-in default" : row.place);
    }
    return report::render_table(table, style, headers_);
  }
  [[nodiscard]] nlohmann::ordered_json document() const override {
    nlohmann::ordered_json out{{"schema", "aksmesh/config/v1"}};
    if (!file_.empty()) out["file"] = file_;
    auto& items = out["items"] = nlohmann::ordered_json::array();
    for (const auto& row : rows_) {
      nlohmann::ordered_json item{{"key", row.key}, {"value", row.value}};
      item["origin"] = row.origin;
      if (!row.place.empty()) item["place"] = row.place;
      items.push_back(std::move(item));
    }
    return out;
  }

 private:
  std::vector<Effective> rows_;
  std::string file_;
  bool origin_;
  report::Headers headers_;
};

Result<OutcomePtr> view(const ViewOptions& o, const Context& context) {
  const auto settings = read_settings(context.files, context.env);
  const SettingKeys keys;
  std::vector<Effective> rows;
  for (const auto& [key, spec] : keys.all())
    if (auto row = effective(key, *spec, settings, context.env); !row.value.empty())
      rows.push_back(std::move(row));
  return OutcomePtr(std::make_unique<ViewOutcome>(
      std::move(rows), settings.file, o.origin,
      context.global.no_headers ? report::Headers::hidden : report::Headers::shown));
}

struct GetOptions {
  std::vector<std::string> words{};
};

void declare_get(OptionSet& set, GetOptions& o) {
  set.operands(o.words, "KEY")
      .complete(Complete::settings)
      .once()
      .help("A setting, such as resource-group");
}

Result<OutcomePtr> get(const GetOptions& o, const Context& context) {
  if (o.words.size() != 1)
    return Error{.kind = ErrorKind::usage,
                 .what = "config get needs one key",
                 .next = {context.program + " config get cluster",
                          context.program + " config view   (all that are set)"}};
  const auto& key = o.words.front();
  const SettingKeys keys;
  AK_TRY(const auto* spec, keys.find(key));
  const auto settings = read_settings(context.files, context.env);
  const auto found = effective(key, *spec, settings, context.env);
  if (found.value.empty())
    return Error{.kind = ErrorKind::not_found,
                 .what = key + " is not set",
                 .next = {context.program + " config set " + key + " VALUE"}};
  return text_outcome(found.value + '\n');
}

struct SetOptions {
  std::vector<std::string> words{};
  bool remove = false;
};

void declare_set(OptionSet& set, SetOptions& o) {
  set.operands(o.words, "KEY [VALUE]")
      .complete(Complete::settings)
      .once()
      .help("A setting, such as resource-group, and its new value");
  set.flag("--remove", o.remove).help("Take the setting out of the file");
}

/// What the user should know once the file is written: it may not be what counts.
void add_notes(const std::string& key, const SettingKeys& keys, const Context& context,
               Outcome& outcome) {
  if (const auto spec = keys.find(key))
    if (const auto value = context.env.get((*spec)->variable); value && !value->empty())
      outcome.notes.push_back((*spec)->variable + " is set, and stronger than the file");
  const auto settings = read_settings(context.files, context.env);
  for (const auto& problem : settings.problems)
    outcome.notes.push_back("a mistake is left in the file: " + problem.what + " (" +
                            problem.where + ')');
}

Result<OutcomePtr> set(const SetOptions& o, const Context& context) {
  if (o.words.size() != (o.remove ? 1U : 2U))
    return Error{.kind = ErrorKind::usage,
                 .what = o.remove ? "config set --remove needs one key"
                                  : "config set needs a key and a value",
                 .next = {context.program + " config set cluster prod",
                          context.program + " config set cluster --remove"}};
  const auto& key = o.words.front();
  const ValueSource source{key, context.program + " config set " + key + ' '};
  if (o.words.back().empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "an empty " + key + " would be none at all",
                 .next = {context.program + " config set " + key + " --remove"}};
  const SettingKeys keys;
  if (!o.remove) AK_CHECK(keys.check(key, o.words.back(), source));
  const auto path = settings_path(context.env);
  if (path.empty()) return no_place();
  AK_TRY(const auto read, read_settings_document(context.files, path));
  const auto& tree = *read.tree;
  const bool is_there = tree.document_count() > 0 && tree.document(0)[key];
  if (o.remove && !is_there) {
    if (const auto known = keys.find(key); !known) return Error(known.error());
    return text_outcome(key + " is not in " + path + ", nothing to do\n");
  }
  AK_TRY(const auto text,
         o.remove ? without_setting(tree, key) : with_setting(tree, key, o.words.back()));
  AK_CHECK(sys::write_keeping_mode(context.files, path, text));
  auto outcome = text_outcome(key + (o.remove ? " is taken out of " : " is set in ") + path + '\n');
  add_notes(key, keys, context, *outcome);
  return outcome;
}

constexpr std::array kViewExamples{Example{"aksmesh config view --origin", "What counts, and why"}};
constexpr std::array kGetExamples{Example{"aksmesh config get output", "One value, for scripts"}};
constexpr std::array kSetExamples{
    Example{"aksmesh config set resource-group shop", "From now on without -g"},
    Example{"aksmesh config set resource-group --remove", "No longer"}};

}  // namespace

extern const Command config_view_command;
constinit const Command config_view_command =
    command<declare_view, view>({.path = "config view",
                                 .summary = "Show the settings that count",
                                 .page = "commands/config_view.md",
                                 .examples = kViewExamples});

extern const Command config_get_command;
constinit const Command config_get_command =
    command<declare_get, get>({.path = "config get",
                               .summary = "Print the value of a setting",
                               .page = "commands/config_get.md",
                               .formats = Formats::text,
                               .examples = kGetExamples});

extern const Command config_set_command;
constinit const Command config_set_command =
    command<declare_set, set>({.path = "config set",
                               .summary = "Change a setting in the settings file",
                               .page = "commands/config_set.md",
                               .formats = Formats::text,
                               .examples = kSetExamples,
                               .outlives_settings = true});

}  // namespace aksmesh::commands
