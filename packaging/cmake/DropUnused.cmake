# SPDX-License-Identifier: Apache-2.0
if(AKSMESH_DROP_UNUSED)
  add_compile_options(-ffunction-sections -fdata-sections)
  add_link_options($<IF:$<PLATFORM_ID:Darwin>,-Wl$<COMMA>-dead_strip,-Wl$<COMMA>--gc-sections>)
endif()
