// SPDX-License-Identifier: Apache-2.0
#include "net/http1.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/strings.hpp"

namespace aksmesh::net {
namespace {

constexpr std::uint64_t kEndless = ~std::uint64_t{0};  // until the connection ends

std::optional<std::uint64_t> number_of(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value, base);
  if (text.empty() || error != std::errc{} || at != end) return std::nullopt;
  return value;
}

/// A value that cannot end its line early.
std::string one_line(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return out;
}

}  // namespace

std::string_view target_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const auto path = url.find('/');
  return path == std::string_view::npos ? "/" : url.substr(path);
}

std::string http1_text(const Request& request, std::string_view host, std::string_view user_agent,
                       const Headers& more) {
  std::string out(method_name(request.method));
  const auto add = [&](std::string_view name, std::string_view value) {
    out += one_line(name) + ": " + one_line(value) + "\r\n";
  };
  out += ' ' + one_line(target_of(request.url)) + " HTTP/1.1\r\n";
  add("Host", host);
  if (!user_agent.empty()) add("User-Agent", user_agent);
  for (const auto* list : {&request.headers, &request.secret_headers, &more})
    for (const auto& [name, value] : *list) add(name, value);
  if (!request.bearer.empty()) add("Authorization", "Bearer " + request.bearer.reveal());
  const bool bodiless = request.method == Method::get || request.method == Method::head;
  if (!bodiless || !request.body.empty())
    add("Content-Length", std::to_string(request.body.size()));
  return out + "\r\n" + request.body;
}

std::size_t Http1Reader::take(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && !done() && problem_.empty()) {
    const auto rest = bytes.substr(used);
    if (step_ == Step::body || step_ == Step::rest) {
      used += take_body(rest);
      continue;
    }
    const auto end = rest.find('\n');
    const auto piece = rest.substr(0, end == std::string_view::npos ? end : end + 1);
    line_ += piece;
    used += piece.size();
    // Chunk sizes have lines too, without end in a stream; each is short.
    head_size_ += step_ <= Step::headers || step_ == Step::trailer ? piece.size() : 0;
    if (head_size_ > kLargestHead || line_.size() > kLargestHead)
      fail("the head of the answer is too large");
    else if (end != std::string_view::npos)
      take_line();
  }
  return used;
}

void Http1Reader::take_line() {
  line_.pop_back();
  if (line_.ends_with('\r')) line_.pop_back();
  switch (step_) {
    case Step::status: read_status(); break;
    case Step::headers:
      if (line_.empty())
        begin_body();
      else
        read_header();
      break;
    case Step::chunk: read_chunk_size(); break;
    case Step::after_chunk:
      step_ = Step::chunk;
      if (!line_.empty()) fail("a chunk is longer than it says");
      break;
    case Step::trailer:
      if (line_.empty()) step_ = Step::done;
      break;
    default: break;
  }
  line_.clear();
}

void Http1Reader::read_status() {
  const std::string_view line = line_;
  const bool fits = line.size() >= 12 && line.starts_with("HTTP/1.") && line[8] == ' ' &&
                    (line.size() == 12 || line[12] == ' ');
  const auto status = fits ? number_of(line.substr(9, 3), 10) : std::nullopt;
  if (!status || *status < 100) return fail("the answer is no HTTP/1.1");
  response_ = {.status = static_cast<int>(*status)};
  keeps_ = line[7] != '0';
  step_ = Step::headers;
}

void Http1Reader::read_header() {
  const std::string_view line = line_;
  const auto colon = line.find(':');
  const bool continues = line.front() == ' ' || line.front() == '\t';
  if (colon == std::string_view::npos || colon == 0 || continues)
    return fail("a header of the answer is malformed");
  auto name = to_lower(line.substr(0, colon));
  if (name.find_first_of(" \t") != std::string::npos)
    return fail("a header of the answer is malformed");
  response_.headers.emplace_back(std::move(name), trim(line.substr(colon + 1)));
}

void Http1Reader::begin_body() {
  const int status = response_.status;
  if (status >= 100 && status < 200 && status != 101) {  // the answer proper is still to come
    step_ = Step::status;
    return;
  }
  if (to_lower(response_.header("connection")).find("close") != std::string::npos) keeps_ = false;
  if (status == 101 || status == 204 || status == 304) {
    step_ = Step::done;
    return;
  }
  std::optional<std::string_view> length;
  for (const auto& [name, value] : response_.headers) {
    if (name != "content-length") continue;
    if (length && *length != value) return fail("the answer has two lengths");
    length = value;
  }
  const auto coding = to_lower(response_.header("transfer-encoding"));
  if (!coding.empty()) {
    if (coding != "chunked" || length)
      return fail("the answer comes in a coding that is not known");
    step_ = Step::chunk;
    return;
  }
  left_ = kEndless;
  if (length) {
    const auto size = number_of(*length, 10);
    if (!size || *size == kEndless) return fail("the length of the answer is no number");
    left_ = *size;
  } else {
    keeps_ = false;
  }
  if (length && left_ > largest_body_) return fail("the answer is too large");
  step_ = left_ == 0 ? Step::done : Step::body;
}

void Http1Reader::read_chunk_size() {
  const std::string_view line = line_;
  const auto size = number_of(trim(line.substr(0, line.find(';'))), 16);
  if (!size || *size == kEndless) return fail("the size of a chunk is no number");
  left_ = *size;
  step_ = left_ == 0 ? Step::trailer : Step::rest;
}

std::size_t Http1Reader::take_body(std::string_view bytes) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  if (response_.body.size() + count > largest_body_) {
    fail("the answer is too large");
    return 0;
  }
  response_.body.append(bytes.substr(0, count));
  if (left_ != kEndless) left_ -= count;
  if (left_ == 0) step_ = step_ == Step::rest ? Step::after_chunk : Step::done;
  return count;
}

void Http1Reader::end() {
  if (done() || !problem_.empty()) return;
  if (step_ == Step::body && left_ == kEndless)
    step_ = Step::done;
  else
    fail("the connection ended before the answer did");
}

}  // namespace aksmesh::net
