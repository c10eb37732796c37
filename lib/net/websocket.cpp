// SPDX-License-Identifier: Apache-2.0
#include "net/websocket.hpp"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

#include "base/base64.hpp"
#include "base/strings.hpp"
#include "net/trace.hpp"

namespace aksmesh::net {
namespace {

constexpr std::size_t kLargestRefusal = 1U << 20U;
/// The servers that we talk to send 32 KiB at a time.
constexpr std::size_t kLargestMessage = 16U << 20U;

std::string new_key(sys::Random& random) {
  std::string bytes;
  for (int word = 0; word < 2; ++word) {
    auto value = random.next();
    for (int i = 0; i < 8; ++i, value >>= 8U) bytes += static_cast<char>(value & 0xFFU);
  }
  return encode_base64(bytes);
}

std::string host_header(const Request& request) {
  const auto begin = request.url.find("://") + 3;
  return request.url.substr(begin, request.url.find_first_of("/?", begin) - begin);
}

}  // namespace

std::string accept_value(std::string_view key) {
  const auto text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455, 1.3
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
    return {};
  return encode_base64({reinterpret_cast<const char*>(digest.data()), size});
}

WebSocket::WebSocket(Request request, std::vector<std::string> protocols, sys::Random& random)
    : Stream(std::move(request)),
      protocols_(std::move(protocols)),
      key_(new_key(random)),
      reader_(kLargestRefusal),
      frames_(random, kLargestMessage) {}

void WebSocket::on_open(std::string_view user_agent) {
  send(http1_text(request(), host_header(request()), user_agent,
                  {{"Connection", "Upgrade"},
                   {"Upgrade", "websocket"},
                   {"Sec-WebSocket-Version", "13"},
                   {"Sec-WebSocket-Key", key_},
                   {"Sec-WebSocket-Protocol", join(protocols_, ", ")}}));
}

void WebSocket::on_data(std::string_view bytes) {
  if (!ready_) {
    bytes.remove_prefix(reader_.take(bytes));
    greet();
  }
  if (ready_) take_frames(bytes);
}

void WebSocket::greet() {
  if (!reader_.problem().empty()) return fail_with(reader_.problem());
  if (!reader_.done()) return;
  if (reader_.response().status != 101) {
    close();
    return on_refusal(reader_.response());
  }
  if (const auto problem = problem_of_greeting(); !problem.empty()) return fail_with(problem);
  ready_ = true;
  on_ready(std::string(reader_.response().header("sec-websocket-protocol")));
}

std::string WebSocket::problem_of_greeting() const {
  const auto& response = reader_.response();
  const auto protocol = response.header("sec-websocket-protocol");
  if (to_lower(response.header("upgrade")) != "websocket" ||
      response.header("sec-websocket-accept") != accept_value(key_))
    return "it does not answer as a WebSocket must";
  if (std::find(protocols_.begin(), protocols_.end(), protocol) == protocols_.end())
    return "it speaks none of " + join(protocols_, ", ");
  return {};
}

void WebSocket::take_frames(std::string_view bytes) {
  frames_.take(bytes, [&](std::string_view message) {
    if (!closed()) on_message(message);
  });
  send(frames_.output());
  if (closed()) return;
  if (frames_.ended()) {
    close();
    on_farewell(frames_.end_code());
  } else if (!frames_.problem().empty()) {
    fail_with(frames_.problem());
  }
}

void WebSocket::send_message(std::string_view message) {
  frames_.send(message);
  send(frames_.output());
}

void WebSocket::leave() {
  frames_.close();
  send(frames_.output());
  close();
}

void WebSocket::on_end() {
  if (!ready_) {
    reader_.end();
    if (reader_.done()) return greet();
  }
  fail_with("the connection broke off");
}

void WebSocket::fail_with(std::string why) {
  fail({.kind = ErrorKind::network,
        .what = "cannot talk to " + host_header(request()),
        .why = std::move(why),
        .where = place_of(request())});
}

const Response* WebSocket::answer() const {
  return reader_.head_is_here() ? &reader_.response() : nullptr;
}

}  // namespace aksmesh::net
