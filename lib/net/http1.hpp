// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/http.hpp"

// HTTP/1.1 on a connection whose bytes somebody else moves (RFC 9112).
namespace aksmesh::net {

/// A request as it goes out. `host` is what the header says; `more` comes behind its own headers.
std::string http1_text(const Request& request, std::string_view host, std::string_view user_agent,
                       const Headers& more = {});
/// From the path on, as in `/api/v1/pods?limit=500`.
std::string_view target_of(std::string_view url);

/// Reads one answer, whatever the pieces that its bytes come in.
class Http1Reader {
 public:
  static constexpr std::size_t kLargestHead = 64U << 10U;

  /// `largest_body` bounds what waits in the body; whoever takes it away meanwhile has no limit.
  explicit Http1Reader(std::size_t largest_body) : largest_body_(largest_body) {}

  /// How many of the bytes belong to the answer. Fewer than all: it is over, or broken.
  std::size_t take(std::string_view bytes);
  /// The connection ended, which is how the body of some answers ends.
  void end();

  [[nodiscard]] bool head_is_here() const { return step_ >= Step::body; }
  [[nodiscard]] bool done() const { return step_ == Step::done; }
  /// Why the answer cannot be used; empty: nothing speaks against it so far.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// Nothing of an answer has come.
  [[nodiscard]] bool is_untouched() const { return step_ == Step::status && line_.empty(); }
  /// After the answer the connection takes another request.
  [[nodiscard]] bool keeps_connection() const { return keeps_; }
  [[nodiscard]] Response& response() { return response_; }
  [[nodiscard]] const Response& response() const { return response_; }

 private:
  enum class Step : std::uint8_t { status, headers, body, chunk, rest, after_chunk, trailer, done };
  void fail(std::string why) { problem_ = std::move(why); }
  void take_line();
  void read_status();
  void read_header();
  void begin_body();
  void read_chunk_size();
  std::size_t take_body(std::string_view bytes);

  std::size_t largest_body_;
  Step step_ = Step::status;
  std::string line_;
  std::size_t head_size_ = 0;
  std::uint64_t left_ = 0;  // of the body or of the present chunk
  bool keeps_ = true;
  Response response_;
  std::string problem_;
};

}  // namespace aksmesh::net
