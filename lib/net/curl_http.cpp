// SPDX-License-Identifier: Apache-2.0
#include "net/curl_http.hpp"

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <set>

#include "base/strings.hpp"
#include "net/curl_failure.hpp"
#include "net/curl_streams.hpp"
#include "net/curl_target.hpp"
#include "net/stream.hpp"

namespace aksmesh::net {
namespace {

constexpr std::size_t kLargestAnswer = 256U << 20U;
constexpr std::int64_t kWriteGrace = 5'000;  // what a write in flight gets after Ctrl-C

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* target) {
  auto& body = *static_cast<std::string*>(target);
  if (body.size() + size * count > kLargestAnswer) return 0;
  body.append(data, size * count);
  return size * count;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* target) {
  auto& headers = *static_cast<Headers*>(target);
  const auto line = trim(std::string_view(data, size * count));
  // Answers before the last one (of a proxy, or 100) have headers of their own.
  if (line.starts_with("HTTP/"))
    headers.clear();
  else if (const auto colon = line.find(':'); colon != std::string_view::npos)
    headers.emplace_back(to_lower(line.substr(0, colon)), trim(line.substr(colon + 1)));
  return size * count;
}

}  // namespace

struct CurlHttp::State {
  const CurlLibrary* curl = nullptr;
  CURLM* multi = nullptr;
  std::unique_ptr<CurlStreams> streams{};
  std::set<std::string> reached{};  ///< HOST:PORT of those that a connection stood with
};

CurlHttp::CurlHttp(sys::Clock& clock, sys::Random& random, const sys::Cancel& cancel)
    : clock_(clock), random_(random), cancel_(cancel), state_(std::make_unique<State>()) {}

CurlHttp::~CurlHttp() {
  if (state_->multi != nullptr) state_->curl->multi_cleanup(state_->multi);
}

Status CurlHttp::start() {
  if (state_->multi != nullptr) return Done{};
  AK_TRY(state_->curl, curl_library());
  state_->multi = state_->curl->multi_init();
  if (state_->multi == nullptr)
    return Error{.kind = ErrorKind::internal, .what = "libcurl cannot start a transfer"};
  state_->curl->multi_setopt(state_->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  state_->curl->multi_setopt(state_->multi, CURLMOPT_MAX_HOST_CONNECTIONS, 4L);
  return Done{};
}

/// One call of send_all or converse.
class CurlHttp::Batch {
 public:
  explicit Batch(CurlHttp& http) : http_(http), curl_(*http.state_->curl) {}
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch() {
    for (auto& transfer : transfers_) drop(transfer);
  }

  std::vector<Result<Response>> send(const std::vector<Request>& requests) {
    const auto turn = begin_turn(requests);
    while (!is_over(turn)) {
      step();
      if (!is_over(turn)) wait();
    }
    return take(turn);
  }

  void converse(const std::vector<Dialogue*>& dialogues, std::size_t at_once) {
    std::list<Party> parties;
    auto next = dialogues.begin();
    while (true) {
      while (parties.size() < at_once && next != dialogues.end()) {
        parties.push_back({.dialogue = *next++});
        ask(parties.back(), {});
        if (parties.back().requests.empty()) parties.pop_back();
      }
      if (parties.empty()) return;
      step();
      if (!answer(parties)) wait();
    }
  }

 private:
  struct Transfer {
    const Request* request = nullptr;
    CurlHandle handle{};  ///< while it runs
    Response response{};
    long proxy_status = 0;   ///< of the proxy's answer to CONNECT; 0: none
    bool connected = false;  ///< or waiting for a connection that others have
    int number = 0;          ///< tries so far
    std::int64_t began = 0;  ///< steady, of the present try
    std::int64_t due = 0;    ///< steady, when the next try may begin
    std::optional<Result<Response>> result{};
  };

  using Turn = std::vector<std::list<Transfer>::iterator>;  ///< what is answered together

  struct Party {
    Dialogue* dialogue = nullptr;
    std::vector<Request> requests{};
    Turn turn{};
  };

  Turn begin_turn(const std::vector<Request>& requests) {
    Turn out;
    for (const auto& request : requests) {
      out.push_back(transfers_.emplace(transfers_.end()));
      out.back()->request = &request;
    }
    return out;
  }

  static bool is_over(const Turn& turn) {
    return std::all_of(turn.begin(), turn.end(),
                       [](const auto& transfer) { return transfer->result.has_value(); });
  }

  std::vector<Result<Response>> take(const Turn& turn) {
    std::vector<Result<Response>> out;
    out.reserve(turn.size());
    for (const auto& transfer : turn) {
      out.push_back(std::move(*transfer->result));
      transfers_.erase(transfer);
    }
    return out;
  }

  void ask(Party& party, std::vector<Result<Response>> answers) {
    party.requests = party.dialogue->next(std::move(answers));
    party.turn = begin_turn(party.requests);
  }

  /// Gives the answers to those who have all of theirs; true when there were any.
  bool answer(std::list<Party>& parties) {
    bool any = false;
    for (auto& party : parties) {
      if (!is_over(party.turn)) continue;
      any = true;
      ask(party, take(party.turn));
    }
    parties.remove_if([](const Party& party) { return party.requests.empty(); });
    return any;
  }

  void step() {
    begin_what_is_due();
    int running = 0;
    curl_.multi_perform(http_.state_->multi, &running);
    collect();
    // What has ended makes room for what waits.
    begin_what_is_due();
    if (http_.cancel_.requested() || is_late()) give_up();
  }

  [[nodiscard]] bool is_late() const {
    const auto deadline = http_.settings_.deadline;
    return deadline > 0 && http_.clock_.steady() >= deadline;
  }

  void begin_what_is_due() {
    // A peer that does not answer must not keep the others from being asked.
    std::map<const Peer*, std::size_t> running;
    for (const auto& transfer : transfers_)
      if (transfer.handle.easy != nullptr) ++running[transfer.request->peer];
    const auto now = http_.clock_.steady();
    for (auto& transfer : transfers_) {
      if (transfer.result || transfer.handle.easy != nullptr || transfer.due > now) continue;
      auto& of_peer = running[transfer.request->peer];
      if (of_peer >= http_.settings_.at_once) continue;
      begin(transfer);
      ++of_peer;
    }
  }

  void begin(Transfer& transfer) {
    const auto& request = *transfer.request;
    const auto& settings = http_.settings_;
    auto& handle = transfer.handle;
    handle.easy = curl_.easy_init();
    transfer.response = {};
    ++transfer.number;
    transfer.began = http_.clock_.steady();
    const auto set = [&](CURLoption option, auto value) {
      curl_.easy_setopt(handle.easy, option, value);
    };
    for (const auto* list : {&request.headers, &request.secret_headers})
      for (const auto& [name, value] : *list)
        // An empty value needs another spelling, or libcurl takes the header away.
        add_header(curl_, handle, value.empty() ? name + ';' : name + ": " + value);
    if (!request.bearer.empty())
      add_header(curl_, handle, "Authorization: Bearer " + request.bearer.reveal());
    add_header(curl_, handle, "Expect:");
    set_method(request, set);
    aim(curl_, handle, request, settings);
    set(CURLOPT_USERAGENT, settings.user_agent.c_str());
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &transfer.response.body);
    set(CURLOPT_HEADERFUNCTION, take_header);
    set(CURLOPT_HEADERDATA, &transfer.response.headers);
    set(CURLOPT_ACCEPT_ENCODING, "");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    // libcurl itself sends anew, whatever the method, what broke off on a connection used before.
    if (request.repeat == Repeat::if_not_sent) set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(limit_of(request)));
    set(CURLOPT_PRIVATE, &transfer);
    curl_.multi_add_handle(http_.state_->multi, handle.easy);
  }

  template <class Set>
  static void set_method(const Request& request, const Set& set) {
    if (request.method == Method::head) set(CURLOPT_NOBODY, 1L);
    if (request.method == Method::get || request.method == Method::head) return;
    set(CURLOPT_CUSTOMREQUEST, method_name(request.method).data());
    if (request.method == Method::erase && request.body.empty()) return;
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.c_str());
  }

  /// However long the run may still take.
  [[nodiscard]] std::int64_t limit_of(const Request& request) const {
    auto limit = limits_of(request, http_.settings_).whole;
    if (const auto deadline = http_.settings_.deadline; deadline > 0)
      limit = std::max<std::int64_t>(1, std::min(limit, deadline - http_.clock_.steady()));
    return limit;
  }

  void collect() {
    int left = 0;
    while (const auto* message = curl_.multi_info_read(http_.state_->multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      Transfer* transfer = nullptr;
      const auto code = message->data.result;
      curl_.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      long status = 0;
      curl_.easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
      transfer->response.status = static_cast<int>(status);
      curl_.easy_getinfo(message->easy_handle, CURLINFO_HTTP_CONNECTCODE, &transfer->proxy_status);
      transfer->connected = is_connected(message->easy_handle, *transfer->request);
      drop(*transfer);
      settle(*transfer, code);
    }
  }

  /// Whether a connection came about. A transfer that waits until others leave theirs has not even
  /// looked for the address; that those have one tells that there can be one.
  bool is_connected(CURL* easy, const Request& request) {
    curl_off_t ready = 0;
    curl_off_t resolved = 0;
    curl_.easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
    curl_.easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &resolved);
    auto& reached = http_.state_->reached;
    const auto place = authority_of(request.url);
    if (ready > 0) reached.insert(place);
    return ready > 0 || (resolved == 0 && reached.contains(place));
  }

  void drop(Transfer& transfer) { release(curl_, http_.state_->multi, transfer.handle); }

  void settle(Transfer& transfer, CURLcode code) {
    const bool answered = code == CURLE_OK;
    const std::string problem = answered ? std::string{} : curl_.easy_strerror(code);
    if (http_.settings_.trace != nullptr)
      http_.settings_.trace->record({.request = *transfer.request,
                                     .response = answered ? &transfer.response : nullptr,
                                     .problem = problem,
                                     .number = transfer.number,
                                     .milliseconds = http_.clock_.steady() - transfer.began});
    const Failure failure{.code = code,
                          .status = transfer.response.status,
                          .proxy_status = transfer.proxy_status,
                          .number = transfer.number,
                          .unconnected = !transfer.connected,
                          .limits = limits_of(*transfer.request, http_.settings_)};
    const bool refused = is_refused_by_proxy(failure);
    const bool broken = answered && is_broken(*transfer.request, transfer.response);
    const Try last{.response = answered && !broken ? &transfer.response : nullptr,
                   .sent = !never_sent(code) && !refused};
    const auto pause = answered || (!stays(code) && !refused)
                           ? next_delay(http_.retry_, *transfer.request, last, transfer.number,
                                        http_.clock_.now(), http_.random_)
                           : std::nullopt;
    if (pause && !ends_before(*pause)) {
      transfer.due = http_.clock_.steady() + *pause;
      if (http_.settings_.trace != nullptr)
        http_.settings_.trace->waits(*transfer.request,
                                     broken ? "an answer that is no JSON"
                                     : answered
                                         ? "status " + std::to_string(transfer.response.status)
                                         : problem,
                                     *pause);
      return;
    }
    if (answered && pause) transfer.response.missed_try = std::max<std::int64_t>(1, *pause);
    if (answered)
      transfer.result.emplace(std::move(transfer.response));
    else if (code == CURLE_OPERATION_TIMEDOUT && (pause || is_late()))
      // it was the run's limit that held
      transfer.result.emplace(time_is_over(*transfer.request));
    else
      transfer.result.emplace(failure_of(*transfer.request, failure));
  }

  [[nodiscard]] bool ends_before(std::int64_t pause) const {
    const auto deadline = http_.settings_.deadline;
    return deadline > 0 && http_.clock_.steady() + pause >= deadline;
  }

  /// Ends what runs. After Ctrl-C a write in flight gets a moment, so that its fate is known.
  void give_up() {
    const bool cancelled = http_.cancel_.requested();
    const auto now = http_.clock_.steady();
    if (cancelled && gave_up_ == 0) gave_up_ = now;
    for (auto& transfer : transfers_) {
      if (transfer.result) continue;
      // A POST of ours asks for tokens or credentials, which changes nothing.
      const auto method = transfer.request->method;
      const bool reads = method == Method::get || method == Method::head || method == Method::post;
      if (cancelled && !reads && transfer.handle.easy != nullptr && now - gave_up_ < kWriteGrace)
        continue;
      drop(transfer);
      transfer.result.emplace(cancelled ? Error{.kind = ErrorKind::cancelled,
                                                .what = "interrupted",
                                                .where = place_of(*transfer.request)}
                                        : time_is_over(*transfer.request));
    }
  }

  void wait() {
    auto pause = std::int64_t{1'000};
    const auto now = http_.clock_.steady();
    // One that is due and has not begun waits for room, which an event will make.
    for (const auto& transfer : transfers_)
      if (!transfer.result && transfer.handle.easy == nullptr && transfer.due > now)
        pause = std::min(transfer.due - now, pause);
    curl_waitfd wake{.fd = http_.cancel_.descriptor(), .events = CURL_WAIT_POLLIN, .revents = 0};
    const bool listens = wake.fd >= 0 && gave_up_ == 0;
    curl_.multi_poll(http_.state_->multi, listens ? &wake : nullptr, listens ? 1 : 0,
                     static_cast<int>(pause), nullptr);
  }

  CurlHttp& http_;
  const CurlLibrary& curl_;
  std::list<Transfer> transfers_{};
  std::int64_t gave_up_ = 0;
};

std::vector<Result<Response>> CurlHttp::send_all(const std::vector<Request>& requests) {
  if (const auto ready = start(); !ready)
    return std::vector<Result<Response>>(requests.size(), Result<Response>(ready.error()));
  return Batch(*this).send(requests);
}

void CurlHttp::converse(const std::vector<Dialogue*>& dialogues, std::size_t at_once) {
  if (!start()) return Http::converse(dialogues, at_once);  // which tells each of them
  Batch(*this).converse(dialogues, at_once);
}

void CurlHttp::run(const std::vector<Stream*>& streams, const StreamBounds& bounds) {
  auto ready = start();
  if (ready && state_->streams == nullptr) {
    auto* multi = state_->curl->multi_init();
    if (multi == nullptr)
      ready = Error{.kind = ErrorKind::internal, .what = "libcurl cannot open a connection"};
    else
      state_->streams = std::make_unique<CurlStreams>(*state_->curl, multi);
  }
  if (!ready) {
    for (auto* stream : streams)
      if (!stream->closed()) stream->fail(ready.error());
    return;
  }
  state_->streams->run(streams, bounds, {clock_, random_, cancel_, settings_, retry_});
}

}  // namespace aksmesh::net
