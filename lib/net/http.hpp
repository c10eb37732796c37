// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace aksmesh::net {

enum class Method : std::uint8_t { get, head, put, post, patch, erase };
/// `GET`, `PUT`, ...; `erase` is DELETE.
std::string_view method_name(Method method);

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Whether a request may go out again when it is not known what became of the first one.
enum class Repeat : std::uint8_t {
  freely,       ///< reads, and writes that are guarded by an ETag or come to the same again
  if_not_sent,  ///< only when the other side surely has not acted on it
};

/// How one server is reached and known, where that differs from the settings of the run.
struct Peer {
  std::string ca{};           ///< PEM; empty: the bundle of the settings
  std::string certificate{};  ///< PEM, of the client; empty: none
  Secret key{};               ///< PEM, to that certificate
  std::string server_name{};  ///< what its certificate must name; empty: the URL's host
  bool trusts_anybody = false;
  std::string proxy{};  ///< URL; empty: that of the environment
};

struct Request {
  Method method = Method::get;
  std::string url{};
  Headers headers{};
  std::string body{};
  Secret bearer{};           ///< goes out as `Authorization: Bearer`
  Headers secret_headers{};  ///< as headers, but never traced
  Repeat repeat = Repeat::freely;
  bool secret_body = false;    ///< holds credentials: never traced
  bool secret_answer = false;  ///< likewise of the answer
  bool past_proxy = false;     ///< for hosts on this machine's own link
  const Peer* peer = nullptr;  ///< must outlive the answer
  bool wants_json = false;     ///< a 2xx that is no JSON counts as an answer that broke off
  /// Milliseconds for one try, from connecting to the last byte; 0: the default.
  std::int64_t timeout = 0;
  /// Milliseconds for the connection alone; 0: the default.
  std::int64_t connect_timeout = 0;
  /// How many tries at most; 0: the default.
  int tries = 0;
};

struct Response {
  int status = 0;
  Headers headers{};  ///< names in lower case
  std::string body{};
  /// Milliseconds to the next try, which was not made because the time for the whole run is over by
  /// then; 0: this answer is final.
  std::int64_t missed_try = 0;
  /// The first header of that name (lower case); empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
};

class Stream;
class Trace;

/// How the network is used. Durations in milliseconds.
struct HttpSettings {
  std::string user_agent{};
  std::string ca_file{};  ///< PEM bundle instead of the system's; empty: the system's
  std::int64_t connect_timeout = 15'000;
  std::int64_t request_timeout = 100'000;
  std::int64_t deadline = 0;  ///< on the steady clock, for the whole run; 0: none
  std::size_t at_once = 8;    ///< requests to one peer
  Trace* trace = nullptr;     ///< null: nobody listens
};

/// One who asks, and goes on asking by what is answered.
class Dialogue {
 public:
  Dialogue() = default;
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;
  virtual ~Dialogue() = default;
  /// What to ask next; nothing: the dialogue has ended. `answers` are those to the questions
  /// before, in their order; empty at the beginning.
  virtual std::vector<Request> next(std::vector<Result<Response>> answers) = 0;
};

/// For how long and for how many streams Http::run works.
struct StreamBounds {
  std::size_t at_once = 16;  ///< connections; the other streams wait for their turn
  std::int64_t until = 0;    ///< on the steady clock; 0: until all are closed
};

/// Speaks HTTP. Answers of any status are answers; an Error says that there was none: network,
/// timeout or cancelled.
class Http {
 public:
  Http() = default;
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;
  virtual ~Http() = default;
  /// Holds for what is sent from now on.
  virtual void configure(HttpSettings settings) = 0;
  /// As of the settings.
  [[nodiscard]] virtual std::int64_t deadline() const = 0;
  /// Sends all, to each peer a bounded number at a time, and repeats what may be repeated after
  /// faults that pass. The answers are in the order of the requests.
  virtual std::vector<Result<Response>> send_all(const std::vector<Request>& requests) = 0;
  Result<Response> send(const Request& request) { return send_all({request}).front(); }
  /// Holds the dialogues, so many at the same time, each at its own pace. As far as a network
  /// cannot do that, one after the other.
  virtual void converse(const std::vector<Dialogue*>& dialogues, std::size_t at_once);
  /// Moves the bytes of streams, in one loop, until all are closed, one pauses or the bound's time
  /// comes. Streams that are open then go on with the next call. Each meets its own faults; when
  /// the user interrupts or the run's time is over, all fail.
  virtual void run(const std::vector<Stream*>& streams, const StreamBounds& bounds);
};

}  // namespace aksmesh::net
