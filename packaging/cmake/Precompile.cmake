# SPDX-License-Identifier: Apache-2.0
# aksmesh_precompile(target [more headers]): spares each file of the target reading them. Files include what they use all
# the same: the build of another compiler in .ci/run goes without this and would tell.
function(aksmesh_precompile target)
  if(AKSMESH_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <set>
      <string> <string_view> <unordered_map> <utility> <vector> ${ARGN})
  endif()
endfunction()
