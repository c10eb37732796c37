// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "base/base64.hpp"

namespace aksmesh::test {

TEST_CASE("base64: decodes what RFC 4648 shows, line breaks aside") {
  CHECK(decode_base64("") == "");
  CHECK(decode_base64("Zg==") == "f");
  CHECK(decode_base64("Zm8=") == "fo");
  CHECK(decode_base64("Zm9v") == "foo");
  CHECK(decode_base64("Zm9v\r\nYmFy\n") == "foobar");
  CHECK(decode_base64("+/+/") == "\xfb\xff\xbf");
}

TEST_CASE("base64: refuses everything else") {
  for (const char* text :
       {"Zg", "Zg=", "Zg===", "Z", "Zm9v=", "Zm=v", "Zm9 v", "Zm9-", "=", "===="})
    CHECK_MESSAGE(!decode_base64(text), text);
}

TEST_CASE("base64: encodes what RFC 4648 shows") {
  CHECK(encode_base64("").empty());
  CHECK(encode_base64("f") == "Zg==");
  CHECK(encode_base64("fo") == "Zm8=");
  CHECK(encode_base64("foo") == "Zm9v");
  CHECK(encode_base64("foobar") == "Zm9vYmFy");
  CHECK(encode_base64("\xfb\xff\xbf") == "+/+/");
  CHECK(encode_base64url("\xfb\xff\xbf") == "-_-_");
  CHECK(encode_base64url("f") == "Zg");
}

}  // namespace aksmesh::test
