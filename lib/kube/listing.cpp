// SPDX-License-Identifier: Apache-2.0
#include "kube/listing.hpp"

#include <utility>

#include "base/strings.hpp"
#include "data/reader.hpp"
#include "kube/trimmed.hpp"

namespace aksmesh::kube {
namespace {

constexpr int kPage = 500;

void take(Listing& listing, Result<net::Response> answer) {
  if (!answer) {
    listing.error = answer.error();
  } else if (answer->status == 410 && listing.paged) {
    // The pages are of a state that the server has forgotten: all at once, then.
    Listing whole{.wish = listing.wish, .path = listing.path, .paged = false};
    listing = std::move(whole);
    return;
  } else if (!answer->ok()) {
    const auto right = listing.wish.right();
    listing.error = api_error(*answer, right, right, "GET " + listing.path);
  } else {
    auto read = data::read_answer(std::move(answer->body));
    const auto root = read.only_document();
    const auto items = root["items"];
    // Go writes an empty list as null in places.
    if (!items || !(items.is_sequence() || items.is_null())) {
      listing.error = Error{.kind = ErrorKind::bad_data,
                            .what = "cannot " + listing.wish.right(),
                            .why = "the answer is no list"};
    } else {
      const std::string next(root.at("metadata", "continue").text());
      const bool stands_still = !next.empty() && next == listing.token;
      listing.token = next;
      if (stands_still)
        listing.error = Error{.kind = ErrorKind::bad_data,
                              .what = "cannot " + listing.wish.right(),
                              .why = "the list does not end: a page leads to itself"};
      else if (items.is_sequence())
        listing.pages.push_back(trimmed(std::move(read.tree), listing.wish));
    }
  }
  listing.done = listing.error || listing.token.empty();
}

}  // namespace

std::string Listing::url() const {
  std::string out = path;
  char separator = '?';
  const auto add = [&](const std::string& name, const std::string& value) {
    out += separator + name + '=' + url_escaped(value);
    separator = '&';
  };
  if (!wish.label_selector.empty()) add("labelSelector", wish.label_selector);
  if (paged) add("limit", std::to_string(kPage));
  if (!token.empty()) add("continue", token);
  return out;
}

std::string list_path(const ListWish& wish) {
  const auto& resource = wish.resource;
  std::string out = (resource.group.empty() ? "/api/" : "/apis/") + resource.api_version();
  if (resource.namespaced && !wish.name_space.empty())
    out += "/namespaces/" + url_escaped(wish.name_space);
  return out + '/' + resource.plural;
}

std::vector<Listing> listings_of(const std::vector<ListWish>& wishes) {
  std::vector<Listing> out;
  for (const auto& wish : wishes) out.push_back({.wish = wish, .path = list_path(wish)});
  return out;
}

void take_pages(std::vector<Listing>& listings, std::vector<Result<net::Response>> answers) {
  auto next = answers.begin();
  for (auto& listing : listings)
    if (!listing.done) take(listing, std::move(*next++));
}

std::vector<Result<Pages>> results_of(std::vector<Listing> listings) {
  std::vector<Result<Pages>> out;
  for (auto& listing : listings) {
    if (listing.error)
      out.emplace_back(std::move(*listing.error));
    else
      out.emplace_back(std::move(listing.pages));
  }
  return out;
}

}  // namespace aksmesh::kube
