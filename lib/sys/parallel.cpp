// SPDX-License-Identifier: Apache-2.0
#include "sys/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace aksmesh::sys {

void parallel_for(std::size_t count, unsigned workers,
                  const std::function<void(std::size_t)>& work) {
  if (workers == 0) workers = std::max(1U, std::thread::hardware_concurrency());
  const auto threads = std::min<std::size_t>(workers, count);
  std::atomic<std::size_t> next{0};
  const auto loop = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back(loop);
  loop();
  for (auto& thread : others) thread.join();
}

}  // namespace aksmesh::sys
