// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for (const auto* name_space : facts.all(Kind::name_space)) {
    const auto label = name_space->label(kInjectionLabel);
    if (!label) continue;
    const bool beside = static_cast<bool>(name_space->label(kRevisionLabel));
    out.add(*name_space, label,
            beside ? "label istio-injection={value} beside istio.io/rev stops injection in "
                     "namespace {namespace}"
                   : "label istio-injection={value} does nothing for the add-on: namespace "
                     "{namespace} gets no sidecars from it",
            {{"namespace", std::string(name_space->name)}, {"value", std::string(label.text())}});
  }
}

}  // namespace

extern const Check injection_default_label;
constinit const Check injection_default_label{
    .slug = "injection-default-label", .reads = {Kind::name_space}, .run = run};

}  // namespace aksmesh::checks
