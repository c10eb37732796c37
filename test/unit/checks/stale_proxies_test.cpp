// SPDX-License-Identifier: Apache-2.0
#include "checks/stale_proxies.hpp"

#include <doctest/doctest.h>

namespace aksmesh::test {

using checks::StaleProxy;

TEST_CASE("stale proxies: a patch by the tag and by what istiod tells") {
  using checks::is_other_patch;
  CHECK_FALSE(is_other_patch("1.28.10", "1.28.10", "1.28.10"));
  CHECK_FALSE(is_other_patch("1.28.10-distroless", "1.28.10", "1.28.10"));
  CHECK_FALSE(is_other_patch("1.29.5-2", "1.29.5", "1.29.5-2"));
  CHECK_FALSE(is_other_patch("v1.29.5-2", "1.29.5", "v1.29.5-2"));
  CHECK(is_other_patch("1.29.5-1", "1.29.5", "1.29.5-2"));
  CHECK(is_other_patch("1.28.9", "", "1.28.10"));
  // An image without a tag: istiod alone tells.
  CHECK(is_other_patch("", "1.28.1", "1.28.10"));
  CHECK_FALSE(is_other_patch("", "1.28.10", "1.28.10"));
  // What is not known differs from nothing.
  CHECK_FALSE(is_other_patch("1.28.9", "1.28.9", ""));
  CHECK_FALSE(is_other_patch("", "", "1.28.10"));
  CHECK_FALSE(is_other_patch("mine", "1.28.10", "mine"));
  CHECK_FALSE(is_other_patch("", "unknown", "1.28.10"));
}

TEST_CASE("stale proxies: one entry for a workload and a cause") {
  const auto proxy = [](const char* pod, const char* workload, StaleProxy::Cause cause,
                        const char* version) {
    return StaleProxy{.name_space = "shop",
                      .pod = pod,
                      .maker = {.kind = "Deployment", .name = workload},
                      .cause = cause,
                      .version = version};
  };
  using Cause = StaleProxy::Cause;
  const auto groups = checks::by_workload({proxy("web-2", "web", Cause::version, "1.28.9"),
                                           proxy("web-1", "web", Cause::version, "1.28.8"),
                                           proxy("web-3", "web", Cause::version, "1.28.9"),
                                           proxy("api-1", "api", Cause::moved, ""),
                                           proxy("web-4", "web", Cause::moved, "1.28.9")});
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].first.maker.name == "api");
  CHECK(groups[0].versions.empty());
  CHECK(groups[1].pods == std::vector<std::string>{"web-1", "web-2", "web-3"});
  CHECK(groups[1].versions == std::vector<std::string>{"1.28.8", "1.28.9"});
  CHECK(groups[2].first.cause == Cause::moved);
}

}  // namespace aksmesh::test
