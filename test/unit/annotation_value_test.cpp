// SPDX-License-Identifier: Apache-2.0
#include "istio/annotation_value.hpp"

#include <doctest/doctest.h>

#include "data/reader.hpp"
#include "mesh/proxy_config_types.hpp"

namespace aksmesh::test {
namespace {

bool is_right(std::string_view form, std::string_view value) {
  return istio::annotation_fault(form, value).empty();
}

/// What is wrong with a ProxyConfig, empty when nothing is.
std::string fault_of(std::string yaml) {
  const auto read = data::read_documents(std::move(yaml), {}, data::Format::yaml);
  const auto root = read.tree->document_count() > 0 ? read.tree->document(0) : data::Node{};
  const auto fault = mesh::find_proxy_config_fault(root);
  return fault ? fault->what : std::string{};
}

}  // namespace

TEST_CASE("annotation value: quantities") {
  for (const char* text :
       {"0", "100m", "1.5", "-2", "+3k", "256Mi", "1e3", "1E-3", "2E", ".5", "1."})
    CHECK_MESSAGE(istio::is_quantity(text), text);
  for (const char* text :
       {"", "m", "1.5.2", "12Q", "1 Gi", "1e", "1e+", "1Mib", ".", "--1", "0x10"})
    CHECK_MESSAGE(!istio::is_quantity(text), text);
}

TEST_CASE("annotation value: ports and numbers") {
  for (const char* text : {"0", "65535", " 80 "}) CHECK_MESSAGE(is_right("port", text), text);
  for (const char* text : {"", "65536", "-1", "+1", "http", "1.0", "99999999999999999999"})
    CHECK_MESSAGE(!is_right("port", text), text);
  CHECK(is_right("ports", ""));
  CHECK(is_right("ports", "80, 443,0"));
  CHECK(!is_right("ports", "80,"));
  CHECK(!is_right("ports", ",80"));
  CHECK(!is_right("ports", "*"));
  CHECK(is_right("all-or-ports", "*"));
  CHECK(!is_right("all-or-ports", "*,80"));
  CHECK(is_right("uint32", "4294967295"));
  CHECK(!is_right("uint32", "4294967296"));
}

TEST_CASE("annotation value: address ranges") {
  CHECK(is_right("cidrs", ""));
  CHECK(is_right("cidrs", "10.0.0.0/8,fd00::/8,0.0.0.0/0"));
  CHECK(is_right("all-or-cidrs", "*"));
  for (const char* text : {"*", "10.0.0.1", "10.0.0.0/33", "10.0.0.0/8, 10.1.0.0/16", "10.0/8",
                           "010.0.0.0/8", "/8", "10.0.0.0/8,"})
    CHECK_MESSAGE(!is_right("cidrs", text), text);
}

TEST_CASE("annotation value: words") {
  CHECK(is_right("boolean", "True"));
  CHECK(!is_right("boolean", "yes"));
  CHECK(is_right("interception-mode", "NONE"));
  CHECK(!is_right("interception-mode", "none"));
  CHECK(is_right("no form", "anything"));
}

TEST_CASE("annotation value: ProxyConfig") {
  for (const char* yaml : {"",
                           "null",
                           "{}",
                           "concurrency: 2",
                           "concurrency: '2'",
                           "concurrency: null",
                           "unknown: [1]",
                           "drainDuration: 1m30s",
                           "drain_duration: 45s",
                           "discoveryAddress: istiod.x.svc:15012",
                           "discoveryAddress: '10.0.0.1:15012'",
                           "discoveryAddress: '[fd00::1]:15012'",
                           "interceptionMode: TPROXY",
                           "interceptionMode: 1",
                           "statusPort: 15020",
                           "caCertificatesPem: [a, b]",
                           "proxyMetadata: {A: 'true'}",
                           "image: {imageType: debug}",
                           "envoyAccessLogService: {address: 'als:9000'}",
                           "holdApplicationUntilProxyStarts: true",
                           "tracing: {zipkin: {address: 'zipkin.x:9411'}, sampling: 10}",
                           "serviceCluster: web"})
    CHECK_MESSAGE(fault_of(yaml).empty(), yaml, fault_of(yaml));
  for (const char* yaml : {"text",
                           "[1]",
                           "concurrency: [1]",
                           "concurrency: 1.5",
                           "concurrency: 4294967296",
                           "drainDuration: 0s",
                           "drainDuration: 500ms",
                           "drainDuration: 5",
                           "drainDuration: [5s]",
                           "discoveryAddress: ''",
                           "discoveryAddress: istiod",
                           "discoveryAddress: 'istiod:0'",
                           "discoveryAddress: 'fd00::1:15012'",
                           "discoveryAddress: 'a b:1'",
                           "interceptionMode: redirect",
                           "statusPort: 0",
                           "statusPort: 70000",
                           "caCertificatesPem: a",
                           "caCertificatesPem: [[a]]",
                           "proxyMetadata: {A: true}",
                           "proxyMetadata: [a]",
                           "image: debug",
                           "meshId: 5",
                           "envoyAccessLogService: {address: als}",
                           "envoyAccessLogService: als",
                           "holdApplicationUntilProxyStarts: 'true'",
                           "tracing: {zipkin: {}}",
                           "tracing: zipkin",
                           "terminationDrainDuration: soon",
                           "configPath: ''"})
    CHECK_MESSAGE(!fault_of(yaml).empty(), yaml);
}

}  // namespace aksmesh::test
