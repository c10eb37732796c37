// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aksmesh::istio::validation {

enum class CelToken : std::uint8_t {
  end,
  mark,  ///< an operator, a bracket, or the word `in`
  name,
  quoted_name,  ///< in backquotes
  integer,
  unsigned_integer,
  floating,
  literal,  ///< a text, bytes, `true`, `false` or `null`
};

struct CelPiece {
  CelToken kind = CelToken::end;
  std::string_view text{};
  std::size_t at = 0;  ///< byte offset
};

/// Why a number does not fit, empty when it does and for other tokens.
std::string cel_number_fault(const CelPiece& number, bool is_negative);

/// Cuts an expression into its tokens (cel-spec, "Syntax").
class CelTokens {
 public:
  explicit CelTokens(std::string_view expression) : text_(expression) {}

  /// The token that follows; `end` at the end and at a fault.
  CelPiece next();
  /// What cannot be a token, empty when all can so far.
  [[nodiscard]] const std::string& fault() const { return fault_; }
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  [[nodiscard]] char front(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  template <class Is>
  std::size_t run(std::size_t from, Is is) const {
    while (from < text_.size() && is(text_[from])) ++from;
    return from;
  }
  CelPiece take(CelToken kind, std::size_t end);
  void fail(std::string what);
  void skip_blanks();
  CelPiece number();
  CelPiece word();
  CelPiece quoted_name();
  CelPiece mark();
  bool is_quote_ahead(std::size_t& prefix) const;
  CelPiece quoted(std::size_t prefix);
  std::size_t escape(std::size_t at, std::string_view prefix);

  std::string_view text_;
  std::size_t at_ = 0;
  std::string fault_{};
};

}  // namespace aksmesh::istio::validation
