// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "report/style.hpp"

namespace aksmesh::commands::docgen {

/// Our own pages for a terminal: headings, paragraphs, lists, fences, tables and `code`; nothing
/// else is used in them.
std::string markdown_to_text(std::string_view page, const report::Style& style);
/// The same for a man page; headings become sections in upper case.
std::string markdown_to_man(std::string_view page);
/// Escapes for the text of a man page.
std::string man_escape(std::string_view text);

}  // namespace aksmesh::commands::docgen
