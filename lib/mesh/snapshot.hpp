// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
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

/// Packs what was read of a cluster, redacted (redaction.hpp). `asked` are the kinds that were to
/// be read; parts that would bring the whole over `most` bytes, unpacked, are left out, and told.
/// `log` tells how it was read.
Result<PackedSnapshot> pack_snapshot(const kube::LiveObjects& live, const kube::KindSet& asked,
                                     const SnapshotFacts& facts, std::string log,
                                     std::uint64_t most);

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

 private:
  struct KindEntry {
    kube::Kind kind = kube::Kind::other;
    bool whole = false;
    std::string why{};  ///< of a kind that could not be listed; else empty
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
  std::vector<kube::Unavailable> skipped_{};
  std::vector<data::ArchiveFile> files_{};
};

}  // namespace aksmesh::mesh
