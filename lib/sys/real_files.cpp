// SPDX-License-Identifier: Apache-2.0
#include "sys/real_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <system_error>

namespace aksmesh::sys {
namespace {

/// Closes the descriptor on every way out.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

/// A file beside another one, under a name that nobody has; on the way out it is taken away again
/// if it still has that name.
class NewFile {
 public:
  explicit NewFile(const std::string& beside) : fd_(-1) {
    constexpr int kAttempts = 100;
    const auto stem = beside + ".part-" + std::to_string(::getpid()) + '-';
    for (int i = 0; i < kAttempts && fd_ < 0; ++i) {
      name_ = stem + std::to_string(i);
      // Neither an existing file nor a link is ever opened.
      fd_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (fd_ < 0 && errno != EEXIST) return;
    }
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (fd_ < 0) return;
    ::close(fd_);
    ::unlink(name_.c_str());
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  int fd_;
  std::string name_;
};

Error system_error(int number, std::string what, const std::string& path) {
  ErrorKind kind = ErrorKind::server;
  if (number == ENOENT || number == ENOTDIR) kind = ErrorKind::not_found;
  if (number == EACCES || number == EPERM) kind = ErrorKind::denied;
  return Error{.kind = kind,
               .what = std::move(what) + ' ' + path,
               .why = std::generic_category().message(number)};
}

/// As much as there is now, at most as the room takes; 0 at the end.
Result<std::size_t> read_some(int fd, const std::string& name, std::span<char> room) {
  while (true) {
    const auto got = ::read(fd, room.data(), room.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EAGAIN) {
      // Standard input may be a pipe that somebody else has made non-blocking.
      pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
      (void)::poll(&waiting, 1, -1);
    } else if (errno != EINTR) {
      return system_error(errno, "cannot read", name);
    }
  }
}

class DescriptorSource final : public Source {
 public:
  /// Of the two, `owned` is closed in the end; -1 where the descriptor is somebody else's.
  DescriptorSource(int fd, int owned, std::string name)
      : fd_(fd), owned_(owned), name_(std::move(name)) {}
  Result<std::size_t> read(std::span<char> room) override { return read_some(fd_, name_, room); }

 private:
  int fd_;
  Descriptor owned_;
  std::string name_;
};

Result<std::string> read_descriptor(int fd, const std::string& name, std::uint64_t expected,
                                    std::uint64_t limit) {
  std::string content;
  // One byte more than the size, so that the end is seen without growing the buffer.
  std::size_t room = static_cast<std::size_t>(std::min(expected + 1, limit + 1));
  room = std::max<std::size_t>(room, 1U << 16U);
  std::size_t used = 0;
  while (true) {
    if (content.size() < used + room) content.resize(used + room);
    AK_TRY(const auto got, read_some(fd, name, std::span(content).subspan(used)));
    if (got == 0) break;
    used += got;
    if (used > limit)
      return Error{.kind = ErrorKind::bad_data,
                   .what = name + " is too large",
                   .why = "it holds more than " + std::to_string(limit) + " bytes"};
    if (used == content.size())
      room = std::min<std::size_t>(content.size(), 64U << 20U);
    else
      room = content.size() - used;
  }
  content.resize(used);
  if (content.capacity() > used + used / 8 + 4096) content.shrink_to_fit();
  return content;
}

/// The file that a path means, so that a link to it stays a link when it is replaced.
std::string behind_links(const std::string& path) {
  char* real = ::realpath(path.c_str(), nullptr);
  if (real == nullptr) return path;  // a new file
  std::string out(real);
  std::free(real);
  return out;
}

Status write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const auto put = ::write(fd, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_error(errno, "cannot write", path);
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return Done{};
}

/// Makes the directories above a file that are missing.
Status make_directories_above(const std::string& path) {
  for (auto slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const auto directory = path.substr(0, slash);
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
      return system_error(errno, "cannot make", directory);
  }
  return Done{};
}

}  // namespace

Result<FileInfo> RealFiles::info(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return system_error(errno, "cannot open", path);
  FileInfo info;
  info.size = static_cast<std::uint64_t>(status.st_size);
  info.identity = std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
  info.is_open_to_others = (status.st_mode & 066U) != 0;
  if (S_ISREG(status.st_mode)) info.type = FileInfo::Type::regular;
  if (S_ISDIR(status.st_mode)) info.type = FileInfo::Type::directory;
  return info;
}

Result<std::vector<std::string>> RealFiles::list(const std::string& directory) {
  DIR* handle = ::opendir(directory.c_str());
  if (handle == nullptr) return system_error(errno, "cannot list", directory);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(handle)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(handle);
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::string> RealFiles::read(const std::string& path, std::uint64_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return system_error(errno, "cannot open", path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error(errno, "cannot open", path);
  const auto size = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
  if (size > limit)
    return Error{.kind = ErrorKind::bad_data,
                 .what = path + " is too large",
                 .why = "it holds " + std::to_string(size) + " bytes; the limit is " +
                        std::to_string(limit)};
  return read_descriptor(file.get(), path, size, limit);
}

Result<std::string> RealFiles::read_standard_input(std::uint64_t limit) {
  return read_descriptor(STDIN_FILENO, "standard input", 0, limit);
}

Result<std::unique_ptr<Source>> RealFiles::open(const std::string& path) {
  const auto fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return system_error(errno, "cannot open", path);
  return std::unique_ptr<Source>(std::make_unique<DescriptorSource>(fd, fd, path));
}

Result<std::unique_ptr<Source>> RealFiles::open_standard_input() {
  return std::unique_ptr<Source>(
      std::make_unique<DescriptorSource>(STDIN_FILENO, -1, "standard input"));
}

Status RealFiles::write(const std::string& path, std::string_view content) {
  // A device or pipe (/dev/stdout) cannot be replaced by a rename; it is written in place.
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && !S_ISREG(status.st_mode)) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (file.get() < 0) return system_error(errno, "cannot write", path);
    return write_all(file.get(), content, path);
  }
  const std::string final_path = behind_links(path);
  const NewFile file(final_path);
  if (file.get() < 0) return system_error(errno, "cannot write", path);
  if (exists && ::fchmod(file.get(), status.st_mode & 07777U) != 0)
    return system_error(errno, "cannot write", path);
  AK_CHECK(write_all(file.get(), content, path));
  if (::rename(file.name().c_str(), final_path.c_str()) != 0)
    return system_error(errno, "cannot write", path);
  return Done{};
}

Status RealFiles::append(const std::string& path, std::string_view content) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (file.get() < 0) return system_error(errno, "cannot write", path);
  return write_all(file.get(), content, path);
}

Result<std::string> RealFiles::read_private(const std::string& path, std::uint64_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() < 0) return system_error(errno, "cannot open", path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error(errno, "cannot open", path);
  if (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 077U) != 0)
    return Error{.kind = ErrorKind::denied,
                 .what = path + " is not private",
                 .why = "it must be a file of yours that nobody else may read or write (mode 600)"};
  return read_descriptor(file.get(), path, static_cast<std::uint64_t>(status.st_size), limit);
}

Status RealFiles::write_private(const std::string& path, std::string_view content) {
  AK_CHECK(make_directories_above(path));
  // A name of its own, because another run may write the same file at the same time; mkstemp gives
  // it mode 0600.
  std::string part = path + ".XXXXXX";
  const Descriptor file(::mkstemp(part.data()));
  if (file.get() < 0) return system_error(errno, "cannot write", path);
  auto written = write_all(file.get(), content, path);
  if (written && ::rename(part.c_str(), path.c_str()) != 0)
    written = system_error(errno, "cannot write", path);
  if (!written) ::unlink(part.c_str());
  return written;
}

Status RealFiles::remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return system_error(errno, "cannot remove", path);
  return Done{};
}

}  // namespace aksmesh::sys
