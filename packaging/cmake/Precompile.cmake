# SPDX-License-Identifier: Apache-2.0
# Spares each file of a target reading the headers that nearly every file includes. Files include what they use all the
# same: the build of another compiler in .ci/run goes without this and would tell.

# aksmesh_precompile(target [more headers]) makes a set of its own, some seconds of work.
function(aksmesh_precompile target)
  if(AKSMESH_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <set>
      <string> <string_view> <unordered_map> <utility> <vector> ${ARGN})
  endif()
endfunction()

# aksmesh_precompile_as(target other) takes the set of another target, made with the same options.
function(aksmesh_precompile_as target other)
  if(AKSMESH_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${other})
  endif()
endfunction()
