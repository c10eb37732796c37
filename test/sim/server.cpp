// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <thread>

namespace aksmesh::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using Stream = asio::ssl::stream<Tcp::socket>;
using Message = http::response<http::string_body>;

constexpr std::uint32_t kHeaderLimit = 64 * 1024;  // the links of operations are long
constexpr std::uint64_t kBodyLimit = 16 * 1024 * 1024;

Request read_request(const http::request<http::string_body>& from) {
  Headers headers;
  for (const auto& field : from.base()) {
    headers[lower(std::string(field.name_string()))] = std::string(field.value());
  }
  return make_request(std::string(from.method_string()), std::string(from.target()),
                      std::move(headers), from.body());
}

Message message_of(const Response& response, bool keep_alive) {
  Message out(static_cast<http::status>(response.status), 11);
  for (const auto& [name, value] : response.headers) out.set(name, value);
  out.body() = response.body;
  out.keep_alive(keep_alive);
  out.prepare_payload();
  return out;
}

// Half of what would have been sent, headers included.
void write_half(Stream& stream, Message& message) {
  beast::error_code error;
  std::ostringstream text;
  text << message;
  const std::string whole = text.str();
  asio::write(stream, asio::buffer(whole.data(), whole.size() - message.body().size() / 2 - 1),
              error);
}

// False when the connection is done.
bool exchange(Stream& stream, beast::flat_buffer& buffer, const Handler& handler) {
  beast::error_code error;
  http::request_parser<http::string_body> parser;
  parser.header_limit(kHeaderLimit);
  parser.body_limit(kBodyLimit);
  http::read_header(stream, buffer, parser, error);
  if (error) return false;
  if (parser.get()[http::field::expect] == "100-continue") {
    http::response<http::empty_body> go_on(http::status::continue_, 11);
    http::write(stream, go_on, error);
  }
  http::read(stream, buffer, parser, error);
  if (error) return false;
  const Response response = handler(read_request(parser.get()));
  std::this_thread::sleep_for(std::chrono::milliseconds(response.delay_ms));
  if (response.cut == Cut::before) return false;
  const bool keep_alive = parser.get().keep_alive();
  Message message = message_of(response, keep_alive);
  if (response.cut == Cut::half) {
    write_half(stream, message);
    return false;
  }
  http::write(stream, message, error);
  return !error && keep_alive;
}

void serve(Tcp::socket socket, asio::ssl::context& context, const Handler& handler) {
  beast::error_code error;
  socket.set_option(Tcp::no_delay(true), error);
  Stream stream(std::move(socket), context);
  stream.handshake(asio::ssl::stream_base::server, error);
  if (error) return;
  beast::flat_buffer buffer;
  while (exchange(stream, buffer, handler)) {
  }
  // No orderly end of TLS: a client that went away would be waited for.
  stream.lowest_layer().close(error);
}

}  // namespace

struct Server::Impl {
  asio::io_context io{};
  asio::ssl::context context{asio::ssl::context::tls_server};
  Tcp::acceptor acceptor;

  explicit Impl(unsigned short port)
      : acceptor(io, Tcp::endpoint(asio::ip::address_v4::loopback(), port)) {}
};

Server::Server(const Certificates& certificates, unsigned short port)
    : impl_(std::make_unique<Impl>(port)) {
  impl_->context.use_certificate(asio::buffer(certificates.certificate), asio::ssl::context::pem);
  impl_->context.use_private_key(asio::buffer(certificates.key), asio::ssl::context::pem);
}

Server::~Server() = default;

unsigned short Server::port() const {
  return impl_->acceptor.local_endpoint().port();
}

void Server::run(const Handler& handler) {
  while (true) {
    beast::error_code error;
    Tcp::socket socket(impl_->io);
    impl_->acceptor.accept(socket, error);
    if (error) continue;
    std::thread([this, &handler, taken = std::move(socket)]() mutable {
      serve(std::move(taken), impl_->context, handler);
    }).detach();
  }
}

}  // namespace aksmesh::sim
