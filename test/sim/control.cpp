// SPDX-License-Identifier: Apache-2.0
#include <regex>

#include "change.hpp"
#include "simulator.hpp"

namespace aksmesh::sim {
namespace {

Response problem(int status, const std::string& text) {
  return answer(status, {{"error", text}});
}

Response set_faults(State& state, const Json& list) {
  if (!list.is_array()) return problem(400, "a list of faults is wanted");
  try {
    state.faults = Faults(list);
  } catch (const std::regex_error& wrong) {
    return problem(400, std::string("a path is no regular expression: ") + wrong.what());
  }
  return answer(200, list);
}

Response change(State& state, const Json& order) {
  const std::string name = text_at(order, {"cluster"});
  Cluster* cluster = name.empty() ? &state.clusters.front() : state.cluster_named(name);
  if (!cluster) return problem(404, "no such cluster");
  if (!write_elsewhere(state, *cluster, text_at(order, {"path"}), at(order, {"value"}))) {
    return problem(400, "the path leads through something that has no members");
  }
  return answer(200, cluster->body);
}

Response on_cluster(State& state, const Request& request, const std::optional<Json>& body) {
  Cluster* cluster = state.cluster_named(request.parts[2]);
  if (!cluster) return problem(404, "no such cluster");
  if (request.method == "PUT" && body) {
    cluster->body = *body;
    cluster->operation.reset();
    state.touch(*cluster);
  }
  return answer(200, cluster->body);
}

Response settings(State& state, const Request& request) {
  Scenario changed = state.scenario;
  std::string error;
  if (!read_scenario(request.body, changed, error)) return problem(400, error);
  state.scenario = std::move(changed);
  return answer(200, Json::object());
}

}  // namespace

Response answer_control(State& state, const Request& request) {
  const std::string what = request.folded.size() > 1 ? request.folded[1] : "";
  const std::string call = request.method + " " + what;
  const std::optional<Json> body = parse(request.body);
  if (call == "GET journal") return answer(200, state.journal);
  if (call == "DELETE journal") {
    state.journal = Json::array();
    return answer(200, state.journal);
  }
  if (call == "GET faults") return answer(200, state.faults.list());
  if (call == "PUT faults" && body) return set_faults(state, *body);
  if (call == "POST change" && body) return change(state, *body);
  if (call == "PUT scenario") return settings(state, request);
  if (call == "POST reset") {
    state.reset();
    return answer(200, Json::object());
  }
  if (what == "clusters" && request.parts.size() == 3) return on_cluster(state, request, body);
  return problem(404, "the control interface has no such call");
}

}  // namespace aksmesh::sim
