// SPDX-License-Identifier: Apache-2.0
#include "authz_attributes.hpp"

#include <algorithm>
#include <set>

#include "base/strings.hpp"
#include "mesh/request_path.hpp"

namespace aksmesh::commands {

using kube::Kind;
using mesh::Attribute;

Attribute compared_path(const std::string& path, const mesh::MeshSettings& settings) {
  using mesh::PathNormalization;
  if (settings.known && settings.path_normalization)
    return Attribute::of(mesh::normal_path(path, *settings.path_normalization));
  std::set<std::string> ways;
  for (const auto how :
       {PathNormalization::none, PathNormalization::base, PathNormalization::merge_slashes,
        PathNormalization::decode_and_merge_slashes})
    ways.insert(mesh::normal_path(path, how));
  if (ways.size() == 1) return Attribute::of(*ways.begin());
  return {.why = "pathNormalization of the mesh configuration is not, and makes of it " +
                 join(std::vector<std::string>(ways.begin(), ways.end()), " or ")};
}

bool hides_callers(const mesh::Model& model, const Found& found, const Peer& gateway) {
  bool any = false;
  for (const auto* service : model.all(Kind::service)) {
    if (found.service != nullptr && service != found.service) continue;
    const auto selector = mesh::labels_of(service->spec()["selector"]);
    const auto type = service->spec()["type"].text();
    if (service->name_space != gateway.object->name_space || selector.empty() ||
        !mesh::carries(gateway.labels, selector) || (type != "LoadBalancer" && type != "NodePort"))
      continue;
    if (service->spec()["externalTrafficPolicy"].text() == "Local") return false;
    any = true;
  }
  return any;
}

std::vector<std::string> forwarded_addresses(
    const std::vector<std::pair<std::string, std::string>>& headers) {
  std::vector<std::string> out;
  for (const auto& [name, value] : headers) {
    if (to_lower(name) != "x-forwarded-for") continue;
    for (const auto part : split(value, ',')) {
      const auto begin = part.find_first_not_of(" \t");
      const auto end = part.find_last_not_of(" \t");
      out.emplace_back(begin == std::string_view::npos ? std::string_view()
                                                       : part.substr(begin, end - begin + 1));
    }
  }
  return out;
}

Attribute behind_proxies(const std::vector<std::string>& forwarded,
                         const mesh::MeshSettings& settings, const Peer& gateway,
                         const Attribute& connects) {
  if (forwarded.empty()) return connects;
  const bool own = static_cast<bool>(gateway.metadata.at("annotations", "proxy.istio.io/config"));
  if (!settings.known || own)
    return {.why =
                "numTrustedProxies is not, which tells how many entries of X-Forwarded-For are "
                "believed"};
  const auto count = static_cast<std::size_t>(std::max<std::int64_t>(settings.trusted_proxies, 0));
  if (count == 0 || count > forwarded.size() ||
      !mesh::is_address(forwarded[forwarded.size() - count]))
    return connects;
  return Attribute::of(forwarded[forwarded.size() - count]);
}

}  // namespace aksmesh::commands
