// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kube/client.hpp"

namespace aksmesh::kube {

/// One list on its way through its pages.
struct Listing {
  ListWish wish{};
  std::string path{};
  std::string token{};  ///< of the next page
  bool paged = true;
  Pages pages{};
  std::optional<Error> error{};
  bool done = false;
  /// Of the next page.
  [[nodiscard]] std::string url() const;
};

std::vector<Listing> listings_of(const std::vector<ListWish>& wishes);
/// The next page of each that has one, in their order.
void take_pages(std::vector<Listing>& listings, std::vector<Result<net::Response>> answers);
/// Of listings that have ended.
std::vector<Result<Pages>> results_of(std::vector<Listing> listings);

}  // namespace aksmesh::kube
