// SPDX-License-Identifier: Apache-2.0
#include "azure/service_error.hpp"

#include <algorithm>
#include <limits>

#include "azure/table.hpp"
#include "azure/words.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "data/json_edit.hpp"
#include "net/more_time.hpp"
#include "net/retry.hpp"
#include "sys/clock.hpp"

namespace aksmesh::azure {
namespace {

constexpr std::size_t kLongestMessage = 600;

/// One line of what a service says, safe for a terminal.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kLongestMessage)) {
    const bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (text.size() > kLongestMessage) out += "...";
  return printable(trim(out));
}

void add_details(const data::Node& details, std::vector<std::string>& out, int depth) {
  constexpr int kDeepest = 8;
  if (depth > kDeepest) return;
  for (const auto& one : details.items()) {
    const auto code = one["code"].text();
    const auto message = one["message"].text();
    if (!message.empty() || !code.empty())
      out.push_back((code.empty() ? "" : std::string(code) + ": ") + one_line(message));
    add_details(one["details"], out, depth + 1);
  }
}

void fill(const data::Node& error, ServiceError& out) {
  out.code = error["code"].text();
  out.subcode = error["subcode"].text();
  out.message = one_line(error["message"].text());
  out.target = error["target"].text();
  add_details(error["details"], out.details, 0);
  for (const auto& info : error["additionalInfo"].items())
    if (const auto name = info.at("info", "policyDefinitionDisplayName").text(); !name.empty())
      out.policy = one_line(name);
}

/// The first sentence of what Entra ID says; the rest are ids and times.
std::string first_sentence(std::string_view text) {
  auto end = text.find(". ");
  if (end == std::string_view::npos) end = text.find_first_of("\r\n");
  return one_line(text.substr(0, end));
}

void fill_from(std::string_view body, ServiceError& out) {
  const auto document = data::JsonDocument::parse(std::string(body));
  if (!document || !document->root().is_mapping()) {
    const auto text = trim(body);
    const bool page = text.starts_with('<');
    out.message = page           ? "the answer is a web page, perhaps of a proxy on the way"
                  : text.empty() ? "the answer is empty"
                                 : one_line(text);
    return;
  }
  const auto root = document->root();
  if (root["error"].is_string()) {
    out.code = root["error"].text();
    out.message = first_sentence(root["error_description"].text());
    if (out.message.starts_with("AADSTS")) out.code = out.message.substr(0, out.message.find(':'));
    return;
  }
  fill(root["error"].is_mapping() ? root["error"] : root, out);
  // A message can be an error as JSON text once more.
  if (const auto inner = root.at("error", "message").text(); trim(inner).starts_with('{'))
    if (const auto nested = data::JsonDocument::parse(std::string(inner)))
      if (const auto deeper = nested->root()["error"] ? nested->root()["error"] : nested->root();
          !deeper["message"].text().empty())
        fill(deeper, out);
}

bool holds_all(std::string_view text, const data::Node& words) {
  const auto lower = to_lower(text);
  const auto list = words.items();
  return std::all_of(list.begin(), list.end(), [&](const data::Node& word) {
    return lower.find(to_lower(word.text())) != std::string::npos;
  });
}

bool is_one_of(std::string_view text, const data::Node& list) {
  const auto items = list.items();
  return std::any_of(items.begin(), items.end(),
                     [&](const data::Node& item) { return same_word(item.text(), text); });
}

/// The error of an operation often has a general code, and the cause in its details.
bool has_code(const ServiceError& error, const data::Node& codes) {
  if (is_one_of(error.code, codes)) return true;
  return error.status == 0 &&
         std::any_of(error.details.begin(), error.details.end(), [&](const std::string& detail) {
           return is_one_of(std::string_view(detail).substr(0, detail.find(':')), codes);
         });
}

/// The error of an operation has no status: there a row is known by its codes and words alone,
/// unless it speaks of the request (`answersOnly`), such as a resource that was not found.
bool fits_status(const ServiceError& error, const data::Node& row) {
  if (!row["status"] || row["status"].as_int() == error.status) return true;
  return error.status == 0 && !row["answersOnly"].as_bool().value_or(false) &&
         (row["codes"] || row["says"]);
}

/// Rows may ask for status, code and words of the message; what a row does not name, it takes.
data::Node find_row(const ServiceError& error) {
  auto said = error.message;
  for (const auto& detail : error.details) said += ' ' + detail;
  for (const auto& row : table("errors.json")["errors"].items()) {
    if (!fits_status(error, row)) continue;
    if (row["codes"] && !has_code(error, row["codes"])) continue;
    if (holds_all(said, row["says"])) return row;
  }
  return {};
}

ErrorKind kind_of(const ServiceError& error, const data::Node& row) {
  const auto word = row["kind"].text();
  if (word == "auth") return ErrorKind::auth;
  if (word == "denied") return ErrorKind::denied;
  if (word == "not_found") return ErrorKind::not_found;
  if (word == "conflict") return ErrorKind::conflict;
  if (word == "usage") return ErrorKind::usage;
  switch (error.status) {
    case 401: return ErrorKind::auth;
    case 403: return ErrorKind::denied;
    case 404: return ErrorKind::not_found;
    case 409:
    case 412: return ErrorKind::conflict;
    case 429: return ErrorKind::throttled;
    case 408:
    case 504: return ErrorKind::timeout;
    default: return ErrorKind::server;
  }
}

}  // namespace

ServiceError service_error(const net::Response& response) {
  // A date would need to know what time it is; the service gives seconds.
  const auto asked = net::retry_after(response, std::numeric_limits<std::int32_t>::max());
  ServiceError out{
      .status = response.status, .missed_try = response.missed_try, .asked = asked.value_or(0)};
  out.request_id = response.header("x-ms-request-id");
  out.correlation_id = response.header("x-ms-correlation-request-id");
  out.by_gateway = response.header("x-ms-failure-cause") == "gateway";
  fill_from(response.body, out);
  return out;
}

ServiceError service_error(const data::Node& error) {
  ServiceError out;
  if (error.is_mapping()) fill(error, out);
  return out;
}

std::string_view known_error(const ServiceError& error) {
  return find_row(error)["id"].text();
}

Error to_error(const ServiceError& error, std::string what, std::string where) {
  const auto row = find_row(error);
  Error out{.kind = kind_of(error, row), .what = std::move(what)};
  const auto said = error.message.empty() ? error.code : error.message;
  out.why = row["why"] ? std::string(row["why"].text()) : said;
  if (row["why"] && !said.empty()) out.why += " (the service says: " + said + ')';
  if (!error.policy.empty()) out.why += "; Azure Policy: " + error.policy;
  for (const auto& detail : error.details)
    if (detail.find(error.message) == std::string::npos || error.message.empty())
      out.why += "; " + detail;
  if (out.kind == ErrorKind::throttled && error.asked > 0)
    out.why += "; it asks to wait " + sys::duration_text((error.asked + 999) / 1000);
  if (error.missed_try > 0) {
    out.kind = ErrorKind::timeout;
    out.why += "; the time for the whole run is over before the next try, which would be in " +
               sys::duration_text((error.missed_try + 999) / 1000);
    out.next.emplace_back(net::kMoreTime);
  }
  for (const auto& step : row["next"].items()) out.next.emplace_back(step.text());
  if (row["code"]) out.next.push_back("aksmesh explain " + std::string(row["code"].text()));
  out.facts = {.code = std::string(row["code"].text()),
               .status = error.status,
               .service_code = error.code,
               .request_id = error.request_id,
               .correlation_id = error.correlation_id};
  out.where = std::move(where);
  if (error.status != 0) out.where += ", " + std::to_string(error.status);
  if (!error.code.empty()) out.where += ' ' + error.code;
  if (!error.request_id.empty()) out.where += ", request " + error.request_id;
  if (!error.correlation_id.empty() && error.correlation_id != error.request_id)
    out.where += ", correlation " + error.correlation_id;
  if (out.where.starts_with(", ")) out.where.erase(0, 2);
  return out;
}

}  // namespace aksmesh::azure
