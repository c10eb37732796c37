# SPDX-License-Identifier: Apache-2.0
# aksmesh_embed(TARGET FILE...) puts text files into a target; data/resources.hpp finds them by their path.
add_executable(aksmesh_embed_tool "${PROJECT_SOURCE_DIR}/packaging/cmake/embed.cpp")
set_target_properties(aksmesh_embed_tool PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tools")

function(aksmesh_embed target)
  set(output "${PROJECT_BINARY_DIR}/generated/${target}_texts.cpp")
  list(SORT ARGN)
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${PROJECT_BINARY_DIR}/generated"
    COMMAND aksmesh_embed_tool "${output}" "${PROJECT_SOURCE_DIR}" ${ARGN}
    DEPENDS aksmesh_embed_tool ${ARGN} VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()
