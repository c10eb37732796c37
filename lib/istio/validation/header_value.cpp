// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "istio/validation/syntax.hpp"

// Values of headers that Envoy adds may hold commands such as `%REQ(x-id)%` or
// `%DYNAMIC_METADATA(["a", "b"])%`.
namespace aksmesh::istio::validation {
namespace {

enum class State {
  literal,
  command,       // between `%` and `(` or `%`
  arguments,     // after `(`
  want_string,   // after `[` or `,`
  text,          // in an argument
  after_string,  // after the quote that ends one
  want_paren,    // after `]`
  want_end,      // after `)`
  broken
};

/// The state after `c`; spaces between the parts of a command mean nothing.
State next(State state, char c) {
  switch (state) {
    case State::command: return c == '%' ? State::literal : c == '(' ? State::arguments : state;
    case State::arguments:
      if (c == ' ') return state;
      return c == '[' ? State::want_string : State::text;
    case State::want_string: return c == '"' ? State::text : c == ' ' ? state : State::broken;
    case State::text: return c == ')' ? State::want_end : c == '"' ? State::after_string : state;
    case State::after_string:
      if (c == ' ') return state;
      return c == ',' ? State::want_string : c == ']' ? State::want_paren : State::broken;
    case State::want_paren: return c == ')' ? State::want_end : c == ' ' ? state : State::broken;
    case State::want_end: return c == '%' ? State::literal : c == ' ' ? state : State::broken;
    default: return state;
  }
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

}  // namespace

std::string header_value_fault(std::string_view value) {
  if (std::any_of(value.begin(), value.end(), is_control))
    return "the value holds a control character";
  auto state = State::literal;
  for (std::size_t i = 0; i < value.size() && state != State::broken; ++i) {
    const bool last = i + 1 == value.size();
    if (state == State::literal && value[i] == '%') {
      if (last) return "a single % at the end; write %% for a percent sign";
      if (value[i + 1] == '%')
        ++i;
      else
        state = State::command;
    } else if (state == State::text && value[i] == '\\') {
      if (last) return "the value ends within an argument";
      ++i;
    } else {
      state = next(state, value[i]);
    }
  }
  if (state == State::literal) return {};
  return "% begins a command that is malformed or does not end; write %% for a percent sign, "
         "%NAME% or %NAME(argument)% for a command";
}

}  // namespace aksmesh::istio::validation
