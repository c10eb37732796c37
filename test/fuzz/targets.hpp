// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// One function for each parser that meets foreign text. fuzz/main.cpp feeds them from libFuzzer,
// the unit tests from the corpus.
namespace aksmesh::fuzz {

void documents(
    std::string_view input);  ///< YAML and JSON, and everything analyze does with the objects
void embedded(std::string_view input);  ///< YAML inside a ConfigMap
void baseline(std::string_view input);
void arguments(std::string_view input);    ///< a command line, words separated by line breaks
void frames(std::string_view input);       ///< what a WebSocket's server sends
void answers(std::string_view input);      ///< what a server of HTTP/1.1 sends
void dumps(std::string_view input);        ///< what Envoy's admin port sends, and files like it
void debug_pages(std::string_view input);  ///< what istiods tell of their proxies

struct Target {
  const char* name;
  void (*run)(std::string_view);
};
inline constexpr Target kTargets[] = {{"documents", documents}, {"embedded", embedded},
                                      {"baseline", baseline},   {"arguments", arguments},
                                      {"frames", frames},       {"answers", answers},
                                      {"dumps", dumps},         {"debug_pages", debug_pages}};

}  // namespace aksmesh::fuzz
