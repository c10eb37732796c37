// SPDX-License-Identifier: Apache-2.0
#include "watching.hpp"

#include <nlohmann/json.hpp>

namespace aksmesh::commands {
namespace {

/// `shown` is the result before, as JSON.
Result<OutcomePtr> next_of(const Watching& watching, const std::string& shown) {
  while (true) {
    AK_TRY(auto out, watching.look());
    auto document =
        out->document().dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    if (document != shown) {
      out->more = [watching, document = std::move(document)]() -> Result<OutcomePtr> {
        AK_CHECK(watching.wait());
        return next_of(watching, document);
      };
      return out;
    }
    AK_CHECK(watching.wait());
  }
}

}  // namespace

void declare_watch(OptionSet& set, bool& watch) {
  set.flag("-w,--watch", watch)
      .help("Go on, and show the result anew whenever it changes, until Ctrl-C");
}

Result<OutcomePtr> watch_results(const Watching& watching) {
  return next_of(watching, {});
}

}  // namespace aksmesh::commands
