// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "report/finding.hpp"

namespace aksmesh::report {

enum class Tone { broken, attention, done, name, aside };

/// How text may look on one stream.
struct Style {
  bool color = false;
  bool ascii = false;  ///< only ASCII marks
  bool is_terminal = false;
  std::size_t width = 0;  ///< columns, 0 for no limit (not a terminal)

  [[nodiscard]] std::string paint(Tone tone, std::string_view text) const;
  [[nodiscard]] std::string_view mark(Severity severity) const;
  [[nodiscard]] std::string_view unknown_mark() const { return ascii ? "???" : "?"; }
  [[nodiscard]] std::string_view suppressed_mark() const { return ascii ? "supp" : "~"; }
  [[nodiscard]] std::string_view pass_mark() const { return ascii ? "ok" : "✔"; }
  [[nodiscard]] std::string_view ellipsis() const { return ascii ? "..." : "…"; }
};

Tone tone_of(Severity severity);

/// Breaks prose at blanks so that no line is longer than `width` where possible; every line but the
/// first gets `indent`. The first begins in column `taken`, behind as much as the indentation if
/// not given. A width of 0 leaves the text as it is.
std::string wrap(std::string_view text, std::size_t width, std::string_view indent,
                 std::optional<std::size_t> taken = std::nullopt);

/// Takes characters out of the middle, where names of Kubernetes differ least, until the text fits;
/// a width that leaves nothing to read is not met.
std::string shorten(std::string_view text, std::size_t width, std::string_view ellipsis);

}  // namespace aksmesh::report
