// SPDX-License-Identifier: Apache-2.0
#include "data/json_pieces.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "data/json_nesting.hpp"

namespace aksmesh::data {
namespace {

/// What is asked of the source at a time: small enough to stay in the processor's cache.
constexpr std::size_t kChunk = 256U << 10U;

bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

}  // namespace

JsonPieces::JsonPieces(sys::Source& source, std::uint64_t limit)
    : source_(source), limit_(limit), window_(2 * kChunk + kPadding) {}

Result<bool> JsonPieces::fill(std::size_t keep) {
  if (over_) return false;
  if (keep > 0) {
    std::memmove(window_.data(), window_.data() + keep, end_ - keep);
    end_ -= keep;
    at_ -= keep;
    before_ += keep;
  }
  if (window_.size() - end_ < kChunk + kPadding) {
    if (end_ > limit_)
      return Error{.kind = ErrorKind::bad_data,
                   .what = "a single value is too large",
                   .why = "it has more than " + std::to_string(limit_) + " bytes"};
    window_.resize(window_.size() * 2);
  }
  AK_TRY(const auto got, source_.read(std::span(window_.data() + end_, kChunk)));
  over_ = got == 0;
  end_ += got;
  // What is read beyond the end is no bracket and no quote.
  std::memset(window_.data() + end_, 0, kPadding);
  return !over_;
}

/// The next byte that is no blank; a NUL at the end of the text.
Result<char> JsonPieces::peek() {
  while (true) {
    while (at_ < end_ && is_blank(window_[at_])) ++at_;
    if (at_ < end_) return window_[at_];
    AK_TRY(const bool more, fill(at_));
    if (!more) return '\0';
  }
}

Error JsonPieces::broken(std::string_view expected) {
  cut_off_ = over_ && at_ == end_;
  Error error{.kind = ErrorKind::bad_data,
              .what = cut_off_ ? "the JSON ends in the middle" : "this is no JSON"};
  error.why = "byte " + std::to_string(offset()) + " should be " + std::string(expected);
  if (cut_off_) error.why = "the text ends at byte " + std::to_string(offset());
  return error;
}

Result<JsonPieces::Sort> JsonPieces::sort() {
  AK_TRY(const char c, peek());
  if (c == '{') return Sort::object;
  if (c == '[') return Sort::array;
  return Sort::other;
}

Status JsonPieces::enter() {
  AK_TRY(const char c, peek());
  if (c != '{' && c != '[') return broken("{ or [");
  ++at_;
  open_.push_back({.is_object = c == '{'});
  return Done{};
}

Result<bool> JsonPieces::next() {
  AK_TRY(char c, peek());
  auto& in = open_.back();
  if (c == (in.is_object ? '}' : ']')) {
    ++at_;
    open_.pop_back();
    return false;
  }
  if (in.has_begun) {
    if (c != ',') return broken(in.is_object ? ", or }" : ", or ]");
    ++at_;
    AK_TRY(c, peek());
  }
  in.has_begun = true;
  if (!in.is_object) {
    if (c == '\0' || c == ']') return broken("a value");
    return true;
  }
  if (c != '"') return broken("a key in quotes");
  AK_TRY(const auto count, string_length(Passed::kept));
  key_.assign(window_.data() + at_ + 1, count - 2);
  at_ += count;
  AK_TRY(c, peek());
  if (c != ':') return broken("a colon");
  ++at_;
  return true;
}

Result<std::size_t> JsonPieces::length(Passed passed) {
  AK_TRY(const char c, peek());
  if (c == '{' || c == '[') return container_length(passed);
  if (c == '"') return string_length(passed);
  return scalar_length();
}

Result<std::size_t> JsonPieces::container_length(Passed passed) {
  JsonNesting nesting;
  std::size_t done = 0;
  while (true) {
    while (end_ - at_ >= done + JsonNesting::kBlock || (over_ && end_ - at_ > done)) {
      if (const auto last = nesting.take(window_.data() + at_ + done); last != 0)
        return done + last;
      done += JsonNesting::kBlock;
    }
    if (over_) {
      at_ = end_;
      return broken("");
    }
    if (passed == Passed::dropped) {
      at_ += done;
      done = 0;
    }
    AK_CHECK(fill(at_));
  }
}

Result<std::size_t> JsonPieces::string_length(Passed passed) {
  std::size_t done = 1;
  while (true) {
    for (; at_ + done < end_; ++done) {
      const char c = window_[at_ + done];
      if (c == '"') return done + 1;
      if (c != '\\') continue;
      if (at_ + done + 1 >= end_) break;  // what it stands before has to be there
      ++done;
    }
    // A quote in front stands for the part that is gone.
    if (passed == Passed::dropped && done > 1) {
      at_ += done - 1;
      done = 1;
    }
    AK_TRY(const bool more, fill(at_));
    if (more) continue;
    at_ = end_;
    return broken("");
  }
}

Result<std::size_t> JsonPieces::scalar_length() {
  std::size_t done = 0;
  while (true) {
    for (; at_ + done < end_; ++done) {
      const char c = window_[at_ + done];
      if (is_blank(c) || std::strchr(",]}:", c) != nullptr) break;
    }
    if (at_ + done < end_) break;
    AK_TRY(const bool more, fill(at_));
    if (!more) break;
  }
  if (done == 0) return broken("a value");
  return done;
}

Result<std::string_view> JsonPieces::value() {
  AK_TRY(const auto count, length(Passed::kept));
  const std::string_view out(window_.data() + at_, count);
  at_ += count;
  return out;
}

Status JsonPieces::skip() {
  AK_TRY(const auto count, length(Passed::dropped));
  at_ += count;
  return Done{};
}

Status JsonPieces::end() {
  AK_TRY(const char c, peek());
  if (c != '\0' || at_ < end_) return broken("the end");
  return Done{};
}

}  // namespace aksmesh::data
