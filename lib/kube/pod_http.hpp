// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kube/client.hpp"
#include "kube/pod_question.hpp"
#include "sys/random.hpp"

namespace aksmesh::kube {

/// Asks HTTP ports of pods, by whichever way is open: the proxy of the API server (`get
/// pods/proxy`), which does not count as the pod's own loopback; port-forwarding (`create
/// pods/portforward`), which does; a program in the pod (`create pods/exec`). In each namespace one
/// pod is asked first, and what it shows about the ways holds for the others.
class PodHttp {
 public:
  PodHttp(Client& client, sys::Random& random) : client_(client), random_(random) {}

  /// In the order of the questions, each by itself. An answer of the pod is an answer whatever its
  /// status; an error is denied, with the rights that are missing, when no way is permitted.
  std::vector<Result<net::Response>> ask(const std::vector<PodQuestion>& questions);

 private:
  enum class Way : std::uint8_t { proxy, port_forward, exec, none };
  /// What is known of a namespace.
  struct Place {
    Way first = Way::proxy;      ///< those before it lead nowhere
    bool proven = false;         ///< that one is permitted
    std::vector<Way> refused{};  ///< by the API server
    std::string refusal{};       ///< in its words
    std::string denied{};        ///< every way is closed, and why
  };
  struct Case;

  std::vector<Case*> turn(std::vector<Case>& cases);
  void ask_by(Way way, const std::vector<Case*>& cases);
  void take_proxied(Case& one, Result<net::Response> answer);
  void take_other(Case& one, Result<net::Response> answer);
  void go_on(Case& one, bool for_all);
  static void prove(Case& one);
  bool is_renewed();
  [[nodiscard]] Error denial(const Case& one);
  std::vector<Result<net::Response>> by_proxy(const std::vector<PodQuestion>& questions);
  std::vector<Result<net::Response>> by_exec(const std::vector<PodQuestion>& questions);

  Client& client_;
  sys::Random& random_;
  std::map<std::string, Place> places_;
  std::optional<bool> renewed_{};  // of the sign-in, within one round
};

}  // namespace aksmesh::kube
