// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "mesh/injection.hpp"

// For the parts of injection.cpp alone.
namespace aksmesh::mesh::injection {

inline std::optional<std::string_view> value_of(const Labels& labels, std::string_view key) {
  for (const auto& [name, value] : labels)
    if (name == key) return value;
  return std::nullopt;
}

inline LabelSet pod_labels(const NewPod& pod) {
  return {.supposed = pod.labels};
}

inline void decide(Injection& out, InjectionVerdict verdict, InjectionCause cause,
                   std::string reason) {
  out.verdict = verdict;
  out.cause = cause;
  out.reason = std::move(reason);
}

inline std::string revision_or_default(const InjectionWebhook& webhook) {
  return std::string(webhook.revision().empty() ? "default" : webhook.revision());
}

}  // namespace aksmesh::mesh::injection
