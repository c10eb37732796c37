// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#include "sys/mode_keeping.hpp"
#include "version.hpp"

namespace aksmesh::commands {
namespace {

/// `-v` tells each request in a line, `--trace-file` keeps all of them.
class Tracer final : public net::Trace {
 public:
  Tracer(const Context& context, std::string file, net::Trace* listener)
      : context_(context), file_(std::move(file)), listener_(listener) {}

  /// A trace tells of the user's clusters.
  Status begin() {
    if (file_.empty()) return Done{};
    return sys::append_keeping_mode(context_.files, file_, "");
  }

  void record(const net::Exchange& exchange) override {
    if (context_.global.verbose > 0) context_.progress.note(net::trace_line(exchange));
    if (listener_ != nullptr) listener_->record(exchange);
    if (file_.empty()) return;
    const auto written =
        context_.files.append(file_, net::trace_record(exchange, context_.clock.now()));
    if (written) return;
    // The run goes on without a trace, and this is told once.
    context_.progress.note("warning: no trace from here on: " + written.error().what + ": " +
                           written.error().why);
    file_.clear();
  }
  void waits(const net::Request& request, std::string_view reason,
             std::int64_t milliseconds) override {
    (void)request;
    context_.progress.waiting(std::string(reason) + ", next try in " +
                              sys::duration_text((milliseconds + 999) / 1000));
  }

 private:
  const Context& context_;
  std::string file_;
  net::Trace* listener_;
};

}  // namespace

void declare_network_options(OptionSet& set, NetworkOptions& options) {
  constexpr const char* kNetwork = "Network";
  set.duration("--timeout", options.timeout)
      .help("Stop after this time, such as 30s or 1h30m; default: never")
      .group(kNetwork)
      .env("AKSMESH_TIMEOUT");
  set.duration("--request-timeout", options.request_timeout)
      .help("Time for one request")
      .preset("100s")
      .group(kNetwork)
      .env("AKSMESH_REQUEST_TIMEOUT");
  set.value("--trace-file", options.trace_file, "FILE")
      .help("Write every request and answer to a file, as JSON lines without secrets")
      .complete(Complete::files)
      .group(kNetwork)
      .env("AKSMESH_TRACE_FILE");
}

Result<std::unique_ptr<net::Trace>> set_up_network(const NetworkOptions& options,
                                                   const Context& context) {
  net::HttpSettings settings{.user_agent = "aksmesh/" + std::string(kVersion)};
  for (const char* name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"})
    if (settings.ca_file.empty()) settings.ca_file = context.env.get(name).value_or("");
  if (options.request_timeout > 0) settings.request_timeout = options.request_timeout;
  if (options.timeout > 0) settings.deadline = context.clock.steady() + options.timeout;
  auto tracer = std::make_unique<Tracer>(context, options.trace_file, options.listener);
  AK_CHECK(tracer->begin());
  settings.trace = tracer.get();
  context.http.configure(std::move(settings));
  context.cancel.listen();
  return std::unique_ptr<net::Trace>(std::move(tracer));
}

}  // namespace aksmesh::commands
