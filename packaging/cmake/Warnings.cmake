# SPDX-License-Identifier: Apache-2.0
add_library(aksmesh_warnings INTERFACE)
target_compile_options(aksmesh_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor -Wextra-semi
  # GCC 12 sees these in its own std::string code when it inlines (its bugs 105651 and 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-array-bounds -Wno-stringop-overflow>
  # Members that are left out of a designated initialiser have defaults here, as a rule of the house.
  -Wno-missing-field-initializers
  $<$<BOOL:${AKSMESH_WERROR}>:-Werror>)
