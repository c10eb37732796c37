# SPDX-License-Identifier: Apache-2.0
"""A real service mesh on one machine, without containers; README.md tells what of it is real."""
