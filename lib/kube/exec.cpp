// SPDX-License-Identifier: Apache-2.0
#include "kube/exec.hpp"

#include <charconv>
#include <deque>
#include <optional>

#include "base/strings.hpp"
#include "data/reader.hpp"
#include "kube/pod_question.hpp"
#include "net/websocket.hpp"

namespace aksmesh::kube {
namespace {

// The channels of k8s.io/apimachinery/pkg/util/remotecommand; those of v5 and v4 differ in how
// standard input ends, which is not used here.
constexpr char kOut = 1;
constexpr char kErr = 2;
constexpr char kStatus = 3;
constexpr std::size_t kLargestErr = 1U << 20U;

class Execution final : public net::WebSocket {
 public:
  Execution(net::Request request, const PodCommand& command, std::string where, sys::Random& random)
      : WebSocket(std::move(request), {"v5.channel.k8s.io", "v4.channel.k8s.io"}, random),
        command_(command),
        where_(std::move(where)) {}

  Result<PodCommandResult> result() {
    if (error_) return std::move(*error_);
    AK_TRY(result_.exit_code, exit_code_of(status_));
    return std::move(result_);
  }

  void on_failure(Error error) override {
    if (status_.empty()) error_ = std::move(error);  // else the program was over by then
  }

 protected:
  void on_ready(const std::string&) override {}

  void on_message(std::string_view message) override {
    if (message.empty()) return;
    const char channel = message.front();
    message.remove_prefix(1);
    if (channel == kOut)
      add(result_.out, message, kLargestPodAnswer);
    else if (channel == kErr)
      add(result_.err, message, kLargestErr);
    else if (channel == kStatus)
      add(status_, message, kLargestErr);
  }

  void on_refusal(net::Response answer) override {
    error_ =
        api_error(answer, goal(), "create pods/exec in namespace " + command_.name_space, where_);
  }

  void on_farewell(int) override {
    if (status_.empty())
      error_ = Error{.kind = ErrorKind::network,
                     .what = "cannot " + goal(),
                     .why = "the connection ended before the program did",
                     .where = where_};
  }

 private:
  [[nodiscard]] std::string goal() const {
    return "run " + command_.words.front() + " in pod " + command_.name_space + '/' + command_.pod;
  }

  void add(std::string& target, std::string_view more, std::size_t largest) {
    if (target.size() + more.size() <= largest) {
      target += more;
      return;
    }
    error_ = Error{.kind = ErrorKind::bad_data,
                   .what = "cannot " + goal(),
                   .why = "its output is too large",
                   .where = where_};
    leave();
  }

  const PodCommand& command_;
  std::string where_;
  PodCommandResult result_;
  std::string status_;
  std::optional<Error> error_;
};

std::string path_of(const PodCommand& command) {
  std::string out = pod_path({.name_space = command.name_space, .pod = command.pod}) +
                    "/exec?stdout=true&stderr=true";
  if (!command.container.empty()) out += "&container=" + url_escaped(command.container);
  for (const auto& word : command.words) out += "&command=" + url_escaped(word);
  return out;
}

}  // namespace

Result<int> exit_code_of(std::string_view status) {
  const auto read = data::read_documents(std::string(status), data::Limits{}, data::Format::json);
  const auto root = read.problems.empty() && read.tree->document_count() == 1
                        ? read.tree->document(0)
                        : data::Node{};
  if (root["status"].text() == "Success") return 0;
  if (root["reason"].text() == "NonZeroExitCode")
    for (const auto& cause : root.at("details", "causes").items()) {
      if (cause["reason"].text() != "ExitCode") continue;
      const auto text = cause["message"].text();
      int code = 0;
      const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), code);
      if (error == std::errc{} && at == text.data() + text.size()) return code;
    }
  return Error{
      .kind = ErrorKind::server,
      .what = "cannot run a program in a pod",
      .why = root["message"] ? std::string(root["message"].text()) : "how it ended is not told"};
}

std::vector<Result<PodCommandResult>> run_in_pods(Client& client, sys::Random& random,
                                                  const std::vector<PodCommand>& commands) {
  std::deque<Execution> executions;
  std::vector<net::Stream*> streams;
  for (const auto& command : commands) {
    const auto path = path_of(command);
    auto request = upgrade_request(client, path);
    if (!request)
      return std::vector<Result<PodCommandResult>>(commands.size(),
                                                   Result<PodCommandResult>(request.error()));
    request->timeout = command.timeout;
    executions.emplace_back(std::move(*request), command, "GET " + path.substr(0, path.find('?')),
                            random);
    streams.push_back(&executions.back());
  }
  client.http().run(streams, {});
  std::vector<Result<PodCommandResult>> out;
  for (auto& each : executions) out.push_back(each.result());
  return out;
}

}  // namespace aksmesh::kube
