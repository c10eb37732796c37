// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace aksmesh::cli {

/// Ctrl-C and termination end the program at once with 130 or 143; a reader that goes away does not
/// end it. What the caller has told this process to ignore stays ignored.
void install_signal_handlers();

}  // namespace aksmesh::cli
