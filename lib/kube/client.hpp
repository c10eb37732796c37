// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "data/tree.hpp"
#include "kube/exec_credential.hpp"
#include "kube/kubeconfig.hpp"
#include "net/http.hpp"
#include "sys/clock.hpp"
#include "sys/files.hpp"
#include "sys/process.hpp"

namespace aksmesh::kube {

/// A kind as a cluster serves it.
struct ApiResource {
  std::string group{};  ///< empty for the core group
  std::string version{};
  std::string plural{};  ///< as in paths: virtualservices
  std::string kind{};
  bool namespaced = false;
  [[nodiscard]] std::string api_version() const;
};

/// What to list.
struct ListWish {
  ApiResource resource{};
  std::string name_space{};      ///< empty: all
  std::string label_selector{};  ///< empty: whatever the labels
  enum class Depth : std::uint8_t {
    whole,
    lean,     ///< without large parts that no command reads (trimmed.hpp)
    metadata  ///< names, labels and annotations alone, of kinds whose contents are large or secret
  } depth = Depth::whole;
  /// `pods in all namespaces`.
  [[nodiscard]] std::string what() const;
  /// The right that it takes: `list` and that.
  [[nodiscard]] std::string right() const;
};

/// A change of one object. It goes out once, and again only when the server surely has not acted.
struct Write {
  enum class Verb : std::uint8_t {
    create,
    apply,  ///< server-side, under the field manager aksmesh
    merge,  ///< a JSON merge patch
    erase
  };
  /// What becomes of fields that another manager has applied.
  enum class Owners : std::uint8_t { respected, overruled };
  /// A rehearsal is checked by the server like the change itself, and is not kept.
  enum class Effect : std::uint8_t { kept, rehearsed };

  Verb verb = Verb::merge;
  ApiResource resource{};
  std::string name_space{};
  std::string name{};
  std::string body{};              ///< JSON; of `erase`: none
  std::string resource_version{};  ///< refused when the object is no longer this; empty: as it is
  std::string uid{};               ///< likewise
  Owners owners = Owners::respected;
  Effect effect = Effect::kept;
  /// `services in namespace shop`.
  [[nodiscard]] std::string what() const;
  /// The right that it takes: `patch services in namespace shop`.
  [[nodiscard]] std::string right() const;
};

/// A list, a page of at most 500 objects each.
using Pages = std::vector<std::unique_ptr<data::Tree>>;

struct Listing;

/// Talks to one API server. Answers of failure become errors: auth, denied (with the right that is
/// missing), not_found, conflict, throttled, server.
class Client {
 public:
  /// Signs in when the first request needs it.
  Client(Access access, net::Http& http, sys::Files& files, sys::Process& process,
         sys::Clock& clock, sys::Progress& progress);

  [[nodiscard]] const Access& access() const { return access_; }
  /// Every kind that is served, each in the version that the server prefers.
  Result<std::vector<ApiResource>> resources();
  /// As in `v1.34.2`; empty when the server does not tell, though most let anybody see it. An error
  /// only when the user interrupted.
  Result<std::string> version();
  /// In the order of the wishes, a bounded number at a time. A list that changes too fast to be
  /// read in pages is read at once.
  std::vector<Result<Pages>> list(const std::vector<ListWish>& wishes);
  /// `path` begins with a slash and may hold a query. `goal` completes "cannot ...".
  Result<std::string> get(const std::string& path, const std::string& goal);
  /// The object as it is afterwards, as JSON. Kind conflict when somebody else changed it since, or
  /// when another manager owns what is applied; the error names that one.
  Result<std::string> write(const Write& wish, const std::string& goal);

  // For what is more than a list or a document: streams, requests to pods.
  /// With the sign-in. Its peer is this client's, which must outlive it.
  Result<net::Request> signed_request(const std::string& path);
  /// Sends; who is no longer known signs in once more.
  std::vector<Result<net::Response>> send(std::vector<net::Request> requests);
  /// The sign-in was refused: whether another one could be had. Once, until a request is answered.
  bool renew();
  [[nodiscard]] net::Http& http() const { return http_; }
  [[nodiscard]] sys::Clock& clock() const { return clock_; }

 private:
  friend class Survey;  ///< asks the same at the pace of others
  Status sign_in();
  /// Milliseconds of the run; 0: it has no end.
  [[nodiscard]] std::int64_t time_left() const;
  [[nodiscard]] net::Request request(const std::string& path) const;
  [[nodiscard]] std::vector<net::Request> with_token(std::vector<net::Request> requests) const;
  bool is_to_repeat(std::vector<Result<net::Response>>& answers);
  [[nodiscard]] std::vector<net::Request> discovery() const;
  [[nodiscard]] std::vector<net::Request> next_pages(const std::vector<Listing>& listings) const;

  Access access_;
  net::Http& http_;
  sys::Files& files_;
  sys::Process& process_;
  sys::Clock& clock_;
  sys::Progress& progress_;
  net::Peer peer_{};
  Secret token_{};
  bool signed_in_ = false;
  bool renewed_ = false;  // a sign-in that is refused is made anew once, not more
};

/// Where what is wished for is listed, and watched.
std::string list_path(const ListWish& wish);

/// The reason of a Status object, by which the API server can be told from what answers through it;
/// empty for any other body.
std::string status_reason(const net::Response& response);

/// An answer of failure. `right` is what the request needs, such as `list pods`.
Error api_error(const net::Response& response, std::string goal, const std::string& right,
                std::string where);

}  // namespace aksmesh::kube
