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
  Packer(const SnapshotContents& contents, std::uint64_t most)
      : contents_(contents), live_(contents.objects), room_(most) {
    for (const auto& answer : live_.files)
      plurals_.emplace(answer.list_of, with_group(answer.name, answer.list_of));
  }

  /// The manifest and the log are packed whatever there is room for. Of the manifest, all that is
  /// known before the first part is packed is measured; each part adds no more than a row, or the
  /// reason why it is not there.
  void reserve(const SnapshotFacts& facts) {
    constexpr std::size_t kRow = 512;
    constexpr std::size_t kEscaped = 6;  // `\u0001`
    auto size = contents_.log.size() + manifest(facts).size() + kRow * live_.files.size();
    for (const auto& one : live_.unavailable)
      size += kRow + kEscaped * (one.what.size() + one.why.size());
    if (contents_.istiods)
      for (const auto& one : *contents_.istiods)
        size += kRow + 4 * one.pod.size() + 2 * kEscaped * one.why.size();
    for (const auto& one : contents_.proxies) {
      size += kRow + 4 * (one.name_space.size() + one.pod.size()) + 2 * kEscaped * one.why.size();
      for (const auto& lost : one.lost)
        size += kRow + 2 * kEscaped * (lost.error.what.size() + lost.error.why.size());
    }
    room_ -= std::min<std::uint64_t>(room_, size);
  }

  /// The small lists first: they tell most for their size.
  void pack_lists() {
    std::vector<const InputFile*> answers;
    for (const auto& answer : live_.files) answers.push_back(&answer);
    std::stable_sort(answers.begin(), answers.end(), [](const auto* a, const auto* b) {
      return a->tree->source().size() < b->tree->source().size();
    });
    for (const auto* answer : answers) pack(*answer);
  }

  void pack_istiods() {
    if (!contents_.istiods) return;
    istiod_entries_ = Json::array();
    for (const auto& one : *contents_.istiods) {
      Json entry{{"pod", one.pod}};
      const auto why = one.why.empty() ? pack(one, entry) : one.why;
      if (!why.empty()) {
        entry["unknown"] = to_valid_utf8(why);
        packed.skipped.push_back({"the proxies of " + one.pod, why, Kind::other});
      }
      istiod_entries_.push_back(std::move(entry));
    }
  }

  void pack_proxies(std::vector<ProxyDump> proxies) {
    for (auto& one : proxies) {
      const auto what = "the configuration of the proxy of " + one.name_space + '/' + one.pod;
      Json entry{{"namespace", one.name_space}, {"pod", one.pod}};
      const auto why = one.why.empty() ? pack(one, entry) : one.why;
      if (!why.empty()) {
        entry["unknown"] = to_valid_utf8(why);
        packed.skipped.push_back({what, why, Kind::other});
      }
      for (const auto& lost : one.lost)
        packed.skipped.push_back({"a part of " + what, lost.error.in_one_line(), Kind::other});
      proxy_entries_.push_back(std::move(entry));
    }
  }

  void pack_manifest(const SnapshotFacts& facts) {
    files_ = std::move(lists_);
    packed.skipped.insert(packed.skipped.end(), live_.unavailable.begin(), live_.unavailable.end());
    files_.insert(files_.begin(), {.name = kManifest, .content = manifest(facts)});
  }

  void add_log(std::string log) { files_.push_back({.name = kLog, .content = std::move(log)}); }
  [[nodiscard]] const std::vector<data::ArchiveFile>& files() const { return files_; }
  PackedSnapshot packed{};

 private:
  [[nodiscard]] std::string manifest(const SnapshotFacts& facts) const {
    Json out{{"schema", kSchema}, {"made", facts.made}, {"program", facts.program}};
    out["place"] = to_valid_utf8(facts.place);
    if (!facts.version.empty()) out["kubernetesVersion"] = facts.version;
    out["kinds"] = Json::array();
    for_each_kind(listable(contents_.asked),
                  [&](Kind kind) { out["kinds"].push_back(kind_entry(kind)); });
    out["lists"] = list_entries_;
    if (contents_.istiods) out["istiods"] = istiod_entries_;
    if (!proxy_entries_.empty()) out["proxies"] = proxy_entries_;
    out["skipped"] = Json::array();
    for (const auto& one : packed.skipped) {
      Json entry{{"what", one.what}, {"why", to_valid_utf8(one.why)}};
      if (one.kind != Kind::other) entry["kind"] = name_of(one.kind);
      out["skipped"].push_back(std::move(entry));
    }
    return out.dump(1) + '\n';
  }

  static std::string with_group(const std::string& plural, Kind kind) {
    const auto group = kube::group_of(kind);
    return plural + (group.empty() ? "" : '.' + std::string(group));
  }

  /// Takes the room for a text; what to say when there is not enough, else empty.
  std::string take_room(std::size_t size) {
    if (size > room_)
      return "left out of the snapshot: too large (" +
             std::to_string((size + 1'048'575) / 1'048'576) + " MiB)";
    room_ -= size;
    return {};
  }

  /// Why it could not be packed; empty when it was.
  std::string pack(const IstiodAnswer& answer, Json& entry) {
    std::size_t proxies = 0;
    auto text = redacted_sync_status(answer.text, proxies);
    if (!text) return text.error().why;
    if (auto why = take_room(text->size()); !why.empty()) return why;
    const auto file = "istiods/" + answer.pod + ".json";
    entry["file"] = file;
    entry["proxies"] = proxies;
    entry["bytes"] = text->size();
    packed.parts.push_back({file, "proxies of istiod", proxies, text->size()});
    lists_.push_back({.name = file, .content = std::move(*text)});
    return {};
  }

  /// Likewise.
  std::string pack(ProxyDump& proxy, Json& entry) {
    if (auto why = take_room(proxy.text.size()); !why.empty()) return why;
    const auto file = "proxies/" + proxy.name_space + '/' + proxy.pod + ".json";
    entry["file"] = file;
    entry["entries"] = proxy.entries;
    entry["bytes"] = proxy.text.size();
    for (const auto& [lists, error] : proxy.lost)
      entry["lost"].push_back({{"lists", lists},
                               {"what", to_valid_utf8(error.what)},
                               {"why", to_valid_utf8(error.why)},
                               {"where", to_valid_utf8(error.where)}});
    packed.parts.push_back({file, "configuration of a proxy", proxy.entries, proxy.text.size()});
    lists_.push_back({.name = file, .content = std::move(proxy.text)});
    return {};
  }

  void pack(const InputFile& answer) {
    const auto root = answer.tree->document(0);
    auto text = redacted_list(root, kube::kind_name(answer.list_of));
    if (auto why = take_room(text.size()); !why.empty()) {
      const auto [known, is_new] = left_out_.emplace(answer.list_of, std::move(why));
      if (is_new)
        packed.skipped.push_back(
            {std::string(kube::kind_name(known->first)), known->second, known->first});
      return;
    }
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

  [[nodiscard]] std::optional<std::int64_t> milliseconds_of(Kind kind) const {
    const auto& all = contents_.milliseconds;
    const auto plural = plurals_.find(kind);
    if (plural == plurals_.end()) return std::nullopt;
    auto found = all.find(plural->second);
    // Some kinds stand for those of several groups.
    const auto stem = plural->second.substr(0, plural->second.find('.') + 1);
    if (found == all.end() && !stem.empty())
      found = std::find_if(all.begin(), all.end(),
                           [&](const auto& one) { return one.first.starts_with(stem); });
    return found == all.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] Json kind_entry(Kind kind) const {
    Json out{{"kind", name_of(kind)}};
    if (const auto why = left_out_.find(kind); why != left_out_.end()) {
      out["unknown"] = why->second;
    } else if (const auto missing = live_.not_listed.find(kind);
               missing != live_.not_listed.end()) {
      out["unknown"] = to_valid_utf8(missing->second);
    } else {
      out["whole"] = live_.whole.has(kind);
      for (const auto& [of, name_space] : live_.whole_in)
        if (of == kind) out["wholeIn"].push_back(name_space);
    }
    if (const auto took = milliseconds_of(kind)) out["milliseconds"] = *took;
    return out;
  }

  const SnapshotContents& contents_;
  const kube::Manifests& live_;
  std::uint64_t room_;
  std::map<Kind, std::string> plurals_{};  // with their groups
  std::map<Kind, std::string> left_out_{};
  std::map<Kind, int> numbers_{};
  Json list_entries_ = Json::array();
  Json istiod_entries_{};
  Json proxy_entries_ = Json::array();
  std::vector<data::ArchiveFile> files_{};
  std::vector<data::ArchiveFile> lists_{};
};

Error not_a_snapshot(std::string why) {
  return {.kind = ErrorKind::bad_data, .what = "this is no snapshot", .why = std::move(why)};
}

ProxyDump proxy_of(const data::Node& row) {
  ProxyDump out{.name_space = std::string(row["namespace"].text()),
                .pod = std::string(row["pod"].text()),
                .file = std::string(row["file"].text()),
                .why = std::string(row["unknown"].text())};
  for (const auto lost : row["lost"].items()) {
    out.lost.push_back({.error = {.kind = ErrorKind::server,
                                  .what = std::string(lost["what"].text()),
                                  .why = std::string(lost["why"].text()),
                                  .where = std::string(lost["where"].text())}});
    for (const auto list : lost["lists"].items()) out.lost.back().lists.emplace_back(list.text());
  }
  return out;
}

}  // namespace

Result<PackedSnapshot> pack_snapshot(SnapshotContents contents, const SnapshotFacts& facts,
                                     std::uint64_t most) {
  Packer packer(contents, most);
  packer.reserve(facts);
  packer.pack_lists();
  packer.pack_istiods();
  packer.pack_proxies(std::move(contents.proxies));
  packer.pack_manifest(facts);
  packer.add_log(std::move(contents.log));
  AK_TRY(packer.packed.archive,
         data::pack_archive(packer.files(), sys::parse_rfc3339(facts.made).value_or(0)));
  return std::move(packer.packed);
}

Result<Snapshot> Snapshot::unpack(const std::string& bytes) {
  Snapshot out;
  auto files = data::unpack_archive(bytes, kLargestSnapshot);
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
  for (const auto row : root["kinds"].items()) {
    kinds_.push_back({.kind = kind_named(row["kind"].text()),
                      .whole = row["whole"].as_bool().value_or(false),
                      .why = std::string(row["unknown"].text())});
    for (const auto name_space : row["wholeIn"].items())
      kinds_.back().whole_in.emplace_back(name_space.text());
  }
  if (root["istiods"].is_sequence()) istiods_.emplace();
  for (const auto row : root["istiods"].items())
    istiods_->push_back({.pod = std::string(row["pod"].text()),
                         .file = std::string(row["file"].text()),
                         .why = std::string(row["unknown"].text())});
  for (const auto row : root["proxies"].items()) proxies_.push_back(proxy_of(row));
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

Result<std::string_view> Snapshot::text_of(const ProxyDump& proxy) const {
  const auto name = proxy.name_space + '/' + proxy.pod;
  if (!proxy.why.empty())
    return Error{
        .kind = ErrorKind::could_not_look,
        .what = "the snapshot does not have what the proxy of " + name + " is configured with",
        .why = proxy.why};
  if (const auto* text = content(proxy.file)) return std::string_view(*text);
  return not_a_snapshot(proxy.file + " is not in it");
}

Result<std::string> Snapshot::istiod(std::string_view pod) const {
  const auto unknown = [](std::string why) {
    return Error{.kind = ErrorKind::could_not_look,
                 .what = "cannot read what istiod tells of its proxies",
                 .why = std::move(why)};
  };
  if (istiods_)
    for (const auto& one : *istiods_) {
      if (one.pod != pod) continue;
      if (!one.why.empty()) return unknown(one.why);
      const auto* text = content(one.file);
      return text == nullptr ? Result<std::string>(not_a_snapshot(one.file + " is not in it"))
                             : Result<std::string>(*text);
    }
  return unknown("it was not asked when the snapshot was made");
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
    } else {
      for (const auto& name_space : entry->whole_in) out.whole_in.emplace(kind, name_space);
    }
  });
  // What is of no kind is of the istiods and proxies.
  for (const auto& one : skipped_)
    if (one.kind != Kind::other && kinds.has(one.kind)) out.unavailable.push_back(one);
  for (const auto& list : lists_) {
    // A newer program may know kinds that this one does not.
    if (list.kind == Kind::other || !kinds.has(list.kind)) continue;
    const auto* text = content(list.file);
    if (text == nullptr) return not_a_snapshot(list.file + " is not in it");
    data::Limits limits;
    limits.file = limits.document = limits.expansion = kLargestSnapshot;
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
