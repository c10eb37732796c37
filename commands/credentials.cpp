// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "azure/credentials_of_cluster.hpp"
#include "azure_session.hpp"
#include "command.hpp"
#include "kube/kubeconfig.hpp"
#include "kube/kubeconfig_merge.hpp"
#include "sys/mode_keeping.hpp"

namespace aksmesh::commands {
namespace {

constexpr std::uint64_t kLargestKubeconfig = 16U << 20U;

struct Options {
  ClusterOptions cluster{};
  bool admin = false;
  bool public_name = false;
  bool overwrite = false;
  std::string format{};
  std::string file{};
  std::string context{};
};

void declare(OptionSet& set, Options& o) {
  set.flag("--admin", o.admin).help("Those of the local administrator");
  set.value("--format", o.format, "WAY")
      .help("How the kubeconfig signs in where Entra ID is used")
      .choices({"exec", "azure"});
  set.flag("--public-fqdn", o.public_name).help("The public name of a private cluster");
  set.value("--kubeconfig", o.file, "FILE")
      .alias("--file")
      .alias("-f")
      .help("The kubeconfig; default: that of KUBECONFIG, else ~/.kube/config")
      .complete(Complete::files);
  set.flag("--overwrite-existing", o.overwrite)
      .help("Replace entries of the same name that differ");
  set.value("--context", o.context, "NAME")
      .help("Context of the kubeconfig")
      .complete(Complete::contexts);
  declare_cluster_options(set, o.cluster);
}

class CredentialsOutcome final : public Outcome {
 public:
  CredentialsOutcome(std::string printed, std::string file, std::string cluster)
      : printed_(std::move(printed)), file_(std::move(file)), cluster_(std::move(cluster)) {}
  [[nodiscard]] std::string text(const report::Style&) const override {
    return file_.empty() ? printed_ : deed() + '\n';
  }
  [[nodiscard]] std::string deed() const override {
    if (file_.empty()) return {};
    return "the credentials of " + cluster_ + " are in " + file_ +
           ", and its context is the current one";
  }
  [[nodiscard]] nlohmann::ordered_json document() const override {
    return {{"schema", "aksmesh/credentials/v1"}, {"cluster", cluster_}, {"file", file_}};
  }

 private:
  std::string printed_;
  std::string file_;
  std::string cluster_;
};

Result<std::string> target_file(const Options& o, const Context& context) {
  if (!o.file.empty()) return o.file;
  if (auto files = kube::kubeconfig_files(context.env); !files.empty()) return files.front();
  return Error{.kind = ErrorKind::usage,
               .what = "it is not known where the kubeconfig is",
               .why = "neither KUBECONFIG nor HOME is set",
               .next = {"--kubeconfig FILE"}};
}

/// What to say when others can read the file that takes the keys; empty when they cannot.
std::string warning_of(const std::string& file, sys::Files& files) {
  const auto there = files.info(file);
  if (!there || there->type != sys::FileInfo::Type::regular || !there->is_open_to_others) return {};
  return "others may read or write " + file + ", which holds keys of clusters: chmod 600 " + file;
}

Status merge_into(const std::string& file, const std::string& kubeconfig, bool overwrite,
                  const Context& context) {
  auto existing = context.files.read(file, kLargestKubeconfig);
  if (!existing && existing.error().kind != ErrorKind::not_found)
    return std::move(existing).error();
  AK_TRY(const auto merged,
         kube::merge_kubeconfig(existing ? *existing : std::string(), kubeconfig,
                                overwrite ? kube::Overwrite::yes : kube::Overwrite::no));
  return sys::write_keeping_mode(context.files, file, merged);
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  if (o.admin && !o.format.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "--format is of no use with --admin",
                 .why = "the administrator signs in with a certificate"};
  const bool prints = o.file == "-";
  if (prints && context.global.output != "text")
    return Error{
        .kind = ErrorKind::usage,
        .what = "--kubeconfig - prints the kubeconfig itself, not as " + context.global.output,
        .next = {"leave out -o", "--kubeconfig FILE"}};
  AK_TRY(const auto session, AzureSession::open(o.cluster, context));
  AK_TRY(const auto id, session->cluster(o.cluster));
  AK_TRY(
      const auto secret,
      azure::get_kubeconfig(session->arm(), id,
                            {.admin = o.admin, .public_name = o.public_name, .format = o.format}));
  auto kubeconfig = secret.reveal();
  auto name = o.context;
  if (name.empty() && o.admin) name = id.name + "-admin";
  if (!name.empty()) {
    AK_TRY(kubeconfig, kube::with_context_name(kubeconfig, name));
  }
  std::string file;
  if (!prints) {
    AK_TRY(file, target_file(o, context));
    AK_CHECK(merge_into(file, kubeconfig, o.overwrite, context));
  }
  auto outcome = std::make_unique<CredentialsOutcome>(kubeconfig, file, id.name);
  outcome->holds_secrets = prints;
  if (auto warning = warning_of(prints ? context.global.output_file : file, context.files);
      !warning.empty())
    outcome->notes.push_back(std::move(warning));
  if (kube::uses_program(kubeconfig, "kubelogin"))
    outcome->notes.emplace_back(
        "this cluster signs in through Entra ID; kubectl needs the program kubelogin for it");
  return OutcomePtr(std::move(outcome));
}

constexpr std::array kExamples{
    Example{"aksmesh credentials -g shop --cluster prod", "For kubectl"},
    Example{"aksmesh credentials -g shop --cluster prod --kubeconfig prod.kubeconfig",
            "Into a file of its own"}};

}  // namespace

extern const Command credentials_command;
constinit const Command credentials_command =
    command<declare, run>({.path = "credentials",
                           .summary = "Get the kubeconfig of a cluster from Azure",
                           .page = "commands/credentials.md",
                           .examples = kExamples});

}  // namespace aksmesh::commands
