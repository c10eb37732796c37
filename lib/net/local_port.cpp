// SPDX-License-Identifier: Apache-2.0
#include "net/local_port.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace aksmesh::net {
namespace {

// Elsewhere the socket is told once not to send the signal.
#ifdef MSG_NOSIGNAL
constexpr int kNoSignal = MSG_NOSIGNAL;
#else
constexpr int kNoSignal = 0;
#endif

/// Connections that wait to be taken.
constexpr int kBacklog = 64;

/// An address with its port, of either family.
struct Place {
  sockaddr_storage storage{};
  socklen_t size = 0;
  bool is_loopback = false;

  [[nodiscard]] const sockaddr* address() const {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
};

std::optional<Place> place_of(const std::string& address, int port) {
  const auto number = htons(static_cast<std::uint16_t>(port));
  Place out;
  sockaddr_in v4{};
  if (::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = number;
    out.is_loopback = (ntohl(v4.sin_addr.s_addr) >> 24U) == 127;
    out.size = sizeof v4;
    std::memcpy(&out.storage, &v4, sizeof v4);
    return out;
  }
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = number;
    out.is_loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
    out.size = sizeof v6;
    std::memcpy(&out.storage, &v6, sizeof v6);
    return out;
  }
  return std::nullopt;
}

int port_of(int socket) {
  Place found;
  found.size = sizeof found.storage;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&found.storage), &found.size) != 0)
    return 0;
  if (found.storage.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &found.storage, sizeof v4);
    return ntohs(v4.sin_port);
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &found.storage, sizeof v6);
  return ntohs(v6.sin6_port);
}

bool make_non_blocking(int descriptor) {
  return ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 &&
         ::fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0;
}

Error cannot_listen(const std::string& address, int port, int number) {
  Error out{.kind = ErrorKind::network,
            .what = "cannot listen on port " + std::to_string(port) + " of " + address,
            .why = std::generic_category().message(number)};
  if (number == EADDRINUSE) {
    out.kind = ErrorKind::conflict;
    out.why = "another program has that port";
  } else if (number == EACCES) {
    out.kind = ErrorKind::denied;
    out.why = "ports below 1024 are for privileged users";
  } else if (number == EADDRNOTAVAIL || number == EAFNOSUPPORT) {
    out.kind = ErrorKind::usage;
    out.why = "this machine does not have that address";
  }
  return out;
}

bool comes_again(int number) {
  return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

std::string LocalConnection::receive(std::size_t most) {
  std::string out(most, '\0');
  const auto count = ::recv(socket_.number(), out.data(), out.size(), 0);
  if (count == 0) ended_ = true;
  if (count < 0 && !comes_again(errno)) broken_ = true;
  out.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return out;
}

std::size_t LocalConnection::send(std::string_view bytes) {
  const auto count = ::send(socket_.number(), bytes.data(), bytes.size(), kNoSignal);
  if (count < 0 && !comes_again(errno)) broken_ = true;
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

Result<LocalPort> LocalPort::open(const std::string& address, int port) {
  const auto numeric = address == "localhost" ? std::string("127.0.0.1") : address;
  const auto place = place_of(numeric, port);
  if (!place)
    return Error{.kind = ErrorKind::usage,
                 .what = '\'' + address + "' is no address to listen on",
                 .why = "it takes an IPv4 or IPv6 address of this machine",
                 .next = {"127.0.0.1", "::1"}};
  LocalPort out;
  out.socket_ = Descriptor(::socket(place->storage.ss_family, SOCK_STREAM, 0));
  const int socket = out.socket_.number();
  const int yes = 1;
  // Else a port stays taken for minutes after its last connection.
  if (socket < 0 || !make_non_blocking(socket) ||
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(socket, place->address(), place->size) != 0 || ::listen(socket, kBacklog) != 0)
    return cannot_listen(numeric, port, errno);
  out.port_ = port_of(socket);
  out.host_ = place->storage.ss_family == AF_INET6 ? '[' + numeric + ']' : numeric;
  out.is_loopback_ = place->is_loopback;
  return out;
}

std::optional<LocalConnection> LocalPort::accept() {
  Descriptor socket(::accept(socket_.number(), nullptr, nullptr));
  if (socket.number() < 0 || !make_non_blocking(socket.number())) return std::nullopt;
#ifdef SO_NOSIGPIPE
  const int yes = 1;
  ::setsockopt(socket.number(), SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof yes);
#endif
  return LocalConnection(std::move(socket));
}

}  // namespace aksmesh::net
