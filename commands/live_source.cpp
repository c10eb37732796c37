// SPDX-License-Identifier: Apache-2.0
#include "live_source.hpp"

namespace aksmesh::commands {

bool may_pass(ErrorKind kind) {
  return kind == ErrorKind::network || kind == ErrorKind::server || kind == ErrorKind::throttled ||
         kind == ErrorKind::timeout;
}

Result<kube::LiveObjects> LiveSource::objects(const kube::KindSet& kinds,
                                              const std::string& name_space,
                                              const std::string& cluster) {
  if (how_ == How::read_anew) return read(kinds, name_space, cluster);
  if (watch_ == nullptr) {
    context_->progress.waiting("reading the objects of " + session_.name());
    watch_ = std::make_unique<kube::Watch>(*session_.client(), kinds, name_space);
    const auto begun = watch_->begin();
    context_->progress.end();
    if (!begun) return begun.error();
  }
  return watch_->objects(cluster);
}

Result<kube::LiveObjects> LiveSource::read(const kube::KindSet& kinds,
                                           const std::string& name_space,
                                           const std::string& cluster) {
  hiccup_.reset();
  std::vector<Error> failures;
  auto out = session_.read(kinds, name_space, cluster, {}, kube::ListWish::Depth::lean, &failures);
  for (auto& one : failures)
    if (!hiccup_ && may_pass(one.kind)) hiccup_ = std::move(one);
  return out;
}

Status LiveSource::wait(std::int64_t until) {
  AK_TRY(const bool changed, watch_->wait(until));
  (void)changed;  // what is told elsewhere changes by itself
  return Done{};
}

}  // namespace aksmesh::commands
