// SPDX-License-Identifier: Apache-2.0
#include "report_error.hpp"

#include <nlohmann/json.hpp>

#include "base/error_kind.hpp"
#include "base/printable.hpp"

namespace aksmesh::cli {

std::string error_text(const Error& error, const report::Style& style) {
  // Words of the command line and names of files are told; no terminal shall obey them.
  std::string out =
      style.paint(report::Tone::broken, "error:") + ' ' + printable(error.what) + '\n';
  if (!error.why.empty()) out += "  why:  " + printable(error.why) + '\n';
  bool first = true;
  for (const auto& next : error.next) {
    out += (first ? "  try:  " : "        ") + printable(next) + '\n';
    first = false;
  }
  if (!error.where.empty()) out += "  at:   " + printable(error.where) + '\n';
  for (const auto& doing : error.trail) out += "  while " + printable(doing) + '\n';
  return out;
}

std::string error_json(const Error& error) {
  nlohmann::ordered_json out{
      {"schema", "aksmesh/error/v1"}, {"kind", kind_name(error.kind)}, {"what", error.what}};
  if (!error.why.empty()) out["why"] = error.why;
  if (!error.next.empty()) out["next"] = error.next;
  if (!error.where.empty()) out["where"] = error.where;
  if (!error.trail.empty()) out["trail"] = error.trail;
  const auto& facts = error.facts;
  if (!facts.code.empty()) out["code"] = facts.code;
  if (facts.status != 0) out["status"] = facts.status;
  if (!facts.service_code.empty()) out["serviceCode"] = facts.service_code;
  if (!facts.request_id.empty()) out["requestId"] = facts.request_id;
  if (!facts.correlation_id.empty()) out["correlationId"] = facts.correlation_id;
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace aksmesh::cli
