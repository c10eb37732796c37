// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sys/clock.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"

namespace aksmesh::commands {

/// Options that every command has.
struct GlobalOptions {
  std::string output = "text";
  std::string output_file{};
  std::string color = "auto";
  bool no_headers = false;
  bool ascii = false;
  bool quiet = false;
  int verbose = 0;
};
class OptionSet;
void declare_global_options(OptionSet& set, GlobalOptions& options);

/// What a command may use of the world. Capabilities only, never a command's own options.
struct Context {
  sys::Files& files;
  const sys::Environment& env;
  const sys::Clock& clock;
  const GlobalOptions& global;
  std::string program;  ///< the name to show: aksmesh, mesh or kubectl aksmesh
};

}  // namespace aksmesh::commands
