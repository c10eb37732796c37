// SPDX-License-Identifier: Apache-2.0
// Build tool: writes a C++ source that holds text files, found at run time by name
// (data/resources.hpp). Usage: embed OUTPUT.cpp ROOT FILE...   (names are the paths below ROOT)
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace {

// Compilers limit the length of one literal, so texts are cut into pieces that they join again.
constexpr std::size_t kPiece = 8000;

void write_literal(std::ostream& out, const std::string& text) {
  for (std::size_t at = 0; at < text.size() || at == 0; at += kPiece)
    out << "R\"~akm~(" << text.substr(at, kPiece) << ")~akm~\"\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string root = std::string(argv[2]) + '/';
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 3; i < argc; ++i) {
    const std::string path = argv[i];
    std::ifstream in(path, std::ios::binary);
    if (!in) {
      std::cerr << "embed: cannot read " << path << '\n';
      return 1;
    }
    const std::string name = path.rfind(root, 0) == 0 ? path.substr(root.size()) : path;
    files.emplace_back(name, std::string(std::istreambuf_iterator<char>(in), {}));
  }
  std::sort(files.begin(), files.end());
  std::ofstream out(argv[1], std::ios::binary);
  out << "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n#include "
         "\"data/resources.hpp\"\nnamespace aksmesh::data {\nnamespace {\n"
         "const Resource kTexts[] = {\n";
  for (const auto& [name, text] : files) {
    out << "{\"" << name << "\",\n";
    write_literal(out, text);
    out << "},\n";
  }
  out << "};\n}\nstd::span<const Resource> embedded_resources() { return kTexts; }\n}\n";
  return out.flush() ? 0 : 1;
}
