// SPDX-License-Identifier: Apache-2.0
#include "kube/forwarding.hpp"

#include <algorithm>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "kube/pod_question.hpp"
#include "net/stream.hpp"
#include "net/websocket.hpp"

namespace aksmesh::kube {
namespace {

// The protocol is that of port_forward.cpp: of the only port channel 0 carries data, 1 errors, and
// each begins with the port in two bytes.
constexpr const char* kProtocol = "v4.channel.k8s.io";
constexpr char kData = 0;
constexpr char kErrors = 1;
constexpr std::size_t kPortMark = 2;
constexpr std::size_t kLongestFailure = 4096;

constexpr std::size_t kMostConnections = 64;
/// Bytes that one connection may have on their way, in each direction, before its sender waits.
constexpr std::size_t kMostWaiting = 256U << 10U;
constexpr std::size_t kPiece = 16U << 10U;
/// For how long an answer may be on its way to who sends nothing more: the protocol cannot pass on
/// that one side alone has ended.
constexpr std::int64_t kGrace = 2'000;
/// A connection may last as long as it likes.
constexpr std::int64_t kForever = 365LL * 24 * 3600 * 1000;

std::string forward_path(const PodPort& target) {
  return pod_path({.name_space = target.name_space, .pod = target.pod}) +
         "/portforward?ports=" + std::to_string(target.port);
}

/// One connection with the port of the pod.
class Tunnel final : public net::WebSocket {
 public:
  enum class Purpose : std::uint8_t { traffic, trial };
  Tunnel(net::Request request, PodPort target, Purpose purpose, sys::Random& random)
      : WebSocket(std::move(request), {kProtocol}, random),
        target_(std::move(target)),
        purpose_(purpose) {}

  void on_failure(Error error) override { failure_ = std::move(error); }
  [[nodiscard]] bool takes_more() const override { return received.size() < kMostWaiting; }

  /// Whether bytes can be passed on now.
  [[nodiscard]] bool is_open() { return is_ready_ && !closed() && output().size() < kMostWaiting; }
  void pass_on(std::string_view bytes) {
    std::string message(1, kData);
    message += bytes;
    send_message(message);
  }
  void end() {
    if (closed()) return;
    if (is_ready_)
      leave();
    else
      close();
  }
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  /// Whether the pod has ever sent anything.
  [[nodiscard]] bool has_answered() const { return has_answered_; }

  std::string received{};  ///< of the pod, for whoever takes it from here

 protected:
  void on_ready(const std::string&) override {
    is_ready_ = true;
    if (purpose_ == Purpose::trial) leave();
  }

  void on_message(std::string_view message) override {
    if (message.empty()) return;
    const char channel = message.front();
    message.remove_prefix(1);
    if (channel != kData && channel != kErrors) return;
    auto& mark = channel == kData ? data_mark_ : error_mark_;
    const auto count = std::min(kPortMark - mark, message.size());
    mark += count;
    message.remove_prefix(count);
    if (message.empty()) return;
    if (channel == kData) {
      has_answered_ = true;
      received += message;
      return;
    }
    failure_ = Error{.kind = ErrorKind::network,
                     .what = "port " + std::to_string(target_.port) + " of pod " +
                             target_.pod_name() + " takes no connection",
                     .why = std::string(message.substr(0, kLongestFailure))};
    leave();
  }

  void on_refusal(net::Response answer) override {
    failure_ = api_error(
        answer, "reach port " + std::to_string(target_.port) + " of pod " + target_.pod_name(),
        "create pods/portforward in namespace " + target_.name_space,
        "GET " + forward_path(target_));
  }

  void on_farewell(int) override {}

 private:
  PodPort target_;
  Purpose purpose_;
  bool is_ready_ = false;
  bool has_answered_ = false;
  std::size_t data_mark_ = 0;
  std::size_t error_mark_ = 0;
  std::optional<Error> failure_{};
};

Result<std::unique_ptr<Tunnel>> tunnel_to(const PodPort& target, Tunnel::Purpose purpose,
                                          Client& client, sys::Random& random) {
  AK_TRY(auto request, upgrade_request(client, forward_path(target)));
  if (purpose == Tunnel::Purpose::traffic) request.timeout = kForever;
  return std::make_unique<Tunnel>(std::move(request), target, purpose, random);
}

/// A connection of this machine and the one that it leads to.
struct Pair {
  net::LocalConnection local;
  std::unique_ptr<Tunnel> tunnel;
  std::int64_t quiet_since = 0;  ///< steady; of one whose sender has ended
  bool over = false;
};

/// This machine's side of all connections.
class Door final : public net::LocalStream {
 public:
  Door(net::LocalPort& port, sys::Clock& clock) : port_(port), clock_(clock) {}

  void add_watched(std::vector<net::Watched>& out) const override {
    if (pairs.size() + newcomers.size() < kMostConnections)
      out.push_back({.descriptor = port_.descriptor(), .to_read = true});
    for (const auto& pair : pairs) {
      if (pair.over) continue;
      out.push_back({.descriptor = pair.local.descriptor(),
                     .to_read = !pair.local.ended() && pair.tunnel->is_open(),
                     .to_write = !pair.tunnel->received.empty()});
    }
  }

  bool on_turn() override {
    bool moved = false;
    for (auto& pair : pairs)
      if (!pair.over) moved = turn(pair) || moved;
    while (pairs.size() + newcomers.size() < kMostConnections) {
      auto taken = port_.accept();
      if (!taken) break;
      newcomers.push_back(std::move(*taken));
      pause();
    }
    return moved;
  }

  void on_failure(Error error) override { end = std::move(error); }

  std::list<Pair> pairs{};
  std::vector<net::LocalConnection> newcomers{};
  std::optional<Error> end{};

 private:
  bool turn(Pair& pair) {
    bool moved = false;
    auto& tunnel = *pair.tunnel;
    if (!tunnel.received.empty()) {
      const auto count = pair.local.send(tunnel.received);
      tunnel.received.erase(0, count);
      moved = count > 0;
    }
    if (!pair.local.ended() && !pair.local.broken() && tunnel.is_open()) {
      const auto bytes = pair.local.receive(kPiece);
      if (!bytes.empty()) tunnel.pass_on(bytes);
      moved = moved || !bytes.empty();
    }
    if (moved || !pair.local.ended()) pair.quiet_since = clock_.steady();
    const bool late = pair.local.ended() && clock_.steady() - pair.quiet_since >= kGrace;
    if (pair.local.broken() || late) tunnel.end();
    if (tunnel.closed() && (tunnel.received.empty() || pair.local.broken() || late)) {
      pair.over = true;
      pause();
    }
    return moved;
  }

  net::LocalPort& port_;
  sys::Clock& clock_;
};

/// One forwarding, from its beginning to its end.
class Forwarding {
 public:
  Forwarding(Client& client, sys::Random& random, const PodPort& target, net::LocalPort& local,
             const std::function<void(const Error&)>& tell)
      : client_(client),
        random_(random),
        target_(target),
        tell_(tell),
        door_(local, client.clock()) {}

  Error run() {
    while (true) {
      std::vector<net::Stream*> streams;
      for (auto& pair : door_.pairs) streams.push_back(pair.tunnel.get());
      // The last one, so that what has come from the pods goes on in the same round.
      streams.push_back(&door_);
      client_.http().run(streams, {.at_once = kMostConnections});
      if (door_.end) return *door_.end;
      if (auto end = sweep()) return *end;
      if (auto end = let_in()) return *end;
    }
  }

 private:
  /// Connections that are over; an error is the end of all.
  std::optional<Error> sweep() {
    for (auto at = door_.pairs.begin(); at != door_.pairs.end();) {
      if (!at->over) {
        ++at;
        continue;
      }
      const auto failure = at->tunnel->failure();
      if (failure && failure->kind == ErrorKind::not_found) return failure;
      // Idle connections break off, and whoever had them makes new ones.
      if (failure && !at->tunnel->has_answered()) tell_(*failure);
      if (failure && failure->kind == ErrorKind::auth) client_.renew();
      at = door_.pairs.erase(at);
    }
    return std::nullopt;
  }

  std::optional<Error> let_in() {
    for (auto& one : door_.newcomers) {
      auto tunnel = tunnel_to(target_, Tunnel::Purpose::traffic, client_, random_);
      if (!tunnel && tunnel.error().kind == ErrorKind::cancelled) return tunnel.error();
      if (!tunnel)
        tell_(tunnel.error());
      else
        door_.pairs.push_back({.local = std::move(one), .tunnel = std::move(*tunnel)});
    }
    door_.newcomers.clear();
    return std::nullopt;
  }

  Client& client_;
  sys::Random& random_;
  const PodPort& target_;
  const std::function<void(const Error&)>& tell_;
  Door door_;
};

}  // namespace

Status try_forwarding(Client& client, sys::Random& random, const PodPort& target) {
  for (int attempt = 0;; ++attempt) {
    AK_TRY(const auto tunnel, tunnel_to(target, Tunnel::Purpose::trial, client, random));
    client.http().run({tunnel.get()}, {});
    if (!tunnel->failure()) return Done{};
    const bool again = attempt == 0 && tunnel->failure()->kind == ErrorKind::auth && client.renew();
    if (!again) return *tunnel->failure();
  }
}

Error forward(Client& client, sys::Random& random, const PodPort& target, net::LocalPort& local,
              const std::function<void(const Error&)>& tell) {
  return Forwarding(client, random, target, local, tell).run();
}

}  // namespace aksmesh::kube
