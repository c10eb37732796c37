// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>

#include "istio/validation/common.hpp"
#include "istio/validation/kinds.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::string_view kProbeRule = "WG-03";

constexpr std::array<std::string_view, 5> kProbeNumbers{"periodSeconds", "initialDelaySeconds",
                                                        "timeoutSeconds", "successThreshold",
                                                        "failureThreshold"};

bool is_probe_header(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c == '-' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  });
}

void check_http_get(const Node& get, Problems& out) {
  check_port(kProbeRule, {get, "port"}, out);
  const Place scheme{get, "scheme"};
  if (!scheme.text().empty() && scheme.text() != "HTTP" && scheme.text() != "HTTPS")
    out.error(kProbeRule, scheme,
              shown(scheme.text()) + " is no scheme of a probe; allowed are HTTP and HTTPS");
  for (const auto header : get["httpHeaders"].items()) {
    const Place name{header, "name"};
    if (!is_probe_header(name.text()))
      out.error(kProbeRule, name,
                "a header of a probe needs a name of letters, digits and dashes, not \"" +
                    shown(name.text()) + '"');
  }
}

void check_probe(const Node& probe, Problems& out) {
  for (const auto name : kProbeNumbers) check_not_negative(kProbeRule, {probe, name}, out);
  const auto get = field(probe, "httpGet");
  const auto socket = field(probe, "tcpSocket");
  const auto command = field(probe, "exec");
  const auto remote = field(probe, "grpc");
  if (get) check_http_get(get, out);
  if (socket) check_port(kProbeRule, {socket, "port"}, out);
  if (command && !has(command, "command"))
    out.error(kProbeRule, {command, "command"}, "the command to run is required");
  if (remote)
    out.error(kProbeRule, remote,
              "Istio refuses probes by gRPC here; use httpGet, tcpSocket or exec");
  else if (!get && !socket && !command)
    out.error(kProbeRule, probe, "a probe needs one of httpGet, tcpSocket and exec");
}

}  // namespace

void validate_workload_group(const kube::Object& object, Problems& out) {
  const auto spec = object.spec();
  if (!field(spec, "template"))
    return out.error("WG-01", {spec, "template"}, "a template for the WorkloadEntries is required");
  check_labels("WG-02", field(field(spec, "metadata"), "labels"), out);
  if (const auto probe = field(spec, "probe")) check_probe(probe, out);
}

}  // namespace aksmesh::istio::validation
