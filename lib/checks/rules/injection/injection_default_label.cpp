// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

/// The value that wants no sidecars.
constexpr std::string_view kDisabled = "disabled";

void offer_fix(const Object& name_space, const Node& label, const Revisions& revisions,
               Findings& out) {
  // Which of two labels that contradict each other is meant is the user's choice.
  if (label.text() == kDisabled) return;
  if (name_space.label(kRevisionLabel)) {
    out.offer_fix(name_space, label, {data::remove_entry(label)});
  } else if (label.text() == "enabled" && revisions.installed.size() == 1) {
    // During a canary upgrade there are two, and which of them is meant is the user's choice.
    out.offer_fix(name_space, label,
                  {data::rename_key(label, kRevisionLabel),
                   data::replace_scalar(label, revision_name(revisions.installed.front()))});
  }
}

void run(const Facts& facts, Findings& out) {
  for (const auto* name_space : facts.all(Kind::name_space)) {
    const auto label = name_space->label(kInjectionLabel);
    if (!label) continue;
    const bool beside = static_cast<bool>(name_space->label(kRevisionLabel));
    // Alone it gets what it asks for.
    if (!beside && label.text() == kDisabled) continue;
    out.add(*name_space, label,
            beside ? "label istio-injection={value} beside istio.io/rev stops injection in "
                     "namespace {namespace}"
                   : "label istio-injection={value} does nothing for the add-on: namespace "
                     "{namespace} gets no sidecars from it",
            {{"namespace", std::string(name_space->name)}, {"value", std::string(label.text())}});
    offer_fix(*name_space, label, facts.revisions(), out);
  }
}

}  // namespace

extern const Check injection_default_label;
constinit const Check injection_default_label{.slug = "injection-default-label",
                                              .reads = KindSet{Kind::name_space} | kRevisionKinds,
                                              .run = run};

}  // namespace aksmesh::checks
