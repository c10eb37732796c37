// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace aksmesh::sys {

class Random {
 public:
  Random() = default;
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;
};

/// From the operating system; fit for ids, not meant for keys.
class RealRandom final : public Random {
 public:
  std::uint64_t next() override;
};

/// A random (version 4) UUID in its usual spelling.
std::string uuid(Random& random);

}  // namespace aksmesh::sys
