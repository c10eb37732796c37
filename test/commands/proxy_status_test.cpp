// SPDX-License-Identifier: Apache-2.0
#include "proxy_status_table.hpp"

#include <doctest/doctest.h>

#include "mesh/model.hpp"

namespace aksmesh::test {
namespace {

using checks::ProxyState;
using checks::ProxyView;

/// What is shown of one istiod's answer.
struct Shown {
  explicit Shown(const std::string& answer)
      : model(kube::Manifests{}, {}), view(istiods(answer), 100) {
    rows = checks::proxy_rows(model, view);
  }
  static std::vector<checks::IstiodView> istiods(const std::string& answer) {
    auto proxies = istio::read_sync_status(answer);
    REQUIRE(proxies);
    return {{.pod = "istiod-a", .revision = "asm-1-28", .proxies = std::move(*proxies)}};
  }
  mesh::Model model;
  ProxyView view;
  std::vector<checks::ProxyRow> rows;
};

std::string entry(const std::string& name, const std::string& resources) {
  return R"({"cluster_id": "Kubernetes", "proxy": ")" + name +
         R"(.shop", "istio_version": "1.28.10", "resources": {)" + resources + "}}";
}

std::string type(const std::string& url, const std::string& value) {
  return "\"type.googleapis.com/" + url + "\": " + value;
}

const std::string kSynced =
    type("envoy.config.cluster.v3.Cluster", R"({"sent": "a", "acked": "a"})");

}  // namespace

TEST_CASE("proxy status: the worst of the types is the state") {
  const auto secret = [](const std::string& value) {
    return kSynced + ',' + type("envoy.extensions.transport_sockets.tls.v3.Secret", value);
  };
  const Shown shown('[' + entry("a", kSynced) + ',' + entry("b", "") + ',' +
                    entry("c", secret("{}")) + ',' + entry("d", secret(R"({"sent": "x"})")) + ',' +
                    entry("e", secret(R"({"lastError": "no"})")) + ']');
  REQUIRE(shown.rows.size() == 5);
  const std::vector<ProxyState> wanted{ProxyState::synced, ProxyState::not_sent,
                                       ProxyState::not_sent, ProxyState::stale, ProxyState::error};
  for (std::size_t i = 0; i < wanted.size(); ++i) CHECK(shown.rows[i].state == wanted[i]);
  CHECK(commands::reason_of(shown.rows[0], commands::Reasons::all).empty());
  CHECK(commands::reason_of(shown.rows[1], commands::Reasons::all) == "nothing sent");
  CHECK(commands::reason_of(shown.rows[2], commands::Reasons::all) == "not sent: SDS");
  // Whenever that was sent.
  CHECK(checks::is_in_trouble(shown.rows[3], 0));
  CHECK_FALSE(checks::is_in_trouble(shown.rows[0], 0));
}

TEST_CASE("proxy status: a push that is on its way is no trouble yet") {
  const Shown shown('[' +
                    entry("a", type("envoy.config.cluster.v3.Cluster",
                                    R"({"sent": "b", "sentTime": "1970-01-01T00:01:40Z"})")) +
                    ']');
  CHECK_FALSE(checks::is_in_trouble(shown.rows.front(), 114'999));
  CHECK(checks::is_in_trouble(shown.rows.front(), 115'000));
}

TEST_CASE("proxy status: what others write stays on one line") {
  const Shown shown(
      '[' + entry("a", type("example.New", R"({"lastError": " two\n\t lines \r\n"})")) + ',' +
      entry("b", type("example.New", "{\"lastError\": \"" + std::string(400, 'x') + "\"}")) + ']');
  CHECK(commands::reason_of(shown.rows[0], commands::Reasons::first) == "two lines");
  CHECK(commands::reason_of(shown.rows[0], commands::Reasons::all) ==
        "type.googleapis.com/example.New: two lines");
  CHECK(commands::reason_of(shown.rows[1], commands::Reasons::first) ==
        std::string(160, 'x') + "...");
  const auto table = commands::proxy_table(shown.rows, commands::SyncColumns::by_type,
                                           commands::Reasons::first, 0);
  REQUIRE(table.columns.size() == 14);
  CHECK(table.columns[7].header == "type.googleapis.com/example.New");
  CHECK(table.rows[0][7] == "ERROR");
  // On a narrow terminal what is wrong stays.
  CHECK(table.columns[12].header == "REASON");
  CHECK(table.columns[12].priority == 0);
}

TEST_CASE("proxy status: the columns go by the newest istiod") {
  using commands::SyncColumns;
  CHECK(commands::columns_of(VersionNumber{1, 22}) == SyncColumns::bare_types);
  CHECK(commands::columns_of(VersionNumber{1, 23}) == SyncColumns::five_types);
  CHECK(commands::columns_of(VersionNumber{1, 27}) == SyncColumns::subscribed);
  CHECK(commands::columns_of(std::nullopt) == SyncColumns::subscribed);
  CHECK(commands::newest_minor({{.revision = "asm-1-9", .version = "x"},
                                {.revision = "asm-1-10"}}) == VersionNumber{1, 10});
  CHECK(commands::newest_minor({{.revision = "asm-1-27", .version = "1.28.10"}}) ==
        VersionNumber{1, 28});
}

}  // namespace aksmesh::test
