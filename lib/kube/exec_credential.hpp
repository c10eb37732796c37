// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kube/kubeconfig.hpp"
#include "sys/process.hpp"
#include "sys/progress.hpp"

namespace aksmesh::kube {

/// What a program says to sign in with.
struct ExecCredential {
  Secret token{};
  std::string certificate{};  ///< PEM
  Secret key{};               ///< PEM
  std::int64_t expires = 0;   ///< seconds since 1970; 0: it does not say
};

/// Runs the program of a kubeconfig's user. Kind auth when it is missing (with its install hint),
/// fails, or answers something else than an ExecCredential of the version that it was asked for;
/// timeout and cancelled as of the process. What it says meanwhile, such as
/// where to type a code, is passed on. `time_left` is in milliseconds; 0: only the usual bound
/// counts.
/// https://kubernetes.io/docs/reference/access-authn-authz/authentication/
Result<ExecCredential> run_exec_plugin(const Access& access, sys::Process& process,
                                       sys::Progress& progress, std::int64_t time_left);

}  // namespace aksmesh::kube
