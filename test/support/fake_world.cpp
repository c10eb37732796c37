// SPDX-License-Identifier: Apache-2.0
#include "support/fake_world.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <doctest/doctest.h>

#include "base/strings.hpp"

namespace aksmesh::test {

namespace {

std::string without_slash(const std::string& path) {
  return path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

}  // namespace

Result<sys::FileInfo> MemoryFiles::info(const std::string& given) {
  const auto path = without_slash(given);
  if (const auto bad = broken.find(path); bad != broken.end())
    return Error{.kind = bad->second, .what = "cannot open " + path, .why = "broken by the test"};
  if (const auto found = content.find(path); found != content.end())
    return sys::FileInfo{sys::FileInfo::Type::regular, found->second.size(), path,
                         !private_paths.contains(path)};
  const auto below = content.lower_bound(path + '/');
  if (below != content.end() && below->first.starts_with(path + '/'))
    return sys::FileInfo{sys::FileInfo::Type::directory, 0, path};
  return Error{.kind = ErrorKind::not_found,
               .what = "cannot open " + path,
               .why = "No such file or directory"};
}

Result<std::vector<std::string>> MemoryFiles::list(const std::string& given) {
  const auto directory = without_slash(given);
  std::set<std::string> names;
  for (const auto& [path, text] : content)
    if (path.starts_with(directory + "/"))
      names.insert(path.substr(directory.size() + 1,
                               path.find('/', directory.size() + 1) - directory.size() - 1));
  return std::vector<std::string>(names.begin(), names.end());
}

Result<std::string> MemoryFiles::read(const std::string& path, std::uint64_t limit) {
  if (const auto bad = broken.find(path); bad != broken.end())
    return Error{.kind = bad->second, .what = "cannot open " + path, .why = "broken by the test"};
  const auto found = content.find(path);
  if (found == content.end())
    return Error{.kind = ErrorKind::not_found,
                 .what = "cannot open " + path,
                 .why = "No such file or directory"};
  if (found->second.size() > limit)
    return Error{.kind = ErrorKind::bad_data,
                 .what = path + " is too large",
                 .why = "it holds more than " + std::to_string(limit) + " bytes"};
  return found->second;
}

Result<std::string> MemoryFiles::read_standard_input(std::uint64_t limit) {
  if (standard_input.size() > limit)
    return Error{.kind = ErrorKind::bad_data,
                 .what = "standard input is too large",
                 .why = "it holds more than " + std::to_string(limit) + " bytes"};
  return standard_input;
}

Status MemoryFiles::write(const std::string& path, std::string_view text) {
  content[path] = text;
  return Done{};
}

Status MemoryFiles::append(const std::string& path, std::string_view text) {
  if (full.contains(path) && !text.empty())
    return Error{.kind = ErrorKind::server,
                 .what = "cannot write " + path,
                 .why = "No space left on device"};
  content[path] += text;
  return Done{};
}

Result<std::string> MemoryFiles::read_private(const std::string& path, std::uint64_t limit) {
  if (content.contains(path) && !private_paths.contains(path))
    return Error{.kind = ErrorKind::denied, .what = path + " is not private"};
  return read(path, limit);
}

Status MemoryFiles::write_private(const std::string& path, std::string_view text) {
  if (const auto bad = broken.find(path); bad != broken.end())
    return Error{.kind = bad->second, .what = "cannot write " + path, .why = "broken by the test"};
  private_paths.insert(path);
  return write(path, text);
}

Status MemoryFiles::remove(const std::string& path) {
  content.erase(path);
  private_paths.erase(path);
  return Done{};
}

Result<sys::ProgramResult> FakeProcess::run(const sys::Program& program) {
  runs.push_back(program);
  if (results.empty())
    return Error{.kind = ErrorKind::not_found, .what = "there is no program " + program.name};
  auto out = std::move(results.front());
  results.pop_front();
  return out;
}

int FakeWorld::run(const std::string& line) {
  std::vector<std::string> args;
  for (const auto word : split(line, ' '))
    if (!word.empty()) args.emplace_back(word);
  return run(std::move(args));
}

int FakeWorld::run(std::vector<std::string> args) {
  out.text.clear();
  err.text.clear();
  const auto read_line = [&]() -> std::optional<std::string> {
    if (answers.empty()) return std::nullopt;
    auto line = answers.front();
    answers.pop_front();
    return line;
  };
  cli::World world{files,  env, clock, http,  random,         process,
                   cancel, out, err,   width, in_is_terminal, read_line};
  return cli::run(args, world);
}

std::string read_source_file(const std::string& path) {
  std::ifstream in(std::string(AKSMESH_SOURCE_DIR) + '/' + path, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), "missing file: ", path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> source_files(const std::string& folder) {
  std::vector<std::string> out;
  const std::filesystem::path root(AKSMESH_SOURCE_DIR);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder))
    if (entry.is_regular_file()) out.push_back(entry.path().lexically_relative(root).string());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace aksmesh::test
