import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  programsOf,
  staticProgram
} from "./chunk-S4OW3IRY.js";
import {
  detachedSignature
} from "./chunk-5LFAOEY4.js";
import "./chunk-6OPODO3C.js";
import {
  lockedIndex
} from "./chunk-43X6JYTW.js";
import {
  bytes,
  fileName,
  fingerprint,
  text,
  url
} from "./chunk-XTZ2QZAO.js";
import {
  array,
  discriminatedUnion,
  literal,
  sha256,
  strictObject
} from "./chunk-U563K2LX.js";
import {
  listedIn,
  suiteIndex
} from "./chunk-BQTZTREF.js";
import "./chunk-6L4Y5YC2.js";
import "./chunk-UUGQRNDH.js";

// src/kinds/static/locked-archive.ts
var lockedArchive = strictObject({
  url,
  name: fileName,
  size: bytes.optional(),
  sha256,
  version: text.optional(),
  trust: discriminatedUnion("by", [
    strictObject({ by: literal("recipe") }),
    strictObject({
      by: literal("signature"),
      url,
      sha256,
      signedBy: array(fingerprint)
    }),
    strictObject({ by: literal("index"), index: lockedIndex })
  ])
});
var lockedStatic = strictObject({
  archive: lockedArchive.optional()
});
function trustIn({ trust }) {
  switch (trust.by) {
    case "recipe":
      return trust;
    case "index":
      return listedIn(trust.index);
    case "signature":
      return { by: trust.by, signedBy: trust.signedBy };
  }
}
function archiveInput(archive) {
  const { name, url: url2, sha256: sha2562, version } = archive;
  return {
    ...{ role: "archive", name, uri: url2, url: url2, file: name, sha256: sha2562 },
    ...version !== void 0 && { version },
    trust: trustIn(archive)
  };
}
function archiveIndexes({ name, trust }) {
  if (trust.by === "index") return [suiteIndex(trust.index, "source archive")];
  return trust.by === "signature" ? [detachedSignature(name, trust)] : [];
}

// src/kinds/static/starter.ts
var program = `#include <stdio.h>

int main(void) {
  puts("Hello from mkbase!");
  return 0;
}
`;
var starter = (name) => ({
  description: "A C program, linked statically.",
  files: { "hello.c": program },
  recipe: `from:
  # Compiled in a builder without network, and linked statically.
  static:
    # What compiles: gcc-musl for C, gcc-glibc for C and C++ (mkbase list shows all).
    toolchain: gcc-musl
    # Files beside this one; headers, and folders that hold headers, go under "include".
    sources: [hello.c]
    # include: [include]
    flags: [-Os, -Wall, -Wextra]
    # defines: { NDEBUG: true }
    # libs: [m]

# Files and accounts that the image has besides.
# files:
#   - { path: /etc/${name}.conf, content: "answer = 42\\n" }
#   - { path: /tmp, directory: true, mode: "1777" }

# How it runs, in the words of a Dockerfile. Commands are lists of words.
image:
  cmd: [/${name}]
  # Nobody's number, so that the program has no rights of root.
  user: "65532:65532"
  # env: { LANG: C.UTF-8 }
  # expose: ["8080"]

# Runs of the finished image. When one fails, nothing is tagged.
test:
  - run: []
    stdout: Hello from mkbase!
`
});

// src/kinds/static/static.ts
var staticProgram2 = {
  name: "static",
  schema: staticProgram,
  paths: { "sources.*": "source", "include.*": "any", "archive.signature.key": "file" },
  builder: ({ toolchain }) => toolchain,
  toolchainField: "toolchain",
  packages: {
    problem: () => ({
      message: "packages cannot be added to a static program: nothing in its rootfs installs them",
      hint: 'what it is linked with belongs into its toolchain; for an image of packages use "from: { debs: \u2026 }"'
    })
  },
  // A program of sources is called after the recipe that holds them.
  inherited: (source, name) => source.programs === void 0 ? { ...source, programs: { [name]: `/${name}` } } : source,
  // Only the archive is an input; the build's settings choose none.
  choosing: ({ archive }) => ({ archive }),
  lockSchema: lockedStatic,
  // The recipe states the digest of an archive by URL itself.
  fits: ({ archive: wanted }, { archive }) => archive !== void 0 === (wanted !== void 0) && (wanted === void 0 || !("url" in wanted) || wanted.sha256 === archive?.sha256),
  inputs: ({ archive }) => archive ? [archiveInput(archive)] : [],
  indexes: ({ archive }) => archive ? archiveIndexes(archive) : [],
  date: () => void 0,
  distribution: () => void 0,
  programs: (source, name) => new Map(programsOf(name, source).map(({ path, mode }) => [path, mode])),
  starter,
  load: () => import("./work-RRNZQJUW.js").then(({ work }) => work)
};
export {
  staticProgram2 as staticProgram
};
//# sourceMappingURL=static-WTGZVRWV.js.map
