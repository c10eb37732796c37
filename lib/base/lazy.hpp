// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>

namespace aksmesh {

/// A value that is made when it is first asked for, by whichever thread comes first; the others
/// wait for it. Making it may ask for other lazy values, but not for itself.
template <class T>
class Lazy {
 public:
  /// `make` returns a std::unique_ptr<T>; only the first call runs it.
  template <class Make>
  const T& get(Make&& make) const {
    std::call_once(once_, [&] { value_ = make(); });
    return *value_;
  }

 private:
  mutable std::once_flag once_;
  mutable std::unique_ptr<const T> value_;
};

}  // namespace aksmesh
