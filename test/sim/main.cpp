// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "server.hpp"
#include "simulator.hpp"

namespace {

using namespace aksmesh::sim;

struct Options {
  std::string directory{};
  std::string scenario{};
  unsigned short port = 0;
};

constexpr const char* kUsage =
    "aksmesh-sim --directory DIR [--port 0] [--scenario FILE.json]\n"
    "Plays Entra ID and Azure Resource Manager on loopback; test/sim/README.md says how.\n";

bool read_options(int count, char** arguments, Options& options) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = arguments[i];
    const std::string value = arguments[i + 1];
    if (name == "--directory") {
      options.directory = value;
    } else if (name == "--scenario") {
      options.scenario = value;
    } else if (name == "--port") {
      options.port = static_cast<unsigned short>(std::strtoul(value.c_str(), nullptr, 10));
    } else {
      return false;
    }
  }
  return count % 2 == 1 && !options.directory.empty();
}

bool write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  return static_cast<bool>(out.flush());
}

bool load(const std::string& file, Scenario& scenario) {
  if (file.empty()) return true;
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  std::string error = "cannot be read";
  if (in && read_scenario(text.str(), scenario, error)) return true;
  std::cerr << file << ": " << error << "\n";
  return false;
}

// Written under another name first: who waits for the file never sees half of it.
bool announce(const std::filesystem::path& directory, const std::string& endpoint) {
  const Json ready{{"endpoint", endpoint}, {"ca", (directory / "ca.pem").string()}};
  if (!write(directory / "ready.json.new", dump(ready) + "\n")) return false;
  std::filesystem::rename(directory / "ready.json.new", directory / "ready.json");
  std::cout << dump(ready) << std::endl;
  return true;
}

int run(const Options& options) {
  Scenario scenario;
  if (!load(options.scenario, scenario)) return 2;
  const std::filesystem::path directory = std::filesystem::absolute(options.directory);
  std::filesystem::create_directories(directory);
  const Certificates certificates = make_certificates();
  // Every thread started from here on leaves the signals to this one.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  Server server(certificates, options.port);
  const std::string endpoint = "https://127.0.0.1:" + std::to_string(server.port());
  Simulator simulator(std::move(scenario), endpoint);
  const Handler handler = [&simulator](const Request& request) {
    try {
      return simulator.handle(request);
    } catch (const std::exception& problem) {
      std::cerr << request.method << " " << request.path << ": " << problem.what() << std::endl;
      return service_error(500, "SimulatorDefect", problem.what());
    }
  };
  std::thread([&] { server.run(handler); }).detach();
  if (!write(directory / "ca.pem", certificates.authority) || !announce(directory, endpoint)) {
    std::cerr << "cannot write to " << directory << "\n";
    return 1;
  }
  int received = 0;
  sigwait(&signals, &received);
  std::filesystem::remove(directory / "ready.json");
  // The threads of the connections still use what would be destroyed now.
  std::_Exit(0);
}

}  // namespace

int main(int count, char** arguments) {
  Options options;
  if (!read_options(count, arguments, options)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  try {
    return run(options);
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << "\n";
    return 1;
  }
}
