// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "istio/validation/problem.hpp"
#include "istio/validation/syntax.hpp"
#include "kube/manifests.hpp"

// Rules that several kinds share. A check takes the name of the rule that it speaks for, then what
// it looks at.
namespace aksmesh::istio::validation {

// Values as Istio reads them: null is absent, an empty list too, an empty mapping is not.
/// The field of a mapping, absent when it is null.
Node field(const Node& owner, std::string_view name);
/// True for a field that is there and is neither null, an empty text, 0, false nor an empty list.
bool has(const Node& owner, std::string_view name);
/// An integer, a quoted one included.
std::optional<std::int64_t> integer(const Node& value);
/// The same of a field; 0 when it is missing.
std::int64_t integer(const Node& owner, std::string_view name);
bool is_true(const Node& owner, std::string_view name);

/// A value for a message, cut when it is long.
std::string shown(std::string_view text);

// One value. A missing one counts as empty or 0.
void check_label(std::string_view rule, const Place& place, Problems& out);
void check_domain(std::string_view rule, const Place& place, Problems& out);
void check_wildcard_domain(std::string_view rule, const Place& place, Problems& out);
void check_port(std::string_view rule, const Place& place, Problems& out);
void check_ip(std::string_view rule, const Place& place, Problems& out);
void check_ip_or_cidr(std::string_view rule, const Place& place, Problems& out);
/// At least a millisecond, and whole milliseconds; a missing one is fine.
void check_duration(std::string_view rule, const Place& place, Problems& out);
/// An integer within both limits; a missing one is 0.
void check_range(std::string_view rule, const Place& place, std::int64_t least, std::int64_t most,
                 Problems& out);
void check_not_negative(std::string_view rule, const Place& place, Problems& out);
/// A mapping with `value`: 0, or 0.0001 to 100.
void check_percent(std::string_view rule, const Node& percent, Problems& out);
void check_regex(std::string_view rule, const Place& place, Problems& out);
/// One of Istio's names of protocols.
void check_protocol(std::string_view rule, const Place& place, Problems& out);
/// Keys and values of a mapping of labels.
void check_labels(std::string_view rule, const Node& labels, Problems& out);

// Parts that several kinds have.
/// SEL-01 to SEL-03 of the field `selector` or `workloadSelector` of a spec, if it is there. False
/// when SEL-01 or SEL-02 is broken.
bool check_selector(const Node& spec, std::string_view name, Problems& out);
/// SEL-04 and SEL-05.
void check_targets(const Node& spec, Problems& out);
/// EXP-01 to EXP-05.
void check_export_to(const kube::Object& object, Problems& out);
/// VS-40.
void check_destination(const Node& destination, Problems& out);

enum class EndpointAddress { any, no_domain };
/// WE-01 to WE-05, of a WorkloadEntry's spec or an endpoint of a ServiceEntry.
void check_endpoint(const Node& endpoint, EndpointAddress address, Problems& out);

}  // namespace aksmesh::istio::validation
