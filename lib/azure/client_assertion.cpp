// SPDX-License-Identifier: Apache-2.0
#include "azure/client_assertion.hpp"

#include <nlohmann/json.hpp>

#include "base/base64.hpp"

namespace aksmesh::azure {
namespace {

constexpr std::int64_t kLifetime = 600;  // seconds

std::string header_text(const ClientCertificate& certificate, Chain chain) {
  nlohmann::ordered_json header{
      {"alg", "PS256"}, {"typ", "JWT"}, {"x5t#S256", encode_base64url(certificate.thumbprint())}};
  if (chain == Chain::send)
    for (const auto& one : certificate.chain()) header["x5c"].push_back(encode_base64(one));
  return header.dump();
}

std::string claims_text(const AssertionClaims& claims) {
  return nlohmann::ordered_json{{"aud", claims.audience},
                                {"iss", claims.client_id},
                                {"sub", claims.client_id},
                                {"jti", claims.id},
                                {"nbf", claims.now},
                                {"iat", claims.now},
                                {"exp", claims.now + kLifetime}}
      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

Result<Secret> client_assertion(const ClientCertificate& certificate, const AssertionClaims& claims,
                                Chain chain) {
  auto text = encode_base64url(header_text(certificate, chain)) + '.' +
              encode_base64url(claims_text(claims));
  AK_TRY(const auto signature, certificate.sign(text));
  return Secret(text + '.' + encode_base64url(signature));
}

}  // namespace aksmesh::azure
