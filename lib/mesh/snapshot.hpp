// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"
#include "data/archive.hpp"
#include "kube/kind.hpp"
#include "kube/manifests.hpp"

namespace aksmesh::mesh {

/// What a snapshot says of itself, in manifest.json.
struct SnapshotFacts {
  std::string made{};     ///< RFC 3339
  std::string program{};  ///< version of the program that made it
  std::string place{};    ///< `context prod`
  std::string version{};  ///< of the API server; empty: not told
};

/// One list inside of it.
struct SnapshotPart {
  std::string file{};
  std::string kind{};
  std::size_t objects = 0;
  std::size_t bytes = 0;  ///< unpacked
};

/// A picture of a cluster that was packed.
struct PackedSnapshot {
  std::string archive{};  ///< the bytes of the file
  std::vector<SnapshotPart> parts{};
  std::vector<kube::Unavailable> skipped{};  ///< what is not in it, and why
};

/// What an istiod answered when it was asked for its proxies, or why it did not.
struct IstiodAnswer {
  std::string pod{};
  std::string text{};  ///< JSON (istio/sync_status.hpp)
  std::string why{};   ///< empty when it answered
};

/// What the proxy of a pod is configured with, or why that is not known.
struct ProxyDump {
  /// A part that could not be had, and the lists of the dump that it would be in.
  struct Lost {
    std::vector<std::string> lists{};
    Error error{};
  };
  std::string name_space{};
  std::string pod{};
  std::string text{};  ///< to be packed: JSON without secrets (envoy/saved_dump.hpp)
  std::string file{};  ///< inside of a snapshot that was read, where the text is
  std::size_t entries = 0;
  std::vector<Lost> lost{};
  std::string why{};  ///< empty when there is a dump
};

/// What is to be packed.
struct SnapshotContents {
  const kube::Manifests& objects;  ///< as they were read of the cluster
  kube::KindSet asked{};           ///< the kinds that were to be read
  /// Of the istiods; nothing when they were left alone.
  std::optional<std::vector<IstiodAnswer>> istiods{};
  std::vector<ProxyDump> proxies{};
  /// How long requests took, by plural and group: `gateways.networking.istio.io`.
  std::map<std::string, std::int64_t> milliseconds{};
  std::string log{};  ///< each request
};

/// Packs what was read of a cluster, redacted (redaction.hpp). Parts that would bring the whole
/// over `most` bytes, unpacked, are left out, and told.
Result<PackedSnapshot> pack_snapshot(SnapshotContents contents, const SnapshotFacts& facts,
                                     std::uint64_t most);

/// No snapshot can be larger than that, unpacked: it is unpacked in memory.
inline constexpr std::uint64_t kLargestSnapshot = 2ULL << 30U;

/// A snapshot that was read from a file.
class Snapshot {
 public:
  /// `bytes` are those of the file.
  static Result<Snapshot> unpack(const std::string& bytes);
  [[nodiscard]] const SnapshotFacts& facts() const { return facts_; }
  /// The objects of the kinds, as if they had been read from the cluster then; kinds that the
  /// snapshot was not asked to hold are not known.
  [[nodiscard]] Result<kube::LiveObjects> read(const kube::KindSet& kinds,
                                               const std::string& cluster) const;
  /// Whether the istiods were asked for their proxies when it was made.
  [[nodiscard]] bool asked_istiods() const { return istiods_.has_value(); }
  /// What the istiod of a pod answered then, or why it did not.
  [[nodiscard]] Result<std::string> istiod(std::string_view pod) const;
  /// The proxies whose configuration was asked for when it was made.
  [[nodiscard]] const std::vector<ProxyDump>& proxies() const { return proxies_; }
  /// The text of one of those, a view of what is kept here.
  [[nodiscard]] Result<std::string_view> text_of(const ProxyDump& proxy) const;

 private:
  struct KindEntry {
    kube::Kind kind = kube::Kind::other;
    bool whole = false;
    std::vector<std::string> whole_in{};
    std::string why{};  ///< of a kind that could not be listed; else empty
  };
  struct IstiodEntry {
    std::string pod{};
    std::string file{};
    std::string why{};
  };
  struct ListEntry {
    kube::Kind kind = kube::Kind::other;
    std::string plural{};
    std::string listed_version{};
    std::string file{};
  };
  Status read_manifest(const std::string& text);
  [[nodiscard]] const std::string* content(const std::string& file) const;

  SnapshotFacts facts_{};
  std::vector<KindEntry> kinds_{};
  std::vector<ListEntry> lists_{};
  std::optional<std::vector<IstiodEntry>> istiods_{};
  std::vector<ProxyDump> proxies_{};
  std::vector<kube::Unavailable> skipped_{};
  std::vector<data::ArchiveFile> files_{};
};

}  // namespace aksmesh::mesh
