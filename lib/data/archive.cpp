// SPDX-License-Identifier: Apache-2.0
#include "data/archive.hpp"

#include <array>
#include <memory>

#include <archive.h>
#include <archive_entry.h>

namespace aksmesh::data {
namespace {

struct Closer {
  void operator()(archive* one) const { archive_free(one); }
  void operator()(archive_entry* one) const { archive_entry_free(one); }
};
using Archive = std::unique_ptr<archive, Closer>;

la_ssize_t append(archive*, void* to, const void* bytes, std::size_t count) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), count);
  return static_cast<la_ssize_t>(count);
}

std::string reason(archive* of) {
  const char* text = archive_error_string(of);
  return text == nullptr ? "it is cut off or damaged" : text;
}

Error unreadable(std::string why) {
  return {.kind = ErrorKind::bad_data, .what = "cannot unpack the archive", .why = std::move(why)};
}

Status read_content(archive* from, std::uint64_t& room, std::string& out) {
  std::array<char, 65536> buffer{};
  while (true) {
    const auto count = archive_read_data(from, buffer.data(), buffer.size());
    if (count < 0) return unreadable(reason(from));
    if (count == 0) return Done{};
    if (static_cast<std::uint64_t>(count) > room)
      return unreadable("it unpacks to more than it may");
    room -= static_cast<std::uint64_t>(count);
    out.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

Result<std::string> pack_archive(const std::vector<ArchiveFile>& files, std::int64_t made) {
  constexpr mode_t kOwnerOnly = 0600;
  std::string out;
  const auto failed = [](archive* one) {
    return Error{
        .kind = ErrorKind::internal, .what = "cannot pack the archive", .why = reason(one)};
  };
  const Archive writer(archive_write_new());
  archive_write_set_format_pax_restricted(writer.get());
  archive_write_set_bytes_in_last_block(writer.get(), 1);  // no tape will take it
  if (archive_write_add_filter_gzip(writer.get()) != ARCHIVE_OK ||
      // So that the same files always make the same archive.
      archive_write_set_filter_option(writer.get(), "gzip", "timestamp", nullptr) != ARCHIVE_OK ||
      archive_write_open(writer.get(), &out, nullptr, append, nullptr) != ARCHIVE_OK)
    return failed(writer.get());
  for (const auto& file : files) {
    const std::unique_ptr<archive_entry, Closer> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), file.name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), kOwnerOnly);
    archive_entry_set_mtime(entry.get(), made, 0);
    if (archive_write_header(writer.get(), entry.get()) != ARCHIVE_OK ||
        archive_write_data(writer.get(), file.content.data(), file.content.size()) !=
            static_cast<la_ssize_t>(file.content.size()))
      return failed(writer.get());
  }
  if (archive_write_close(writer.get()) != ARCHIVE_OK) return failed(writer.get());
  return out;
}

Result<std::vector<ArchiveFile>> unpack_archive(const std::string& packed, std::uint64_t limit) {
  const Archive reader(archive_read_new());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_format_tar(reader.get());
  if (archive_read_open_memory(reader.get(), packed.data(), packed.size()) != ARCHIVE_OK)
    return unreadable(reason(reader.get()));
  std::vector<ArchiveFile> out;
  auto room = limit;
  while (true) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) return out;
    if (status != ARCHIVE_OK) return unreadable(reason(reader.get()));
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    const char* name = archive_entry_pathname(entry);
    out.push_back({.name = name == nullptr ? "" : name});
    AK_CHECK(read_content(reader.get(), room, out.back().content));
  }
}

}  // namespace aksmesh::data
