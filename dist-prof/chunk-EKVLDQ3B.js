import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  belowMirror,
  bytes,
  fileName,
  seconds,
  text,
  url
} from "./chunk-XTZ2QZAO.js";
import {
  _enum,
  array,
  sha256,
  strictObject,
  string
} from "./chunk-U563K2LX.js";

// src/packages/apk/locked-apks.ts
var apkWord = string().regex(/^[A-Za-z0-9][A-Za-z0-9@.+_~=:-]*$/, "expected a word of apk");
var lockedApk = strictObject({
  // Both become parts of file names.
  name: fileName,
  version: fileName,
  arch: apkWord,
  origin: text,
  license: string().max(1e3),
  repository: belowMirror,
  filename: belowMirror,
  size: bytes,
  checksum: string().regex(/^Q[12][A-Za-z0-9+/]+=*$/, "expected a checksum in apk's form"),
  sha256
});
var lockedApkIndex = strictObject({
  repository: belowMirror,
  mirror: url,
  date: seconds,
  sha256,
  signedBy: apkWord,
  signature: _enum(["rsa-sha1", "rsa-sha256"])
});
var lockedApks = strictObject({
  arch: apkWord,
  indexes: array(lockedApkIndex),
  wanted: array(apkWord),
  packages: array(lockedApk),
  tools: array(lockedApk).optional(),
  date: seconds
}).superRefine(({ indexes, packages, tools = [] }, context) => {
  const repositories = new Set(indexes.map(({ repository }) => repository));
  for (const [field, all] of Object.entries({ packages, tools })) {
    const at = all.findIndex(({ repository }) => !repositories.has(repository));
    if (at === -1) continue;
    const message = `expected one of ${[...repositories].join(", ")}`;
    context.addIssue({ code: "custom", message, path: [field, at, "repository"] });
  }
});

export {
  lockedApks
};
//# sourceMappingURL=chunk-EKVLDQ3B.js.map
