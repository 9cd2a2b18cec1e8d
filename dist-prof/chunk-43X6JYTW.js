import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  belowMirror,
  bytes,
  fingerprint,
  seconds,
  text,
  url
} from "./chunk-XTZ2QZAO.js";
import {
  array,
  sha256,
  strictObject,
  string
} from "./chunk-U563K2LX.js";

// src/packages/deb/locked-debs.ts
var packageName = string().regex(/^[a-z0-9][a-z0-9+.-]+$/, "expected the name of a Debian package");
var lockedIndex = strictObject({
  suite: text,
  components: array(text),
  mirror: url,
  date: seconds,
  inRelease: sha256,
  signedBy: array(fingerprint)
});
var lockedPackage = strictObject({
  name: packageName,
  version: text,
  architecture: string().regex(/^[a-z0-9-]+$/, "expected an architecture"),
  source: text,
  sourceVersion: text,
  suite: text,
  filename: belowMirror,
  size: bytes,
  sha256
});
var lockedDebs = strictObject({ indexes: array(lockedIndex), packages: array(lockedPackage) }).superRefine(({ indexes, packages }, context) => {
  const suites = new Set(indexes.map(({ suite }) => suite));
  const at = packages.findIndex(({ suite }) => !suites.has(suite));
  if (at === -1) return;
  const message = `expected one of ${[...suites].join(", ")}`;
  context.addIssue({ code: "custom", message, path: ["packages", at, "suite"] });
});

export {
  packageName,
  lockedIndex,
  lockedDebs
};
//# sourceMappingURL=chunk-43X6JYTW.js.map
