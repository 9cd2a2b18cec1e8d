import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  mergeUpdated,
  packagePurl
} from "./chunk-6L4Y5YC2.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/packages/apk/apk-inputs.ts
import { posix } from "node:path";
var family = "apk";
var alpineDistro = (release) => ({
  id: "alpine",
  release: release === void 0 ? "" : `alpine-${release}`
});
var indexUrl = ({ mirror, repository }, arch) => `${mirror}/${repository}/${arch}/APKINDEX.tar.gz`;
var apkIndexes = ({ arch, indexes }) => indexes.map((index) => ({
  role: "index",
  name: `APKINDEX of ${index.repository}`,
  file: `${index.repository.replaceAll("/", "-")}.APKINDEX.tar.gz`,
  url: indexUrl(index, arch),
  sha256: index.sha256,
  signedBy: [index.signedBy],
  signature: index.signature,
  dated: { part: "apk packages", date: index.date }
}));
function apkInputs(locked, distro) {
  const { arch, indexes, packages, tools = [] } = locked;
  const indexOf = new Map(indexes.map((index) => [index.repository, index]));
  const describe = (apk, role) => {
    const { name, version, repository, filename, sha256, origin } = apk;
    const index = indexOf.get(repository);
    if (index === void 0) throw new Error(`${name} is of no index of its lock`);
    const architecture = apk.arch;
    const source = { name: origin, version };
    return {
      ...{ role, family, name, version, architecture },
      source: { name: origin },
      uri: packagePurl({ kind: family, name, version, architecture, source }, distro),
      url: `${index.mirror}/${filename}`,
      file: posix.basename(filename),
      sha256,
      trust: { by: "index", index: indexUrl(index, arch), sha256: index.sha256 }
    };
  };
  return [
    ...packages.map((apk) => describe(apk, "package")),
    ...tools.map((apk) => describe(apk, "package-tool"))
  ];
}
function updateApks(before, after, sources) {
  const isUpdated = ({ origin }) => sources.has(origin);
  const packages = mergeUpdated(before.packages, after.packages, isUpdated);
  const repositories = after.indexes.map(({ repository }) => repository);
  const left = packages.find(({ repository }) => !repositories.includes(repository));
  if (left !== void 0) {
    throw new MkbaseError({
      code: "LOCK_STALE",
      message: `${left.name} is locked from ${left.repository}, and the packages are now of ${repositories.join(", ")}: --only cannot mix the two.`,
      hint: "Leave --only out, which updates all packages."
    });
  }
  return { ...after, packages };
}

export {
  family,
  alpineDistro,
  apkIndexes,
  apkInputs,
  updateApks
};
//# sourceMappingURL=chunk-FY5CRBSW.js.map
