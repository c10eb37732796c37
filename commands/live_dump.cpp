// SPDX-License-Identifier: Apache-2.0
#include "live_dump.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>

#include "base/printable.hpp"
#include "base/strings.hpp"

namespace aksmesh::commands {
namespace {

using Lists = std::vector<std::string_view>;
using Wanted = WantedLists;

/// A list without what tells the ways apart in which its entries came: those of one section have
/// the rest in common. Of the bootstrap both members are no lists.
std::string_view section_of(std::string_view list) {
  if (list == "last_updated") return "bootstrap";
  for (const std::string_view way : {"static_", "dynamic_active_", "dynamic_warming_", "dynamic_"})
    if (list.starts_with(way)) return list.substr(way.size());
  return list;
}

/// The lists by their sections: Envoy refuses a mask with members of several.
std::vector<Lists> by_section(std::span<const std::string_view> lists) {
  std::vector<Lists> out;
  for (const auto list : lists) {
    const auto same = [&](const Lists& one) { return section_of(one.front()) == section_of(list); };
    const auto found = std::find_if(out.begin(), out.end(), same);
    if (found == out.end())
      out.push_back({list});
    else
      found->push_back(list);
  }
  return out;
}

/// What has to be asked for to get them.
std::string path_for(const Wanted& wanted) {
  if (wanted.lists.front() == "cluster_statuses") return "/clusters?format=json";
  std::string mask;
  for (const auto list : wanted.lists) mask += (mask.empty() ? "" : ",") + std::string(list);
  const bool endpoints = section_of(wanted.lists.front()) == "endpoint_configs";
  return "/config_dump?mask=" + mask + (endpoints ? "&include_eds" : "") +
         (wanted.names.empty() ? "" : "&name_regex=" + url_escaped(wanted.names));
}

/// What to ask in the place of what was not answered.
std::vector<Wanted> smaller(const Wanted& wanted) {
  if (!wanted.names.empty()) return {{.lists = wanted.lists, .part = wanted.part}};
  std::vector<Wanted> out;
  if (wanted.lists.size() > 1)
    for (const auto list : wanted.lists) out.push_back({.lists = {list}, .part = wanted.part});
  return out;
}

/// Answers complete each other, where of sections in one dump the last one counts.
void add_facts(envoy::DumpFacts facts, envoy::DumpFacts& out) {
  for (auto& section : facts.sections) {
    const auto known =
        std::find_if(out.sections.begin(), out.sections.end(),
                     [&](const envoy::DumpSection& one) { return one.type == section.type; });
    if (known == out.sections.end())
      out.sections.push_back(std::move(section));
    else
      known->entries += section.entries;
  }
  std::move(facts.lost.begin(), facts.lost.end(), std::back_inserter(out.lost));
}

bool is_empty(const envoy::DumpFacts& facts) {
  return std::all_of(facts.sections.begin(), facts.sections.end(),
                     [](const envoy::DumpSection& one) { return one.entries == 0; });
}

bool is_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

/// An answer that is a dump, or why it is none.
Result<std::string> dump_of(Result<net::Response> answer, const std::string& proxy,
                            const std::string& path) {
  if (!answer) return std::move(answer).error();
  if (answer->ok() && is_json(answer->body)) return std::move(answer->body);
  return Error{.kind = ErrorKind::server,
               .what = "the proxy of " + proxy + " does not answer with JSON",
               .why = "status " + std::to_string(answer->status) + ", " +
                      printable(trim(std::string_view(answer->body).substr(0, 200))),
               .where = "GET " + path,
               .facts = {.status = static_cast<int>(answer->status)}};
}

}  // namespace

std::vector<Result<std::string>> LiveDump::ask(const std::vector<std::string>& paths) {
  std::vector<AdminQuestion> questions;
  for (const auto& path : paths) questions.push_back({.pod = pod_, .path = path});
  auto answers = ask_proxies(*session_, *options_, questions, *context_);
  if (!answers) return std::vector<Result<std::string>>(paths.size(), answers.error());
  std::vector<Result<std::string>> out;
  for (std::size_t i = 0; i < paths.size(); ++i)
    out.push_back(dump_of(std::move((*answers)[i]), name_, paths[i]));
  return out;
}

Result<envoy::DumpFacts> LiveDump::read(std::span<const std::string_view> lists,
                                        const envoy::TakeEntry& take, const std::string& names) {
  std::vector<Wanted> wanted;
  for (auto& section : by_section(lists))
    wanted.push_back({.lists = std::move(section), .names = names});
  return std::move(read_parts(std::move(wanted), 1, take).front());
}

std::vector<Result<envoy::DumpFacts>> LiveDump::read_each(
    std::span<const envoy::SavedSection> sections, const envoy::TakeEntry& take) {
  std::vector<Wanted> wanted;
  for (std::size_t i = 0; i < sections.size(); ++i)
    wanted.push_back({.lists = {sections[i].lists.begin(), sections[i].lists.end()}, .part = i});
  return read_parts(std::move(wanted), sections.size(), take);
}

/// What has come of a part so far.
struct LiveDump::Part {
  envoy::DumpFacts facts{};
  std::optional<Error> failure{};
  bool is_over = false;  ///< nothing more can come
};

/// Takes an answer, or tells what to ask in its place. A type that Envoy knows by name only spoils
/// the whole answer, also with status 200. Then each list of it is asked for by itself, and only
/// the one with that type is missing. What names were asked for is asked without them once more
/// when nothing came, so that nobody has to know the question, and nothing of that name is told
/// from nothing at all.
std::vector<WantedLists> LiveDump::take_answer(const Wanted& wanted, Result<std::string> text,
                                               const envoy::TakeEntry& take, Part& part) {
  auto instead = smaller(wanted);
  if (text) {
    // No section is replaced by a later one.
    const auto take_all = [&](const envoy::DumpEntry& entry) {
      auto one = entry;
      one.section = SIZE_MAX;
      take(one);
    };
    sys::TextSource source(std::move(*text));
    auto facts = envoy::read_dump(source, wanted.lists, take_all);
    if (facts && !wanted.names.empty() && is_empty(*facts)) return instead;
    if (facts) {
      add_facts(std::move(*facts), part.facts);
      return {};
    }
    text = std::move(facts).error();
  }
  const auto& error = text.error();
  if (error.kind != ErrorKind::server) {
    part.failure = error;
    part.is_over = true;
    return {};
  }
  // So Envoy says that it has no such list; that of extensions is there only when any are.
  constexpr int kBadRequest = 400;
  if (instead.empty() && error.facts.status == kBadRequest) return {};
  part.failure = error;
  if (instead.empty()) part.facts.lost.push_back(error);
  return instead;
}

/// Asks for all at the same time.
std::vector<Result<envoy::DumpFacts>> LiveDump::read_parts(std::vector<Wanted> wanted,
                                                           std::size_t count,
                                                           const envoy::TakeEntry& take) {
  std::vector<Part> parts(count);
  while (!wanted.empty()) {
    std::vector<std::string> paths;
    for (const auto& some : wanted) paths.push_back(path_for(some));
    auto texts = ask(paths);
    std::vector<Wanted> again;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      auto& part = parts[wanted[i].part];
      if (part.is_over) continue;
      auto instead = take_answer(wanted[i], std::move(texts[i]), take, part);
      if (!part.is_over) std::move(instead.begin(), instead.end(), std::back_inserter(again));
    }
    std::erase_if(again, [&](const Wanted& one) { return parts[one.part].is_over; });
    wanted = std::move(again);
  }
  std::vector<Result<envoy::DumpFacts>> out;
  for (auto& part : parts) {
    if (part.failure && (part.is_over || part.facts.sections.empty()))
      out.emplace_back(std::move(*part.failure));
    else
      out.emplace_back(std::move(part.facts));
  }
  return out;
}

}  // namespace aksmesh::commands
