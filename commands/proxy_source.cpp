// SPDX-License-Identifier: Apache-2.0
#include "proxy_source.hpp"

namespace aksmesh::commands {

void declare_proxy_options(OptionSet& set, ProxyOptions& options) {
  set.value("-f,--file", options.file, "FILE")
      .complete(Complete::files)
      .help("Path to read, `-` for standard input");
}

Result<ProxySource> ProxySource::open(const ProxyOptions& options, const Context& context) {
  ProxySource out(context);
  if (options.file.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "no proxy is named",
                 .next = {context.program + " proxy config cluster -f FILE"}};
  out.file_ = options.file;
  out.name_ = options.file == "-" ? "standard input" : options.file;
  return out;
}

Result<envoy::DumpFacts> ProxySource::read(std::span<const std::string_view> lists,
                                           const envoy::TakeEntry& take) {
  AK_TRY(const auto source,
         file_ == "-" ? context_->files.open_standard_input() : context_->files.open(file_));
  auto facts = envoy::read_dump(*source, lists, take);
  if (!facts && facts.error().where.empty()) facts.error().where = name_;
  return facts;
}

Status require_section(const envoy::DumpFacts& facts, std::string_view section,
                       const std::string& what, const ProxySource& source) {
  if (facts.has(section)) return Done{};
  Error out{.kind = ErrorKind::bad_data,
            .what = "there are no " + what + " in " + source.name(),
            .why = "the dump has no " + std::string(section)};
  if (!facts.lost.empty()) out.why = facts.lost.front().in_one_line();
  return out;
}

}  // namespace aksmesh::commands
