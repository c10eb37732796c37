// SPDX-License-Identifier: Apache-2.0
#include "authz_question.hpp"

#include <algorithm>
#include <set>

#include "authz_attributes.hpp"
#include "base/strings.hpp"
#include "data/scalar.hpp"
#include "istio/number.hpp"
#include "istio/protocol.hpp"
#include "mesh/istio_view.hpp"
#include "mesh/service_ports.hpp"

namespace aksmesh::commands {
namespace {

using kube::Kind;
using mesh::Attribute;
using mesh::Truth;

constexpr std::string_view kSpiffe = "spiffe://";
constexpr std::int64_t kLastPort = 65535;

Result<std::pair<std::string, std::string>> pair_of(const std::string& option,
                                                    const std::string& typed) {
  const auto equal = typed.find('=');
  if (equal == std::string::npos || equal == 0)
    return Error{.kind = ErrorKind::usage,
                 .what = option + " does not take '" + typed + '\'',
                 .why = "it wants NAME=VALUE"};
  return std::pair(typed.substr(0, equal), typed.substr(equal + 1));
}

Status require_address(const std::string& option, const std::string& typed) {
  if (typed.empty() || mesh::is_address(typed)) return Done{};
  return Error{.kind = ErrorKind::usage,
               .what = option + " does not take '" + typed + '\'',
               .why = "it wants an IP address"};
}

Attribute given(const std::string& typed) {
  return typed.empty() ? Attribute() : Attribute::of(typed);
}

/// A port of a Service by its number or name.
data::Node port_of(const kube::Object& service, const std::string& wanted) {
  for (const auto port : service.spec()["ports"].items())
    if (port["port"].text() == wanted || port["name"].text() == wanted) return port;
  return {};
}

std::string ports_text(const kube::Object& service) {
  std::vector<std::string> out;
  for (const auto port : service.spec()["ports"].items()) out.emplace_back(port["port"].text());
  return join(out, ", ");
}

/// Whether every port of the Service is for HTTP, or none; nothing where they differ or one does
/// not tell.
std::optional<bool> spoken_on_all_ports(const Found& found) {
  std::optional<bool> out;
  if (found.service == nullptr) return out;
  for (const auto port : found.service->spec()["ports"].items()) {
    const auto protocol = istio::service_port_protocol(port);
    const bool http = istio::is_http(protocol);
    if (protocol == istio::Protocol::unsupported || (out && *out != http)) return std::nullopt;
    out = http;
  }
  return out;
}

bool is_http_server(const data::Node& server) {
  const auto protocol = istio::parse_protocol(server.at("port", "protocol").text());
  if (protocol == istio::Protocol::https)
    return !server.at("tls", "mode").text().ends_with("PASSTHROUGH");
  return istio::is_http(protocol);
}

}  // namespace

Status AuthzQuestion::parse() {
  AK_CHECK(require_address("--source-ip", o_.source_ip));
  AK_CHECK(require_address("--remote-ip", o_.remote_ip));
  if (!o_.path.empty() && o_.path.front() != '/' && o_.path != "*")
    return Error{.kind = ErrorKind::usage,
                 .what = "--path does not take '" + o_.path + '\'',
                 .why = "the path of a request begins with /; its host is told by --host"};
  if (o_.destination.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "no destination is named",
                 .next = {"--destination POD.NAMESPACE", "--destination service/NAME.NAMESPACE"}};
  AK_TRY(destination_, parse_peer_word(o_.destination, own_));
  for (const auto& header : o_.headers) {
    AK_TRY(auto one, pair_of("--header", header));
    headers_.push_back(std::move(one));
  }
  for (const auto& claim : o_.claims) {
    AK_TRY(auto one, pair_of("--jwt-claim", claim));
    if (!one.first.starts_with('[')) one.first = '[' + one.first + ']';
    claims_.push_back(std::move(one));
  }
  const auto& source = o_.source;
  if (source.empty()) return Done{};
  if (source.find_first_not_of("0123456789.:") == std::string::npos && source.size() > 1 &&
      source.find_first_of(".:") != std::string::npos)
    AK_CHECK(require_address("--source", source));
  if (mesh::is_address(source)) {
    address_ = source;
  } else if (source.starts_with(kSpiffe) || source.find("/ns/") != std::string::npos) {
    identity_ = source.starts_with(kSpiffe) ? source.substr(kSpiffe.size()) : source;
  } else {
    AK_TRY(source_, parse_peer_word(source, own_));
  }
  return Done{};
}

std::vector<std::string> AuthzQuestion::namespaces() const {
  if (!address_.empty()) return {};
  std::vector<std::string> out{destination_.name_space};
  if (source_) out.push_back(source_->name_space);
  return out;
}

Status AuthzQuestion::find_caller(const mesh::Model& model) {
  if (!address_.empty()) {
    if (auto peer = find_by_address(model, address_)) peers_.push_back(*std::move(peer));
    caller_ = peers_.empty() ? address_ : peers_.front().name();
    if (peers_.empty())
      assume(address_ + " is no pod of the mesh, so it shows no certificate of it");
  } else if (source_) {
    AK_TRY(auto found, find_peers(model, *source_));
    peers_ = std::move(found.peers);
    caller_ = peers_.front().name();
    if (peers_.size() > 1) caller_ += " or " + plural(peers_.size() - 1, "other pod");
  } else {
    caller_ = identity_.empty() ? "anybody" : identity_;
  }
  return Done{};
}

Status AuthzQuestion::find_port(const Found& found, AuthzCase& one) {
  service_port_.reset();
  if (found.service == nullptr) {
    if (o_.port.empty()) return Done{};
    const auto number = data::parse_integer(o_.port);
    if (!number || *number < 1 || *number > kLastPort)
      return Error{.kind = ErrorKind::usage,
                   .what = "--destination-port does not take '" + o_.port + '\'',
                   .why = "the port of a pod is a number up to " + std::to_string(kLastPort) +
                          "; a Service's may have a name"};
    one.request.port = Attribute::of(o_.port);
    return Done{};
  }
  const auto ports = found.service->spec()["ports"];
  auto port = o_.port.empty() && ports.size() == 1 ? *ports.items().begin()
                                                   : port_of(*found.service, o_.port);
  if (!port && !o_.port.empty())
    return Error{
        .kind = ErrorKind::not_found,
        .what = "Service " +
                found.peers.front().name().substr(0, found.service->name_space.size() + 1) +
                std::string(found.service->name) + " has no port " + o_.port,
        .why = "it has " + ports_text(*found.service)};
  if (!port) return Done{};
  service_port_ = port["port"].as_int();
  if (const auto target = mesh::target_port(port, one.destination.spec))
    one.request.port = Attribute::of(std::to_string(*target));
  return Done{};
}

void AuthzQuestion::find_protocol(const mesh::Model& model, const Found& found, AuthzCase& one) {
  auto& request = one.request;
  if (!o_.protocol.empty()) {
    request.http = o_.protocol == "http";
    return;
  }
  const auto port = data::parse_integer(request.port.value);
  if (one.destination.is_gateway()) {
    for (const auto* gateway : model.all(Kind::istio_gateway)) {
      if (!mesh::carries(one.destination.labels, mesh::labels_of(gateway->spec()["selector"])))
        continue;
      for (const auto server : gateway->spec()["servers"].items()) {
        const auto number = istio::number_of(server.at("port", "number"));
        if (!number || (number != port && number != service_port_)) continue;
        request.http = is_http_server(server);
        return;
      }
    }
    assume(
        "HTTP is spoken at the gateway, of whose port no Gateway tells (--protocol tcp for "
        "anything else)");
    return;
  }
  if (const auto http = spoken_on_all_ports(found); http && !port) {
    request.http = *http;
    return;
  }
  for (const auto* service : model.all(Kind::service)) {
    if (found.service != nullptr && service != found.service) continue;
    const auto selector = mesh::labels_of(service->spec()["selector"]);
    if (service->name_space != one.destination.object->name_space || selector.empty() ||
        !mesh::carries(one.destination.labels, selector))
      continue;
    for (const auto each : service->spec()["ports"].items()) {
      if (!port || mesh::target_port(each, one.destination.spec) != port) continue;
      const auto protocol = istio::service_port_protocol(each);
      if (protocol != istio::Protocol::unsupported) {
        request.http = istio::is_http(protocol);
        return;
      }
    }
  }
  assume(request.port.is_known()
             ? "no Service says which protocol port " + request.port.value +
                   " is for, and HTTP is spoken (--protocol tcp for anything else)"
             : "HTTP is spoken (--destination-port or --protocol tells)");
}

void AuthzQuestion::add_http(const mesh::MeshSettings& settings, AuthzCase& one) {
  auto& request = one.request;
  request.host = given(o_.host);
  request.method = given(o_.method);
  if (!o_.path.empty()) request.path = compared_path(o_.path, settings);
  request.headers = headers_;
  request.sni = given(o_.sni);
  if (o_.plaintext && o_.sni.empty()) request.sni = Attribute::none();
  if (!request.http && (!o_.host.empty() || !o_.method.empty() || !o_.path.empty() ||
                        !o_.headers.empty() || !o_.claims.empty()))
    assume("port " + request.port.value +
           " is not for HTTP, so host, method, path, headers and tokens do not matter");
}

void AuthzQuestion::add_addresses(const mesh::Model& model, const Found& found,
                                  const mesh::MeshSettings& settings, AuthzCase& one) {
  auto& request = one.request;
  std::set<std::string> of_peers;
  for (const auto& peer : peers_) of_peers.insert(peer.address());
  const bool is_gateway = one.destination.is_gateway();
  if (!o_.source_ip.empty())
    request.source_ip = Attribute::of(o_.source_ip);
  else if (of_peers.size() == 1 && !of_peers.begin()->empty())
    request.source_ip = Attribute::of(*of_peers.begin());
  else if (!address_.empty() && is_gateway && hides_callers(model, found, one.destination))
    assume(
        "the gateway sees an address of a node, for its Service has externalTrafficPolicy "
        "Cluster");
  else if (!address_.empty())
    request.source_ip = Attribute::of(address_);
  if (const auto own = one.destination.address(); !own.empty())
    request.destination_ip = Attribute::of(own);

  if (!o_.remote_ip.empty()) {
    request.remote_ip = Attribute::of(o_.remote_ip);
    return;
  }
  const auto forwarded = forwarded_addresses(headers_);
  const bool by_gateway =
      std::any_of(peers_.begin(), peers_.end(), [](const Peer& peer) { return peer.is_gateway(); });
  if (!request.http)
    request.remote_ip = request.source_ip;
  else if (is_gateway)
    request.remote_ip = behind_proxies(forwarded, settings, one.destination, request.source_ip);
  else if (!forwarded.empty() && mesh::is_address(forwarded.back()))
    request.remote_ip = Attribute::of(forwarded.back());
  else if (!by_gateway || !forwarded.empty())
    request.remote_ip = request.source_ip;
  else
    assume("the gateway passes on the address of its own caller (--remote-ip)");
}

/// What their proxies show, where all of them show the same.
Attribute AuthzQuestion::principal_of_peers(const mesh::Model& model,
                                            const std::string& trust_domain) {
  std::set<std::string> principals;
  std::set<mesh::Meshed> proxies;
  for (const auto& peer : peers_) {
    principals.insert(peer.principal(trust_domain));
    proxies.insert(has_proxy(model, peer));
  }
  if (proxies.size() > 1)
    return {.why = "some pods of the caller have a proxy, and others have none"};
  if (*proxies.begin() == mesh::Meshed::no) {
    assume(caller_ + " has no proxy, so it shows no certificate of the mesh");
    return Attribute::none();
  }
  if (*proxies.begin() == mesh::Meshed::unknown)
    return {.why = "whether the caller gets a sidecar, its Namespace tells"};
  if (principals.size() > 1) return {.why = "the caller's pods have several service accounts"};
  assume("the proxy of " + caller_ +
         " uses mutual TLS, as it does by itself; a DestinationRule that turns it off is told by "
         "aksmesh mtls");
  return Attribute::of(*principals.begin());
}

void AuthzQuestion::add_identity(const mesh::Model& model, const mesh::MeshSettings& settings,
                                 AuthzCase& one) {
  auto& request = one.request;
  if (one.destination.is_gateway())
    request.principal = identity_.empty() ? Attribute::none() : Attribute::of(identity_);
  else if (o_.plaintext || (one.mtls.mode == mesh::MutualTls::disable && one.mtls_known))
    request.principal = Attribute::none();
  else if (!identity_.empty())
    request.principal = Attribute::of(identity_);
  else if (!peers_.empty())
    request.principal = principal_of_peers(model, settings.trust_domains.own());
  else if (!address_.empty())
    request.principal = Attribute::none();
  // One of those that may count may turn mutual TLS off.
  if (!one.mtls_known && !one.destination.is_gateway() && request.principal.is_known())
    request.principal = {.why = one.mtls.contested
                                    ? "which PeerAuthentication counts, their age tells"
                                    : "PeerAuthentications could not be read"};
}

std::string AuthzQuestion::add_claims(const mesh::Model& model, const mesh::AuthzTarget& target,
                                      AuthzCase& one) {
  if (claims_.empty() || !one.request.http) return {};
  const auto checked = in_force(model, Kind::request_authentication, target);
  std::vector<std::string> issuers;
  for (const auto* each : checked)
    for (const auto rule : each->spec()["jwtRules"].items())
      issuers.emplace_back(rule["issuer"].text());
  auto claims = claims_;
  const auto issuer = std::find_if(claims.begin(), claims.end(),
                                   [](const auto& claim) { return claim.first == "[iss]"; });
  if (issuers.empty()) {
    assume("no RequestAuthentication is for the destination, so nobody looks at the token");
    return {};
  }
  if (issuer == claims.end()) {
    claims.emplace_back("[iss]", issuers.front());
    assume("the token is of the issuer " + issuers.front());
  } else if (std::find(issuers.begin(), issuers.end(), issuer->second) == issuers.end()) {
    return "no RequestAuthentication takes tokens of the issuer " + issuer->second +
           ", so the request is answered with 401";
  }
  assume("the token is valid");
  one.request.claims = std::move(claims);
  return {};
}

void AuthzQuestion::find_unread(const mesh::Model& model, AuthzCase& one) const {
  const auto place = one.destination.object->name_space;
  one.mtls_known =
      !one.mtls.contested && !may_lack_policies(model, Kind::peer_authentication, place);
  one.tokens_known =
      claims_.empty() || !may_lack_policies(model, Kind::request_authentication, place);
  if (may_lack_policies(model, Kind::authorization_policy, place))
    one.unread = "AuthorizationPolicies";
  else if (!one.tokens_known)
    one.unread = "RequestAuthentications";
}

const mesh::MeshSettings& AuthzQuestion::settings_of(const mesh::Model& model,
                                                     const std::string& revision) {
  const auto at = settings_.find(revision);
  if (at != settings_.end()) return at->second;
  return settings_.emplace(revision, mesh::read_mesh_settings(model, revision)).first->second;
}

void AuthzQuestion::judge(const mesh::Model& model, const mesh::MeshSettings& settings,
                          AuthzCase& one) {
  const auto& peer = one.destination;
  const auto revision = peer.revision();
  const mesh::AuthzTarget target{
      .name_space = peer.object->name_space, .labels = peer.labels, .revision = revision};
  const auto policies = in_force(model, Kind::authorization_policy, target);
  const auto refused = add_claims(model, target, one);
  mesh::AuthzMesh in_mesh{.known = settings.trust_domains.known,
                          .trust_domains = settings.trust_domains};
  for (const auto& [name, type] : settings.extension_providers)
    in_mesh.providers.emplace(name, type);
  one.answer = mesh::evaluate(policies, one.request, in_mesh);
  overrule(settings, refused, one);
}

void AuthzQuestion::overrule(const mesh::MeshSettings& settings, const std::string& refused,
                             AuthzCase& one) {
  using mesh::AuthzVerdict;
  const auto& peer = one.destination;
  const auto port = data::parse_integer(one.request.port.value);
  if (one.proxy == mesh::Meshed::no)
    return one.answer.say(AuthzVerdict::allowed,
                          "the destination has no proxy, so no policy is enforced there");
  if (port && !peer.is_gateway() && mesh::bypasses_sidecar(*peer.object, *port))
    return one.answer.say(AuthzVerdict::allowed,
                          "what is sent to port " + one.request.port.value +
                              " goes past the sidecar, so no policy is enforced there");
  const auto why = refusal(settings, one);
  if (!why.empty())
    one.answer.say(AuthzVerdict::denied, why);
  else if (!refused.empty() && one.answer.verdict != AuthzVerdict::denied && !one.tokens_known)
    one.answer.say(AuthzVerdict::depends,
                   "not all RequestAuthentications could be read; of the others it is: " + refused);
  else if (!refused.empty() && one.answer.verdict != AuthzVerdict::denied)
    one.answer.say(AuthzVerdict::denied, refused);
  else
    doubt(settings, one);
  if (one.proxy == mesh::Meshed::unknown && one.answer.verdict == AuthzVerdict::denied)
    one.answer.say(AuthzVerdict::depends,
                   "with a sidecar it is denied, and whether the destination gets one, its "
                   "Namespace tells");
}

std::string AuthzQuestion::refusal(const mesh::MeshSettings& settings, const AuthzCase& one) {
  const auto& principal = one.request.principal;
  if (one.destination.is_gateway()) return {};
  if (principal.state == Attribute::State::absent && one.mtls_known &&
      one.mtls.mode == mesh::MutualTls::strict)
    return "the destination takes mutual TLS only, so the connection is refused";
  if (principal.is_known() && settings.trust_domains.take(principal.value) == Truth::no)
    return "the destination takes certificates of the trust domains " +
           join(settings.trust_domains.names, ", ") + " only, so the connection is refused";
  return {};
}

void AuthzQuestion::doubt(const mesh::MeshSettings& settings, AuthzCase& one) {
  using mesh::AuthzVerdict;
  auto& answer = one.answer;
  const auto& principal = one.request.principal;
  // Of what could not be read one may also allow what no other policy does.
  if (!one.unread.empty() &&
      (answer.verdict == AuthzVerdict::allowed || answer.decided_by == nullptr))
    return answer.say(AuthzVerdict::depends, "not all " + one.unread + " could be read");
  if (answer.verdict != AuthzVerdict::allowed || one.destination.is_gateway()) return;
  if (one.mtls_known && one.mtls.mode == mesh::MutualTls::strict &&
      principal.state == Attribute::State::unknown) {
    answer.say(AuthzVerdict::depends,
               "the destination takes mutual TLS only, and whether the caller uses it is not "
               "known");
    if (principal.why.empty()) answer.missing.insert("--source");
  } else if (principal.is_known() &&
             settings.trust_domains.take(principal.value) == Truth::unknown) {
    answer.say(AuthzVerdict::depends,
               "whether the destination takes certificates of another trust domain, the mesh "
               "configuration tells");
  } else if (principal.state == Attribute::State::absent && !one.mtls_known) {
    const std::string what = "whether the destination takes connections without mutual TLS";
    answer.say(
        AuthzVerdict::depends,
        what + (one.mtls.contested ? ", the age of its PeerAuthentications tells"
                                   : " is not known: PeerAuthentications could not be read"));
  }
}

Result<std::vector<AuthzCase>> AuthzQuestion::ask(const mesh::Model& model) {
  AK_CHECK(find_caller(model));
  AK_TRY(const auto found, find_peers(model, destination_));
  const mesh::PeerAuthentications authentications(last_of_each(model, Kind::peer_authentication),
                                                  model.istio().root_namespace());
  std::vector<AuthzCase> out;
  for (const auto& peer : found.peers) {
    AuthzCase one{.destination = peer};
    AK_CHECK(find_port(found, one));
    find_protocol(model, found, one);
    one.proxy = has_proxy(model, peer);
    const auto& settings = settings_of(model, peer.revision());
    const auto port = data::parse_integer(one.request.port.value);
    one.mtls = port ? authentications.of_port(peer.object->name_space, peer.labels, *port)
                    : authentications.of_workload(peer.object->name_space, peer.labels);
    find_unread(model, one);
    add_http(settings, one);
    add_addresses(model, found, settings, one);
    add_identity(model, settings, one);
    judge(model, settings, one);
    const auto same = std::find_if(out.begin(), out.end(), [&](const AuthzCase& other) {
      return other.answer.verdict == one.answer.verdict &&
             other.answer.because == one.answer.because && other.proxy == one.proxy &&
             other.mtls.mode == one.mtls.mode &&
             std::equal(other.answer.policies.begin(), other.answer.policies.end(),
                        one.answer.policies.begin(), one.answer.policies.end(),
                        [](const auto& a, const auto& b) { return a.policy == b.policy; });
    });
    if (same == out.end())
      out.push_back(std::move(one));
    else
      ++same->pods;
  }
  return out;
}

void AuthzQuestion::assume(std::string text) {
  if (std::find(assumed_.begin(), assumed_.end(), text) == assumed_.end())
    assumed_.push_back(std::move(text));
}

}  // namespace aksmesh::commands
