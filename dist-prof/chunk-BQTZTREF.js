import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  mergeUpdated,
  packagePurl
} from "./chunk-6L4Y5YC2.js";

// src/packages/deb/deb-inputs.ts
import { posix } from "node:path";
var family = "deb";
var suites = /* @__PURE__ */ new Map([
  ["bullseye", ["debian", "11"]],
  ["bookworm", ["debian", "12"]],
  ["trixie", ["debian", "13"]],
  ["forky", ["debian", "14"]],
  ["focal", ["ubuntu", "20.04"]],
  ["jammy", ["ubuntu", "22.04"]],
  ["noble", ["ubuntu", "24.04"]],
  ["questing", ["ubuntu", "25.10"]],
  ["resolute", ["ubuntu", "26.04"]]
]);
function distroOfDebs({ indexes }) {
  const suite = indexes[0]?.suite ?? "";
  const [id, version] = suites.get(suite) ?? [];
  if (id === void 0) return { id: "debian", release: suite };
  return { id, release: `${id}-${version}` };
}
var inReleaseUrl = ({ mirror, suite }) => `${mirror}/dists/${suite}/InRelease`;
var listedIn = (index) => ({
  by: "index",
  index: inReleaseUrl(index),
  sha256: index.inRelease
});
var suiteIndex = (index, part) => ({
  role: "index",
  name: `InRelease of ${index.suite}`,
  file: `${index.suite.replaceAll("/", "-")}.InRelease`,
  url: inReleaseUrl(index),
  sha256: index.inRelease,
  signedBy: index.signedBy,
  dated: { part, date: index.date }
});
var debIndexes = ({ indexes }) => indexes.map((index) => suiteIndex(index, "packages"));
var dateOf = ({ indexes }) => indexes[0]?.date;
function debInput(deb, index, distro) {
  const { name, version, architecture, filename, sha256 } = deb;
  if (index === void 0) throw new Error(`${name} is of no index of its lock`);
  const source = { name: deb.source, version: deb.sourceVersion };
  const record = { kind: family, name, version, architecture, source };
  return {
    ...{ role: "package", family, name, version, architecture, source },
    uri: packagePurl(record, distro),
    url: `${index.mirror}/${filename}`,
    file: posix.basename(filename),
    sha256,
    trust: listedIn(index)
  };
}
function debInputs(locked) {
  const distro = distroOfDebs(locked);
  const indexOf = new Map(locked.indexes.map((index) => [index.suite, index]));
  return locked.packages.map((deb) => debInput(deb, indexOf.get(deb.suite), distro));
}
var updateDebs = (before, after, sources) => ({
  ...after,
  packages: mergeUpdated(before.packages, after.packages, ({ source }) => sources.has(source))
});

export {
  family,
  distroOfDebs,
  listedIn,
  suiteIndex,
  debIndexes,
  dateOf,
  debInputs,
  updateDebs
};
//# sourceMappingURL=chunk-BQTZTREF.js.map
