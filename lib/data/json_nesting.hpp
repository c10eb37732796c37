// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace aksmesh::data {

/// Counts the brackets of a JSON text, those within strings left out, and finds where the one that
/// was first opened closes. It looks at 64 bytes at a time, one bit for each: a dump has tens of
/// megabytes, of which most only go by.
class JsonNesting {
 public:
  static constexpr std::size_t kBlock = 64;

  /// Takes the next 64 bytes. How many of them belong to the value when it ends in them, else 0.
  std::size_t take(const char* block) {
    auto marks = marks_of(block);
    if (marks.backslashes != 0 || escaped_) marks.quotes &= ~escaped(marks.backslashes);
    const auto strings = strings_of(marks.quotes);
    marks.opening &= ~strings;
    marks.closing &= ~strings;
    const auto closing = std::popcount(marks.closing);
    // It cannot end where less is closed than is open.
    if (closing < depth_) {
      depth_ += std::popcount(marks.opening) - closing;
      return 0;
    }
    for (auto any = marks.opening | marks.closing; any != 0; any &= any - 1) {
      const auto bit = any & (~any + 1);
      depth_ += (marks.opening & bit) != 0 ? 1 : -1;
      if (depth_ == 0) return static_cast<std::size_t>(std::countr_zero(bit)) + 1;
    }
    return 0;
  }

 private:
  using Bits = std::uint64_t;
  struct Marks {
    Bits quotes = 0;
    Bits backslashes = 0;
    Bits opening = 0;
    Bits closing = 0;
  };

#if defined(__SSE2__)
  static Marks marks_of(const char* block) {
    Marks out;
    for (unsigned i = 0; i < 4; ++i) {
      const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i * 16));
      // `[` and `{` differ in one bit, as `]` and `}` do; no other byte becomes the same by it.
      const auto folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
      const auto put = [i](__m128i equal) {
        return static_cast<Bits>(static_cast<unsigned>(_mm_movemask_epi8(equal))) << (i * 16);
      };
      out.quotes |= put(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
      out.backslashes |= put(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
      out.opening |= put(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{')));
      out.closing |= put(_mm_cmpeq_epi8(folded, _mm_set1_epi8('}')));
    }
    return out;
  }
#else
  static Marks marks_of(const char* block) {
    Marks out;
    for (unsigned i = 0; i < kBlock; ++i) {
      const auto byte = static_cast<unsigned char>(block[i]);
      const auto folded = static_cast<unsigned char>(byte | 0x20U);
      out.quotes |= static_cast<Bits>(byte == '"') << i;
      out.backslashes |= static_cast<Bits>(byte == '\\') << i;
      out.opening |= static_cast<Bits>(folded == '{') << i;
      out.closing |= static_cast<Bits>(folded == '}') << i;
    }
    return out;
  }
#endif

  /// The bytes that stand behind a backslash which is not itself behind one.
  Bits escaped(Bits backslashes) {
    Bits out = escaped_ ? 1 : 0;
    backslashes &= ~out;
    escaped_ = false;
    while (backslashes != 0) {
      const auto bit = backslashes & (~backslashes + 1);
      const auto next = bit << 1U;
      if (next == 0) escaped_ = true;
      out |= next;
      backslashes &= ~(bit | next);
    }
    return out;
  }

  /// The bytes from each string's first quote to before its last one.
  Bits strings_of(Bits quotes) {
    // Each bit becomes the parity of the quotes up to it.
    for (const auto shift : {1U, 2U, 4U, 8U, 16U, 32U}) quotes ^= quotes << shift;
    if (in_string_) quotes = ~quotes;
    in_string_ = (quotes >> (kBlock - 1)) != 0;
    return quotes;
  }

  std::int64_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
};

}  // namespace aksmesh::data
