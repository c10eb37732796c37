// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace aksmesh::sys {

/// Bytes that can be read once, from the first to the last.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;
  /// Fills the room from its beginning, as far as there is something now; how many bytes that were,
  /// 0 at the end and then always.
  virtual Result<std::size_t> read(std::span<char> room) = 0;
};

/// Those of a text.
class TextSource final : public Source {
 public:
  explicit TextSource(std::string text) : text_(std::move(text)) {}
  Result<std::size_t> read(std::span<char> room) override {
    const auto count = std::min(room.size(), text_.size() - at_);
    std::memcpy(room.data(), text_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace aksmesh::sys
