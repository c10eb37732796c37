// SPDX-License-Identifier: Apache-2.0
#include "authz_question.hpp"

#include <algorithm>
#include <set>

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
    peer_ = find_by_address(model, address_);
    caller_ = peer_ ? peer_->name() : address_;
    if (!peer_) assume(address_ + " is no pod of the mesh, so it shows no certificate of it");
  } else if (source_) {
    AK_TRY(auto found, find_peers(model, *source_));
    peer_ = found.peers.front();
    caller_ = peer_->name();
  } else {
    caller_ = identity_.empty() ? "anybody" : identity_;
  }
  return Done{};
}

Status AuthzQuestion::find_port(const Found& found, AuthzCase& one) {
  service_port_.reset();
  if (found.service == nullptr) {
    if (o_.port.empty()) return Done{};
    if (!data::parse_integer(o_.port))
      return Error{.kind = ErrorKind::usage,
                   .what = "--destination-port does not take '" + o_.port + '\'',
                   .why = "the port of a pod is a number; a Service's may have a name"};
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
        if (number && (number == port || number == service_port_))
          request.http = is_http_server(server);
      }
    }
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

void AuthzQuestion::add_http(AuthzCase& one) {
  auto& request = one.request;
  request.host = given(o_.host);
  request.method = given(o_.method);
  if (!o_.path.empty()) request.path = Attribute::of(mesh::normal_path(o_.path));
  request.headers = headers_;
  request.sni = given(o_.sni);
  if (o_.plaintext && o_.sni.empty()) request.sni = Attribute::none();
  if (!request.http && (!o_.host.empty() || !o_.method.empty() || !o_.path.empty() ||
                        !o_.headers.empty() || !o_.claims.empty()))
    assume("port " + request.port.value +
           " is not for HTTP, so host, method, path, headers and tokens do not matter");
}

void AuthzQuestion::add_identity(const mesh::Model& model, AuthzCase& one) {
  auto& request = one.request;
  if (peer_ && !peer_->address().empty()) request.source_ip = Attribute::of(peer_->address());
  if (!address_.empty()) request.source_ip = Attribute::of(address_);
  if (!o_.source_ip.empty()) request.source_ip = Attribute::of(o_.source_ip);
  request.remote_ip = o_.remote_ip.empty() ? request.source_ip : Attribute::of(o_.remote_ip);
  if (const auto own = one.destination.address(); !own.empty())
    request.destination_ip = Attribute::of(own);

  if (one.destination.is_gateway()) {
    request.principal = identity_.empty() ? Attribute::none() : Attribute::of(identity_);
    return;
  }
  if (o_.plaintext || one.mtls.mode == mesh::MutualTls::disable) {
    request.principal = Attribute::none();
  } else if (!identity_.empty()) {
    request.principal = Attribute::of(identity_);
  } else if (peer_) {
    request.principal =
        has_proxy(model, *peer_) ? Attribute::of(peer_->principal()) : Attribute::none();
    if (request.principal.is_known())
      assume("the proxy of " + caller_ + " uses mutual TLS, as it does by itself");
    else
      assume(caller_ + " has no proxy, so it shows no certificate of the mesh");
  } else if (!address_.empty()) {
    request.principal = Attribute::none();
  }
}

std::string AuthzQuestion::add_claims(const mesh::Model& model, const mesh::AuthzTarget& target,
                                      AuthzCase& one) {
  if (claims_.empty() || !one.request.http) return {};
  const auto checked = mesh::policies_for(model.all(Kind::request_authentication),
                                          model.istio().root_namespace(), target);
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

void AuthzQuestion::judge(const mesh::Model& model, AuthzCase& one) {
  const auto& peer = one.destination;
  const auto revision = peer.revision();
  const mesh::AuthzTarget target{
      .name_space = peer.object->name_space, .labels = peer.labels, .revision = revision};
  const auto policies = mesh::policies_for(model.all(Kind::authorization_policy),
                                           model.istio().root_namespace(), target);
  const auto refused = add_claims(model, target, one);
  const auto& settings = model.istio().settings();
  std::set<std::string, std::less<>> providers;
  for (const auto& [name, type] : settings.extension_providers) providers.emplace(name);
  one.answer = mesh::evaluate(policies, one.request, settings.known ? &providers : nullptr);

  const auto overrule = [&](mesh::AuthzVerdict verdict, std::string because) {
    one.answer.verdict = verdict;
    one.answer.because = std::move(because);
    one.answer.decided_by = nullptr;
    one.answer.missing.clear();
  };
  const auto port = data::parse_integer(one.request.port.value);
  if (!one.has_proxy)
    overrule(mesh::AuthzVerdict::allowed,
             "the destination has no proxy, so no policy is enforced there");
  else if (port && !peer.is_gateway() && mesh::bypasses_sidecar(*peer.object, *port))
    overrule(mesh::AuthzVerdict::allowed,
             "what is sent to port " + one.request.port.value +
                 " goes past the sidecar, so no policy is enforced there");
  else if (!peer.is_gateway() && one.mtls.mode == mesh::MutualTls::strict &&
           one.request.principal.state == Attribute::State::absent)
    overrule(mesh::AuthzVerdict::denied,
             "the destination takes mutual TLS only, so the connection is refused");
  else if (!refused.empty() && one.answer.verdict != mesh::AuthzVerdict::denied)
    overrule(mesh::AuthzVerdict::denied, refused);
}

Result<std::vector<AuthzCase>> AuthzQuestion::ask(const mesh::Model& model) {
  AK_CHECK(find_caller(model));
  AK_TRY(const auto found, find_peers(model, destination_));
  const mesh::PeerAuthentications authentications(model.all(Kind::peer_authentication),
                                                  model.istio().root_namespace());
  std::vector<AuthzCase> out;
  for (const auto& peer : found.peers) {
    AuthzCase one{.destination = peer};
    AK_CHECK(find_port(found, one));
    find_protocol(model, found, one);
    one.has_proxy = has_proxy(model, peer);
    const auto port = data::parse_integer(one.request.port.value);
    one.mtls = port ? authentications.of_port(peer.object->name_space, peer.labels, *port)
                    : authentications.of_workload(peer.object->name_space, peer.labels);
    add_http(one);
    add_identity(model, one);
    judge(model, one);
    const auto same = std::find_if(out.begin(), out.end(), [&](const AuthzCase& other) {
      return other.answer.verdict == one.answer.verdict &&
             other.answer.because == one.answer.because && other.has_proxy == one.has_proxy &&
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
