// SPDX-License-Identifier: Apache-2.0
#include "saved_proxy.hpp"

#include <algorithm>
#include <utility>

#include "analyze_options.hpp"
#include "base/strings.hpp"
#include "envoy/saved_dump.hpp"
#include "kube/pod_lookup.hpp"
#include "live_dump.hpp"
#include "mesh/label_selector.hpp"
#include "mesh/redaction.hpp"

namespace aksmesh::commands {
namespace {

using data::Node;
using kube::FoundPod;
using kube::Kind;
using mesh::ProxyDump;

Result<ProxyDump> save_proxy(LiveDump proxy, ProxyDump out) {
  envoy::SavedDump dump(mesh::tells_of_secret);
  const auto sections = envoy::saved_sections();
  const auto all =
      proxy.read_each(sections, [&](const envoy::DumpEntry& entry) { dump.take(entry); });
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const auto& facts = all[i];
    // One that cannot be reached has nothing to be kept.
    if (!facts && facts.error().kind == ErrorKind::cancelled) return facts.error();
    if (!facts && facts.error().kind != ErrorKind::server) {
      out.why = facts.error().in_one_line();
      return out;
    }
    for (const auto& error : facts ? facts->lost : std::vector<Error>{facts.error()})
      out.lost.push_back(
          {.lists = {sections[i].lists.begin(), sections[i].lists.end()}, .error = error});
    if (facts) dump.end(sections[i], *facts);
  }
  out.entries = dump.entries();
  if (out.entries > 0)
    out.text = dump.text();
  else
    out.why = out.lost.empty() ? "it has no configuration" : out.lost.front().error.in_one_line();
  return out;
}

/// Whether an object leads to the pods with these labels.
bool leads_to(const kube::WorkloadType& type, const Node& object, const Node& labels) {
  const auto selector = object["spec"]["selector"];
  if (type.kind == Kind::kube_gateway)
    return labels["gateway.networking.k8s.io/gateway-name"].text() ==
           object["metadata"]["name"].text();
  if (type.kind == Kind::service)
    return selector.size() > 0 && mesh::carries_labels(labels, selector);
  return selector.size() > 0 &&
         mesh::match_labels(selector, {.labels = labels}) == mesh::LabelMatch::yes;
}

/// The pods that a workload or service leads to in a snapshot, the best first.
Result<std::vector<FoundPod>> pods_in(KubeSession& session, const kube::PodWord& word) {
  const auto& type = *word.type;
  AK_TRY(const auto objects, session.read({.kinds = {type.kind, Kind::pod}}));
  for (const auto kind : {type.kind, Kind::pod})
    if (const auto lacks = objects.not_listed.find(kind); lacks != objects.not_listed.end())
      return Error{.kind = ErrorKind::could_not_look,
                   .what = "the pods of " + std::string(type.name) + ' ' + word.name_space + '/' +
                           word.name + " cannot be found in the snapshot",
                   .why = lacks->second,
                   .next = {"POD.NAMESPACE   (name one of them)"}};
  const auto object = find_object(objects, type.kind, word.name_space, word.name);
  if (!object)
    return Error{.kind = ErrorKind::not_found,
                 .what = "the snapshot has no " + std::string(type.name) + ' ' + word.name_space +
                         '/' + word.name};
  std::vector<Node> pods;
  for (const auto& list : objects.answers) {
    if (list.list_of != Kind::pod) continue;
    for (const auto pod : list.tree->document(0)["items"].items())
      if (pod["metadata"]["namespace"].text() == word.name_space &&
          leads_to(type, object, pod["metadata"]["labels"]))
        pods.push_back(pod);
  }
  return kube::ranked_pods(pods);
}

/// The one of a pod; null when there is none.
const ProxyDump* saved_of(const mesh::Snapshot& snapshot, const FoundPod& pod) {
  const auto& all = snapshot.proxies();
  const auto found = std::find_if(all.begin(), all.end(), [&](const ProxyDump& one) {
    return one.name_space == pod.name_space && one.pod == pod.name;
  });
  return found == all.end() ? nullptr : &*found;
}

Error not_saved(const mesh::Snapshot& snapshot, const std::string& typed, const std::string& what,
                const Context& context) {
  std::vector<std::string> names;
  std::vector<std::string> next;
  for (const auto& one : snapshot.proxies()) {
    names.push_back(one.pod + '.' + one.name_space);
    // Of a snapshot there is no context whose namespace would count.
    if (one.pod == typed) next.push_back(names.back() + "   (its namespace has to be told)");
  }
  if (next.empty())
    next.push_back(context.program + " snapshot --proxy-config " + typed +
                   "   (makes one that has it)");
  return {.kind = ErrorKind::not_found,
          .what = "the snapshot does not have what the proxy of " + what + " is configured with",
          .why = names.empty() ? "it was made without the configuration of any proxy"
                               : "it has that of " + join(names, ", "),
          .next = std::move(next)};
}

}  // namespace

Node find_object(const kube::LiveObjects& objects, Kind kind, std::string_view name_space,
                 std::string_view name) {
  for (const auto& list : objects.answers) {
    if (list.list_of != kind) continue;
    for (const auto item : list.tree->document(0)["items"].items())
      if (item["metadata"]["namespace"].text() == name_space &&
          item["metadata"]["name"].text() == name)
        return item;
  }
  return {};
}

Result<std::vector<ProxyDump>> save_proxies(KubeSession& session, const PodOptions& pods,
                                            const Context& context) {
  std::vector<ProxyDump> out;
  for (const auto& typed : pods.pods) {
    auto one = pods;
    one.pods = {typed};
    const auto found = find_proxies(session, one);
    if (!found) {
      if (found.error().kind == ErrorKind::cancelled) return found.error();
      AK_TRY(auto word, kube::parse_pod_word(typed));
      if (word.name_space.empty())
        word.name_space = pods.name_space.empty() ? session.name_space() : pods.name_space;
      out.push_back(
          {.name_space = word.name_space, .pod = word.name, .why = found.error().in_one_line()});
      continue;
    }
    const auto& pod = found->front();
    if (std::any_of(out.begin(), out.end(), [&](const ProxyDump& other) {
          return other.name_space == pod.name_space && other.pod == pod.name;
        }))
      continue;
    AK_TRY(auto dump, save_proxy(LiveDump(session, pods, pod, context),
                                 {.name_space = pod.name_space, .pod = pod.name}));
    out.push_back(std::move(dump));
  }
  return out;
}

Result<const ProxyDump*> find_saved_proxy(KubeSession& session, const PodOptions& options,
                                          const Context& context) {
  const auto& snapshot = *session.snapshot();
  if (!options.selector.empty())
    return exclude_each_other("--selector", "--snapshot", "a pod or workload names the proxy");
  const auto& typed = options.pods.front();
  AK_TRY(auto word, kube::parse_pod_word(typed));
  if (word.name_space.empty())
    word.name_space = options.name_space.empty() ? session.name_space() : options.name_space;
  std::vector<FoundPod> pods{{.name_space = word.name_space, .name = word.name}};
  if (word.type != nullptr) {
    AK_TRY(pods, pods_in(session, word));
  }
  const ProxyDump* failed = nullptr;
  for (auto& pod : pods) {
    const auto* found = saved_of(snapshot, pod);
    if (found != nullptr && found->why.empty()) {
      std::swap(pods.front(), pod);
      tell_choice(pods, context);
      return found;
    }
    if (failed == nullptr) failed = found;
  }
  if (failed != nullptr) return failed;
  return not_saved(snapshot, typed,
                   (word.type == nullptr ? "" : std::string(word.type->name) + ' ') +
                       word.name_space + '/' + word.name,
                   context);
}

}  // namespace aksmesh::commands
