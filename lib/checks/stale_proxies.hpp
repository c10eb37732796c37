// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checks/pod_maker.hpp"

namespace aksmesh::checks {

/// A proxy that its pod would not get again.
struct StaleProxy {
  enum class Sort : std::uint8_t { sidecar, gateway };
  enum class Cause : std::uint8_t {
    version,        ///< a new pod gets another patch of the same revision
    moved,          ///< a new pod gets that of another revision
    revision_gone,  ///< the revision that made it is not installed any more
    no_injection,   ///< nothing would inject a new pod
  };
  std::string name_space{};
  std::string pod{};
  PodMaker maker{};
  Sort sort = Sort::sidecar;
  Cause cause = Cause::version;
  std::string revision{};      ///< that made it; empty: not told
  std::string version{};       ///< as istiod tells it, else the tag of the image; empty: not told
  std::string new_revision{};  ///< whose proxy a new pod gets; empty: of none
  std::string new_version{};   ///< the tag of its image; empty: not known
};
/// `version`, `moved`, `revision-gone` or `no-injection`.
std::string_view word_of(StaleProxy::Cause cause);

/// Whether a proxy with an image of this tag, of the version that istiod tells, is of another patch
/// than what new pods get; what is empty is not known, and differs from nothing.
bool is_other_patch(std::string_view tag, std::string_view told, std::string_view fresh);

/// Those of one workload that are stale for one cause.
struct StaleWorkload {
  StaleProxy first{};                   ///< what they have in common
  std::vector<std::string> versions{};  ///< all of them, ascending as text
  std::vector<std::string> pods{};      ///< by name
};
/// By namespace, kind, name and cause.
std::vector<StaleWorkload> by_workload(const std::vector<StaleProxy>& proxies);

}  // namespace aksmesh::checks
