// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "envoy/dump.hpp"

namespace aksmesh::test {

/// Gives the entries of a text that has to be a dump, and what it holds beyond them.
inline envoy::DumpFacts read_entries(std::string text, std::span<const std::string_view> lists,
                                     const envoy::TakeEntry& take) {
  sys::TextSource source(std::move(text));
  auto facts = envoy::read_dump(source, lists, take);
  REQUIRE(facts);
  return std::move(facts).value();
}

/// A dump of one section with these members.
inline std::string section_text(std::string_view type, std::string_view members) {
  return R"({"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.)" + std::string(type) +
         "\", " + std::string(members) + "}]}";
}

}  // namespace aksmesh::test
