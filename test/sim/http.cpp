// SPDX-License-Identifier: Apache-2.0
#include "http.hpp"

#include <algorithm>
#include <cctype>

namespace aksmesh::sim {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

int sextet(char c) {
  if (c == '-') c = '+';
  if (c == '_') c = '/';
  const std::size_t found = kAlphabet.find(c);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

}  // namespace

std::string Request::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

std::string Request::parameter(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

Request make_request(std::string method, std::string target, Headers headers, std::string body) {
  Request request;
  request.method = std::move(method);
  request.headers = std::move(headers);
  request.body = std::move(body);
  const std::size_t question = target.find('?');
  request.path = decoded(target.substr(0, question), false);
  if (question != std::string::npos) request.query = fields_of(target.substr(question + 1));
  for (const std::string& part : split(request.path, '/')) {
    if (part.empty()) continue;
    request.parts.push_back(part);
    request.folded.push_back(lower(part));
  }
  request.target = std::move(target);
  return request;
}

Response answer(int status, const Json& body) {
  Response response;
  response.status = status;
  response.headers["content-type"] = "application/json; charset=utf-8";
  response.body = dump(body, 2);
  return response;
}

Response gateway_error(int status, const std::string& code, const std::string& message) {
  Response response = answer(status, {{"error", {{"code", code}, {"message", message}}}});
  response.headers["x-ms-failure-cause"] = "gateway";
  return response;
}

Response service_error(int status, const std::string& code, const std::string& message) {
  return answer(status,
                {{"code", code}, {"details", nullptr}, {"message", message}, {"subcode", ""}});
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string decoded(std::string_view text, bool form) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += form && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

Fields fields_of(std::string_view text) {
  Fields out;
  for (const std::string& pair : split(text, '&')) {
    const std::size_t equals = pair.find('=');
    if (pair.empty()) continue;
    out[decoded(pair.substr(0, equals), true)] =
        equals == std::string::npos ? "" : decoded(pair.substr(equals + 1), true);
  }
  return out;
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t end = text.find(at);
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::string base64(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group <<= 8;
      if (i + j < bytes.size()) group |= static_cast<unsigned char>(bytes[i + j]);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j > bytes.size() ? '=' : kAlphabet[(group >> (18 - 6 * j)) & 63];
    }
  }
  return out;
}

std::string base64url(std::string_view bytes) {
  std::string out = base64(bytes);
  out.erase(out.find_last_not_of('=') + 1);
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::string from_base64(std::string_view text) {
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = sextet(c);
    if (value < 0) continue;
    held = (held << 6) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>((held >> bits) & 255);
    }
  }
  return out;
}

}  // namespace aksmesh::sim
