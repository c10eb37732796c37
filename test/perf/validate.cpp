// SPDX-License-Identifier: Apache-2.0
// Reads files and validates them as JSON, and nothing else: what every program that shows something
// of a dump has to do at least. It exists to be measured beside them.
#include <cstdio>

#include <simdjson.h>

int main(int count, char** files) {
  simdjson::dom::parser parser;
  for (int i = 1; i < count; ++i) {
    simdjson::dom::element document;
    if (const auto error = parser.load(files[i]).get(document); error != simdjson::SUCCESS) {
      std::fprintf(stderr, "%s: %s\n", files[i], simdjson::error_message(error));
      return 1;
    }
  }
  return 0;
}
