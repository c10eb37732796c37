// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.hpp"
#include "net/http.hpp"
#include "sys/asker.hpp"
#include "sys/cancel.hpp"
#include "sys/clock.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"
#include "sys/process.hpp"
#include "sys/progress.hpp"
#include "sys/random.hpp"
#include "sys/settings.hpp"

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
  sys::Process& process;
  sys::Cancel& cancel;
  sys::Progress& progress;
  sys::Asker& asker;
  const GlobalOptions& global;
  std::string program;     ///< the name to show: aksmesh, mesh or kubectl aksmesh
  sys::Origins origins{};  ///< of the values that nobody typed
  sys::Aim aim{};          ///< for hints of further commands
};

/// A mistake in the value of an option. Nobody has typed it when it came from a variable or the
/// settings file, so that is named.
Error mistake_in(const std::string& option, Error error, const Context& context);

/// Two options that do not go together, and why. Kind usage.
Error exclude_each_other(const std::string& option, const std::string& other, std::string why);

/// Of two options that both have values and exclude each other: whether the first comes from a
/// stronger place than the second (line, variable, settings file).
bool outranks(const std::string& option, const std::string& other, const Context& context);

}  // namespace aksmesh::commands
