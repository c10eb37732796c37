# SPDX-License-Identifier: Apache-2.0
# The target aksmesh_archive: libarchive, which packs and unpacks snapshots. Its shared library brings in a dozen others
# with it, which every start of the program would pay for; of the static one only tar and gzip get into the program, where
# unused functions are left out (else its other formats want those libraries too).
find_package(LibArchive REQUIRED)
add_library(aksmesh_archive INTERFACE)
find_library(AKSMESH_STATIC_ARCHIVE libarchive.a)
mark_as_advanced(AKSMESH_STATIC_ARCHIVE)
if(AKSMESH_DROP_UNUSED AND AKSMESH_STATIC_ARCHIVE)
  find_package(ZLIB REQUIRED)
  target_include_directories(aksmesh_archive SYSTEM INTERFACE ${LibArchive_INCLUDE_DIRS})
  target_link_libraries(aksmesh_archive INTERFACE "${AKSMESH_STATIC_ARCHIVE}" ZLIB::ZLIB)
else()
  target_link_libraries(aksmesh_archive INTERFACE LibArchive::LibArchive)
endif()
