// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sys/source.hpp"

namespace aksmesh::data {

/// Walks through a JSON text of any size, such as the dump of a proxy, and holds of it no more than
/// one value at a time. The caller enters the containers that it knows, takes the values it wants
/// as text for a parser, and lets the others go by.
///
/// What is entered is checked to be JSON. Of what is taken or goes by, only strings and the number
/// of brackets are: the parser of a value that is taken checks the rest.
///
/// Errors: bad_data where the text is no JSON; those of the source.
class JsonPieces {
 public:
  enum class Sort : std::uint8_t { object, array, other };

  /// No single value that is taken may have more than `limit` bytes. The source must outlive this.
  JsonPieces(sys::Source& source, std::uint64_t limit);

  /// What comes next where a value stands.
  Result<Sort> sort();
  /// Into the object or array that comes next.
  Status enter();
  /// To the next member or element of the container that was entered last, whose value then comes
  /// next; false at its end, and then the one around it is the last.
  Result<bool> next();
  /// The key of the member that next() has found, without its quotes, as it is written; valid until
  /// anything else is called.
  [[nodiscard]] std::string_view key() const { return key_; }
  /// The whole value that comes next; valid until anything else is called. kPadding bytes behind it
  /// may be read.
  Result<std::string_view> value();
  /// The same, but it goes by.
  Status skip();
  /// That nothing follows the outermost value.
  Status end();

  /// Whether the text ended before its JSON did.
  [[nodiscard]] bool is_cut_off() const { return cut_off_; }
  /// Bytes of the text before the place where it is read.
  [[nodiscard]] std::uint64_t offset() const { return before_ + at_; }

  static constexpr std::size_t kPadding = 64;

 private:
  /// What becomes of the bytes that were passed.
  enum class Passed : std::uint8_t { kept, dropped };
  /// How many bytes a value has from here.
  Result<std::size_t> length(Passed passed);
  Result<std::size_t> container_length(Passed passed);
  Result<std::size_t> string_length(Passed passed);
  Result<std::size_t> scalar_length();
  /// More bytes behind those that are there; false at the end of the text. Those before `keep` go.
  Result<bool> fill(std::size_t keep);
  Result<char> peek();
  Error broken(std::string_view expected);

  struct Container {
    bool is_object = false;
    bool has_begun = false;
  };

  sys::Source& source_;
  std::uint64_t limit_;
  std::vector<char> window_;
  std::size_t at_ = 0;   // of the window: where it is read
  std::size_t end_ = 0;  // of the window: behind the last byte that is there
  std::uint64_t before_ = 0;
  std::vector<Container> open_{};
  std::string key_{};
  bool over_ = false;
  bool cut_off_ = false;
};

}  // namespace aksmesh::data
