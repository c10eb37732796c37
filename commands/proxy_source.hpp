// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "context.hpp"
#include "envoy/dump.hpp"
#include "kube/pod_http.hpp"
#include "kube/pod_lookup.hpp"
#include "kube_session.hpp"
#include "mesh/snapshot.hpp"
#include "option_set.hpp"

namespace aksmesh::commands {

/// Which proxies are looked at in a cluster.
struct PodOptions {
  std::vector<std::string> pods{};
  std::string selector{};
  std::string name_space{};
  std::string admin_port{};
  KubeOptions kube{};
};
void declare_pod_options(OptionSet& set, PodOptions& options);
/// The operands alone; what is given back lasts until the next is declared.
OptionSpec& declare_pods(OptionSet& set, PodOptions& options);
/// The same without the operands.
void declare_pod_search(OptionSet& set, PodOptions& options);

/// The pods that were named, and those of a workload or selector, the best of each first.
Result<std::vector<kube::FoundPod>> find_proxies(KubeSession& session, const PodOptions& options);
/// Which of several pods is looked at, the first; empty when there is no other.
std::string choice_text(const std::vector<kube::FoundPod>& found);
void tell_choice(const std::vector<kube::FoundPod>& found, const Context& context);
/// Asks the admin ports of proxies, each for the path that stands beside it.
struct AdminQuestion {
  kube::FoundPod pod{};
  net::Method method = net::Method::get;
  std::string path{};  ///< as in `/config_dump`
};
Result<std::vector<Result<net::Response>>> ask_proxies(KubeSession& session,
                                                       const PodOptions& options,
                                                       const std::vector<AdminQuestion>& questions,
                                                       const Context& context);

/// One proxy of a cluster or a snapshot, or what was saved of one.
struct ProxyOptions {
  PodOptions pods{};
  std::string file{};
};
void declare_proxy_options(OptionSet& set, ProxyOptions& options);
/// The same without the operand.
void declare_proxy_search(OptionSet& set, ProxyOptions& options);

class ProxySource {
 public:
  /// Kind usage when no proxy is named, or more than one; not_found for one that the snapshot has
  /// no dump of.
  static Result<ProxySource> open(const ProxyOptions& options, const Context& context);

  /// Gives each entry of the lists of its dump, of which nothing else is asked for. A part that
  /// cannot be had is told in the facts; an error is that there is nothing at all. A proxy that
  /// runs is asked to leave out what is not named so (ConfigKind::names), and may give it all the
  /// same.
  Result<envoy::DumpFacts> read(std::span<const std::string_view> lists,
                                const envoy::TakeEntry& take, const std::string& names = {});
  /// For who reads more than once: standard input, which comes only once, is kept.
  void keep_input() { keeps_input_ = true; }
  /// The address of the Service that a host as `reviews`, `reviews.shop` or the whole stands for,
  /// as the pod's cluster knows it; empty: not known, which is always so of files.
  std::string service_address(const std::string& host);
  /// Of the pod; of a file that which was named, if any.
  [[nodiscard]] const std::string& name_space() const;
  /// A proxy that runs, in the place of a dump.
  [[nodiscard]] bool is_live() const { return session_ != nullptr && saved_ == nullptr; }
  /// `shop/productpage-1`, the file's name or `standard input`, for people.
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  ProxySource(const ProxyOptions& options, const Context& context)
      : options_(&options), context_(&context) {}
  Result<std::unique_ptr<sys::Source>> open_input();

  const ProxyOptions* options_;
  const Context* context_;
  std::unique_ptr<KubeSession> session_{};  // null for files
  const mesh::ProxyDump* saved_ = nullptr;  // of the session's snapshot; else null
  kube::FoundPod pod_{};
  std::string name_{};
  bool keeps_input_ = false;
  std::optional<std::string> kept_{};
};

/// That a dump has a section. Kind bad_data; `what` completes "there are no ... in".
Status require_section(const envoy::DumpFacts& facts, std::string_view section,
                       const std::string& what, const ProxySource& source);

}  // namespace aksmesh::commands
