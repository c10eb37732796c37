// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/error_kind.hpp"
#include "check_looks.hpp"

namespace aksmesh::commands {
namespace {

// Milliseconds between two looks while what is wrong may still come right. Azure counts what it is
// asked, so it is asked less and less often.
constexpr std::int64_t kPause = 5'000;
constexpr std::int64_t kLongestAzurePause = 15'000;
// What the last look of all gets, so that the time is not over in the middle of it.
constexpr std::int64_t kLastLook = 1'000;

/// Nothing was seen until the time was over.
Error never_seen(const Error& last) {
  Error out{.kind = ErrorKind::timeout,
            .what = "could not see in time whether the mesh is well",
            .why = last.in_one_line(),
            .next = last.next,
            .where = last.where};
  return out;
}

/// The result of one who waits in vain: what was seen last.
Result<OutcomePtr> in_vain(OutcomePtr seen, const Result<OutcomePtr>& last) {
  if (seen == nullptr) return never_seen(last.error());
  seen->verdict = Verdict::timed_out;
  seen->notes.emplace_back("the time of --timeout is over");
  if (!last)
    seen->notes.push_back("this is what was seen before; since then " + last.error().in_one_line());
  return seen;
}

/// Tells why a look has failed, once in a row.
class Failures {
 public:
  explicit Failures(const Context& context) : context_(context) {}
  void tell(const Error& error) {
    auto line = error.in_one_line();
    if (line == told_ || context_.global.quiet) return;
    context_.progress.note("could not look, and tries again: " + line);
    told_ = std::move(line);
  }
  void forget() { told_.clear(); }

 private:
  const Context& context_;
  std::string told_;
};

}  // namespace

Result<OutcomePtr> wait_until_well(CheckLooks& looks, const Context& context) {
  OutcomePtr seen;
  Failures failures(context);
  auto pause = kPause;
  while (true) {
    auto outcome = looks.look();
    if (!outcome && !may_pass(outcome.error().kind)) return outcome;
    const auto* const hiccup = !outcome         ? &outcome.error()
                               : looks.hiccup() ? &*looks.hiccup()
                                                : nullptr;
    const auto verdict = outcome ? (*outcome)->verdict : Verdict::could_not_look;
    // A right that is missing does not come by waiting.
    if (verdict != Verdict::findings && hiccup == nullptr) return outcome;
    if (verdict == Verdict::done) return outcome;
    const auto left = looks.time_left();
    const bool over = left && *left <= 2 * kLastLook;
    if (hiccup == nullptr)
      failures.forget();
    else if (!over)
      failures.tell(*hiccup);
    if (outcome) seen = std::move(*outcome);
    if (over) return in_vain(std::move(seen), outcome);
    context.progress.waiting("waiting for the mesh to be well");
    const bool on = context.clock.sleep(left ? std::min(pause, *left - kLastLook) : pause);
    context.progress.end();
    if (!on)
      return Error{.kind = ErrorKind::cancelled,
                   .what = "stopped waiting for the mesh to be well",
                   .why = "it was not yet"};
    if (looks.asks_azure()) pause = std::min(pause + pause / 2, kLongestAzurePause);
  }
}

}  // namespace aksmesh::commands
