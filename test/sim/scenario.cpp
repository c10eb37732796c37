// SPDX-License-Identifier: Apache-2.0
#include "scenario.hpp"

#include <functional>
#include <map>

namespace aksmesh::sim {
namespace {

using Reader = std::function<void(const Json&)>;

template <typename T>
Reader into(T& member) {
  return [&member](const Json& value) { member = value.get<T>(); };
}

std::map<std::string, Reader> readers(Scenario& s) {
  return {{"subscription", into(s.subscription)},
          {"tenant", into(s.tenant)},
          {"clientId", into(s.client_id)},
          {"clientSecret", into(s.client_secret)},
          {"certificate", into(s.certificate)},
          {"tokenSeconds", into(s.token_seconds)},
          {"devicePolls", into(s.device_polls)},
          {"operationSeconds", into(s.operation_seconds)},
          {"lagSeconds", into(s.lag_seconds)},
          {"polling", into(s.polling)},
          {"throttle", into(s.throttle)},
          {"retryAfter", into(s.retry_after)},
          {"errorNote", into(s.error_note)},
          {"statusWords", into(s.status_words)},
          {"ifMatch", into(s.if_match)},
          {"conflict", into(s.conflict)},
          {"pageSize", into(s.page_size)},
          {"defaultRevision", into(s.default_revision)},
          {"locations", into(s.locations)},
          {"resourceGroups", into(s.resource_groups)},
          {"revisions", into(s.revisions)},
          {"clusters", into(s.clusters)},
          {"faults", into(s.faults)}};
}

// parse() keeps 0.5 as a marked string; here the value is wanted.
Json with_numbers(const Json& value, const std::string& key) {
  if (key != "operationSeconds" && key != "lagSeconds") return value;
  return Json::parse(dump(value));
}

}  // namespace

bool read_scenario(const std::string& text, Scenario& scenario, std::string& error) {
  const std::optional<Json> read = parse(text);
  if (!read || !read->is_object()) {
    error = "a scenario is a JSON object";
    return false;
  }
  const std::map<std::string, Reader> known = readers(scenario);
  for (const auto& [key, value] : read->items()) {
    const auto reader = known.find(key);
    if (reader == known.end()) {
      error = "a scenario has no member " + key;
      return false;
    }
    try {
      reader->second(with_numbers(value, key));
    } catch (const Json::exception& problem) {
      error = key + ": " + problem.what();
      return false;
    }
  }
  return true;
}

}  // namespace aksmesh::sim
