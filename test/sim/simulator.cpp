// SPDX-License-Identifier: Apache-2.0
#include "simulator.hpp"

#include "arm.hpp"
#include "change.hpp"
#include "entra.hpp"

namespace aksmesh::sim {
namespace {

bool is_secret(const std::string& name) {
  return name == "client_secret" || name == "client_assertion" || name == "refresh_token" ||
         name == "device_code" || name == "code" || name == "authorization" ||
         name == "x-identity-header";
}

Json without_secrets(const std::map<std::string, std::string>& fields) {
  Json out = Json::object();
  // A value as long as this is the signature of a link.
  for (const auto& [name, value] : fields) {
    out[name] = is_secret(name) || value.size() > 512 ? "..." : value;
  }
  return out;
}

Json recorded_body(const Request& request) {
  if (request.body.empty()) return nullptr;
  if (request.header("content-type").starts_with("application/x-www-form-urlencoded")) {
    return {{"form", without_secrets(fields_of(request.body))}};
  }
  if (std::optional<Json> body = parse(request.body)) return *body;
  return request.body;
}

void add_headers(State& state, const Request& request, Response& response) {
  const std::string id = state.next_id();
  response.headers.insert({{"cache-control", "no-cache"},
                           {"pragma", "no-cache"},
                           {"x-content-type-options", "nosniff"},
                           {"x-ms-request-id", id},
                           {"x-ms-correlation-request-id", id},
                           {"x-ms-routing-request-id", "WESTUS2:" + id}});
  response.headers.insert(
      request.method == "GET"
          ? Headers::value_type{"x-ms-ratelimit-remaining-subscription-global-"
                                "reads",
                                "16499"}
          : Headers::value_type{"x-ms-ratelimit-remaining-subscription-writes", "799"});
}

void write_first(State& state, const Request& request, const Effect& effect) {
  if (effect.change.is_null()) return;
  const std::string name = text_at(effect.change, {"cluster"});
  Cluster* cluster = !name.empty()               ? state.cluster_named(name)
                     : request.parts.size() >= 8 ? state.cluster(request.parts[3], request.parts[7])
                                                 : nullptr;
  if (cluster) {
    const Json& value = at(effect.change, {"value"});
    write_elsewhere(state, *cluster, text_at(effect.change, {"path"}),
                    value.is_null() ? Json(state.next_id()) : value);
  }
}

// What becomes of an answer on its way back.
void damage(const Effect& effect, Response& response) {
  if (effect.instead) response = *effect.instead;
  if (effect.malformed) response.body.resize(response.body.size() / 2);
  response.delay_ms = effect.delay_ms;
  response.cut = effect.cut;
}

}  // namespace

Simulator::Simulator(Scenario scenario, std::string endpoint) {
  state_.scenario = std::move(scenario);
  state_.endpoint = std::move(endpoint);
  state_.reset();
}

Response Simulator::carry_out(const Request& request, Effect& effect) {
  if (std::optional<Response> identity = answer_identity(state_, request)) return *identity;
  if (request.path == "/metadata/endpoints") return cloud_metadata(state_);
  if (std::optional<Response> refusal = check_token(state_, request)) return *refusal;
  if (state_.scenario.throttle) {
    if (std::optional<Response> refusal = state_.throttle.take(request, Clock::now())) {
      return *refusal;
    }
  }
  return answer_arm(state_, request, effect);
}

void Simulator::record(const Request& request, const Response& response) {
  Json entry{{"event", "request"},
             {"method", request.method},
             {"path", request.path},
             {"query", without_secrets(request.query)},
             {"headers", without_secrets(request.headers)},
             {"body", recorded_body(request)},
             {"status", response.status}};
  if (response.cut != Cut::none) entry["cut"] = true;
  state_.event(std::move(entry));
}

Response Simulator::handle(const Request& request) {
  const std::lock_guard<std::mutex> lock(mutex_);
  state_.settle(request.folded.size() > 6 && request.folded[6].starts_with("operation"));
  if (!request.folded.empty() && request.folded[0] == "sim") return answer_control(state_, request);
  Effect effect = state_.faults.take(request);
  if (effect.expire) {
    for (auto& [text, token] : state_.tokens) token.expires = Clock::now();
  }
  write_first(state_, request, effect);
  const bool reaches = effect.applied || (!effect.instead && effect.cut != Cut::before);
  Response response = reaches ? carry_out(request, effect) : Response{};
  damage(effect, response);
  add_headers(state_, request, response);
  record(request, response);
  return response;
}

}  // namespace aksmesh::sim
