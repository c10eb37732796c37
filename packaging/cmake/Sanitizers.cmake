# SPDX-License-Identifier: Apache-2.0
if(AKSMESH_SANITIZE)
  add_compile_options(-fsanitize=${AKSMESH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${AKSMESH_SANITIZE})
endif()
