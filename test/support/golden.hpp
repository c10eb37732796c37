// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace aksmesh::test {

/// Compares a text with test/golden/NAME. With UPDATE_GOLDEN=1 the file is rewritten and the test
/// fails once, so that nothing can pass by rewriting.
void check_golden(const std::string& name, const std::string& text);

}  // namespace aksmesh::test
