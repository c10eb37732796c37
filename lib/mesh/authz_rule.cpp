// SPDX-License-Identifier: Apache-2.0
#include "mesh/authz_rule.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"

namespace aksmesh::mesh {
namespace {

using data::Node;

/// What a list of values is about.
enum class Subject : std::uint8_t {
  principal,
  name_space,
  service_account,
  source_ip,
  remote_ip,
  token,
  audience,
  presenter,
  claim,
  header,
  host,
  method,
  path,
  port,
  destination_ip,
  sni,
  filter
};

struct Field {
  std::string_view name{};
  std::string_view negated{};
  Subject subject = Subject::principal;
};

constexpr std::array kSourceFields{
    Field{"principals", "notPrincipals", Subject::principal},
    Field{"requestPrincipals", "notRequestPrincipals", Subject::token},
    Field{"namespaces", "notNamespaces", Subject::name_space},
    Field{"serviceAccounts", "notServiceAccounts", Subject::service_account},
    Field{"ipBlocks", "notIpBlocks", Subject::source_ip},
    Field{"remoteIpBlocks", "notRemoteIpBlocks", Subject::remote_ip}};
constexpr std::array kOperationFields{
    Field{"hosts", "notHosts", Subject::host}, Field{"ports", "notPorts", Subject::port},
    Field{"methods", "notMethods", Subject::method}, Field{"paths", "notPaths", Subject::path}};

struct Key {
  std::string_view name{};
  Subject subject = Subject::principal;
};
/// Those that end in an open bracket or a dot go on with a name.
constexpr std::array kKeys{Key{"source.ip", Subject::source_ip},
                           Key{"remote.ip", Subject::remote_ip},
                           Key{"source.namespace", Subject::name_space},
                           Key{"source.serviceAccount", Subject::service_account},
                           Key{"source.principal", Subject::principal},
                           Key{"request.auth.principal", Subject::token},
                           Key{"request.auth.audiences", Subject::audience},
                           Key{"request.auth.presenter", Subject::presenter},
                           Key{"destination.ip", Subject::destination_ip},
                           Key{"destination.port", Subject::port},
                           Key{"connection.sni", Subject::sni},
                           Key{"request.headers[", Subject::header},
                           Key{"request.auth.claims[", Subject::claim},
                           Key{"experimental.envoy.filters.", Subject::filter}};

const Key* find_key(std::string_view text) {
  const auto* at = std::find_if(kKeys.begin(), kKeys.end(), [&](const Key& key) {
    const bool open = key.name.back() == '[' || key.name.back() == '.';
    return open ? text.starts_with(key.name) : text == key.name;
  });
  return at == kKeys.end() ? nullptr : &*at;
}

/// Envoy sees these only where it reads HTTP.
bool is_of_http(Subject subject) {
  switch (subject) {
    case Subject::token:
    case Subject::audience:
    case Subject::presenter:
    case Subject::claim:
    case Subject::header:
    case Subject::host:
    case Subject::method:
    case Subject::path: return true;
    default: return false;
  }
}

/// Values of a request's claim; those that are lists of words are told apart at blanks.
std::vector<std::string> claims_of(const AuthzRequest& request, std::string_view name) {
  std::vector<std::string> out;
  for (const auto& [claim, value] : request.claims) {
    if (claim != name) continue;
    if (claim != "[scope]" && claim != "[permission]") {
      out.push_back(value);
      continue;
    }
    for (const auto word : split(value, ' ')) out.emplace_back(word);
  }
  return out;
}

std::string first_claim(const AuthzRequest& request, std::string_view name) {
  const auto all = claims_of(request, name);
  return all.empty() ? std::string() : all.front();
}

/// What the request holds of a subject: its values, none, or that they are not known.
struct Held {
  bool known = true;
  std::vector<std::string> values{};
  std::string what{};    ///< `the method`
  std::string option{};  ///< what would make it known
  std::string why{};     ///< it is not known, where no option does
};

Held held(const Attribute& attribute, std::string what, std::string option) {
  Held out{.known = attribute.state != Attribute::State::unknown,
           .what = std::move(what),
           .option = attribute.why.empty() ? std::move(option) : std::string(),
           .why = attribute.why};
  if (attribute.is_known()) out.values.push_back(attribute.value);
  return out;
}

Held held_header(const AuthzRequest& request, std::string_view key) {
  const auto open = key.find('[');
  const auto name = key.substr(open + 1, key.find(']') - open - 1);
  // These are there in every request, and no option of headers.
  if (name == ":method") return held(request.method, "the method", "--method");
  if (name == ":authority" || to_lower(name) == "host")
    return held(request.host, "the host", "--host");
  if (name.starts_with(':'))
    return {.known = false, .what = "the header " + std::string(name), .why = "no option tells it"};
  Held out{.what = "the header " + std::string(name)};
  std::vector<std::string> values;
  for (const auto& [header, value] : request.headers)
    if (to_lower(header) == to_lower(name)) values.push_back(value);
  // Envoy takes several of one name as one, with commas.
  if (!values.empty()) out.values.push_back(join(values, ","));
  return out;
}

Held held_token(const AuthzRequest& request) {
  Held out{.what = "the request principal"};
  const auto issuer = first_claim(request, "[iss]");
  const auto subject = first_claim(request, "[sub]");
  if (!issuer.empty() && !subject.empty()) out.values.push_back(issuer + '/' + subject);
  return out;
}

Held held_of(Subject subject, std::string_view key, const AuthzRequest& request) {
  switch (subject) {
    case Subject::principal: return held(request.principal, "the principal", "--source");
    case Subject::name_space: return held(request.principal, "the caller", "--source");
    case Subject::service_account: return held(request.principal, "the caller", "--source");
    case Subject::source_ip:
      return held(request.source_ip, "the address that connects", "--source-ip");
    case Subject::remote_ip: return held(request.remote_ip, "the first address", "--remote-ip");
    case Subject::destination_ip:
      return held(request.destination_ip, "the destination's address", "--destination");
    case Subject::port: return held(request.port, "the port", "--destination-port");
    case Subject::sni: return held(request.sni, "the server name of TLS", "--sni");
    case Subject::host: return held(request.host, "the host", "--host");
    case Subject::method: return held(request.method, "the method", "--method");
    case Subject::path: return held(request.path, "the path", "--path");
    case Subject::header: return held_header(request, key);
    case Subject::token: return held_token(request);
    case Subject::audience:
      return {.values = claims_of(request, "[aud]"), .what = "the audience of the token"};
    case Subject::presenter:
      return {.values = claims_of(request, "[azp]"), .what = "the presenter of the token"};
    case Subject::claim: {
      const auto name = key.substr(std::min(key.find('['), key.size()));
      return {.values = claims_of(request, name), .what = "the claim " + std::string(name)};
    }
    case Subject::filter: break;
  }
  return {.known = false, .what = "what Envoy's filters tell"};
}

bool fits(Subject subject, std::string_view pattern, const std::string& value,
          std::string_view own_namespace) {
  switch (subject) {
    case Subject::name_space: return matches_namespace(pattern, value);
    case Subject::service_account: return matches_service_account(pattern, own_namespace, value);
    case Subject::source_ip:
    case Subject::remote_ip:
    case Subject::destination_ip: return is_in_block(pattern, value);
    case Subject::host: return matches_host(pattern, value);
    case Subject::path: return matches_path(pattern, value);
    case Subject::port: return pattern == value;
    default: return matches_value(pattern, value);
  }
}

/// What is there in every request.
bool is_always_there(Subject subject) {
  return subject == Subject::host || subject == Subject::method || subject == Subject::path;
}

std::string list_text(const Node& values) {
  std::vector<std::string> out;
  for (const auto value : values.items()) out.emplace_back(value.text());
  return '[' + join(out, ", ") + ']';
}

/// A rule while it is looked at.
class RuleCheck {
 public:
  RuleCheck(const kube::Object& policy, const AuthzRequest& request,
            const TrustDomains& trust_domains, std::set<std::string>& missing)
      : policy_(policy),
        request_(request),
        trust_domains_(trust_domains),
        missing_(missing),
        // Envoy is told only to deny by the others: a part that it cannot see then makes a rule
        // wider, and must not make one of ALLOW so.
        allows_(action_of(policy) == AuthorizationAction::allow) {}

  Truth from(const Node& list) {
    return any_of(list, "from", "source", [&](const Node& source, const std::string& place) {
      return fields(source, place, kSourceFields);
    });
  }
  Truth to(const Node& list) {
    return any_of(list, "to", "operation", [&](const Node& operation, const std::string& place) {
      return fields(operation, place, kOperationFields);
    });
  }
  Truth when(const Node& list) {
    auto out = Truth::yes;
    std::size_t number = 0;
    for (const auto condition : list.items()) {
      const auto place = "when[" + std::to_string(number++) + ']';
      const auto key = condition["key"].text();
      const auto* known = find_key(key);
      if (known == nullptr) {
        add(place, std::string(key), Truth::unknown, "this key is not known");
        out = both(out, Truth::unknown);
        continue;
      }
      const auto name = place + " " + std::string(key);
      out = both(out, values(known->subject, key, name, condition["values"], false));
      out = both(out, values(known->subject, key, name, condition["notValues"], true));
    }
    return out;
  }

  std::vector<ConditionTrace> conditions{};
  bool left_out = false;  ///< istiod makes nothing of the rule

 private:
  template <class Each>
  Truth any_of(const Node& list, std::string_view word, std::string_view part, Each each) {
    if (list.size() == 0) return Truth::yes;
    auto out = Truth::no;
    std::size_t number = 0;
    for (const auto entry : list.items()) {
      const auto place =
          std::string(word) + '[' + std::to_string(number++) + "]." + std::string(part);
      out = either(out, each(entry[part], place));
    }
    return out;
  }

  template <std::size_t count>
  Truth fields(const Node& part, const std::string& place, const std::array<Field, count>& known) {
    auto out = Truth::yes;
    for (const auto& field : known) {
      out = both(out, values(field.subject, {}, place + '.' + std::string(field.name),
                             part[field.name], false));
      out = both(out, values(field.subject, {}, place + '.' + std::string(field.negated),
                             part[field.negated], true));
    }
    return out;
  }

  Truth values(Subject subject, std::string_view key, const std::string& place, const Node& list,
               bool negated) {
    if (list.size() == 0) return Truth::yes;
    const auto wanted = (negated ? "none of " : "") + list_text(list);
    if (!request_.http && is_of_http(subject)) {
      left_out = left_out || allows_;
      const auto out = allows_ ? Truth::no : Truth::yes;
      add(place, wanted, out,
          allows_ ? "there is no HTTP on this port, so the whole rule is left out"
                  : "there is no HTTP on this port, so this part of the rule is left out");
      return out;
    }
    const auto have = held_of(subject, key, request_);
    auto found = Truth::no;
    for (const auto value : list.items()) found = either(found, one(subject, value.text(), have));
    if (!have.known && found == Truth::unknown && !have.option.empty())
      missing_.insert(have.option);
    const auto out = negated ? opposite(found) : found;
    // The values are known, and yet the answer is not, where trust domains are not.
    const bool foreign = found == Truth::unknown && have.known;
    add(place, wanted, out,
        told(have) + (foreign ? ", and the trust domains of the mesh are not known" : ""));
    return out;
  }

  [[nodiscard]] Truth one(Subject subject, std::string_view pattern, const Held& have) const {
    if (!have.known)
      return pattern == "*" && is_always_there(subject) ? Truth::yes : Truth::unknown;
    if (subject == Subject::principal && !have.values.empty())
      return trust_domains_.match(pattern, have.values.front());
    return truth_of(std::any_of(have.values.begin(), have.values.end(), [&](const auto& value) {
      return fits(subject, pattern, value, policy_.name_space);
    }));
  }

  static std::string told(const Held& have) {
    if (!have.known)
      return have.what + " is not known" +
             (!have.why.empty()     ? ": " + have.why
              : have.option.empty() ? ""
                                    : " (give " + have.option + ')');
    if (have.values.empty()) return have.what + " is absent";
    return have.what + " is " + join(have.values, ", ");
  }

  void add(std::string place, std::string wanted, Truth holds, std::string because) {
    conditions.push_back({.place = std::move(place),
                          .wanted = std::move(wanted),
                          .holds = holds,
                          .because = std::move(because)});
  }

  const kube::Object& policy_;
  const AuthzRequest& request_;
  const TrustDomains& trust_domains_;
  std::set<std::string>& missing_;
  bool allows_;
};

}  // namespace

RuleTrace evaluate_rule(const data::Node& rule, std::size_t number, const kube::Object& policy,
                        const AuthzRequest& request, const TrustDomains& trust_domains,
                        std::set<std::string>& missing) {
  std::set<std::string> lacks;
  RuleCheck check(policy, request, trust_domains, lacks);
  const auto from = check.from(rule["from"]);
  const auto to = check.to(rule["to"]);
  const auto when = check.when(rule["when"]);
  RuleTrace out{.number = number,
                .matches = check.left_out ? Truth::no : both(both(from, to), when),
                .conditions = std::move(check.conditions),
                .node = rule};
  if (out.conditions.empty()) out.because = "it asks for nothing";
  if (check.left_out) out.because = "istiod leaves the rule out, for it speaks of HTTP";
  if (out.matches == Truth::unknown) missing.insert(lacks.begin(), lacks.end());
  return out;
}

}  // namespace aksmesh::mesh
