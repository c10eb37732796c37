// SPDX-License-Identifier: Apache-2.0
#include "mesh/selector_index.hpp"

#include <doctest/doctest.h>

#include "data/reader.hpp"
#include "mesh/label_selector.hpp"

namespace aksmesh::test {
namespace {

bool selects(std::string selector, const mesh::Labels& labels) {
  const auto read = data::read_documents(std::move(selector), {}, data::Format::yaml);
  return mesh::selects(read.tree->document(0), labels);
}

}  // namespace

TEST_CASE("selector index: finds what selects, in the order of addition") {
  const kube::Object a;
  const kube::Object b;
  const kube::Object c;
  mesh::SelectorIndex index;
  index.add(&a, {{"app", "web"}});
  index.add(&b, {{"app", "web"}, {"tier", "front"}});
  index.add(&c, {{"tier", "front"}});
  const auto found = [&](const mesh::Labels& labels) { return index.accepting(labels); };
  CHECK(found({{"app", "web"}}) == std::vector<const kube::Object*>{&a});
  CHECK(found({{"app", "web"}, {"tier", "front"}, {"x", "y"}}) ==
        std::vector<const kube::Object*>{&a, &b, &c});
  CHECK(found({{"tier", "front"}}) == std::vector<const kube::Object*>{&c});
  CHECK(found({}).empty());
  CHECK(found({{"app", "other"}}).empty());
}

TEST_CASE("label selector: against labels that are known whole") {
  const mesh::Labels labels{{"app", "web"}, {"tier", "front"}};
  CHECK(selects("{}", labels));
  CHECK(selects("{matchLabels: {app: web}}", labels));
  CHECK(!selects("{matchLabels: {app: web, stage: x}}", labels));
  CHECK(selects("{matchExpressions: [{key: app, operator: In, values: [a, web]}]}", labels));
  CHECK(!selects("{matchExpressions: [{key: gone, operator: In, values: [a]}]}", labels));
  CHECK(selects("{matchExpressions: [{key: gone, operator: NotIn, values: [a]}]}", labels));
  CHECK(!selects("{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}", labels));
  CHECK(selects("{matchExpressions: [{key: app, operator: Exists}]}", labels));
  CHECK(!selects("{matchExpressions: [{key: app, operator: DoesNotExist}]}", labels));
  CHECK(!selects("{matchExpressions: [{key: app, operator: Near, values: [web]}]}", labels));
  CHECK(!selects("{matchExpressions: [{key: app, operator: Exists}, {key: x, operator: Exists}]}",
                 labels));
}

}  // namespace aksmesh::test
