import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/base/platform.ts
var platformNames = ["linux/amd64", "linux/arm64"];
var platforms = {
  "linux/amd64": {
    name: "linux/amd64",
    ociArchitecture: "amd64",
    debian: "amd64",
    multiarch: "x86_64-linux-gnu",
    machine: 62
  },
  "linux/arm64": {
    name: "linux/arm64",
    ociArchitecture: "arm64",
    ociVariant: "v8",
    debian: "arm64",
    multiarch: "aarch64-linux-gnu",
    machine: 183
  }
};
function hostPlatform(arch = process.arch) {
  if (arch === "x64") return platforms["linux/amd64"];
  if (arch === "arm64") return platforms["linux/arm64"];
  throw new MkbaseError({
    code: "USAGE",
    message: `This machine's architecture is ${arch}; mkbase builds for ${platformNames.join(" and ")}.`,
    hint: `Name one with --platform, for instance --platform ${platformNames[0]}.`
  });
}

export {
  platformNames,
  platforms,
  hostPlatform
};
//# sourceMappingURL=chunk-7K5WTWOY.js.map
