// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aksmesh::data {

/// A string as a YAML scalar on one line that every reader of YAML 1.1 and 1.2 takes for this very
/// string: plain where that is certain, else in double quotes. Ill-formed UTF-8 becomes U+FFFD, as
/// no YAML can hold it.
std::string yaml_scalar(std::string_view text);
/// Always in double quotes.
std::string yaml_quoted(std::string_view text);
/// A text of several lines as a literal block whose lines get `indent`; as yaml_scalar where a
/// block could not give back every character.
std::string yaml_block(std::string_view text, std::string_view indent);

}  // namespace aksmesh::data
