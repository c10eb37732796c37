# SPDX-License-Identifier: Apache-2.0
set(AKSMESH_BASH_COMPLETION_DIR "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" CACHE STRING "Folder of bash completions")
set(AKSMESH_ZSH_COMPLETION_DIR "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions" CACHE STRING "Folder of zsh completions")
set(AKSMESH_FISH_COMPLETION_DIR "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" CACHE STRING "Folder of fish completions")

install(TARGETS aksmesh RUNTIME)
# The program shows the name it was called by; the links are relative, so that a package can be moved.
foreach(name mesh kubectl-aksmesh)
  file(MAKE_DIRECTORY "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  file(CREATE_LINK aksmesh "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${name}" SYMBOLIC)
  install(FILES "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${name}" DESTINATION "${CMAKE_INSTALL_BINDIR}")
endforeach()
install(DIRECTORY man/ DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" FILES_MATCHING PATTERN "*.1" PATTERN topics EXCLUDE PATTERN schema EXCLUDE)
install(DIRECTORY man/ DESTINATION "${CMAKE_INSTALL_MANDIR}/man7" FILES_MATCHING PATTERN "*.7" PATTERN topics EXCLUDE PATTERN schema EXCLUDE)
install(FILES completions/aksmesh.bash DESTINATION "${AKSMESH_BASH_COMPLETION_DIR}" RENAME aksmesh)
install(FILES completions/_aksmesh DESTINATION "${AKSMESH_ZSH_COMPLETION_DIR}")
install(FILES completions/aksmesh.fish DESTINATION "${AKSMESH_FISH_COMPLETION_DIR}")
