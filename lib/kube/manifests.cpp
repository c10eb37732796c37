// SPDX-License-Identifier: Apache-2.0
#include "kube/manifests.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/strings.hpp"
#include "sys/parallel.hpp"

namespace aksmesh::kube {
namespace {

constexpr std::string_view kIgnoreFile = ".aksmeshignore";

bool has_manifest_suffix(std::string_view name, Walk walk) {
  const auto lower = walk == Walk::usual ? to_lower(name) : std::string(name);
  return lower.ends_with(".yaml") || lower.ends_with(".yml") || lower.ends_with(".json");
}

std::string join_path(const std::string& directory, const std::string& name) {
  return directory.ends_with('/') ? directory + name : directory + '/' + name;
}

/// Finds the files behind the operands, in a stable order, and puts them into the result.
class Walker {
 public:
  Walker(sys::Files& files, const ReadOptions& options, Manifests& out)
      : files_(files), options_(options), out_(out) {}

  void operand(const std::string& path) {
    if (path == "-") return add(path);
    auto info = files_.info(path);
    if (!info) {
      lose(path, info.error().why);
    } else if (info->type == sys::FileInfo::Type::directory) {
      directory(path, path, *info, options_.ignore);
    } else {
      add(path);
    }
  }

  /// A file that an option names for itself; a directory is none.
  void single(const std::string& path, Role role) {
    const auto info = path == "-" ? Result<sys::FileInfo>(sys::FileInfo{}) : files_.info(path);
    if (!info) return lose(path, info.error().why);
    if (info.value().type == sys::FileInfo::Type::directory) return lose(path, "it is a directory");
    add(path, role);
  }

 private:
  void directory(const std::string& path, const std::string& top, const sys::FileInfo& info,
                 std::vector<std::string> ignore) {
    if (!visited_.insert(info.identity).second) return;  // a link back to where we have been
    auto names = files_.list(path);
    if (!names) return lose(path, names.error().why);
    if (std::binary_search(names->begin(), names->end(), kIgnoreFile))
      read_ignore_file(join_path(path, std::string(kIgnoreFile)), ignore);
    // Patterns are paths below the operand, which may end in a slash.
    const auto below = top.size() + (top.ends_with('/') ? 0 : 1);
    for (const auto& name : *names) {
      const auto child = join_path(path, name);
      if ((name.starts_with('.') && options_.walk == Walk::usual) ||
          ignored(ignore, name, std::string_view(child).substr(below)))
        continue;
      auto child_info = files_.info(child);
      if (!child_info) {
        if (has_manifest_suffix(name, options_.walk)) lose(child, child_info.error().why);
      } else if (child_info->type == sys::FileInfo::Type::directory) {
        directory(child, top, *child_info, ignore);
      } else if (child_info->type == sys::FileInfo::Type::regular &&
                 has_manifest_suffix(name, options_.walk)) {
        add(child, Role::manifests, Found::by_walking);
      }
    }
  }

  void read_ignore_file(const std::string& path, std::vector<std::string>& ignore) {
    auto text = files_.read(path, 1U << 20U);
    if (!text) return lose(path, text.error().why);
    for (const auto line : split(*text, '\n')) {
      const auto pattern = trim(line);
      if (!pattern.empty() && !pattern.starts_with('#')) ignore.emplace_back(pattern);
    }
  }

  static bool ignored(const std::vector<std::string>& patterns, std::string_view name,
                      std::string_view path) {
    return std::any_of(patterns.begin(), patterns.end(), [&](std::string_view pattern) {
      if (pattern.ends_with('/')) pattern.remove_suffix(1);
      return wildcard_match(pattern, name) || wildcard_match(pattern, path);
    });
  }

  enum class Found : std::uint8_t { by_name, by_walking };

  void add(const std::string& path, Role role = Role::manifests, Found found = Found::by_name) {
    if (out_.files.size() < options_.limits.files) {
      out_.files.push_back({.name = path,
                            .role = role,
                            .cluster = options_.cluster,
                            .walked = found == Found::by_walking});
    } else if (!too_many_) {
      too_many_ = true;
      lose(path, "limit 'files' exceeded: more than " + std::to_string(options_.limits.files) +
                     "; this and all further files were left out; raise it with --limit files=N");
    }
  }

  void lose(const std::string& what, const std::string& why) {
    out_.unavailable.push_back({what, why, Kind::other});
    out_.complete = false;
  }

  sys::Files& files_;
  const ReadOptions& options_;
  Manifests& out_;
  std::set<std::string> visited_;
  bool too_many_ = false;
};

/// Finds the objects in the documents of one file.
class ObjectFinder {
 public:
  ObjectFinder(const ReadOptions& options, Manifests& out) : options_(options), out_(out) {}

  void file(const InputFile& file) {
    if (file.tree == nullptr) return;
    for (std::size_t i = 0; i < file.tree->document_count(); ++i)
      document(file, file.tree->document(i));
  }

 private:
  void document(const InputFile& file, const data::Node& root) {
    if (!root.is_mapping()) {
      if (file.role == Role::mesh_config)
        return misfit(file, root, "a mesh configuration must be a mapping");
      // A JSON array of objects is what `jq` makes of a list.
      if (root.is_sequence() && root.size() > 0 && !is_other_file(file, root)) {
        for (const auto& item : root.items()) list_item(file, item);
      } else {
        skip(file, root);
      }
      return;
    }
    const auto kind = root["kind"];
    const auto items = root["items"];
    if (items.is_sequence() && kind.string().ends_with("List")) {
      // The items of a typed list (PodList) may leave out what the list says.
      const auto item_kind = kind.string().substr(0, kind.string().size() - 4);
      for (const auto& item : items.items())
        list_item(file, item, item_kind, root["apiVersion"].string());
      return;
    }
    if (is_other_file(file, root)) return skip(file, root);
    if (!kind && !root["apiVersion"]) {
      if (file.role == Role::mesh_networks) {
        bare(file, root, Kind::mesh_networks_file);
      } else if (file.role == Role::mesh_config ||
                 (options_.is_mesh_config && options_.is_mesh_config(root))) {
        bare(file, root, Kind::mesh_config_file);
      } else {
        skip(file, root);
      }
      return;
    }
    object(file, root, {}, {});
  }

  /// Directories hold other files too, such as Chart.yaml, which has an apiVersion and no kind.
  static bool is_other_file(const InputFile& file, const data::Node& root) {
    if (!file.walked) return false;
    if (root.is_mapping()) return root["apiVersion"] && !root["kind"];
    const auto items = root.items();
    return std::none_of(items.begin(), items.end(),
                        [](const data::Node& item) { return static_cast<bool>(item["kind"]); });
  }

  /// A configuration of the mesh outside of any object.
  void bare(const InputFile& file, const data::Node& root, Kind kind) {
    out_.objects.push_back({.kind = kind,
                            .root = root,
                            .kind_name = kind_name(kind),
                            .name = file.name,
                            .file = &file});
  }

  void list_item(const InputFile& file, const data::Node& item, std::string_view kind = {},
                 std::string_view api_version = {}) {
    if (!item.is_mapping()) return misfit(file, item, "an item of a list must be an object");
    if (item["items"].is_sequence() && item["kind"].string().ends_with("List"))
      return document(file, item);
    object(file, item, kind, api_version);
  }

  void object(const InputFile& file, const data::Node& root, std::string_view kind,
              std::string_view api_version) {
    const auto metadata = root["metadata"];
    const auto wrong = [&](std::string_view key, bool fits) {
      const auto node = root[key];
      if (!node || node.is_null() || fits) return false;
      misfit(file, node,
             std::string(key) + (key == "metadata" ? " must be a mapping" : " must be a string"));
      return true;
    };
    if (wrong("kind", root["kind"].is_string()) ||
        wrong("apiVersion", root["apiVersion"].is_string()) ||
        wrong("metadata", metadata.is_mapping()))
      return;
    Object object{.root = root,
                  .api_version = root["apiVersion"].string(),
                  .kind_name = root["kind"].string(),
                  .file = &file};
    if (object.kind_name.empty()) object.kind_name = kind;
    if (object.api_version.empty()) object.api_version = api_version;
    if (!file.listed_version.empty()) {
      object.kind_name = kind_name(file.list_of);
      object.api_version = file.listed_version;
    }
    if (object.kind_name.empty()) return misfit(file, root, "the object has no kind");
    if (object.api_version.empty())
      return misfit(file, root["kind"], "the object has no apiVersion");
    for (const std::string_view key : {"labels", "annotations"}) {
      const auto map = metadata[key];
      if (map && !map.is_null() && !map.is_mapping())
        misfit(file, map, "metadata." + std::string(key) + " must be a mapping");
    }
    const auto slash = object.api_version.find('/');
    if (slash != std::string_view::npos) object.group = object.api_version.substr(0, slash);
    object.version = object.api_version.substr(slash == std::string_view::npos ? 0 : slash + 1);
    object.kind = find_kind(object.group, object.kind_name);
    // A plain null or ~ is no name.
    if (!metadata["name"].is_null()) object.name = metadata["name"].text();
    if (object.name.empty()) object.name = metadata["generateName"].text();
    if (is_namespaced(object.kind, object.kind_name)) {
      object.name_space = metadata["namespace"].text();
      if (object.name_space.empty()) object.name_space = out_.default_namespace.front();
    }
    out_.objects.push_back(object);
  }

  void skip(const InputFile& file, const data::Node& node) {
    out_.skipped.push_back(file.name + ':' + std::to_string(node.mark().line));
  }

  void misfit(const InputFile& file, const data::Node& node, std::string what) {
    out_.misfits.push_back({&file, node, std::move(what)});
    out_.complete = false;
  }

  const ReadOptions& options_;
  Manifests& out_;
};

/// Fills in a file's documents and problems; returns why it could not be read, else nothing.
std::string read_file(sys::Files& files, const data::Limits& limits, InputFile& file) {
  auto text = file.name == "-" ? files.read_standard_input(limits.file)
                               : files.read(file.name, limits.file);
  if (!text && text.error().kind == ErrorKind::bad_data) {
    file.problems.push_back(
        {.kind = data::Problem::Kind::limit,
         .mark = {1, 1},
         .what = "limit 'file' exceeded: " + text.error().why,
         .next = "raise it with --limit file=N if the input is meant to be like this"});
    return {};
  }
  if (!text) return text.error().why;
  const auto format =
      to_lower(file.name).ends_with(".json") ? data::Format::json : data::Format::by_content;
  auto read = data::read_documents(std::move(*text), limits, format);
  file.tree = std::move(read.tree);
  file.tree->finish();
  file.problems = std::move(read.problems);
  return {};
}

/// An object of a file will be in the cluster in the place of the one that is there.
void drop_replaced(std::deque<Object>& objects) {
  const auto key = [](const Object& one) {
    return std::tuple(one.group, one.kind_name, one.name_space, one.name);
  };
  std::set<decltype(key(objects.front()))> named;
  for (const auto& one : objects)
    if (!one.file->live) named.insert(key(one));
  if (named.size() < objects.size() && !named.empty())
    std::erase_if(objects,
                  [&](const Object& one) { return one.file->live && named.contains(key(one)); });
}

}  // namespace

Manifests read_manifests(sys::Files& files, const std::vector<std::string>& operands,
                         const ReadOptions& options, LiveObjects live) {
  Manifests out;
  out.files = std::move(live.answers);
  out.unavailable = std::move(live.unavailable);
  out.not_listed = std::move(live.not_listed);
  out.whole = live.whole;
  out.whole_in = std::move(live.whole_in);
  out.complete = out.unavailable.empty();
  out.default_namespace.push_back(options.default_namespace);
  Walker walker(files, options, out);
  for (const auto& operand : operands) walker.operand(operand);
  for (const auto& file : options.mesh_config_files) walker.single(file, Role::mesh_config);
  for (const auto& file : options.mesh_networks_files) walker.single(file, Role::mesh_networks);

  std::vector<std::string> failures(out.files.size());
  sys::parallel_for(out.files.size(), options.workers, [&](std::size_t i) {
    if (!out.files[i].live) failures[i] = read_file(files, options.limits, out.files[i]);
  });

  ObjectFinder finder(options, out);
  for (std::size_t i = 0; i < out.files.size(); ++i) {
    if (!failures[i].empty()) {
      out.unavailable.push_back({out.files[i].name, failures[i], Kind::other});
      out.complete = false;
    }
    for (const auto& problem : out.files[i].problems)
      out.complete = out.complete && !problem.document_lost;
    finder.file(out.files[i]);
  }
  drop_replaced(out.objects);
  return out;
}

}  // namespace aksmesh::kube
