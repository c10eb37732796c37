// SPDX-License-Identifier: Apache-2.0
#include "istio/age.hpp"

#include <algorithm>
#include <array>

#include "sys/clock.hpp"

namespace aksmesh::istio {
namespace {

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kYear = 365 * kDay;

/// Up to which age it is told in which units.
struct Step {
  std::int64_t below;  ///< seconds; 0: without end
  std::int64_t unit;
  char sign;
  std::int64_t rest;  ///< the unit of what is left over; 0: that is not told
  char rest_sign;
};
constexpr std::array kSteps{Step{2 * kMinute, 1, 's', 0, ' '},
                            Step{10 * kMinute, kMinute, 'm', 1, 's'},
                            Step{3 * kHour, kMinute, 'm', 0, ' '},
                            Step{8 * kHour, kHour, 'h', kMinute, 'm'},
                            Step{2 * kDay, kHour, 'h', 0, ' '},
                            Step{8 * kDay, kDay, 'd', kHour, 'h'},
                            Step{2 * kYear, kDay, 'd', 0, ' '},
                            Step{8 * kYear, kYear, 'y', kDay, 'd'},
                            Step{0, kYear, 'y', 0, ' '}};

}  // namespace

std::optional<std::int64_t> moment_in_milliseconds(std::string_view text) {
  const auto seconds = sys::parse_rfc3339(text);
  if (!seconds) return std::nullopt;
  constexpr std::size_t kPoint = 19;  // behind YYYY-MM-DDThh:mm:ss
  std::int64_t fraction = 0;
  if (text[kPoint] == '.')
    for (std::size_t i = kPoint + 1, weight = 100; weight > 0; ++i, weight /= 10) {
      if (i >= text.size() || text[i] < '0' || text[i] > '9') break;
      fraction += static_cast<std::int64_t>(weight) * (text[i] - '0');
    }
  return *seconds * 1000 + fraction;
}

std::string age_text(std::int64_t milliseconds) {
  const auto seconds = std::max<std::int64_t>(milliseconds / 1000, 0);
  const auto& step = *std::find_if(kSteps.begin(), kSteps.end(), [&](const Step& one) {
    return one.below == 0 || seconds < one.below;
  });
  auto out = std::to_string(seconds / step.unit) + step.sign;
  if (step.rest == 0) return out;
  if (const auto left = seconds % step.unit / step.rest; left > 0)
    out += std::to_string(left) + step.rest_sign;
  return out;
}

}  // namespace aksmesh::istio
