import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  family as family2
} from "./chunk-FY5CRBSW.js";
import {
  debianRules,
  licenceFinder,
  recordedPackages
} from "./chunk-IQCQLPDV.js";
import {
  isExpression,
  readDpkgDatabase
} from "./chunk-WSLDK5XW.js";
import {
  licenceRef,
  unknownLicence
} from "./chunk-WOT4JK3B.js";
import {
  family
} from "./chunk-BQTZTREF.js";
import {
  packagePurl
} from "./chunk-6L4Y5YC2.js";
import {
  fromByteString
} from "./chunk-KU2VIPS7.js";
import {
  readContent
} from "./chunk-4IXO52BR.js";

// src/packages/apk/database.ts
var places = ["lib/apk/db/installed", "usr/lib/apk/db/installed"];
function expectedOf(checksum) {
  const [, form, base64 = ""] = /^Q([12])([A-Za-z0-9+/]+=*)$/.exec(checksum ?? "") ?? [];
  if (form === void 0) return { type: "name" };
  const algorithm = form === "1" ? "sha1" : "sha256";
  return { type: "file", algorithm, digest: Buffer.from(base64, "base64").toString("hex") };
}
function parseStanza(text) {
  const fields = /* @__PURE__ */ new Map();
  const files = [];
  let folder = "";
  for (const line of text.split("\n")) {
    const [, letter = "", value = ""] = /^([A-Za-z]):(.*)$/.exec(line) ?? [];
    const last = files.at(-1);
    if (letter === "F") folder = value;
    else if (letter === "R") files.push({ path: folder === "" ? value : `${folder}/${value}` });
    else if (letter === "Z" && last !== void 0) last.checksum = value;
    else if (!fields.has(letter)) fields.set(letter, fromByteString(value));
  }
  return { fields, files };
}
function recordOf(fields) {
  const name = fields.get("P");
  const version = fields.get("V");
  if (!name || !version) return void 0;
  return {
    kind: family2,
    name,
    version,
    architecture: fields.get("A") ?? "noarch",
    // All packages of a source have the source's version.
    source: { name: fields.get("o") || name, version },
    maintainer: fields.get("m"),
    homepage: fields.get("U"),
    licence: fields.get("L")
  };
}
async function readApkDatabase(view) {
  for (const place of places) {
    const text = await view.readBytes(place);
    if (text === void 0) continue;
    return text.split(/\n{2,}/).flatMap((stanza) => {
      const { fields, files } = parseStanza(stanza);
      const record = recordOf(fields);
      if (record === void 0) return [];
      const claims = (component) => files.map(({ path, checksum }) => ({ component, path, expected: expectedOf(checksum) }));
      return [{ record, claims }];
    });
  }
  return void 0;
}

// src/packages/apk/generated.ts
var alpineRules = [
  { paths: "/lib/apk/**", by: ["apk-tools"], reason: "apk's own records" },
  { paths: "/usr/lib/apk/**", by: ["apk-tools"], reason: "apk's own records" },
  {
    paths: "/etc/apk/**",
    by: ["apk-tools"],
    reason: "apk's settings: what is wanted, and from where"
  },
  { paths: "/var/cache/apk/**", by: ["apk-tools"], reason: "apk's cache" },
  { paths: "/var/log/apk.log", by: ["apk-tools"], reason: "apk's log" },
  { paths: "/etc/ssl/certs/*", by: ["ca-certificates"], reason: "update-ca-certificates" },
  { paths: "/etc/shells", by: ["busybox", "alpine-baselayout"], reason: "add-shell" },
  {
    paths: "/etc/passwd-",
    by: ["alpine-baselayout"],
    reason: "what it was before an account was added"
  },
  {
    paths: "/etc/group-",
    by: ["alpine-baselayout"],
    reason: "what it was before an account was added"
  },
  {
    paths: "/etc/shadow-",
    by: ["alpine-baselayout"],
    reason: "what it was before an account was added"
  },
  ...["/bin/busybox", "/usr/bin/busybox", "/bin/bbsuid", "/usr/bin/bbsuid"].map((leadsTo) => ({
    paths: "/**",
    leadsTo,
    by: "target",
    reason: "busybox's trigger: busybox --install -s"
  }))
];

// src/packages/apk/licence.ts
async function apkLicence(stated) {
  if (stated === void 0 || stated.trim() === "")
    return unknownLicence("the package states none");
  const basis = "the package's own statement";
  const expression = stated.trim().replace(/ (?:and|or|with) /g, (word) => word.toUpperCase());
  if (await isExpression(expression)) return { expression, texts: [], basis };
  const reference = licenceRef(stated, `The package states its licence as "${stated}".`);
  return { expression: reference.id, texts: [reference], basis };
}

// src/packages/apk/apk.ts
var apk = {
  name: family2,
  database: readApkDatabase,
  generated: alpineRules,
  purl: packagePurl,
  licences: () => (record) => apkLicence(record.licence),
  // A package that fits any architecture is recorded under the one that it was installed for.
  isFileOf: (input, { name, version, architecture }) => input.name === name && input.version === version && (input.architecture === architecture || input.architecture === "noarch")
};

// src/packages/deb/deb.ts
function debianVersion(version) {
  const [, epoch, rest = version] = /^(\d+):(.*)$/.exec(version) ?? [];
  const dash = rest.lastIndexOf("-");
  return dash < 0 ? { epoch, upstream: rest, revision: void 0 } : { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}
var deb = {
  name: family,
  database: readDpkgDatabase,
  recorded: recordedPackages,
  generated: debianRules,
  purl: packagePurl,
  versionParts: debianVersion,
  licences: (view, io) => licenceFinder({ view, known: /* @__PURE__ */ new Map() }, io),
  isFileOf: (input, { name, version, architecture }) => input.name === name && input.version === version && input.architecture === architecture
};

// src/packages/registry.ts
var families = [deb, apk];

// src/rootfs/view.ts
import { posix } from "node:path";
var maxLinks = 40;
var maxText = 64 * 1024 ** 2;
var normalised = (path) => posix.join("/", path).replace(/^\/|\/$/g, "");
function rootfsView(entries) {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const resolved = /* @__PURE__ */ new Map();
  function folder(path, links) {
    if (path === "" || path === ".") return "";
    const known = resolved.get(path);
    if (known !== void 0) return known;
    const place = resolve(path, links);
    const entry = byPath.get(place);
    const end = entry?.type === "symlink" && links < maxLinks ? folder(targetFrom(place, entry.target), links + 1) : place;
    resolved.set(path, end);
    return end;
  }
  function resolve(path, links = 0) {
    const slash = path.lastIndexOf("/");
    if (slash < 0) return path;
    const parent = folder(path.slice(0, slash), links);
    return parent === "" ? path.slice(slash + 1) : `${parent}${path.slice(slash)}`;
  }
  const targetFrom = (path, target) => target.startsWith("/") ? normalised(target) : normalised(`${path.slice(0, Math.max(0, path.lastIndexOf("/")))}/${target}`);
  function at(path) {
    const entry = byPath.get(path);
    return entry?.type === "hardlink" ? byPath.get(entry.target) : entry;
  }
  async function read(path) {
    const entry = at(folder(normalised(path), 0));
    return entry?.type === "file" && entry.size <= maxText ? readContent(entry.content) : void 0;
  }
  return {
    entries,
    at,
    resolve: (path) => resolve(normalised(path)),
    targetOf: ({ path, target }) => resolve(targetFrom(path, target)),
    readText: async (path) => (await read(path))?.toString("utf8"),
    readBytes: async (path) => (await read(path))?.toString("latin1")
  };
}

export {
  families,
  rootfsView
};
//# sourceMappingURL=chunk-5THGRWDT.js.map
