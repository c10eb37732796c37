// SPDX-License-Identifier: Apache-2.0
#include "envoy/dump.hpp"

#include <algorithm>
#include <cctype>

#include "base/printable.hpp"
#include "data/json_pieces.hpp"
#include "envoy/redaction.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

using data::JsonPieces;

/// `dynamicActiveClusters`, as istiod writes it, as Envoy does.
std::string snake_case(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0) out += '_';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

/// `type.googleapis.com/envoy.admin.v3.ClustersConfigDump` without what all have in common.
std::string type_name(std::string_view quoted) {
  quoted = quoted.substr(1, quoted.size() - 2);
  return std::string(quoted.substr(quoted.find_last_of("./") + 1));
}

class DumpReader {
 public:
  DumpReader(sys::Source& source, std::span<const std::string_view> wanted, const TakeEntry& take)
      : pieces_(source, kLargestEntry),
        wanted_(wanted),
        take_(take),
        flat_(wanted.size() == 1 && wanted.front() == "configs") {}

  Result<DumpFacts> read() {
    auto status = document();
    if (status) return std::move(facts_);
    if (!is_dump_ || status.error().kind != ErrorKind::bad_data) return std::move(status).error();
    facts_.lost.push_back(std::move(status).error());
    return std::move(facts_);
  }

 private:
  Status document() {
    AK_TRY(const auto sort, pieces_.sort());
    if (sort != JsonPieces::Sort::object) return foreign();
    AK_CHECK(pieces_.enter());
    while (true) {
      AK_TRY(const bool more, pieces_.next());
      if (!more) break;
      const auto key = snake_case(pieces_.key());
      if (key == "configs") {
        AK_CHECK(configs());
      } else if (key == "cluster_statuses") {
        is_dump_ = true;
        facts_.sections.push_back({.type = "Clusters"});
        AK_CHECK(member(key));
      } else {
        AK_CHECK(pieces_.skip());
      }
    }
    if (!is_dump_) return foreign();
    return pieces_.end();
  }

  /// Not what is read here, whether it is JSON or not.
  Error foreign() {
    Error out{.kind = ErrorKind::bad_data,
              .what = "this is no dump of a proxy",
              .next = {"curl localhost:15000/config_dump?include_eds >FILE   (in a proxy's pod)"}};
    if (const auto told = pieces_.value(); told && !told->empty() && told->front() != '{')
      out.why = told->starts_with("\x1f\x8b")
                    ? "it is packed by gzip, as the files are that --snapshot reads"
                    : "it begins with " + printable(told->substr(0, 60));
    else
      out.why = "it has no member configs and no member cluster_statuses";
    return out;
  }

  Status configs() {
    AK_TRY(const auto sort, pieces_.sort());
    if (sort != JsonPieces::Sort::array) return foreign();
    is_dump_ = true;
    AK_CHECK(pieces_.enter());
    while (true) {
      AK_TRY(const bool more, pieces_.next());
      if (!more) return Done{};
      facts_.sections.emplace_back();
      AK_CHECK(flat_ ? entry("configs") : section());
    }
  }

  Status section() {
    AK_TRY(const auto sort, pieces_.sort());
    if (sort != JsonPieces::Sort::object) return pieces_.skip();
    AK_CHECK(pieces_.enter());
    while (true) {
      AK_TRY(const bool more, pieces_.next());
      if (!more) return Done{};
      if (pieces_.key() == "@type") {
        AK_TRY(const auto type, pieces_.value());
        facts_.sections.back().type = type_name(type);
      } else {
        AK_CHECK(member(snake_case(pieces_.key())));
      }
    }
  }

  /// A list of a section, or what else it has.
  Status member(const std::string& name) {
    const bool wanted = std::find(wanted_.begin(), wanted_.end(), name) != wanted_.end();
    AK_TRY(const auto sort, pieces_.sort());
    if (sort != JsonPieces::Sort::array) {
      if (sort == JsonPieces::Sort::object) ++facts_.sections.back().entries;
      return wanted ? entry(name) : pieces_.skip();
    }
    AK_CHECK(pieces_.enter());
    while (true) {
      AK_TRY(const bool more, pieces_.next());
      if (!more) return Done{};
      ++facts_.sections.back().entries;
      if (wanted) {
        AK_CHECK(entry(name));
      } else {
        AK_CHECK(pieces_.skip());
      }
    }
  }

  Status entry(const std::string& list) {
    const auto where = pieces_.offset();
    AK_TRY(const auto text, pieces_.value());
    simdjson::dom::element element;
    // The bytes behind it may be read, so that it need not be copied.
    const auto error = parser_.parse(text.data(), text.size(), false).get(element);
    if (error == simdjson::SUCCESS) {
      const Value value(element);
      take_({.list = list, .section = facts_.sections.size() - 1, .text = text, .value = value});
      return Done{};
    }
    // The others are of use without it.
    facts_.lost.push_back({.kind = ErrorKind::bad_data,
                           .what = "an entry of " + list + " cannot be read",
                           .why = simdjson::error_message(error),
                           .where = "byte " + std::to_string(where)});
    return Done{};
  }

  JsonPieces pieces_;
  std::span<const std::string_view> wanted_;
  const TakeEntry& take_;
  bool flat_;  // resources stand in `configs` themselves
  simdjson::dom::parser parser_{};
  DumpFacts facts_{};
  bool is_dump_ = false;
};

}  // namespace

std::string DumpEntry::json(std::string_view member) const {
  return json_without_secrets(value[member]);
}

bool DumpFacts::has(std::string_view type) const {
  return std::any_of(sections.begin(), sections.end(),
                     [&](const DumpSection& one) { return one.type == type; });
}

std::size_t DumpFacts::entries(std::string_view type) const {
  for (auto i = sections.rbegin(); i != sections.rend(); ++i)
    if (i->type == type) return i->entries;
  return 0;
}

bool DumpFacts::is_replaced(std::size_t section) const {
  if (section >= sections.size()) return false;
  return std::any_of(
      sections.begin() + static_cast<std::ptrdiff_t>(section) + 1, sections.end(),
      [&](const DumpSection& later) { return later.type == sections[section].type; });
}

Result<DumpFacts> read_dump(sys::Source& source, std::span<const std::string_view> wanted,
                            const TakeEntry& take) {
  return DumpReader(source, wanted, take).read();
}

}  // namespace aksmesh::envoy
