// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/cel_syntax.hpp"

#include <cstdint>
#include <vector>

#include "base/strings.hpp"
#include "istio/validation/cel_tokens.hpp"
#include "istio/validation/tables.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr int kDeepest = 250;  // as deep as cel-go goes

/// What an expression is, as far as macros and messages ask.
enum class Form : std::uint8_t { other, name, selection };

/// An operand and whether it is nothing but names and dots, so that `{` makes it a message.
struct Operand {
  Form form = Form::other;
  bool is_path = false;
};

// The operators bind differently, but for the syntax it is enough that an operand stands on each
// side; only `? :` asks for more.
class Parser {
 public:
  explicit Parser(std::string_view expression) : expression_(expression), tokens_(expression) {
    advance();
  }

  std::string fault() {
    expression();
    if (fault_.empty() && tokens_.fault().empty() && piece_.kind != CelToken::end)
      fail("unexpected " + here());
    if (!tokens_.fault().empty()) return at(tokens_.at()) + tokens_.fault();
    return fault_;
  }

 private:
  [[nodiscard]] std::string at(std::size_t place) const {
    return "at character " + std::to_string(utf8_length(expression_.substr(0, place)) + 1) + ", ";
  }
  void fail(const std::string& what) {
    if (fault_.empty()) fault_ = at(piece_.at) + what;
  }
  [[nodiscard]] bool failed() const { return !fault_.empty() || !tokens_.fault().empty(); }
  /// The token for a message.
  [[nodiscard]] std::string here() const {
    if (piece_.kind == CelToken::end) return "end";
    return piece_.kind == CelToken::literal ? "text or constant" : std::string(piece_.text);
  }
  void advance() { piece_ = tokens_.next(); }
  [[nodiscard]] bool is(std::string_view mark) const {
    return piece_.kind == CelToken::mark && piece_.text == mark;
  }
  bool take(std::string_view mark) {
    if (failed() || !is(mark)) return false;
    advance();
    return true;
  }
  void expect(std::string_view mark) {
    if (failed() || take(mark)) return;
    fail("expected " + std::string(mark) + " instead of " + here());
  }
  void refuse_optional() {
    if (!failed() && is("?")) fail("? for optional values is not supported");
  }

  Form expression();
  Form chain();
  Form unary();
  bool take_operator();
  Form member();
  Operand primary();
  Operand name(bool is_root);
  bool suffix(Operand& operand);
  void select(Operand& operand);
  Form call(std::string_view function, bool has_target);
  void check_macro(std::string_view function, bool has_target, const std::vector<Form>& arguments);
  void number(bool is_negative);
  template <class Entry>
  void entries(std::string_view close, Entry entry);
  void message();

  std::string_view expression_;
  CelTokens tokens_;
  CelPiece piece_{};
  std::string fault_{};
  int depth_ = 0;
};

Form Parser::expression() {
  if (++depth_ > kDeepest) fail("the expression is nested too deeply");
  auto form = failed() ? Form::other : chain();
  if (take("?")) {
    chain();
    expect(":");
    if (!failed()) expression();
    form = Form::other;
  }
  --depth_;
  return form;
}

bool Parser::take_operator() {
  for (const auto* mark :
       {"&&", "||", "==", "!=", "<=", ">=", "<", ">", "in", "+", "-", "*", "/", "%"})
    if (take(mark)) return true;
  return false;
}

Form Parser::chain() {
  auto form = unary();
  while (!failed() && take_operator()) {
    unary();
    form = Form::other;
  }
  return form;
}

Form Parser::unary() {
  bool negated = false;
  while (take("!")) negated = true;
  int minus = 0;
  while ((!negated || minus == 0) && take("-")) ++minus;
  const bool is_number = piece_.kind == CelToken::integer || piece_.kind == CelToken::floating;
  if (negated && minus > 0 && !is_number && !failed()) fail("- after ! must stand before a number");
  if (failed()) return Form::other;
  if (minus == 1 && piece_.kind == CelToken::integer) {
    number(true);
    Operand number;
    while (!failed() && suffix(number)) {
    }
    return Form::other;
  }
  const auto form = member();
  return negated || minus > 0 ? Form::other : form;
}

Form Parser::member() {
  auto operand = primary();
  while (!failed() && suffix(operand)) {
  }
  return operand.form;
}

void Parser::number(bool is_negative) {
  const auto fault = cel_number_fault(piece_, is_negative);
  if (!fault.empty()) return fail(fault);
  advance();
}

Operand Parser::primary() {
  switch (piece_.kind) {
    case CelToken::integer:
    case CelToken::unsigned_integer:
    case CelToken::floating: number(false); return {};
    case CelToken::literal: advance(); return {};
    case CelToken::name: return name(true);
    case CelToken::quoted_name: fail("` may only stand around the name of a field"); return {};
    case CelToken::end: fail("an operand is missing"); return {};
    case CelToken::mark: break;
  }
  if (take(".")) {
    if (piece_.kind == CelToken::name) return name(false);
    fail("a name after . is missing");
    return {};
  }
  if (take("(")) {
    const auto form = expression();
    expect(")");
    return {form};
  }
  if (take("[")) {
    entries("]", [&] { expression(); });
    return {};
  }
  if (take("{")) {
    entries("}", [&] {
      expression();
      expect(":");
      if (!failed()) expression();
    });
    return {};
  }
  fail("unexpected " + here());
  return {};
}

/// A variable, a function or the first part of a message's type.
Operand Parser::name(bool is_root) {
  const auto here = piece_;
  advance();
  const bool reserved = is_listed("reservedWordsOfCel", here.text);
  if (take("(")) {
    if (reserved) fail(std::string(here.text) + " is a reserved word");
    return {call(is_root ? here.text : "", false)};
  }
  Operand operand{Form::name, true};
  if (!reserved) return operand;
  while (!failed() && is(".")) suffix(operand);
  if (!operand.is_path || !is("{")) fail(std::string(here.text) + " is a reserved word");
  return operand;
}

/// One more `.name`, `.name()`, `[index]` or `{}`; false when there is none.
bool Parser::suffix(Operand& operand) {
  if (take(".")) {
    select(operand);
    return true;
  }
  if (take("[")) {
    refuse_optional();
    if (!failed()) expression();
    expect("]");
    operand = {};
    return true;
  }
  if (!operand.is_path || !take("{")) return false;
  message();
  operand = {};
  return true;
}

void Parser::select(Operand& operand) {
  refuse_optional();
  if (failed()) return;
  const auto member = piece_;
  const bool quoted = member.kind == CelToken::quoted_name;
  if (!quoted && member.kind != CelToken::name) return fail("a name after . is missing");
  advance();
  operand.is_path = operand.is_path && !quoted;
  if (!quoted && take("("))
    operand = {call(member.text, true)};
  else
    operand.form = Form::selection;
}

/// The arguments of a call, up to the closing bracket.
Form Parser::call(std::string_view function, bool has_target) {
  std::vector<Form> arguments;
  if (take(")")) return Form::other;
  do arguments.push_back(expression());
  while (take(","));
  if (!failed()) check_macro(function, has_target, arguments);
  expect(")");
  return function == "has" && !has_target && arguments.size() == 1 ? Form::selection : Form::other;
}

void Parser::check_macro(std::string_view function, bool has_target,
                         const std::vector<Form>& arguments) {
  if (!has_target) {
    if (function == "has" && arguments.size() == 1 && arguments.front() != Form::selection)
      fail("has() needs a field, as in has(request.headers)");
    return;
  }
  const bool loops = ((function == "all" || function == "exists" || function == "exists_one" ||
                       function == "filter" || function == "map") &&
                      arguments.size() == 2) ||
                     (function == "map" && arguments.size() == 3);
  if (loops && arguments.front() != Form::name)
    fail("the first argument of " + std::string(function) + "() must be a name");
}

/// A list of entries, a comma after the last one allowed.
template <class Entry>
void Parser::entries(std::string_view close, Entry entry) {
  if (take(",")) return expect(close);
  while (!failed() && !is(close)) {
    refuse_optional();
    if (!failed()) entry();
    if (!take(",")) break;
  }
  expect(close);
}

void Parser::message() {
  entries("}", [&] {
    if (piece_.kind != CelToken::name && piece_.kind != CelToken::quoted_name)
      return fail("the name of a field is missing");
    advance();
    expect(":");
    if (!failed()) expression();
  });
}

}  // namespace

std::string cel_fault(std::string_view expression) {
  return Parser(expression).fault();
}

}  // namespace aksmesh::istio::validation
