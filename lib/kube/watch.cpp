// SPDX-License-Identifier: Apache-2.0
#include "kube/watch.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/strings.hpp"
#include "data/reader.hpp"
#include "net/http1.hpp"
#include "net/stream.hpp"

namespace aksmesh::kube {
namespace {

constexpr std::size_t kLargestEvent = 64U << 20U;
/// So long the server keeps a watch before it ends it in peace.
constexpr std::int64_t kSeconds = 290;
constexpr std::int64_t kLongest = (kSeconds + 30) * 1000;  // then it hangs
/// Changes seldom come alone.
constexpr std::int64_t kGathering = 300;
constexpr std::int64_t kFirstPause = 1'000;
constexpr int kMostFailures = 5;
constexpr int kGone = 410;
// https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-partialobjectmetadata
constexpr const char* kMetadata = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";

std::string key_of(const data::Node& object) {
  return std::string(object.at("metadata", "namespace").text()) + '/' +
         std::string(object.at("metadata", "name").text());
}

std::string source_of(const data::Node& node) {
  return std::string(node.tree()->source().substr(node.begin(), node.end() - node.begin()));
}

}  // namespace

Result<WatchEvent> read_watch_event(std::string line) {
  const auto read = data::read_answer(std::move(line));
  const auto root = read.only_document();
  const auto object = root["object"];
  if (root["type"].text().empty() || !object.is_mapping())
    return Error{.kind = ErrorKind::bad_data,
                 .what = "cannot follow the changes of the cluster",
                 .why = "a line of the watch is no event"};
  return WatchEvent{.type = std::string(root["type"].text()),
                    .key = key_of(object),
                    .version = std::string(object.at("metadata", "resourceVersion").text()),
                    .object = source_of(object),
                    .code = static_cast<int>(object["code"].as_int().value_or(0))};
}

/// The objects of one kind.
struct Watch::Kept {
  ListWish wish{};
  std::map<std::string, std::string> objects{};  ///< JSON, by NAMESPACE/NAME
  std::string version{};                         ///< up to which they are known
  std::optional<Error> error{};                  ///< could not be listed yet
  bool left_alone = false;                       ///< and never will be
  bool wants_list = true;
  bool changed = false;
  int failures = 0;
  std::int64_t due = 0;  ///< steady, when the next watch may begin
  std::unique_ptr<Changes> changes{};
};

/// One request for changes, which the server answers line by line.
class Watch::Changes final : public net::Stream {
 public:
  Changes(net::Request request, Kept& kept) : Stream(std::move(request)), kept_(kept) {}

  void on_open(std::string_view user_agent) override {
    const auto begin = request().url.find("://") + 3;
    const auto host = request().url.substr(begin, request().url.find_first_of("/?", begin) - begin);
    send(net::http1_text(request(), host, user_agent));
  }
  void on_data(std::string_view bytes) override {
    reader_.take(bytes);
    if (!reader_.problem().empty()) return broken(reader_.problem());
    if (reader_.head_is_here() && reader_.response().status == 200) take_lines();
    if (!closed() && reader_.done()) over();
  }
  void on_end() override {
    if (reader_.done()) return over();
    broken("the connection broke off");
  }
  void on_failure(Error error) override {
    failure = std::move(error);
    pause();
  }
  [[nodiscard]] const net::Response* answer() const override {
    return reader_.head_is_here() ? &reader_.response() : nullptr;
  }

  std::optional<Error> failure{};
  std::optional<net::Response> refusal{};
  bool is_gone = false;  ///< the server has forgotten what came after our version
  bool was_of_use = false;

 private:
  void take_lines() {
    auto& body = reader_.response().body;
    std::size_t begin = 0;
    for (auto end = body.find('\n'); end != std::string::npos && !closed();
         end = body.find('\n', begin)) {
      take(body.substr(begin, end - begin));
      begin = end + 1;
    }
    body.erase(0, begin);
  }

  void take(std::string line) {
    auto event = read_watch_event(std::move(line));
    if (!event) return broken(event.error().why);
    if (event->type == "ERROR") {
      is_gone = event->code == kGone;
      return broken("the API server ends the watch with code " + std::to_string(event->code));
    }
    if (!event->version.empty()) kept_.version = event->version;
    was_of_use = true;
    if (event->type == "BOOKMARK") return;
    if (event->type == "DELETED")
      kept_.objects.erase(event->key);
    else
      kept_.objects[event->key] = std::move(event->object);
    kept_.changed = true;
    pause();
  }

  void over() {
    if (reader_.response().status != 200) refusal = reader_.response();
    close();
    pause();
  }

  void broken(std::string why) {
    fail({.kind = ErrorKind::network,
          .what = "cannot follow the changes of " + kept_.wish.what(),
          .why = std::move(why)});
  }

  Kept& kept_;
  net::Http1Reader reader_{kLargestEvent};
};

Watch::Watch(Client& client, const KindSet& kinds, std::string name_space)
    : client_(client), kinds_(kinds), name_space_(std::move(name_space)) {
  // The metrics API only lists.
  kinds_.remove(Kind::pod_metrics);
}
Watch::~Watch() = default;

Status Watch::begin() {
  AK_TRY(const auto resources, client_.resources());
  for (auto& wish : wishes_of(resources, kinds_)) {
    kept_.push_back(std::make_unique<Kept>());
    kept_.back()->wish = std::move(wish);
  }
  std::vector<Kept*> all;
  for (const auto& each : kept_) all.push_back(each.get());
  return list(all);
}

Status Watch::list(const std::vector<Kept*>& these) {
  if (these.empty()) return Done{};
  const auto answers = answers_to(these);
  for (std::size_t i = 0; i < these.size(); ++i) {
    auto& one = *these[i];
    if (!answers[i]) {
      if (answers[i].error().kind == ErrorKind::cancelled) return answers[i].error();
      if (!one.version.empty()) {
        AK_CHECK(again(one, answers[i].error()));
        continue;
      }
      // What was never seen is told as such, and does not end the watch of the rest.
      one.error = answers[i].error();
      one.left_alone = one.error->kind == ErrorKind::denied || !again(one, *one.error);
      continue;
    }
    one.error.reset();
    one.failures = 0;
    one.wants_list = false;
    one.changed = true;
    one.objects.clear();
    for (const auto& page : *answers[i]) {
      const auto root = page->document(0);
      // All pages are of one state.
      one.version = root.at("metadata", "resourceVersion").text();
      for (const auto& item : root["items"].items()) one.objects[key_of(item)] = source_of(item);
    }
    if (one.version.empty()) one.version = "0";
  }
  return Done{};
}

/// Rights in one namespace do not open the others.
std::vector<Result<Pages>> Watch::answers_to(const std::vector<Kept*>& these) {
  std::vector<ListWish> wishes;
  for (const auto* one : these) wishes.push_back(one->wish);
  auto answers = client_.list(wishes);
  if (name_space_.empty()) return answers;
  ask_in_namespace(client_, name_space_, wishes, answers);
  for (std::size_t i = 0; i < these.size(); ++i) these[i]->wish = std::move(wishes[i]);
  return answers;
}

Status Watch::again(Kept& kept, const Error& error) {
  if (++kept.failures > kMostFailures) return error;
  kept.due = client_.clock().steady() + (kFirstPause << (kept.failures - 1));
  return Done{};
}

/// What became of a request for changes that is over.
Status Watch::settle(Kept& kept) {
  const auto changes = std::move(kept.changes);
  if (changes->was_of_use) kept.failures = 0;
  if (changes->failure) {
    const auto& error = *changes->failure;
    if (error.kind == ErrorKind::cancelled) return error;
    const auto deadline = client_.http().deadline();
    if (deadline > 0 && client_.clock().steady() >= deadline) return error;
    if (!changes->is_gone) return again(kept, error);
    kept.wants_list = true;
    return Done{};
  }
  if (!changes->refusal) return Done{};  // the server has ended it in peace
  const auto error = api_error(*changes->refusal, "follow the changes of " + kept.wish.what(),
                               "watch " + kept.wish.what(), "GET, watch");
  if (error.kind == ErrorKind::denied) return error;
  if (error.kind == ErrorKind::auth && !client_.renew()) return error;
  kept.wants_list = changes->refusal->status == kGone;
  return again(kept, error);
}

Result<bool> Watch::tend() {
  std::vector<Kept*> to_list;
  const auto now = client_.clock().steady();
  for (const auto& kept : kept_) {
    if (kept->left_alone) continue;
    if (kept->changes != nullptr && kept->changes->closed()) AK_CHECK(settle(*kept));
    if (kept->wants_list && kept->due <= now) to_list.push_back(kept.get());
  }
  AK_CHECK(list(to_list));
  bool changed = false;
  for (const auto& kept : kept_) {
    changed = std::exchange(kept->changed, false) || changed;
    if (kept->wants_list || kept->changes != nullptr || kept->due > now) continue;
    const auto path = list_path(kept->wish) + "?watch=true&allowWatchBookmarks=true" +
                      (kept->wish.label_selector.empty()
                           ? ""
                           : "&labelSelector=" + url_escaped(kept->wish.label_selector)) +
                      "&resourceVersion=" + url_escaped(kept->version) +
                      "&timeoutSeconds=" + std::to_string(kSeconds);
    AK_TRY(auto request, client_.signed_request(path));
    if (kept->wish.depth == ListWish::Depth::metadata) request.headers.front().second = kMetadata;
    request.timeout = kLongest;
    kept->changes = std::make_unique<Changes>(std::move(request), *kept);
  }
  return changed;
}

Result<bool> Watch::wait(std::int64_t until) {
  bool changed = false;
  for (auto& kept : kept_) kept->changed = false;  // the caller has seen the lists
  while (true) {
    AK_TRY(const bool more, tend());
    const auto now = client_.clock().steady();
    if (more && !changed) until = now + kGathering;
    changed = changed || more;
    if (until > 0 && now >= until) return changed;
    std::vector<net::Stream*> streams;
    auto end = until;
    for (const auto& kept : kept_) {
      if (kept->changes != nullptr) streams.push_back(kept->changes.get());
      if (kept->changes == nullptr && !kept->left_alone)
        end = end == 0 ? kept->due : std::min(end, kept->due);
    }
    if (streams.empty()) {
      const auto pause = end == 0 ? kFirstPause : std::max<std::int64_t>(end - now, 1);
      if (!client_.clock().sleep(pause))
        return Error{.kind = ErrorKind::cancelled, .what = "interrupted"};
      continue;
    }
    client_.http().run(streams, {.at_once = streams.size(), .until = end});
  }
}

Result<LiveObjects> Watch::objects(const std::string& cluster) {
  std::vector<ListWish> wishes;
  std::vector<Result<Pages>> answers;
  for (const auto& kept : kept_) {
    wishes.push_back(kept->wish);
    if (kept->error) {
      answers.emplace_back(*kept->error);
      continue;
    }
    std::string text = R"({"kind":")" + kept->wish.resource.kind + R"(List","apiVersion":")" +
                       kept->wish.resource.api_version() + R"(","items":[)";
    for (const auto& [key, object] : kept->objects)
      text.append(text.back() == '[' ? "" : ",").append(object);
    Pages pages;
    pages.push_back(data::read_answer(text + "]}").tree);
    answers.emplace_back(std::move(pages));
  }
  return live_objects_of(client_, kinds_, cluster, wishes, std::move(answers));
}

}  // namespace aksmesh::kube
