// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/http.hpp"
#include "sys/asker.hpp"
#include "sys/cancel.hpp"
#include "sys/clock.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"
#include "sys/progress.hpp"
#include "sys/random.hpp"

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
  sys::Clock& clock;
  net::Http& http;
  sys::Random& random;
  sys::Cancel& cancel;
  sys::Progress& progress;
  sys::Asker& asker;
  const GlobalOptions& global;
  std::string program;  ///< the name to show: aksmesh, mesh or kubectl aksmesh
};

}  // namespace aksmesh::commands
