// SPDX-License-Identifier: Apache-2.0
#include "base/error_kind.hpp"

namespace aksmesh {

std::string_view kind_name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return "usage";
    case ErrorKind::auth: return "auth";
    case ErrorKind::denied: return "denied";
    case ErrorKind::not_found: return "not-found";
    case ErrorKind::conflict: return "conflict";
    case ErrorKind::throttled: return "throttled";
    case ErrorKind::network: return "network";
    case ErrorKind::server: return "server";
    case ErrorKind::timeout: return "timeout";
    case ErrorKind::could_not_look: return "could-not-look";
    case ErrorKind::bad_data: return "bad-data";
    case ErrorKind::cancelled: return "cancelled";
    case ErrorKind::internal: break;
  }
  return "internal";
}

bool may_pass(ErrorKind kind) {
  return kind == ErrorKind::network || kind == ErrorKind::server || kind == ErrorKind::throttled ||
         kind == ErrorKind::timeout;
}

bool is_refusal(ErrorKind kind) {
  return kind == ErrorKind::denied || kind == ErrorKind::auth;
}

}  // namespace aksmesh
