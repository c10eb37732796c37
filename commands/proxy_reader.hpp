// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "istiod_answers.hpp"
#include "live_source.hpp"
#include "proxy_status_outcome.hpp"

namespace aksmesh::commands {

/// Which proxies are read.
struct ProxyScope {
  std::string name_space{};  ///< empty: all
  std::string revision{};    ///< a revision or a tag; empty: all
};

/// The revision that a name stands for: what a tag leads to, or the name itself where an istiod is
/// of it or it is written as revisions are. Reads the pods of istiods, and of tags Namespace,
/// Service and MutatingWebhookConfiguration.
Result<std::string> revision_named(const mesh::Model& model, const std::string& name);

/// Reads which proxies the istiods of a cluster have, as often as it is asked to.
class ProxyReader {
 public:
  /// `patience` is how long an istiod may take to answer, in milliseconds; 0: the usual time.
  ProxyReader(LiveSource source, LiveSource::How how, ProxyScope scope, std::int64_t patience,
              const Context& context);
  ProxyReader(const ProxyReader&) = delete;
  ProxyReader& operator=(const ProxyReader&) = delete;

  /// Kind not_found for a revision that nothing answers to, or a namespace that is not there.
  Result<ProxyReading> read();
  /// Of a source that is followed: waits until there may be something else to tell.
  Status wait();

 private:
  Result<kube::LiveObjects> objects();

  LiveSource source_;
  LiveSource::How how_;
  ProxyScope scope_;
  const Context& context_;
  IstiodAsker asker_;
};

}  // namespace aksmesh::commands
