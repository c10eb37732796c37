// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "base/error.hpp"

namespace aksmesh {

/// A value or the Error that prevented it. Member names follow std::expected, which C++20 lacks.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

  Error& error() & { return *std::get_if<1>(&state_); }
  const Error& error() const& { return *std::get_if<1>(&state_); }
  Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

/// For operations that yield nothing.
struct Done {};
using Status = Result<Done>;

}  // namespace aksmesh

#define AKSMESH_JOIN2(a, b) a##b
#define AKSMESH_JOIN(a, b) AKSMESH_JOIN2(a, b)
/// Returns the error of `expr` from the enclosing function, else declares its value.
#define AK_TRY(declaration, expr)                                 \
  auto AKSMESH_JOIN(ak_result_, __LINE__) = (expr);               \
  if (!AKSMESH_JOIN(ak_result_, __LINE__))                        \
    return std::move(AKSMESH_JOIN(ak_result_, __LINE__)).error(); \
  declaration = std::move(AKSMESH_JOIN(ak_result_, __LINE__)).value()
/// The same for a Status whose value is of no interest.
#define AK_CHECK(expr) \
  if (auto ak_status = (expr); !ak_status) return std::move(ak_status).error()
