import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  mirrorUrl
} from "./chunk-KE4MIFPR.js";

// src/packages/deb/archive/mirrors.ts
var defaultMirrors = {
  main: "http://ftp.debian.org/debian",
  security: "http://security.debian.org/debian-security",
  snapshot: "https://snapshot.debian.org/archive"
};
var debianSuite = /^(?:bookworm|trixie|forky|duke|sid|unstable|testing|stable|oldstable)(?:-(?:security|updates|backports))?$/;
function isDebian(source) {
  const { uri, suite, components, signedBy } = source;
  return debianSuite.test(suite) && components.includes("main") && /^(?:https?|file):/.test(uri) && /\/debian(?:-security)?\/?$|snapshot\.debian\.org\//.test(uri) && (signedBy === void 0 || signedBy.includes("debian-archive"));
}
function debianMirrors(from) {
  const apt = (from.aptSources ?? []).filter(isDebian);
  const ofApt = (security) => apt.find(({ suite }) => suite.endsWith("-security") === security)?.uri;
  const { MKBASE_SNAPSHOT_MIRROR: snapshot } = from.env;
  return {
    snapshot: first(["MKBASE_SNAPSHOT_MIRROR", snapshot], ["The default", defaultMirrors.snapshot]),
    main: first(
      ["--mirror", from.flag],
      ["MKBASE_DEBIAN_MIRROR", from.env.MKBASE_DEBIAN_MIRROR],
      ["The recipe", from.ofRecipe],
      ["The host's apt", ofApt(false)],
      ["The default", defaultMirrors.main]
    ),
    security: first(
      ["MKBASE_DEBIAN_SECURITY_MIRROR", from.env.MKBASE_DEBIAN_SECURITY_MIRROR],
      ["The host's apt", ofApt(true)],
      ["The default", defaultMirrors.security]
    )
  };
}
function first(...candidates) {
  const [setBy, value] = candidates.find(
    ([, candidate]) => candidate !== void 0 && candidate !== ""
  );
  return mirrorUrl(value, setBy, defaultMirrors.main);
}

export {
  defaultMirrors,
  debianMirrors
};
//# sourceMappingURL=chunk-BRAI6YI6.js.map
