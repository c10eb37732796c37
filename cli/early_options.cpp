// SPDX-License-Identifier: Apache-2.0
#include "early_options.hpp"

#include "option_set.hpp"
#include "sys/given_value.hpp"

namespace aksmesh::cli {
namespace {

void set_if_good(const commands::OptionSpec& spec, const std::string& value) {
  if (spec.takes(value)) (void)spec.set(value);
}

}  // namespace

commands::GlobalOptions early_options(const std::vector<std::string>& args,
                                      const sys::Environment& env, const sys::Settings& settings) {
  commands::GlobalOptions out;
  commands::OptionSet set;
  commands::declare_global_options(set, out);
  for (const auto& spec : set.specs()) {
    if (spec.variable.empty()) continue;
    const auto given = sys::given_value(spec.variable, spec.long_name.substr(2), env, settings);
    if (given) set_if_good(spec, given->value);
  }
  for (std::size_t i = 0; i < args.size() && args[i] != "--"; ++i) {
    const auto word = commands::split_option(set, args[i]);
    if (word.spec == nullptr) continue;
    if (word.spec->value.empty())
      set_if_good(*word.spec, word.value.value_or("true"));
    else if (word.value)
      set_if_good(*word.spec, *word.value);
    else if (i + 1 < args.size())
      set_if_good(*word.spec, args[i + 1]);
  }
  return out;
}

}  // namespace aksmesh::cli
