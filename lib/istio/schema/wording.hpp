// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/tree.hpp"
#include "istio/schema/table.hpp"

// How values, types and fields are called in messages.
namespace aksmesh::istio::schema {

/// `"text"`, `5`, `a list`; long texts are cut.
std::string shown(const data::Node& value);
/// What a value is, as in `the number 5`.
std::string found(const data::Node& value);
/// What a schema wants, as in `a whole number`.
std::string wanted(const Schema& schema);
/// What to do about a value of the wrong type; empty when that is plain.
std::string type_remedy(const data::Node& value, const Schema& schema);

/// The last two parts of a path: `route[1].weight` of `spec.http[0].route[1].weight`.
std::string_view path_end(std::string_view path);
/// What a pattern wants, in words if there are any.
std::string pattern_words(std::string_view pattern);
/// `cors_policy` to `corsPolicy`.
std::string camel_case(std::string_view name);

/// What helps against an unknown field: the name that was meant, or where it belongs.
std::string field_remedy(std::string_view name, const Schema& schema);
/// What helps against a value that is none of those allowed.
std::string choice_remedy(std::string_view text, const std::vector<std::string_view>& allowed);
/// `a b c`, or as many of them as a line may hold.
std::string name_list(const std::vector<std::string>& names);

}  // namespace aksmesh::istio::schema
