// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "azure/cloud.hpp"
#include "azure/token_source.hpp"
#include "net/http.hpp"
#include "sys/random.hpp"

namespace aksmesh::azure {

/// The Resource Manager of one cloud, as one credential sees it. Answers outside of 2xx are errors
/// (service_error.hpp), for the goal that the caller names.
class Arm {
 public:
  Arm(net::Http& http, TokenSource& tokens, Cloud cloud, std::string api_version,
      sys::Random& random)
      : http_(http),
        tokens_(tokens),
        cloud_(std::move(cloud)),
        api_version_(std::move(api_version)),
        client_request_id_(sys::uuid(random)) {}

  /// `goal` completes "cannot ...", for messages. An answer that is no JSON is asked for again.
  Result<net::Response> get(const std::string& path, const std::string& goal);
  /// `etag` goes out as If-Match as it is. Sent once. Any status is an answer.
  Result<net::Response> put(const std::string& path, const std::string& body,
                            const std::string& etag);
  Result<net::Response> post(const std::string& path, const std::string& query,
                             const std::string& goal);
  /// A link that an answer gave, such as Azure-AsyncOperation; it is signed, and its query stays as
  /// it is. The token goes along only to the Resource Manager itself. Any status is an answer.
  Result<net::Response> follow(const std::string& link);

  /// Every page of a list; the items are JSON texts. Kind bad_data when the list goes on somewhere
  /// else or without an end.
  Result<std::vector<std::string>> list(const std::string& path, const std::string& goal);

  /// `PUT management.azure.com/...`, for messages.
  [[nodiscard]] std::string place(net::Method method, const std::string& path) const;
  [[nodiscard]] const Cloud& cloud() const { return cloud_; }
  [[nodiscard]] const std::string& api_version() const { return api_version_; }

 private:
  [[nodiscard]] net::Request request(net::Method method, const std::string& url) const;
  [[nodiscard]] net::Request reading(const std::string& url) const;
  [[nodiscard]] std::string url(const std::string& path, const std::string& query = {}) const;
  /// Sends with a token, and once more with a new one when the first is refused.
  Result<net::Response> send(net::Request request);
  Result<net::Response> expect(net::Request request, const std::string& goal);

  net::Http& http_;
  TokenSource& tokens_;
  Cloud cloud_;
  std::string api_version_;
  std::string client_request_id_;
};

}  // namespace aksmesh::azure
