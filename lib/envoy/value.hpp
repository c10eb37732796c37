// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <simdjson.h>

namespace aksmesh::envoy {

class Items;
class Members;

/// A value of a JSON document, or nothing: what is looked for in nothing is nothing, too, so that a
/// path can be followed without asking at each step. Its texts live as long as the parser holds the
/// document.
class Value {
 public:
  Value() = default;
  explicit Value(simdjson::dom::element element) : element_(element) {}

  [[nodiscard]] bool is_there() const { return element_.has_value(); }
  [[nodiscard]] bool is_object() const { return element_ && element_->is_object(); }
  [[nodiscard]] bool is_array() const { return element_ && element_->is_array(); }
  /// The member of an object. The key is in snake_case, as Envoy writes it; istiod's camelCase is
  /// found as well.
  Value operator[](std::string_view key) const {
    simdjson::dom::element found;
    if (!element_) return {};
    if (element_->at_key(key).get(found) == simdjson::SUCCESS) return Value(found);
    return key.find('_') == std::string_view::npos ? Value() : in_camel_case(key);
  }
  /// Of a string; else empty.
  [[nodiscard]] std::string_view text() const {
    std::string_view out;
    return element_ && element_->get(out) == simdjson::SUCCESS ? out : std::string_view();
  }
  /// Of a number without fraction, which Envoy writes as a string where it may be large.
  [[nodiscard]] std::optional<std::int64_t> number() const;
  [[nodiscard]] bool is_true() const {
    bool out = false;
    return element_ && element_->get(out) == simdjson::SUCCESS && out;
  }
  /// The value as JSON without blanks; empty for nothing.
  [[nodiscard]] std::string json() const;
  /// Of an array; none for anything else.
  [[nodiscard]] Items items() const;
  /// Of an object; likewise.
  [[nodiscard]] Members members() const;

 private:
  [[nodiscard]] Value in_camel_case(std::string_view key) const;

  std::optional<simdjson::dom::element> element_{};
};

/// The elements of an array, one Value after the other.
class Items {
 public:
  class Iterator {
   public:
    explicit Iterator(simdjson::dom::array::iterator at) : at_(at) {}
    Value operator*() const { return Value(*at_); }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    simdjson::dom::array::iterator at_;
  };
  Items() = default;
  explicit Items(const simdjson::dom::array& array) : begin_(array.begin()), end_(array.end()) {}
  [[nodiscard]] Iterator begin() const { return Iterator(begin_); }
  [[nodiscard]] Iterator end() const { return Iterator(end_); }
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  /// Nothing when there is none.
  [[nodiscard]] Value front() const { return empty() ? Value() : *begin(); }

 private:
  simdjson::dom::array::iterator begin_{};
  simdjson::dom::array::iterator end_{};
};

/// The members of an object, in the order of the text.
class Members {
 public:
  struct Member {
    std::string_view key{};
    Value value{};
  };
  class Iterator {
   public:
    explicit Iterator(simdjson::dom::object::iterator at) : at_(at) {}
    Member operator*() const { return {at_.key(), Value(at_.value())}; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    simdjson::dom::object::iterator at_;
  };
  Members() = default;
  explicit Members(const simdjson::dom::object& object)
      : begin_(object.begin()), end_(object.end()) {}
  [[nodiscard]] Iterator begin() const { return Iterator(begin_); }
  [[nodiscard]] Iterator end() const { return Iterator(end_); }
  [[nodiscard]] bool empty() const { return begin_ == end_; }

 private:
  simdjson::dom::object::iterator begin_{};
  simdjson::dom::object::iterator end_{};
};

inline Items Value::items() const {
  simdjson::dom::array out;
  return element_ && element_->get(out) == simdjson::SUCCESS ? Items(out) : Items();
}

inline Members Value::members() const {
  simdjson::dom::object out;
  return element_ && element_->get(out) == simdjson::SUCCESS ? Members(out) : Members();
}

}  // namespace aksmesh::envoy
