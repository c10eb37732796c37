// SPDX-License-Identifier: Apache-2.0
#include "kube/port_forward.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <tuple>

#include "base/strings.hpp"
#include "net/websocket.hpp"

namespace aksmesh::kube {
namespace {

// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ tells the path;
// the channels are those of k8s.io/kubelet: of the i-th port 2i carries data, 2i + 1 errors.
constexpr const char* kProtocol = "v4.channel.k8s.io";
constexpr char kData = 0;
constexpr char kErrors = 1;
constexpr std::size_t kPortMark = 2;  // each channel begins with its port, in two bytes

using Answer = std::optional<Result<net::Response>>;

/// Questions to one port of one pod, and where their answers go.
struct Errand {
  std::vector<const PodQuestion*> questions;
  std::vector<Answer*> answers;
};

/// One connection with one port.
class Tunnel final : public net::WebSocket {
 public:
  Tunnel(net::Request request, Errand errand, std::string where, sys::Random& random)
      : WebSocket(std::move(request), {kProtocol}, random),
        errand_(std::move(errand)),
        where_(std::move(where)) {}

  void on_failure(Error error) override { settle_rest(error); }

 protected:
  void on_ready(const std::string&) override { ask(); }

  void on_message(std::string_view message) override {
    if (message.empty()) return;
    const char channel = message.front();
    message.remove_prefix(1);
    if (channel != kData && channel != kErrors) return;
    // The marks may come in one message with what follows, or byte by byte.
    auto& mark = channel == kData ? data_mark_ : error_mark_;
    const auto count = std::min(kPortMark - mark, message.size());
    mark += count;
    message.remove_prefix(count);
    if (message.empty()) return;
    if (channel == kErrors) return give_up(std::string(message.substr(0, kLongestFailure)));
    take(message);
  }

  void on_refusal(net::Response answer) override {
    settle_rest(api_error(answer, "reach port " + port() + " of pod " + pod(),
                          "create pods/portforward in namespace " + question().name_space, where_));
  }

  void on_farewell(int) override { connection_ended(); }

 private:
  static constexpr std::size_t kLongestFailure = 4096;

  [[nodiscard]] const PodQuestion& question() const {
    return *errand_.questions[std::min(next_, errand_.questions.size() - 1)];
  }
  [[nodiscard]] std::string pod() const { return question().name_space + '/' + question().pod; }
  [[nodiscard]] std::string port() const { return std::to_string(question().port); }

  void ask() {
    reader_ = net::Http1Reader(kLargestPodAnswer);
    const auto& one = question();
    const net::Request request{
        .method = one.method, .url = one.path, .headers = {{"Accept", "*/*"}}, .body = one.body};
    std::string text(1, kData);
    text += net::http1_text(request, "localhost:" + port(), "aksmesh");
    send_message(text);
  }

  void take(std::string_view bytes) {
    const auto used = reader_.take(bytes);
    if (!reader_.problem().empty()) return give_up(reader_.problem());
    if (!reader_.done()) return;
    const bool goes_on = reader_.keeps_connection() && used == bytes.size();
    settle(std::move(reader_.response()));
    if (next_ == errand_.questions.size() || !goes_on) return leave();
    ask();
  }

  /// Without a farewell too, the end of the connection may be the end of an answer.
  void connection_ended() {
    // Servers end idle connections, and the question may have met that: it gets another one.
    if (next_ > 0 && reader_.is_untouched()) return;
    reader_.end();
    if (reader_.done())
      settle(std::move(reader_.response()));
    else
      give_up(reader_.problem());
  }

  void settle(Result<net::Response> answer) {
    if (next_ == errand_.questions.size()) return;
    errand_.answers[next_]->emplace(std::move(answer));
    ++next_;
  }

  void settle_rest(const Error& error) {
    for (; next_ < errand_.questions.size(); ++next_) errand_.answers[next_]->emplace(error);
  }

  /// A port that gives no answer at all gives none to the other questions either; else only the
  /// present one has failed, and those get a connection of their own.
  void give_up(std::string why) {
    const auto& one = question();
    const Error error{.kind = ErrorKind::network,
                      .what = "cannot ask port " + port() + " of pod " + pod(),
                      .why = std::move(why),
                      .where = std::string(net::method_name(one.method)) + ' ' + one.path};
    if (next_ == 0)
      settle_rest(error);
    else
      settle(error);
    leave();
  }

  Errand errand_;
  std::string where_;
  net::Http1Reader reader_{kLargestPodAnswer};
  std::size_t next_ = 0;
  std::size_t data_mark_ = 0;
  std::size_t error_mark_ = 0;
};

/// The questions without an answer, those to the same port together.
std::vector<Errand> errands_of(const std::vector<PodQuestion>& questions,
                               std::vector<Answer>& answers) {
  std::vector<Errand> out;
  const auto key = [](const PodQuestion& one) {
    return std::tie(one.name_space, one.pod, one.port);
  };
  std::map<std::tuple<std::string, std::string, int>, std::size_t> places;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (answers[i]) continue;
    const auto [place, is_new] = places.emplace(key(questions[i]), out.size());
    if (is_new) out.emplace_back();
    out[place->second].questions.push_back(&questions[i]);
    out[place->second].answers.push_back(&answers[i]);
  }
  return out;
}

}  // namespace

std::vector<Result<net::Response>> ask_by_port_forward(Client& client, sys::Random& random,
                                                       const std::vector<PodQuestion>& questions) {
  std::vector<Answer> answers(questions.size());
  const auto fail_rest = [&](const Error& error) {
    for (auto& answer : answers)
      if (!answer) answer.emplace(error);
  };
  // Each round settles a question at least, or all of one port.
  for (auto errands = errands_of(questions, answers); !errands.empty();
       errands = errands_of(questions, answers)) {
    std::deque<Tunnel> tunnels;
    std::vector<net::Stream*> streams;
    for (auto& errand : errands) {
      const auto& first = *errand.questions.front();
      const auto path = pod_path(first) + "/portforward?ports=" + std::to_string(first.port);
      auto request = upgrade_request(client, path);
      if (!request) {
        fail_rest(request.error());
        break;
      }
      for (const auto* one : errand.questions)
        request->timeout = std::max(request->timeout, one->timeout);
      tunnels.emplace_back(std::move(*request), std::move(errand), "GET " + path, random);
      streams.push_back(&tunnels.back());
    }
    client.http().run(streams, {});
  }
  std::vector<Result<net::Response>> out;
  for (auto& answer : answers) out.push_back(std::move(*answer));
  return out;
}

}  // namespace aksmesh::kube
