// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "context.hpp"
#include "envoy/dump.hpp"
#include "envoy/saved_dump.hpp"
#include "kube/pod_lookup.hpp"
#include "kube_session.hpp"
#include "proxy_source.hpp"

namespace aksmesh::commands {

/// Lists of one section, and what the objects in them must be called; empty: anything.
struct WantedLists {
  std::vector<std::string_view> lists{};
  std::string names{};
  std::size_t part = 0;  ///< of what is read at the same time
};

/// The dump of a proxy that runs, of which no more is asked for than is wanted.
class LiveDump {
 public:
  /// All of them must outlive this.
  LiveDump(KubeSession& session, const PodOptions& options, kube::FoundPod pod,
           const Context& context)
      : session_(&session),
        options_(&options),
        context_(&context),
        pod_(std::move(pod)),
        name_(pod_.name_space + '/' + pod_.name) {}

  /// As ProxySource::read.
  Result<envoy::DumpFacts> read(std::span<const std::string_view> lists,
                                const envoy::TakeEntry& take, const std::string& names);
  /// The same of all sections at once, with facts of each.
  std::vector<Result<envoy::DumpFacts>> read_each(std::span<const envoy::SavedSection> sections,
                                                  const envoy::TakeEntry& take);

 private:
  struct Part;
  std::vector<Result<envoy::DumpFacts>> read_parts(std::vector<WantedLists> wanted,
                                                   std::size_t count, const envoy::TakeEntry& take);
  static std::vector<WantedLists> take_answer(const WantedLists& wanted, Result<std::string> text,
                                              const envoy::TakeEntry& take, Part& part);
  std::vector<Result<std::string>> ask(const std::vector<std::string>& paths);

  KubeSession* session_;
  const PodOptions* options_;
  const Context* context_;
  kube::FoundPod pod_;
  std::string name_;
};

}  // namespace aksmesh::commands
