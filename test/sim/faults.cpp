// SPDX-License-Identifier: Apache-2.0
#include "faults.hpp"

namespace aksmesh::sim {
namespace {

int number(const Json& fault, const char* key, int otherwise) {
  const Json& value = at(fault, {key});
  return value.is_number_integer() ? value.get<int>() : otherwise;
}

double fraction(const Json& fault, const char* key) {
  const Json& value = at(fault, {key});
  return value.is_null() ? 1.0 : Json::parse(dump(value)).get<double>();
}

// The service's own check for a race, which needs no If-Match.
Response lost_race() {
  const Json detail{{"code", "Unspecified"},
                    {"message", "rpc error: code = FailedPrecondition desc = Etag mismatched"}};
  return answer(409, {{"code", "EtagMismatch"},
                      {"details", Json::array({detail})},
                      {"message", "Operation is not allowed: Another operation is in progress"},
                      {"subcode", "PutManagedClusterAndComponents_FailedPrecondition"}});
}

// The answers Azure gives with these codes when a fault names no body of its own.
Response usual_answer(int status) {
  switch (status) {
    case 401:
      return gateway_error(401, "InvalidAuthenticationToken", "The access token is invalid.");
    case 403:
      return gateway_error(403, "AuthorizationFailed",
                           "The client does not have authorization to perform action "
                           "'Microsoft.ContainerService/managedClusters/write' over scope "
                           "'/subscriptions/s' or the scope is invalid. If access was recently "
                           "granted, please refresh your credentials.");
    case 409: return lost_race();
    case 404: return service_error(404, "NotFound", "The entity was not found.");
    case 412:
      return service_error(412, "PreconditionFailed",
                           "The etag provided does not match the latest etag of the resource.");
    case 429: {
      Response throttled = service_error(
          429, "Throttled",
          "The PutManagedClusterHandler.PUT request limit has been exceeded for SubID='s', please "
          "retry again in 1 seconds. For more information, please visit aka.ms/aks/throttling");
      throttled.headers["retry-after"] = "1";
      return throttled;
    }
    case 500: return service_error(500, "InternalOperationError", "Internal server error");
    case 502: {
      Response html;
      html.status = 502;
      html.headers["content-type"] = "text/html";
      html.body = "<html><body><h1>502 Bad Gateway</h1></body></html>";
      return html;
    }
    case 503:
      return gateway_error(503, "ServiceUnavailable", "The service is temporarily unavailable.");
    default:
      return gateway_error(status, "GatewayTimeout",
                           "The gateway did not receive a response from "
                           "'Microsoft.ContainerService' within the specified time period.");
  }
}

Response scripted_answer(const Json& fault) {
  const int status = number(fault, "status", 500);
  Response out = usual_answer(status);
  if (fault.contains("body")) out = answer(status, fault["body"]);
  if (fault.contains("text")) {
    out = Response{};
    out.status = status;
    out.headers["content-type"] = "text/html";
    out.body = text_at(fault, {"text"});
  }
  if (fault.contains("headers")) {
    for (const auto& [name, value] : fault["headers"].items()) {
      out.headers[lower(name)] = value.is_string() ? value.get<std::string>() : dump(value);
    }
  }
  return out;
}

Effect effect_of(const Json& fault) {
  Effect out;
  out.applied = flag_at(fault, {"applied"});
  out.delay_ms = number(fault, "delayMs", 0);
  const std::string cut = text_at(fault, {"cut"});
  out.cut = cut == "half" ? Cut::half : cut == "before" ? Cut::before : Cut::none;
  if (fault.contains("status")) out.instead = scripted_answer(fault);
  out.malformed = flag_at(fault, {"malformed"});
  out.expire = flag_at(fault, {"expire"});
  out.stale = flag_at(fault, {"stale"});
  out.hang = flag_at(fault, {"hang"});
  out.note = flag_at(fault, {"note"});
  out.change = at(fault, {"change"});
  // true: a failure with the usual words; an object: these words; "silent": without any.
  const Json& fail = at(fault, {"fail"});
  out.fail = fail.is_object() || fail.is_string() || flag_at(fault, {"fail"});
  if (fail.is_object()) out.error = fail;
  if (fail.is_boolean()) {
    out.error = {{"code", "ReconcileAddonsError"},
                 {"message", "Reconcile addons failed: timed out waiting for the condition"}};
  }
  return out;
}

}  // namespace

Faults::Faults(const Json& list) : list_(list) {
  for (const Json& each : list) {
    Fault fault;
    fault.method = text_at(each, {"method"});
    fault.path = std::regex(each.contains("path") ? text_at(each, {"path"}) : ".*",
                            std::regex::ECMAScript | std::regex::icase);
    fault.skip = number(each, "skip", 0);
    fault.count = number(each, "count", each.contains("probability") ? -1 : 1);
    fault.probability = fraction(each, "probability");
    fault.random.seed(static_cast<std::uint64_t>(number(each, "seed", 1)));
    fault.effect = effect_of(each);
    faults_.push_back(std::move(fault));
  }
}

Effect Faults::take(const Request& request) {
  for (Fault& fault : faults_) {
    if (fault.count == 0 || (!fault.method.empty() && fault.method != request.method)) continue;
    if (!std::regex_search(request.path, fault.path)) continue;
    if (fault.skip > 0) {
      --fault.skip;
      continue;
    }
    // Not std::uniform_real_distribution: what that draws differs between libraries.
    const double drawn = static_cast<double>(fault.random() >> 11) * 0x1.0p-53;
    if (drawn >= fault.probability) continue;
    if (fault.count > 0) --fault.count;
    return fault.effect;
  }
  return {};
}

}  // namespace aksmesh::sim
