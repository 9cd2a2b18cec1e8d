import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  argument,
  argv,
  array,
  besideOtherMistakes,
  boolean,
  buildPath,
  environmentName,
  httpUrl,
  imagePath,
  int,
  literal,
  mode,
  packageName,
  recipeName,
  recipePath,
  record,
  sha256,
  signature,
  strictObject,
  string,
  suiteName,
  union
} from "./chunk-U563K2LX.js";

// src/kinds/static/schema.ts
var macroName = string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected the name of a preprocessor macro");
var urlArchive = strictObject({
  url: httpUrl.describe("Where the archive is."),
  sha256: sha256.describe("What its bytes must hash to."),
  signature: signature.optional()
});
var debianArchive = strictObject({
  debian: packageName.describe("A Debian source package; its upstream archive is what is built."),
  suite: suiteName.default("trixie").describe("Debian suite whose signed index names the archive.")
});
var programOutput = strictObject({
  path: imagePath.describe("Where the program goes in the image."),
  mode: mode.default("0755").describe("Mode of the program.")
});
var staticProgram = strictObject({
  toolchain: recipeName.describe("Toolchain that compiles: gcc-glibc, gcc-musl or gcc-nolibc."),
  sources: array(recipePath).min(1).optional().describe("C (.c), C++ (.cc .cpp .cxx) and assembler (.s .S) files beside the recipe."),
  include: array(recipePath).default([]).describe(
    "Headers and folders beside the recipe that the sources need; folders go on the include path."
  ),
  archive: union([urlArchive, debianArchive]).optional().describe("An upstream source archive, by URL and sha256 or by Debian source package."),
  flags: array(argument).default([]).describe("Compiler flags."),
  defines: record(macroName, union([argument, int(), literal(true)])).default({}).describe("Preprocessor macros; true defines one without a value."),
  libs: array(
    string().regex(/^[A-Za-z0-9_][A-Za-z0-9_+.-]*$/, "expected a library name, for instance m")
  ).default([]).describe("Libraries to link, without lib and .a."),
  linkFlags: array(argument).default([]).describe("Flags for the link only."),
  env: record(environmentName, argument).default({}).describe("Environment of the build commands."),
  build: array(argv.min(1)).default([]).describe("Commands run in the unpacked archive, each an argv; no shell is involved."),
  programs: record(buildPath, union([imagePath, programOutput])).optional().describe("Built file to path in the image. With sources: one entry, the name is free."),
  strip: boolean().default(true).describe("Strip symbols from the programs."),
  jobs: int().min(1).max(64).default(2).describe("What $(nproc) answers in the build.")
}).superRefine((value, context) => {
  const fail = (message, path = []) => context.addIssue({ code: "custom", message, path });
  if (value.sources === void 0 === (value.archive === void 0)) {
    fail('expected either "sources" or "archive"');
  }
  if (value.archive !== void 0 && value.programs === void 0) {
    fail('expected "programs", which names the built files to take into the image');
  }
  if (value.sources !== void 0 && value.build?.length > 0) {
    fail(
      'expected no "build" commands with "sources"; use "archive" for a program that brings its own build',
      ["build"]
    );
  }
  if (value.sources !== void 0 && Object.keys(value.programs ?? {}).length > 1) {
    fail('expected at most one program with "sources"', ["programs"]);
  }
}, besideOtherMistakes).meta({ oneOf: [{ required: ["sources"] }, { required: ["archive"] }] }).describe("A C or C++ program, linked statically.");
function programsOf(name, source) {
  return Object.entries(source.programs ?? { [name]: `/${name}` }).map(([built, target]) => {
    const { path, mode: mode2 } = typeof target === "string" ? { path: target, mode: "0755" } : target;
    return { built, path, mode: Number.parseInt(mode2, 8) };
  });
}

export {
  staticProgram,
  programsOf
};
//# sourceMappingURL=chunk-S4OW3IRY.js.map
