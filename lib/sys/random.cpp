// SPDX-License-Identifier: Apache-2.0
#include "sys/random.hpp"

#include <array>
#include <cstdio>
#include <random>

namespace aksmesh::sys {

std::uint64_t RealRandom::next() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

std::string uuid(Random& random) {
  constexpr std::uint64_t kVersion4 = 0x4000;
  constexpr std::uint64_t kVariant = 0x8000;
  const auto high = random.next();
  const auto low = random.next();
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08llx-%04llx-%04llx-%04llx-%012llx",
                static_cast<unsigned long long>(high >> 32U),
                static_cast<unsigned long long>((high >> 16U) & 0xffffU),
                static_cast<unsigned long long>((high & 0x0fffU) | kVersion4),
                static_cast<unsigned long long>(((low >> 48U) & 0x3fffU) | kVariant),
                static_cast<unsigned long long>(low & 0xffffffffffffU));
  return text.data();
}

}  // namespace aksmesh::sys
