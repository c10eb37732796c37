// SPDX-License-Identifier: Apache-2.0
#include "net/curl_http.hpp"

#include <algorithm>
#include <optional>

#include "base/strings.hpp"
#include "net/curl_library.hpp"

namespace aksmesh::net {
namespace {

constexpr std::size_t kLargestAnswer = 256U << 20U;
constexpr std::int64_t kWriteGrace = 5'000;  // what a write in flight gets after Ctrl-C

std::string host_of(const Request& request) {
  const auto place = place_of(request);
  const auto begin = place.find(' ') + 1;
  return place.substr(begin, place.find('/', begin) - begin);
}

/// Failures that come before anything of the request can have left.
bool never_sent(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE: return true;
    default: return false;
  }
}

/// Failures that the same request would meet again.
bool stays(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_WRITE_ERROR: return true;
    default: return false;
  }
}

/// `own` says that the server's trust and credentials are told by more than the environment.
std::vector<std::string> advice(CURLcode code, bool own) {
  if (own && (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE))
    return {"check certificate-authority and tls-server-name of the cluster in the kubeconfig"};
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {"check the name and the DNS server; behind a proxy set HTTPS_PROXY"};
    case CURLE_COULDNT_RESOLVE_PROXY: return {"check HTTPS_PROXY"};
    case CURLE_COULDNT_CONNECT: return {"check the network, a firewall and HTTPS_PROXY / NO_PROXY"};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {"behind an inspecting proxy name its certificates: SSL_CERT_FILE=FILE.pem"};
    case CURLE_SSL_CACERT_BADFILE:
      return {"install the package ca-certificates", "SSL_CERT_FILE=FILE.pem   (other ones)"};
    default: return {};
  }
}

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

/// One call of send_all.
class CurlHttp::Batch {
 public:
  Batch(CurlHttp& http, const std::vector<Request>& requests)
      : http_(http), curl_(*http.state_->curl), transfers_(requests.size()) {
    for (std::size_t i = 0; i < requests.size(); ++i) transfers_[i].request = &requests[i];
  }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch() {
    for (auto& transfer : transfers_) drop(transfer);
  }

  std::vector<Result<Response>> run() {
    while (unfinished() > 0) {
      begin_what_is_due();
      int running = 0;
      curl_.multi_perform(http_.state_->multi, &running);
      collect();
      if (http_.cancel_.requested() || is_late()) give_up();
      if (unfinished() > 0) wait();
    }
    std::vector<Result<Response>> out;
    out.reserve(transfers_.size());
    for (auto& transfer : transfers_) out.push_back(std::move(*transfer.result));
    return out;
  }

 private:
  struct Transfer {
    const Request* request = nullptr;
    CURL* easy = nullptr;  ///< while it runs
    curl_slist* headers = nullptr;
    curl_slist* connect_to = nullptr;
    Response response{};
    long proxy_status = 0;   ///< of the proxy's answer to CONNECT; 0: none
    int number = 0;          ///< tries so far
    std::int64_t began = 0;  ///< steady, of the present try
    std::int64_t due = 0;    ///< steady, when the next try may begin
    std::optional<Result<Response>> result{};
  };

  [[nodiscard]] std::size_t unfinished() const {
    return static_cast<std::size_t>(
        std::count_if(transfers_.begin(), transfers_.end(),
                      [](const Transfer& transfer) { return !transfer.result; }));
  }

  [[nodiscard]] bool is_late() const {
    const auto deadline = http_.settings_.deadline;
    return deadline > 0 && http_.clock_.steady() >= deadline;
  }

  void begin_what_is_due() {
    auto running = static_cast<std::size_t>(
        std::count_if(transfers_.begin(), transfers_.end(),
                      [](const Transfer& transfer) { return transfer.easy != nullptr; }));
    const auto now = http_.clock_.steady();
    for (auto& transfer : transfers_) {
      if (running >= http_.settings_.at_once) return;
      if (transfer.result || transfer.easy != nullptr || transfer.due > now) continue;
      begin(transfer);
      ++running;
    }
  }

  void add_header(Transfer& transfer, const std::string& line) {
    transfer.headers = curl_.slist_append(transfer.headers, line.c_str());
  }

  void begin(Transfer& transfer) {
    const auto& request = *transfer.request;
    const auto& settings = http_.settings_;
    auto* easy = curl_.easy_init();
    transfer.easy = easy;
    transfer.response = {};
    ++transfer.number;
    transfer.began = http_.clock_.steady();
    const auto set = [&](CURLoption option, auto value) { curl_.easy_setopt(easy, option, value); };
    for (const auto* list : {&request.headers, &request.secret_headers})
      for (const auto& [name, value] : *list)
        // An empty value needs another spelling, or libcurl takes the header away.
        add_header(transfer, value.empty() ? name + ';' : name + ": " + value);
    if (!request.bearer.empty())
      add_header(transfer, "Authorization: Bearer " + request.bearer.reveal());
    add_header(transfer, "Expect:");
    set_method(request, set);
    set(CURLOPT_URL, url_of(request).c_str());
    set(CURLOPT_HTTPHEADER, transfer.headers);
    set(CURLOPT_USERAGENT, settings.user_agent.c_str());
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &transfer.response.body);
    set(CURLOPT_HEADERFUNCTION, take_header);
    set(CURLOPT_HEADERDATA, &transfer.response.headers);
    set(CURLOPT_ACCEPT_ENCODING, "");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(request.connect_timeout > 0 ? request.connect_timeout
                                                      : settings.connect_timeout));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(limit_of(request)));
    if (!settings.ca_file.empty()) set(CURLOPT_CAINFO, settings.ca_file.c_str());
    if (request.past_proxy) set(CURLOPT_NOPROXY, "*");
    if (request.peer != nullptr) set_peer(request, transfer, set);
    set(CURLOPT_PRIVATE, &transfer);
    curl_.multi_add_handle(http_.state_->multi, easy);
  }

  template <class Set>
  void set_peer(const Request& request, Transfer& transfer, const Set& set) {
    const auto& peer = *request.peer;
    const auto blob = [](const std::string& text) {
      // libcurl promises not to change it.
      return curl_blob{
          .data = const_cast<char*>(text.data()), .len = text.size(), .flags = CURL_BLOB_NOCOPY};
    };
    if (!peer.ca.empty()) {
      auto ca = blob(peer.ca);
      set(CURLOPT_CAINFO_BLOB, &ca);
      // The folder of the system's certificates, which some builds look into as well.
      set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    if (!peer.certificate.empty()) {
      auto certificate = blob(peer.certificate);
      auto key = blob(peer.key.reveal());
      set(CURLOPT_SSLCERT_BLOB, &certificate);
      set(CURLOPT_SSLKEY_BLOB, &key);
      // Without one libcurl 7.88 crashes on a key that is encrypted; with an empty one it refuses.
      set(CURLOPT_KEYPASSWD, "");
    }
    if (peer.trusts_anybody) {
      set(CURLOPT_SSL_VERIFYPEER, 0L);
      set(CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (!peer.proxy.empty()) {
      set(CURLOPT_PROXY, peer.proxy.c_str());
      set(CURLOPT_NOPROXY, "");  // what the kubeconfig says counts for this server
    }
    if (!peer.server_name.empty()) {
      // The name in the URL is what TLS asks for; the connection goes to the address all the same.
      const auto place = authority_of(request.url);
      transfer.connect_to = curl_.slist_append(nullptr, ("::" + place).c_str());
      set(CURLOPT_CONNECT_TO, transfer.connect_to);
      add_header(transfer, "Host: " + place);
      set(CURLOPT_HTTPHEADER, transfer.headers);
    }
  }

  /// `host:port` of an https address.
  static std::string authority_of(const std::string& url) {
    const auto begin = url.find("://") + 3;
    auto out = url.substr(begin, url.find_first_of("/?", begin) - begin);
    if (out.find(':', out.find(']') == std::string::npos ? 0 : out.find(']')) == std::string::npos)
      out += ":443";
    return out;
  }

  static std::string url_of(const Request& request) {
    if (request.peer == nullptr || request.peer->server_name.empty()) return request.url;
    const auto begin = request.url.find("://") + 3;
    const auto end = std::min(request.url.find_first_of("/?", begin), request.url.size());
    return request.url.substr(0, begin) + request.peer->server_name + request.url.substr(end);
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

  [[nodiscard]] std::int64_t limit_of(const Request& request) const {
    auto limit = request.timeout > 0 ? request.timeout : http_.settings_.request_timeout;
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
      drop(*transfer);
      settle(*transfer, code);
    }
  }

  void drop(Transfer& transfer) {
    if (transfer.easy == nullptr) return;
    curl_.multi_remove_handle(http_.state_->multi, transfer.easy);
    curl_.easy_cleanup(transfer.easy);
    curl_.slist_free_all(transfer.headers);
    curl_.slist_free_all(transfer.connect_to);
    transfer.connect_to = nullptr;
    transfer.easy = nullptr;
    transfer.headers = nullptr;
  }

  void settle(Transfer& transfer, CURLcode code) {
    const bool answered = code == CURLE_OK;
    const std::string problem = answered ? std::string{} : curl_.easy_strerror(code);
    if (http_.settings_.trace != nullptr)
      http_.settings_.trace->record({.request = *transfer.request,
                                     .response = answered ? &transfer.response : nullptr,
                                     .problem = problem,
                                     .number = transfer.number,
                                     .milliseconds = http_.clock_.steady() - transfer.began});
    const bool broken = answered && is_broken(*transfer.request, transfer.response);
    const Try last{.response = answered && !broken ? &transfer.response : nullptr,
                   .sent = !never_sent(code) && !is_refused_by_proxy(transfer)};
    const auto pause = answered || (!stays(code) && !is_refused_by_proxy(transfer))
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
    else if (code == CURLE_OPERATION_TIMEDOUT && pause)  // it was the run's limit that held
      transfer.result.emplace(time_is_over(transfer));
    else
      transfer.result.emplace(failure(transfer, code));
  }

  [[nodiscard]] bool ends_before(std::int64_t pause) const {
    const auto deadline = http_.settings_.deadline;
    return deadline > 0 && http_.clock_.steady() + pause >= deadline;
  }

  static Error failure(const Transfer& transfer, CURLcode code) {
    const auto host = host_of(*transfer.request);
    if (is_refused_by_proxy(transfer)) return refused_by_proxy(transfer);
    const bool late = code == CURLE_OPERATION_TIMEDOUT;
    std::string why = late ? "no answer within the time limit" : reason(code);
    if (transfer.number > 1) why += "; tried " + std::to_string(transfer.number) + " times";
    return {.kind = late ? ErrorKind::timeout : ErrorKind::network,
            .what = late ? host + " did not answer in time" : "cannot reach " + host,
            .why = why,
            .next = late ? std::vector<std::string>{"allow more time: --request-timeout 5m"}
                         : advice(code, transfer.request->peer != nullptr),
            .where = place_of(*transfer.request)};
  }

  /// A proxy that fails for a moment (5xx) is a fault like others.
  static bool is_refused_by_proxy(const Transfer& transfer) {
    return transfer.response.status == 0 && transfer.proxy_status >= 400 &&
           transfer.proxy_status < 500;
  }

  static Error refused_by_proxy(const Transfer& transfer) {
    const bool asks = transfer.proxy_status == 407;
    return {
        .kind = ErrorKind::network,
        .what = "cannot reach " + host_of(*transfer.request),
        .why = asks ? "the proxy wants a user and a password, or does not take these"
                    : "the proxy refuses it with status " + std::to_string(transfer.proxy_status),
        .next = {asks ? "HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"
                      : "check HTTPS_PROXY and NO_PROXY"},
        .where = place_of(*transfer.request)};
  }

  static Error time_is_over(const Transfer& transfer) {
    return {.kind = ErrorKind::timeout,
            .what = "the time for the whole run is over",
            .next = {"allow more time: --timeout 2h"},
            .where = place_of(*transfer.request)};
  }

  static std::string reason(CURLcode code) {
    switch (code) {
      case CURLE_COULDNT_RESOLVE_HOST: return "its name cannot be resolved";
      case CURLE_COULDNT_RESOLVE_PROXY: return "the name of the proxy cannot be resolved";
      case CURLE_COULDNT_CONNECT: return "the connection is refused or has no route";
      case CURLE_PEER_FAILED_VERIFICATION:
        return "its certificate is not trusted, or is for another name";
      case CURLE_SSL_CACERT_BADFILE: return "the trusted certificates cannot be read";
      case CURLE_SSL_CERTPROBLEM:
        return "the client certificate and its key cannot be used, or do not belong together";
      case CURLE_SSL_CONNECT_ERROR: return "the TLS handshake failed";
      case CURLE_WRITE_ERROR: return "the answer is too large";
      case CURLE_URL_MALFORMAT: return "the address is malformed";
      case CURLE_UNSUPPORTED_PROTOCOL: return "the address is neither https nor http";
      default: return "the connection broke off";
    }
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
      if (cancelled && !reads && transfer.easy != nullptr && now - gave_up_ < kWriteGrace) continue;
      drop(transfer);
      transfer.result.emplace(cancelled ? Error{.kind = ErrorKind::cancelled,
                                                .what = "interrupted",
                                                .where = place_of(*transfer.request)}
                                        : time_is_over(transfer));
    }
  }

  void wait() {
    auto pause = std::int64_t{1'000};
    const auto now = http_.clock_.steady();
    for (const auto& transfer : transfers_)
      if (!transfer.result && transfer.easy == nullptr)
        pause = std::clamp<std::int64_t>(transfer.due - now, 0, pause);
    curl_waitfd wake{.fd = http_.cancel_.descriptor(), .events = CURL_WAIT_POLLIN, .revents = 0};
    const bool listens = wake.fd >= 0 && gave_up_ == 0;
    curl_.multi_poll(http_.state_->multi, listens ? &wake : nullptr, listens ? 1 : 0,
                     static_cast<int>(pause), nullptr);
  }

  CurlHttp& http_;
  const CurlLibrary& curl_;
  std::vector<Transfer> transfers_;
  std::int64_t gave_up_ = 0;
};

std::vector<Result<Response>> CurlHttp::send_all(const std::vector<Request>& requests) {
  if (const auto ready = start(); !ready)
    return std::vector<Result<Response>>(requests.size(), Result<Response>(ready.error()));
  return Batch(*this, requests).run();
}

}  // namespace aksmesh::net
