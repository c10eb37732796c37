// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kube/client.hpp"
#include "kube/listing.hpp"

namespace aksmesh::kube {

/// All that is read of one API server, one step after the other: what it serves, the lists, its
/// version. Several are read at the same time, each at its own pace (net::Http::converse).
class Survey final : public net::Dialogue {
 public:
  /// What to list of the kinds that are served.
  using Choice = std::function<std::vector<ListWish>(const std::vector<ApiResource>&)>;
  /// Is told when the survey is over, to take what came of it.
  using Taker = std::function<void(Survey&)>;
  Survey(Client& client, Choice choice, Taker taker)
      : client_(client), choice_(std::move(choice)), taker_(std::move(taker)) {}

  /// Signs in, so that it needs nobody's time later. What fails is the survey's problem.
  void prepare();
  std::vector<net::Request> next(std::vector<Result<net::Response>> answers) override;

  // What came of it.
  std::optional<Error> problem{};  ///< why nothing came of it
  std::vector<ListWish> wishes{};
  std::vector<Result<Pages>> lists{};  ///< in the order of the wishes
  std::string version{};

 private:
  enum class Step : std::uint8_t { beginning, discovery, lists, version };
  std::vector<net::Request> go_on(std::vector<Result<net::Response>> answers);
  std::vector<net::Request> ask(Step step, std::vector<net::Request> requests);
  std::vector<net::Request> go_on_listing();

  Client& client_;
  Choice choice_;
  Taker taker_;
  Step step_ = Step::beginning;
  std::vector<net::Request> asked_{};
  std::vector<Listing> listings_{};
};

}  // namespace aksmesh::kube
