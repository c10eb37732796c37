// SPDX-License-Identifier: Apache-2.0
#include "net/frames.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <wslay/wslay.h>

namespace aksmesh::net {

struct Frames::State {
  explicit State(sys::Random& source) : random(source) {}

  sys::Random& random;
  wslay_event_context_ptr context = nullptr;
  std::string_view input{};
  std::string output{};
  const OnMessage* on_message = nullptr;
  std::string problem{};
};

namespace {

template <class State>
ssize_t read_bytes(wslay_event_context_ptr context, std::uint8_t* data, std::size_t size, int,
                   void* user) {
  auto& state = *static_cast<State*>(user);
  const auto count = std::min(size, state.input.size());
  if (count == 0) {
    wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  std::memcpy(data, state.input.data(), count);
  state.input.remove_prefix(count);
  return static_cast<ssize_t>(count);
}

template <class State>
ssize_t write_bytes(wslay_event_context_ptr, const std::uint8_t* data, std::size_t size, int,
                    void* user) {
  static_cast<State*>(user)->output.append(reinterpret_cast<const char*>(data), size);
  return static_cast<ssize_t>(size);
}

template <class State>
int make_mask(wslay_event_context_ptr, std::uint8_t* data, std::size_t size, void* user) {
  auto& state = *static_cast<State*>(user);
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (i % sizeof word == 0) word = state.random.next();
    data[i] = static_cast<std::uint8_t>(word >> (8 * (i % sizeof word)));
  }
  return 0;
}

template <class State>
void take_message(wslay_event_context_ptr, const wslay_event_on_msg_recv_arg* message, void* user) {
  auto& state = *static_cast<State*>(user);
  if (wslay_is_ctrl_frame(message->opcode) || state.on_message == nullptr) return;
  (*state.on_message)({reinterpret_cast<const char*>(message->msg), message->msg_length});
}

}  // namespace

Frames::Frames(sys::Random& random, std::size_t largest) : state_(std::make_unique<State>(random)) {
  const wslay_event_callbacks callbacks{.recv_callback = read_bytes<State>,
                                        .send_callback = write_bytes<State>,
                                        .genmask_callback = make_mask<State>,
                                        .on_frame_recv_start_callback = nullptr,
                                        .on_frame_recv_chunk_callback = nullptr,
                                        .on_frame_recv_end_callback = nullptr,
                                        .on_msg_recv_callback = take_message<State>};
  if (wslay_event_context_client_init(&state_->context, &callbacks, state_.get()) != 0) {
    state_->problem = "the memory is full";
    state_->context = nullptr;
    return;
  }
  wslay_event_config_set_max_recv_msg_length(state_->context, largest);
}

Frames::~Frames() {
  if (state_->context != nullptr) wslay_event_context_free(state_->context);
}

void Frames::take(std::string_view bytes, const OnMessage& on_message) {
  if (!state_->problem.empty() || ended()) return;
  state_->input = bytes;
  state_->on_message = &on_message;
  const int code = wslay_event_recv(state_->context);
  state_->on_message = nullptr;
  state_->input = {};
  if (code == WSLAY_ERR_NOMEM) {
    state_->problem = "the memory is full";
    return;
  }
  if (code == 0 && (wslay_event_get_read_enabled(state_->context) != 0 || ended())) return;
  // What broke the protocol is told in the farewell, which is known once it is written.
  write();
  const bool large =
      wslay_event_get_status_code_sent(state_->context) == WSLAY_CODE_MESSAGE_TOO_BIG;
  state_->problem = large ? "a message is too large" : "its frames break the protocol";
}

void Frames::send(std::string_view message) {
  if (state_->context == nullptr) return;
  const wslay_event_msg out{.opcode = WSLAY_BINARY_FRAME,
                            .msg = reinterpret_cast<const std::uint8_t*>(message.data()),
                            .msg_length = message.size()};
  // It refuses only after a farewell, when nobody listens any more.
  (void)wslay_event_queue_msg(state_->context, &out);
}

void Frames::close() {
  if (state_->context != nullptr)
    (void)wslay_event_queue_close(state_->context, WSLAY_CODE_NORMAL_CLOSURE, nullptr, 0);
}

void Frames::write() {
  if (state_->context != nullptr && wslay_event_want_write(state_->context) != 0 &&
      wslay_event_send(state_->context) != 0 && state_->problem.empty())
    state_->problem = "frames cannot be written";
}

std::string Frames::output() {
  write();
  return std::exchange(state_->output, {});
}

bool Frames::ended() const {
  return state_->context != nullptr && wslay_event_get_close_received(state_->context) != 0;
}

int Frames::end_code() const {
  return ended() ? wslay_event_get_status_code_received(state_->context) : 0;
}

const std::string& Frames::problem() const {
  return state_->problem;
}

}  // namespace aksmesh::net
