// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aksmesh {

/// Text of strangers as people may see it: what a terminal would obey (control characters) and what
/// would show text in another order than it is written becomes a visible escape such as `\n` or
/// `\u001b`. Other bytes that are no UTF-8 stay, so that a file name can be pasted.
std::string printable(std::string_view text);

/// The same for a line that carets are set under: one sign for each sign, tabs stay.
std::string printable_line(std::string_view line);

}  // namespace aksmesh
