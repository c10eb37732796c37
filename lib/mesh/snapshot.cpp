// SPDX-License-Identifier: Apache-2.0
#include "mesh/snapshot.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "data/json_edit.hpp"
#include "data/reader.hpp"
#include "mesh/redaction.hpp"
#include "sys/clock.hpp"

namespace aksmesh::mesh {
namespace {

using Json = nlohmann::ordered_json;
using kube::InputFile;
using kube::Kind;
using kube::KindSet;

constexpr std::string_view kSchema = "aksmesh/snapshot-manifest/v1";
constexpr const char* kManifest = "manifest.json";
constexpr const char* kLog = "log.jsonl";
// A snapshot is unpacked in memory.
constexpr std::uint64_t kLargest = 2ULL << 30U;

/// Without those that only files hold, and what is no kind.
KindSet listable(KindSet kinds) {
  for (const auto kind : {Kind::other, Kind::mesh_config_file, Kind::mesh_networks_file})
    kinds.remove(kind);
  return kinds;
}

/// Names of kinds are not alone: Gateway is Istio's and that of the Gateway API.
std::string name_of(Kind kind) {
  const auto group = kube::group_of(kind);
  return std::string(kube::kind_name(kind)) + (group.empty() ? "" : '.' + std::string(group));
}

Kind kind_named(std::string_view name) {
  for (auto i = 1U; i < static_cast<unsigned>(Kind::count_); ++i)
    if (const auto kind = static_cast<Kind>(i); name_of(kind) == name) return kind;
  return Kind::other;
}

class Packer {
 public:
  Packer(const kube::LiveObjects& live, std::uint64_t most) : live_(live), room_(most) {}

  /// The small lists first: they tell most for their size.
  void pack_lists() {
    std::vector<const InputFile*> answers;
    for (const auto& answer : live_.answers) answers.push_back(&answer);
    std::stable_sort(answers.begin(), answers.end(), [](const auto* a, const auto* b) {
      return a->tree->source().size() < b->tree->source().size();
    });
    for (const auto* answer : answers) pack(*answer);
    files_.insert(files_.end(), std::make_move_iterator(lists_.begin()),
                  std::make_move_iterator(lists_.end()));
  }

  void pack_manifest(const SnapshotFacts& facts, const KindSet& asked) {
    Json out{{"schema", kSchema}, {"made", facts.made}, {"program", facts.program}};
    out["place"] = to_valid_utf8(facts.place);
    if (!facts.version.empty()) out["kubernetesVersion"] = facts.version;
    out["kinds"] = Json::array();
    for_each_kind(listable(asked), [&](Kind kind) { out["kinds"].push_back(kind_entry(kind)); });
    out["lists"] = std::move(list_entries_);
    out["skipped"] = Json::array();
    packed.skipped.insert(packed.skipped.end(), live_.unavailable.begin(), live_.unavailable.end());
    for (const auto& one : packed.skipped)
      out["skipped"].push_back(
          {{"kind", name_of(one.kind)}, {"what", one.what}, {"why", to_valid_utf8(one.why)}});
    files_.insert(files_.begin(), {.name = kManifest, .content = out.dump(1) + '\n'});
  }

  void add_log(std::string log) { files_.push_back({.name = kLog, .content = std::move(log)}); }
  [[nodiscard]] const std::vector<data::ArchiveFile>& files() const { return files_; }
  PackedSnapshot packed{};

 private:
  void pack(const InputFile& answer) {
    const auto root = answer.tree->document(0);
    auto text = redacted_list(root, kube::kind_name(answer.list_of));
    if (text.size() > room_) {
      const auto size = std::to_string((text.size() + 1'048'575) / 1'048'576);
      left_out_.emplace(answer.list_of, "left out of the snapshot: too large (" + size + " MiB)");
      return;
    }
    room_ -= text.size();
    const auto kind = name_of(answer.list_of);
    const auto number = ++numbers_[answer.list_of];
    const auto file = "lists/" + kind + '-' + std::to_string(number) + ".json";
    Json entry{{"file", file},
               {"kind", kind},
               {"plural", answer.name},
               {"objects", root["items"].size()},
               {"bytes", text.size()}};
    if (!answer.listed_version.empty()) entry["metadataOnlyOf"] = answer.listed_version;
    list_entries_.push_back(std::move(entry));
    packed.parts.push_back({file, kind, root["items"].size(), text.size()});
    lists_.push_back({.name = file, .content = std::move(text)});
  }

  Json kind_entry(Kind kind) {
    Json out{{"kind", name_of(kind)}};
    if (const auto why = left_out_.find(kind); why != left_out_.end()) {
      out["unknown"] = why->second;
      packed.skipped.push_back({std::string(kube::kind_name(kind)), why->second, kind});
    } else if (const auto missing = live_.not_listed.find(kind);
               missing != live_.not_listed.end()) {
      out["unknown"] = to_valid_utf8(missing->second);
    } else {
      out["whole"] = live_.whole.has(kind);
    }
    return out;
  }

  const kube::LiveObjects& live_;
  std::uint64_t room_;
  std::map<Kind, std::string> left_out_{};
  std::map<Kind, int> numbers_{};
  Json list_entries_ = Json::array();
  std::vector<data::ArchiveFile> files_{};
  std::vector<data::ArchiveFile> lists_{};
};

Error not_a_snapshot(std::string why) {
  return {.kind = ErrorKind::bad_data, .what = "this is no snapshot", .why = std::move(why)};
}

}  // namespace

Result<PackedSnapshot> pack_snapshot(const kube::LiveObjects& live, const KindSet& asked,
                                     const SnapshotFacts& facts, std::string log,
                                     std::uint64_t most) {
  Packer packer(live, most);
  packer.pack_lists();
  packer.pack_manifest(facts, asked);
  packer.add_log(std::move(log));
  AK_TRY(packer.packed.archive,
         data::pack_archive(packer.files(), sys::parse_rfc3339(facts.made).value_or(0)));
  return std::move(packer.packed);
}

Result<Snapshot> Snapshot::unpack(const std::string& bytes) {
  Snapshot out;
  auto files = data::unpack_archive(bytes, kLargest);
  if (!files) return not_a_snapshot(files.error().why);
  out.files_ = std::move(*files);
  const auto* manifest = out.content(kManifest);
  if (manifest == nullptr) return not_a_snapshot("it holds no manifest.json");
  AK_CHECK(out.read_manifest(*manifest));
  return out;
}

const std::string* Snapshot::content(const std::string& file) const {
  const auto found =
      std::find_if(files_.begin(), files_.end(), [&](const auto& one) { return one.name == file; });
  return found == files_.end() ? nullptr : &found->content;
}

Status Snapshot::read_manifest(const std::string& text) {
  const auto document = data::JsonDocument::parse(text);
  if (!document) return not_a_snapshot("its manifest.json is no JSON");
  const auto root = document->root();
  if (const auto schema = root["schema"].text(); schema != kSchema)
    return not_a_snapshot("its manifest.json says '" + std::string(schema) + "', not " +
                          std::string(kSchema));
  facts_ = {.made = std::string(root["made"].text()),
            .program = std::string(root["program"].text()),
            .place = std::string(root["place"].text()),
            .version = std::string(root["kubernetesVersion"].text())};
  for (const auto row : root["kinds"].items())
    kinds_.push_back({.kind = kind_named(row["kind"].text()),
                      .whole = row["whole"].as_bool().value_or(false),
                      .why = std::string(row["unknown"].text())});
  for (const auto row : root["lists"].items())
    lists_.push_back({.kind = kind_named(row["kind"].text()),
                      .plural = std::string(row["plural"].text()),
                      .listed_version = std::string(row["metadataOnlyOf"].text()),
                      .file = std::string(row["file"].text())});
  for (const auto row : root["skipped"].items())
    skipped_.push_back({std::string(row["what"].text()), std::string(row["why"].text()),
                        kind_named(row["kind"].text())});
  return Done{};
}

Result<kube::LiveObjects> Snapshot::read(const KindSet& kinds, const std::string& cluster) const {
  kube::LiveObjects out{.version = facts_.version};
  for_each_kind(listable(kinds), [&](Kind kind) {
    const auto entry = std::find_if(kinds_.begin(), kinds_.end(),
                                    [&](const KindEntry& one) { return one.kind == kind; });
    if (entry == kinds_.end()) {
      const auto why = "the snapshot was not asked for " + std::string(kube::kind_name(kind));
      out.not_listed.emplace(kind, why);
      // As live, rules say what they lack of these; older snapshots have no measurements.
      if (kind != Kind::secret && kind != Kind::pod_metrics)
        out.unavailable.push_back({std::string(kube::kind_name(kind)), why, kind});
    } else if (!entry->why.empty()) {
      out.not_listed.emplace(kind, entry->why);
    } else if (entry->whole) {
      out.whole.add(kind);
    }
  });
  for (const auto& one : skipped_)
    if (kinds.has(one.kind)) out.unavailable.push_back(one);
  for (const auto& list : lists_) {
    // A newer program may know kinds that this one does not.
    if (list.kind == Kind::other || !kinds.has(list.kind)) continue;
    const auto* text = content(list.file);
    if (text == nullptr) return not_a_snapshot(list.file + " is not in it");
    data::Limits limits;
    limits.file = limits.document = kLargest;
    auto read = data::read_documents(*text, limits, data::Format::json);
    if (!read.problems.empty() || read.tree->document_count() != 1)
      return not_a_snapshot(list.file + " is no JSON");
    const auto items = read.tree->document(0)["items"];
    if (!items.is_sequence() && !items.is_null())
      return not_a_snapshot(list.file + " holds no list");
    InputFile file{.name = list.plural,
                   .cluster = cluster,
                   .live = true,
                   .list_of = list.kind,
                   .listed_version = list.listed_version};
    file.tree = std::move(read.tree);
    out.answers.push_back(std::move(file));
  }
  return out;
}

}  // namespace aksmesh::mesh
