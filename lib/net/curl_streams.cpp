// SPDX-License-Identifier: Apache-2.0
#include "net/curl_streams.hpp"

#include <algorithm>
#include <array>

#include "net/curl_failure.hpp"
#include "net/curl_target.hpp"
#include "net/stream.hpp"
#include "net/trace.hpp"

namespace aksmesh::net {
namespace {

constexpr std::size_t kPiece = 16U << 10U;
/// So much of one stream, then the others have their turn.
constexpr std::size_t kPiecesATurn = 64;
constexpr std::int64_t kLongestWait = 1'000;

/// The connection of one stream, from the first try on.
class Line final : public Connection {
 public:
  Line(const CurlLibrary& curl, CURLM* multi) : curl_(curl), multi_(multi) {}
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() override { drop(); }
  void drop() { release(curl_, multi_, handle); }

  CurlHandle handle{};
  bool open = false;
  int number = 0;          ///< tries so far
  std::int64_t began = 0;  ///< steady, of the first try
  std::int64_t due = 0;    ///< steady, when the next try may begin

 private:
  const CurlLibrary& curl_;
  CURLM* multi_;
};

}  // namespace

/// One call of Http::run.
class CurlStreams::Run {
 public:
  Run(CurlStreams& owner, const std::vector<Stream*>& streams, const StreamBounds& bounds,
      const Use& use)
      : curl_(owner.curl_), multi_(owner.multi_), streams_(streams), bounds_(bounds), use_(use) {}

  void run() {
    while (true) {
      begin_what_is_due();
      int running = 0;
      curl_.multi_perform(multi_, &running);
      collect();
      bool busy = false;
      for (auto* stream : streams_) busy = turn(*stream) || busy;
      check_time();
      bool pauses = false;
      for (auto* stream : streams_) pauses = stream->take_pause() || pauses;
      const bool over = std::all_of(streams_.begin(), streams_.end(),
                                    [](const Stream* each) { return each->closed(); });
      if (over || pauses || (bounds_.until > 0 && now() >= bounds_.until)) return;
      if (!busy) wait();
    }
  }

 private:
  static Line* line_of(const Stream& stream) { return static_cast<Line*>(stream.connection.get()); }
  [[nodiscard]] std::int64_t now() const { return use_.clock.steady(); }

  void begin_what_is_due() {
    auto taken = static_cast<std::size_t>(std::count_if(
        streams_.begin(), streams_.end(),
        [](const Stream* stream) { return !stream->closed() && stream->connection != nullptr; }));
    for (auto* stream : streams_) {
      if (stream->closed() || stream->local() != nullptr) continue;
      if (stream->connection == nullptr) {
        if (taken >= bounds_.at_once) continue;
        ++taken;
        auto line = std::make_unique<Line>(curl_, multi_);
        line->began = now();
        stream->connection = std::move(line);
      }
      auto& line = *line_of(*stream);
      if (!line.open && line.handle.easy == nullptr && line.due <= now()) connect(*stream, line);
    }
  }

  void connect(Stream& stream, Line& line) {
    auto& handle = line.handle;
    handle.easy = curl_.easy_init();
    ++line.number;
    aim(curl_, handle, stream.request(), use_.settings);
    const auto set = [&](CURLoption option, auto value) {
      curl_.easy_setopt(handle.easy, option, value);
    };
    set(CURLOPT_CONNECT_ONLY, 1L);
    // An upgrade is not to be had over HTTP/2 as libcurl speaks it.
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_HTTPPROXYTUNNEL, 1L);
    set(CURLOPT_PRIVATE, &stream);
    curl_.multi_add_handle(multi_, handle.easy);
  }

  /// Connections that came about, or did not.
  void collect() {
    int left = 0;
    while (const auto* message = curl_.multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      Stream* stream = nullptr;
      curl_.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &stream);
      auto& line = *line_of(*stream);
      const auto code = message->data.result;
      if (code == CURLE_OK) {
        line.open = true;
        stream->on_open(use_.settings.user_agent);
        continue;
      }
      auto failure = failure_with(*stream, code);
      failure.number = line.number;
      curl_.easy_getinfo(message->easy_handle, CURLINFO_HTTP_CONNECTCODE, &failure.proxy_status);
      line.drop();
      not_connected(*stream, line, failure);
    }
  }

  void not_connected(Stream& stream, Line& line, const Failure& failure) {
    const bool refused = is_refused_by_proxy(failure);
    const auto pause = refused || stays(failure.code)
                           ? std::nullopt
                           : next_delay(use_.retry, stream.request(), {.sent = false}, line.number,
                                        use_.clock.now(), use_.random);
    if (!pause || now() + *pause >= end_of(stream, line))
      return fail(stream, failure_of(stream.request(), failure));
    line.due = now() + *pause;
  }

  /// Sends and takes what there is. True when there may be more at once.
  bool turn(Stream& stream) {
    if (auto* local = stream.local()) return !stream.closed() && local->on_turn();
    auto* line = line_of(stream);
    if (line == nullptr || !line->open) return false;
    if (stream.closed()) {
      end(stream);
      return false;
    }
    bool more = false;
    if (push(stream, *line)) more = pull(stream, *line);
    if (stream.closed()) {
      if (line->open) push(stream, *line);
      end(stream);
    } else if (line->open && !stream.output().empty()) {
      push(stream, *line);
    }
    return more;
  }

  /// False when that broke the connection.
  bool push(Stream& stream, Line& line) {
    auto& output = stream.output();
    std::size_t sent = 0;
    CURLcode code = CURLE_OK;
    while (sent < output.size() && code == CURLE_OK) {
      std::size_t count = 0;
      code = curl_.easy_send(line.handle.easy, output.data() + sent, output.size() - sent, &count);
      sent += count;
    }
    output.erase(0, sent);
    if (code == CURLE_OK || code == CURLE_AGAIN) return true;
    if (!stream.closed()) broke(stream, line, code);
    return false;
  }

  /// TLS may hold bytes that poll() knows nothing of, so this goes on until there are none.
  bool pull(Stream& stream, Line& line) {
    std::array<char, kPiece> piece{};
    for (std::size_t i = 0; i < kPiecesATurn && !stream.closed(); ++i) {
      if (!stream.takes_more()) return false;
      std::size_t count = 0;
      const auto code = curl_.easy_recv(line.handle.easy, piece.data(), piece.size(), &count);
      if (code == CURLE_AGAIN) return false;
      if (code != CURLE_OK) {
        broke(stream, line, code);
        return false;
      }
      if (count == 0) {
        line.open = false;
        stream.on_end();
        if (!stream.closed())
          fail(stream, failure_of(stream.request(), failure_with(stream, CURLE_RECV_ERROR)));
        return false;
      }
      stream.on_data({piece.data(), count});
    }
    return !stream.closed();
  }

  void broke(Stream& stream, Line& line, CURLcode code) {
    line.open = false;
    fail(stream, failure_of(stream.request(), failure_with(stream, code)));
  }

  [[nodiscard]] Failure failure_with(const Stream& stream, CURLcode code) const {
    const auto* line = line_of(stream);
    return {.code = code,
            .unconnected = line == nullptr || !line->open,
            .limits = limits_of(stream.request(), use_.settings)};
  }

  [[nodiscard]] std::int64_t end_of(const Stream& stream, const Line& line) const {
    auto out = line.began + limits_of(stream.request(), use_.settings).whole;
    if (use_.settings.deadline > 0) out = std::min(out, use_.settings.deadline);
    return out;
  }

  void check_time() {
    const bool cancelled = use_.cancel.requested();
    const auto deadline = use_.settings.deadline;
    const bool over = deadline > 0 && now() >= deadline;
    for (auto* stream : streams_) {
      if (stream->closed()) continue;
      const auto* line = line_of(*stream);
      if (cancelled)
        fail(*stream, {.kind = ErrorKind::cancelled,
                       .what = "interrupted",
                       .where = place_of(stream->request())});
      else if (over)
        fail(*stream, time_is_over(stream->request()));
      else if (line != nullptr && now() >= end_of(*stream, *line))
        fail(*stream,
             failure_of(stream->request(), failure_with(*stream, CURLE_OPERATION_TIMEDOUT)));
    }
  }

  void fail(Stream& stream, Error error) {
    const auto problem = error.reason();
    stream.fail(std::move(error));
    record(stream, problem);
    stream.connection.reset();
  }

  void end(Stream& stream) {
    record(stream, {});
    stream.connection.reset();
  }

  void record(const Stream& stream, const std::string& problem) const {
    const auto* line = line_of(stream);
    if (use_.settings.trace == nullptr || line == nullptr) return;
    use_.settings.trace->record({.request = stream.request(),
                                 .response = stream.answer(),
                                 .problem = problem,
                                 .number = std::max(1, line->number),
                                 .milliseconds = now() - line->began});
  }

  void wait() {
    auto pause = kLongestWait;
    if (bounds_.until > 0) pause = std::min(pause, bounds_.until - now());
    std::vector<curl_waitfd> wakes;
    if (const int wake = use_.cancel.descriptor(); wake >= 0)
      wakes.push_back({.fd = wake, .events = CURL_WAIT_POLLIN, .revents = 0});
    for (auto* stream : streams_) {
      if (auto* local = stream->local(); local != nullptr && !stream->closed())
        watch(*local, wakes);
      const auto* line = line_of(*stream);
      if (stream->closed() || line == nullptr) continue;
      pause = std::min(pause, end_of(*stream, *line) - now());
      if (line->open)
        watch(*stream, *line, wakes);
      else if (line->handle.easy == nullptr)
        pause = std::min(pause, line->due - now());
    }
    curl_.multi_poll(multi_, wakes.data(), static_cast<unsigned>(wakes.size()),
                     static_cast<int>(std::max<std::int64_t>(pause, 0)), nullptr);
  }

  void watch(Stream& stream, const Line& line, std::vector<curl_waitfd>& wakes) const {
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_.easy_getinfo(line.handle.easy, CURLINFO_ACTIVESOCKET, &socket);
    if (socket == CURL_SOCKET_BAD) return;
    add_wake({.descriptor = socket,
              .to_read = stream.takes_more(),
              .to_write = !stream.output().empty()},
             wakes);
  }

  static void watch(const LocalStream& stream, std::vector<curl_waitfd>& wakes) {
    std::vector<Watched> watched;
    stream.add_watched(watched);
    for (const auto& one : watched) add_wake(one, wakes);
  }

  /// One that nothing is waited for would still wake when it breaks, again and again.
  static void add_wake(const Watched& one, std::vector<curl_waitfd>& wakes) {
    if (!one.to_read && !one.to_write) return;
    const int events =
        (one.to_read ? CURL_WAIT_POLLIN : 0) | (one.to_write ? CURL_WAIT_POLLOUT : 0);
    wakes.push_back({.fd = one.descriptor, .events = static_cast<short>(events), .revents = 0});
  }

  const CurlLibrary& curl_;
  CURLM* multi_;
  const std::vector<Stream*>& streams_;
  const StreamBounds& bounds_;
  const Use& use_;
};

void CurlStreams::run(const std::vector<Stream*>& streams, const StreamBounds& bounds,
                      const Use& use) {
  Run(*this, streams, bounds, use).run();
}

}  // namespace aksmesh::net
