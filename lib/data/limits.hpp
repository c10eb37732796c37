// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace aksmesh::data {

/// What input may cost. Each can be raised with `--limit NAME=N`; the defaults are choices of this
/// project.
struct Limits {
  std::uint64_t file = 256ULL << 20U;     ///< bytes of one file or of standard input
  std::uint64_t document = 32ULL << 20U;  ///< bytes of one document
  std::uint64_t scalar = 16ULL << 20U;    ///< bytes of one scalar
  std::uint64_t depth = 256;              ///< nested containers
  std::uint64_t expansion = 1'000'000;    ///< nodes of one document once its aliases are followed
  std::uint64_t files = 1'000'000;        ///< files of one run
};

}  // namespace aksmesh::data
