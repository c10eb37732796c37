// SPDX-License-Identifier: Apache-2.0
#include "live_source.hpp"

#include <algorithm>
#include <iterator>

#include "base/error_kind.hpp"

namespace aksmesh::commands {

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
  AK_TRY(auto out, watch_->objects(cluster));
  if (kinds.has(kube::Kind::pod_metrics)) AK_CHECK(add_metrics(cluster, out));
  return out;
}

/// The metrics API only lists, so that they are read anew with each look.
Status LiveSource::add_metrics(const std::string& cluster, kube::LiveObjects& out) {
  constexpr auto kKind = kube::Kind::pod_metrics;
  auto more = session_.read({.kinds = {kKind}, .cluster = cluster});
  if (!more && more.error().kind == ErrorKind::cancelled) return more.error();
  if (!more) {
    out.not_listed.emplace(kKind, "could not list " + std::string(kube::kind_name(kKind)) + '.' +
                                      std::string(kube::group_of(kKind)));
    return Done{};
  }
  std::move(more->answers.begin(), more->answers.end(), std::back_inserter(out.answers));
  out.not_listed.merge(more->not_listed);
  out.whole_in.merge(more->whole_in);
  return Done{};
}

Result<kube::LiveObjects> LiveSource::read(const kube::KindSet& kinds,
                                           const std::string& name_space,
                                           const std::string& cluster) {
  hiccup_.reset();
  std::vector<Error> failures;
  auto out = session_.read(
      {.kinds = kinds, .name_space = name_space, .cluster = cluster, .failures = &failures});
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
