// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace aksmesh {

/// What went wrong, as far as a caller may branch on it. cli/exit_code.hpp maps each to a number.
enum class ErrorKind {
  usage,           ///< the command line or the configuration is wrong
  auth,            ///< not signed in
  denied,          ///< signed in, but not permitted
  not_found,       ///< the named thing does not exist
  conflict,        ///< somebody else changed it, or its state forbids the request
  throttled,       ///< asked too often
  network,         ///< no answer
  server,          ///< an answer that says the other side failed
  timeout,         ///< gave up waiting
  could_not_look,  ///< what had to be known first could not be read; nothing else is in the way
  bad_data,        ///< input that cannot be understood
  cancelled,       ///< the user interrupted
  internal,        ///< a bug of this program
};

/// What a service told of its refusal.
struct ServiceFacts {
  std::string code{};          ///< of our catalogue, such as AKM9201
  int status = 0;              ///< of HTTP; 0: there was none
  std::string service_code{};  ///< the service's own word
  std::string request_id{};    ///< what its support asks for
  std::string correlation_id{};
};

/// An expected failure. It is built from our own facts, never from a foreign sentence, and no code
/// looks at its texts to decide anything.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string what;                  ///< what happened to the user's goal; stands alone
  std::string why{};                 ///< the cause, in the platform's own facts
  std::vector<std::string> next{};   ///< commands or actions that help, one a line
  std::string where{};               ///< file:line:column, or method, host and path
  std::vector<std::string> trail{};  ///< what was being done, innermost first
  ServiceFacts facts{};              ///< of a service that refused, for programs

  [[nodiscard]] Error context(std::string doing) && {
    trail.push_back(std::move(doing));
    return std::move(*this);
  }
  /// Why, as far as it is known apart from what happened.
  [[nodiscard]] const std::string& reason() const { return why.empty() ? what : why; }
  /// `what: why`, as the cause of another error or of a gap.
  [[nodiscard]] std::string in_one_line() const { return why.empty() ? what : what + ": " + why; }
};

}  // namespace aksmesh
