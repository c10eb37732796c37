// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "azure/az_profile.hpp"
#include "azure/cloud.hpp"
#include "azure/credential.hpp"
#include "azure/managed_identity.hpp"
#include "net/http.hpp"
#include "sys/clock.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"
#include "sys/process.hpp"
#include "sys/progress.hpp"
#include "sys/random.hpp"

// How it is chosen who signs in; man/topics/sign-in.md is its description for users.
namespace aksmesh::azure {

struct SignInWish {
  std::string method = "auto";  ///< one of sign_in_methods
  std::string subscription{};   ///< its id or name, if it is known
  std::string tenant{};         ///< instead of the one that the method would take
  IdentityWish identity{};      ///< for managed identities; with `auto` it chooses that way
};
/// The words of `--auth`, `auto` first.
std::vector<std::string> sign_in_methods();

/// What the ways of signing in work with; all of it must outlive the credential.
struct SignInWorld {
  net::Http& http;
  sys::Clock& clock;
  sys::Random& random;
  sys::Files& files;
  const sys::Environment& env;
  sys::Process& process;
  sys::Progress& progress;
  const Cloud& cloud;
  const AzProfile& az;
};

/// The credential that is wished, or with `auto` the first that is configured. Nothing is sent and
/// nothing run yet. Errors: usage for a word that is none, auth when nothing is configured; then it
/// tells of each way why not.
Result<CredentialPtr> choose_credential(const SignInWish& wish, const SignInWorld& world);

}  // namespace aksmesh::azure
