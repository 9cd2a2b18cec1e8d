import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  families,
  rootfsView
} from "./chunk-5THGRWDT.js";
import {
  glob,
  sourceFile,
  wantedOf
} from "./chunk-E4W5ZIBO.js";
import {
  builderSet,
  imageSet
} from "./chunk-EF5IBACH.js";
import {
  kindOf,
  sourceOf
} from "./chunk-KN3M32LU.js";
import {
  packageComponent
} from "./chunk-KWWEL2PY.js";
import {
  unknownLicence
} from "./chunk-WOT4JK3B.js";
import {
  imagePurlType,
  purl
} from "./chunk-6L4Y5YC2.js";
import {
  showUrl
} from "./chunk-7SZXV43M.js";
import {
  canonicalJson
} from "./chunk-FGYWVWTF.js";
import {
  fromByteString,
  toByteString
} from "./chunk-KU2VIPS7.js";
import {
  contentReader,
  contentSize,
  readContent
} from "./chunk-4IXO52BR.js";
import {
  platforms
} from "./chunk-7K5WTWOY.js";
import {
  hashOfBytes,
  sha256OfBytes
} from "./chunk-5ODDAH7M.js";
import {
  interrupted
} from "./chunk-BYUPOKH5.js";

// src/packages/distro.ts
var settingOf = (text, name) => new RegExp(`^${name}=(["']?)([^"'\\n]*)\\1$`, "m").exec(text)?.[2];
async function distroOf(view) {
  for (const path of ["etc/os-release", "usr/lib/os-release"]) {
    const text = await view.readText(path);
    const id = text && settingOf(text, "ID");
    if (!text || !id || !/^[a-z0-9._-]+$/.test(id)) continue;
    const version = settingOf(text, "VERSION_ID");
    return { id, release: version ? `${id}-${version}` : id };
  }
  return void 0;
}

// src/evidence/inventory/hash-files.ts
import { createHash } from "node:crypto";
var pieceSize = 256 * 1024;
async function hashFiles(entries, withMd52, { signal }) {
  const digests = /* @__PURE__ */ new Map();
  const reader = contentReader();
  const piece = Buffer.allocUnsafe(pieceSize);
  async function hash(content, md5) {
    const names = md5 ? ["sha1", "sha256", "md5"] : ["sha1", "sha256"];
    const hashes = names.map((name) => createHash(name));
    const size = contentSize(content);
    for (let at = 0; at < size; at += pieceSize) {
      const bytes = piece.subarray(0, Math.min(pieceSize, size - at));
      const filling = reader.fill(content, at, bytes);
      if (filling !== void 0) await filling;
      for (const each of hashes) each.update(bytes);
      if (signal.aborted) throw interrupted(signal);
    }
    const [sha1 = "", sha256 = "", third] = hashes.map((each) => each.digest("hex"));
    return { sha1, sha256, ...third !== void 0 && { md5: third } };
  }
  try {
    for (const entry of entries) {
      if (entry.type !== "file") continue;
      digests.set(entry.path, await hash(entry.content, withMd52.has(entry.path)));
    }
    return digests;
  } finally {
    reader.close();
  }
}

// src/evidence/inventory/attribute.ts
var sameDevice = (a, b) => !("major" in a) || "major" in b && a.major === b.major && a.minor === b.minor;
async function runFinder(before, io) {
  if (before === void 0) return () => false;
  const view = rootfsView(before);
  const hashes = await hashFiles(before, /* @__PURE__ */ new Set(), io);
  return (entry, digests) => {
    const found = view.at(entry.path);
    if (found?.type !== entry.type) return true;
    if (found.type === "symlink" && entry.type === "symlink") return found.target !== entry.target;
    if (found.type === "file") return hashes.get(found.path)?.sha256 !== digests?.sha256;
    return !sameDevice(found, entry);
  };
}
function holds(entry, digests, expected) {
  switch (expected.type) {
    case "name":
      return void 0;
    case "program":
      return entry.type === "file";
    case "symlink":
      return entry.type === "symlink" && entry.target === expected.target;
    case "file":
      if (entry.type === "symlink") return targetDigest(entry.target, expected) === expected.digest;
      return digests?.[expected.algorithm] === expected.digest;
  }
}
var targetDigest = (target, { algorithm }) => hashOfBytes(algorithm, Buffer.from(target, "latin1"));
function attributionOf({ component, expected }) {
  if (expected.type === "program") return { by: "link" };
  return { by: component.startsWith("recipe:") ? "recipe" : "package" };
}
function archiveOwner(entry, digests, { archive }) {
  if (!archive?.owns(entry, digests)) return void 0;
  return { component: archive.component.id, attribution: { by: "archive" } };
}
function ownerOf(entry, digests, evidence) {
  const claims = evidence.claims.get(entry.path) ?? [];
  const confirmed = claims.find(({ expected }) => holds(entry, digests, expected) === true);
  if (confirmed) return { component: confirmed.component, attribution: attributionOf(confirmed) };
  if (evidence.madeByRun(entry, digests))
    return { component: "recipe:run", attribution: { by: "recipe" } };
  const listed = claims.find(({ expected }) => holds(entry, digests, expected) === void 0);
  if (listed) return { component: listed.component, attribution: { by: "listed" } };
  return evidence.byRule(entry) ?? archiveOwner(entry, digests, evidence);
}
function reasonOf(entry, { claims }) {
  const [claim] = claims.get(entry.path) ?? [];
  if (claim === void 0) return "no package and no part of the recipe claims it";
  const { component, expected } = claim;
  if (expected.type === "symlink") return `${component} ships it as a link to ${expected.target}`;
  if (expected.type !== "file") return `${component} has a ${expected.type} there`;
  return `${component} states ${expected.algorithm} ${expected.digest} of it, and it is another`;
}
function attribute(evidence) {
  const files = [];
  const unattributed = [];
  for (const entry of evidence.view.entries) {
    const inode = evidence.view.at(entry.path);
    if (inode === void 0 || inode.type === "directory" || inode.type === "hardlink") continue;
    const named = { ...inode, path: entry.path };
    const digests = evidence.digests.get(inode.path);
    const owner = ownerOf(named, digests, evidence);
    if (owner === void 0)
      unattributed.push({ path: entry.path, reason: reasonOf(named, evidence) });
    files.push({
      path: entry.path,
      type: inode.type,
      ...inode.type === "symlink" && { target: inode.target },
      ...digests && { digests: { sha1: digests.sha1, sha256: digests.sha256 } },
      component: owner?.component,
      attribution: owner?.attribution
    });
  }
  const byPath = (a, b) => a.path < b.path ? -1 : 1;
  return { files: files.sort(byPath), unattributed: unattributed.sort(byPath) };
}

// src/evidence/inventory/by-rule.ts
var maxLinks = 8;
var globOf = (path) => glob(toByteString(path.slice(1)));
function targetOwner(entry, { view, claims }) {
  let link = entry;
  for (let count = 0; count < maxLinks && link?.type === "symlink"; count += 1) {
    const place = view.targetOf(link);
    const claim = claims.get(place)?.[0];
    if (claim !== void 0) return claim.component;
    link = view.at(place);
  }
  return void 0;
}
function makerOf({ by }, entry, context) {
  if (by === "build") return context.build;
  if (by === "target") return targetOwner(entry, context);
  return by.map((name) => context.packages.get(name)).find((id) => id !== void 0);
}
function ruleFinder(rules, context) {
  const compiled = rules.map((rule) => ({
    rule,
    matches: globOf(rule.paths),
    leads: rule.leadsTo === void 0 ? void 0 : globOf(rule.leadsTo)
  }));
  return (entry) => {
    for (const { rule, matches, leads } of compiled) {
      if (!matches(entry.path)) continue;
      if (leads && !(entry.type === "symlink" && leads(context.view.targetOf(entry)))) continue;
      const component = makerOf(rule, entry, context);
      if (component !== void 0) {
        return { component, attribution: { by: "rule", reason: rule.reason } };
      }
    }
    return void 0;
  };
}

// src/evidence/inventory/recipe-parts.ts
import { createHash as createHash2 } from "node:crypto";
import { basename } from "node:path";
var pieceSize2 = 256 * 1024;
async function sha256Of(contents) {
  const hash = createHash2("sha256");
  const reader = contentReader();
  const piece = Buffer.allocUnsafe(pieceSize2);
  try {
    for (const content of contents) {
      const size = contentSize(content);
      for (let at = 0; at < size; at += pieceSize2) {
        const bytes = piece.subarray(0, Math.min(pieceSize2, size - at));
        await reader.fill(content, at, bytes);
        hash.update(bytes);
      }
    }
    return hash.digest("hex");
  } finally {
    reader.close();
  }
}
var pathOf = ({ path }) => toByteString(path.slice(1));
function concatenated(pattern, later, view) {
  const matches = glob(toByteString(pattern.slice(1)));
  return view.entries.filter(({ path }) => matches(path) && !later.has(path)).map(({ path }) => view.at(path)).flatMap((entry) => entry?.type === "file" ? [entry.content] : []);
}
async function expectedOf(overlay, later, recipe, view) {
  if ("symlink" in overlay) return { type: "symlink", target: toByteString(overlay.symlink) };
  if ("url" in overlay) return { type: "file", algorithm: "sha256", digest: overlay.sha256 };
  const contents = "content" in overlay ? [{ bytes: Buffer.from(overlay.content) }] : "source" in overlay ? [await sourceFile(overlay.beside ?? recipe.origin, overlay.source)] : concatenated(overlay.concatenate, later, view);
  return { type: "file", algorithm: "sha256", digest: await sha256Of(contents) };
}
var recipeInputs = ({ origin, ancestors }) => [origin, ...ancestors].map(({ file, sha256 }) => ({ path: basename(file), sha256 }));
async function recordedFile(source, path, beside, view) {
  const recorded = beside.filter((each) => each.path === source).map(({ sha256 }) => sha256);
  const entry = recorded.length > 1 ? view.at(view.resolve(path)) : void 0;
  const found = entry?.type === "file" ? await sha256Of([entry.content]) : void 0;
  const digest = recorded.find((each) => each === found) ?? recorded[0];
  return digest === void 0 ? void 0 : { type: "file", algorithm: "sha256", digest };
}
async function fileClaims(recipe, view, beside) {
  const claims = [];
  const inputs = [...recipeInputs(recipe)];
  for (const [index, overlay] of recipe.files.entries()) {
    if ("directory" in overlay) continue;
    const later = new Set(recipe.files.slice(index).map(pathOf));
    const expected = beside !== void 0 && "source" in overlay ? await recordedFile(overlay.source, pathOf(overlay), beside, view) : await expectedOf(overlay, later, recipe, view);
    if (expected === void 0) continue;
    claims.push({ component: "recipe:files", path: pathOf(overlay), expected });
    const from = "source" in overlay ? overlay.source : "url" in overlay ? showUrl(overlay.url) : void 0;
    if (from !== void 0 && expected.type === "file") {
      inputs.push({ path: from, sha256: expected.digest });
    }
  }
  return { claims, inputs };
}
var namesIn = (text) => new Set(text.split("\n").map((line) => line.slice(0, Math.max(0, line.indexOf(":")))));
async function accountClaims(recipe, view) {
  const { users, groups } = recipe.accounts;
  if (users.length + groups.length === 0) return [];
  const claims = [];
  for (const [path, lines] of [
    ["etc/passwd", users],
    ["etc/group", groups]
  ]) {
    const entry = view.at(path);
    if (entry?.type !== "file") continue;
    const bytes = await readContent(entry.content);
    const names = namesIn(bytes.toString("latin1"));
    if (!lines.every(({ name }) => names.has(name))) continue;
    const digest = sha256OfBytes(bytes);
    const expected = { type: "file", algorithm: "sha256", digest };
    claims.push({ component: "recipe:accounts", path, expected });
  }
  return claims;
}
function ownComponent(recipe, kind, inputs = recipeInputs(recipe)) {
  return {
    id: `recipe:${kind}`,
    kind,
    name: recipe.name,
    licence: unknownLicence("the recipe's own; mkbase does not guess at its licence"),
    inputs,
    linked: []
  };
}
async function recipeParts(recipe, madeByBuild, view, beside) {
  const files = await fileClaims(recipe, view, beside);
  const claims = [...files.claims, ...await accountClaims(recipe, view)];
  const build = madeByBuild ? ownComponent(recipe, "from") : void 0;
  return {
    claims,
    components: [
      ownComponent(recipe, "files", files.inputs),
      ownComponent(recipe, "accounts"),
      ownComponent(recipe, "run"),
      ...build ? [build] : []
    ],
    build
  };
}

// src/evidence/inventory/rootfs-packages.ts
var noListedPackages = { packages: [], families: /* @__PURE__ */ new Set() };
async function listedPackages(view) {
  const packages = [];
  const found = /* @__PURE__ */ new Set();
  for (const { name, database } of families) {
    const installed = await database(view);
    if (installed === void 0) continue;
    found.add(name);
    packages.push(...installed);
  }
  return { packages, families: found };
}
var noDistro = { id: "unknown", release: "" };
function identifiedPackages(packages, lock, distro) {
  const { inputs } = imageSet(lock);
  return packages.map(({ record, claims }) => {
    const family = families.find(({ name }) => name === record.kind);
    if (family === void 0) throw new Error(`there is no family ${record.kind}`);
    const purl2 = family.purl(record, distro ?? noDistro);
    const file = inputs.find(
      (input) => input.family === family.name && input.role === "package" && family.isFileOf(input, record)
    );
    return { purl: purl2, record, sha256: file?.sha256, claims: claims(purl2) };
  });
}
function licenceFinder(inLockedFiles, view, io) {
  const finders = new Map(
    families.map(({ name, licences }) => [name, inLockedFiles.get(name) ?? licences(view, io)])
  );
  return (record) => {
    const find = finders.get(record.kind);
    if (find === void 0) throw new Error(`there is no family ${record.kind}`);
    return find(record);
  };
}

// src/evidence/inventory/inventory.ts
function claimsByPath(claims, view) {
  const byPath = /* @__PURE__ */ new Map();
  for (const claim of claims) {
    const path = view.resolve(claim.path);
    const others = byPath.get(path);
    if (others === void 0) byPath.set(path, [claim]);
    else others.push(claim);
  }
  return byPath;
}
function withMd5(claims) {
  const isMd5 = ({ expected }) => expected.type === "file" && expected.algorithm === "md5";
  return new Set([...claims].filter(([, each]) => each.some(isMd5)).map(([path]) => path));
}
async function kindParts({ recipe, lock, store, record, saidOfLinks, filesBeside }, { parts }, view, listed, io) {
  const { file, sha256 } = recipe.fromOrigin;
  const { toolchain } = lock;
  const builder = toolchain && {
    inputs: builderSet(lock)?.inputs ?? [],
    distro: kindOf(toolchain.from).distro?.(sourceOf(toolchain.from))
  };
  const context = {
    ...{ view, store, record, builder },
    recipe: { file, sha256 },
    families: listed.families,
    ...{ linked: saidOfLinks, filesBeside }
  };
  const wanted = wantedOf(recipe, platforms[lock.platform]);
  return parts(wanted, sourceOf(lock.from), context, io);
}
var byPathAndReason = (a, b) => a.path < b.path || a.path === b.path && a.reason < b.reason ? -1 : 1;
async function takeInventory(input, io) {
  const { recipe, lock, entries, beforeRun, saidOfRun, filesBeside } = input;
  const view = rootfsView(entries);
  const work = await kindOf(recipe.from).load();
  const listed = work.unpacks ? noListedPackages : await listedPackages(view);
  const parts = await kindParts(input, work, view, listed, io);
  const distro = await distroOf(view) ?? kindOf(lock.from).distro?.(sourceOf(lock.from));
  const all = [...listed.packages, ...parts.packages];
  const packages = identifiedPackages(all, lock, distro);
  const own = await recipeParts(recipe, parts.madeByBuild, view, filesBeside);
  const claimed = [...own.claims, ...parts.claims, ...packages.flatMap((each) => each.claims)];
  const claims = claimsByPath(claimed, view);
  const generated = families.flatMap(
    (each) => listed.families.has(each.name) ? each.generated : []
  );
  const { files, unattributed } = attribute({
    view,
    claims,
    digests: await hashFiles(entries, withMd5(claims), io),
    madeByRun: saidOfRun ? ({ path }) => saidOfRun(path) : await runFinder(beforeRun, io),
    byRule: ruleFinder([...parts.generated, ...generated], {
      view,
      claims,
      packages: new Map(packages.map(({ purl: purl2, record }) => [record.name, purl2])),
      build: own.build?.id
    }),
    archive: parts.archive
  });
  const used = new Set(files.map(({ component }) => component));
  const others = [...own.components, ...parts.archive ? [parts.archive.component] : []];
  const components = [...parts.components, ...others.filter(({ id }) => used.has(id))];
  const licenceOf = licenceFinder(parts.licences, view, io);
  for (const each of packages) components.push(await packageComponent(each, licenceOf));
  return {
    distro: distro?.release,
    components: components.sort((a, b) => a.id < b.id ? -1 : 1),
    files,
    unattributed: [...unattributed, ...parts.unattributed].sort(byPathAndReason)
  };
}

// src/evidence/sbom/document.ts
import { createHash as createHash3 } from "node:crypto";
var imagePurl = ({ name, manifest, platform }) => purl({
  type: imagePurlType,
  name,
  version: manifest,
  qualifiers: { arch: platforms[platform].ociArchitecture }
});
var timestampOf = ({ created }) => new Date(created * 1e3).toISOString().replace(".000Z", "Z");
function inventoryDigest({ distro, components, files, unattributed }) {
  const hash = createHash3("sha256").update(JSON.stringify(distro ?? null));
  for (const each of [...components, ...files, ...unattributed]) hash.update(JSON.stringify(each));
  return hash.digest("hex");
}
function documentId(format, { manifest, generator }, inventory) {
  const words = [format, manifest, generator, inventoryDigest(inventory)];
  const bytes = createHash3("sha256").update(JSON.stringify(words)).digest().subarray(0, 16);
  bytes[6] = (bytes[6] ?? 0) & 15 | 128;
  bytes[8] = (bytes[8] ?? 0) & 63 | 128;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
var titles = {
  sources: "sources",
  files: "files:",
  accounts: "accounts:",
  run: "run:",
  from: "from:"
};
function componentName({ kind, name }) {
  const title = titles[kind];
  return title === void 0 ? name : `${name} (${title})`;
}
function grouped(values, keyOf) {
  const groups = /* @__PURE__ */ new Map();
  for (const value of values) {
    const key = keyOf(value);
    const others = groups.get(key);
    if (others === void 0) groups.set(key, [value]);
    else others.push(value);
  }
  return groups;
}
var indented = (text, by) => text.trimEnd().split("\n").map((line) => by + line).join("\n");
function* listText(values) {
  let count = 0;
  for (const value of values) {
    yield count === 0 ? "[\n" : ",\n";
    yield indented(canonicalJson(value), "    ");
    count += 1;
  }
  yield count === 0 ? "[]" : "\n  ]";
}
function* pieces(document) {
  let before = "{\n";
  for (const [key, value] of Object.entries(document).sort(([a], [b]) => a < b ? -1 : 1)) {
    if (value === void 0) continue;
    yield `${before}  ${JSON.stringify(key)}: `;
    before = ",\n";
    if (typeof value !== "object") yield JSON.stringify(value);
    else if (Symbol.iterator in value) yield* listText(value);
    else yield indented(canonicalJson(value), "  ").trimStart();
  }
  yield "\n}\n";
}
var documentText = (document) => [...pieces(document)].join("");

// src/evidence/sbom/cyclonedx-components.ts
var shown = (path) => `/${fromByteString(path)}`;
var types = {
  deb: "library",
  apk: "library",
  archive: "application",
  "rootfs-archive": "file",
  sources: "application",
  files: "file",
  accounts: "file",
  run: "file",
  from: "file"
};
function occurrences({ linked }, files) {
  return [
    ...files.map(({ path, attribution }) => ({
      location: shown(path),
      additionalContext: attribution?.by === "rule" ? attribution.reason : void 0
    })),
    ...linked.map(({ program, objects }) => ({
      location: shown(program),
      additionalContext: `linked: ${objects.join(" ")}`
    }))
  ];
}
function trivyProperties({ kind, source }) {
  if (source === void 0) return [];
  const family = families.find(({ name }) => name === kind);
  const { epoch, upstream, revision } = family?.versionParts?.(source.version) ?? {
    upstream: source.version
  };
  const values = {
    SrcName: source.name,
    SrcVersion: upstream,
    SrcRelease: revision,
    SrcEpoch: epoch
  };
  return Object.entries(values).flatMap(
    ([name, value]) => value === void 0 ? [] : [{ name: `aquasecurity:trivy:${name}`, value }]
  );
}
function properties(component) {
  const { kind, source, licence, inputs } = component;
  return [
    { name: "mkbase:kind", value: kind },
    { name: "mkbase:licence", value: licence.basis },
    ...source ? [{ name: "mkbase:source", value: `${source.name} ${source.version}` }] : [],
    ...inputs.map(({ path, sha256 }) => ({
      name: "mkbase:input",
      value: `${path} sha256:${sha256}`
    })),
    ...trivyProperties(component)
  ];
}
function cyclonedxComponent(component, files) {
  const { id, kind, version, maintainer, licence, purl: purl2, sha256, homepage } = component;
  const found = occurrences(component, files);
  return {
    type: types[kind],
    "bom-ref": id,
    name: componentName(component),
    version,
    publisher: maintainer,
    licenses: licence.expression === "NOASSERTION" ? void 0 : [{ expression: licence.expression, acknowledgement: "declared" }],
    purl: purl2,
    hashes: sha256 === void 0 ? void 0 : [{ alg: "SHA-256", content: sha256 }],
    externalReferences: homepage && /^https?:\/\/\S+$/.test(homepage) ? [{ type: "website", url: homepage }] : void 0,
    evidence: found.length > 0 ? { occurrences: found } : void 0,
    properties: properties(component)
  };
}
function cyclonedxFile(file, reasons) {
  const { path, type, target, digests } = file;
  return {
    type: "file",
    "bom-ref": `file:${shown(path)}`,
    name: shown(path),
    hashes: digests && [
      { alg: "SHA-1", content: digests.sha1 },
      { alg: "SHA-256", content: digests.sha256 }
    ],
    properties: [
      { name: "mkbase:type", value: type },
      ...target === void 0 ? [] : [{ name: "mkbase:target", value: fromByteString(target) }],
      ...reasons.map((value) => ({ name: "mkbase:unattributed", value }))
    ]
  };
}

// src/evidence/sbom/cyclonedx.ts
function operatingSystem(distro) {
  if (distro === void 0) return [];
  const [, name = distro, version] = /^(.*?)-([0-9].*)$/.exec(distro) ?? [];
  return [{ type: "operating-system", "bom-ref": `os:${distro}`, name, version }];
}
var imageComponent = (subject) => ({
  type: "container",
  "bom-ref": imagePurl(subject),
  name: subject.name,
  version: subject.manifest,
  purl: imagePurl(subject),
  properties: [
    { name: "aquasecurity:trivy:DiffID", value: subject.diffId },
    { name: "mkbase:platform", value: subject.platform }
  ]
});
function programDependencies({ components, files }) {
  const programs = files.filter(({ attribution }) => attribution?.by === "link");
  return programs.map(({ path, component }) => ({
    ref: `file:/${Buffer.from(path, "latin1").toString("utf8")}`,
    dependsOn: components.filter(({ id, linked }) => id === component || linked.some((each) => each.program === path)).map(({ id }) => id)
  }));
}
function cyclonedxDocument(inventory, subject) {
  const { components, files, unattributed, distro } = inventory;
  const owned = grouped(files, ({ component }) => component);
  const reasons = grouped(unattributed, ({ path }) => path);
  const alone = files.filter(
    ({ path, attribution }) => attribution?.by === "link" || reasons.has(path)
  );
  const system = operatingSystem(distro);
  const programs = programDependencies(inventory);
  const linkedOnly = new Set(
    components.filter(({ linked }) => linked.length > 0).map(({ id }) => id)
  );
  const parts = [
    ...system.map((each) => each["bom-ref"]),
    ...components.map(({ id }) => id).filter((id) => !linkedOnly.has(id)),
    ...alone.map(({ path }) => `file:/${Buffer.from(path, "latin1").toString("utf8")}`)
  ];
  return documentText({
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${documentId("cyclonedx", subject, inventory)}`,
    version: 1,
    metadata: {
      timestamp: timestampOf(subject),
      lifecycles: [{ phase: "build" }],
      tools: {
        components: [{ type: "application", name: "mkbase", version: subject.generator }]
      },
      component: imageComponent(subject)
    },
    components: [
      ...system,
      ...components.map((each) => cyclonedxComponent(each, owned.get(each.id) ?? [])),
      ...alone.map(
        (file) => cyclonedxFile(
          file,
          (reasons.get(file.path) ?? []).map(({ reason }) => reason)
        )
      )
    ],
    dependencies: [{ ref: imagePurl(subject), dependsOn: [...new Set(parts)] }, ...programs],
    compositions: [
      {
        aggregate: unattributed.length === 0 ? "complete" : "incomplete",
        assemblies: [imagePurl(subject)]
      }
    ]
  });
}

// src/evidence/sbom/spdx-packages.ts
var digits = (text, count) => sha256OfBytes(text).slice(0, count);
var packageId = ({ id, kind, name }) => `SPDXRef-${kind}-${name.replace(/[^A-Za-z0-9.-]+/g, "-")}-${digits(id, 8)}`;
var fileId = (path) => `SPDXRef-File-${digits(path, 20)}`;
var purlReference = (locator) => ({
  referenceCategory: "PACKAGE-MANAGER",
  referenceType: "purl",
  referenceLocator: locator
});
function verificationCode(files) {
  const hashes = files.map(({ digests }) => digests?.sha1 ?? "").sort();
  return hashOfBytes("sha1", hashes.join(""));
}
var purposes = {
  sources: "SOURCE",
  archive: "SOURCE"
};
var sourceInfo = ({ source, inputs }) => {
  if (source) return `built package from: ${source.name} ${source.version}`;
  if (inputs.length === 0) return void 0;
  return `made from: ${inputs.map(({ path, sha256 }) => `${path} sha256:${sha256}`).join(", ")}`;
};
var supplierOf = ({ kind, purl: purl2 = "" }) => {
  const namespace = /^pkg:(?:deb|apk)\/([^/]+)\//.exec(purl2)?.[1];
  if (namespace !== void 0) return `Organization: ${namespace}`;
  return kind === "archive" || kind === "rootfs-archive" ? "NOASSERTION" : "Person: anonymous";
};
function spdxPackage(component, files) {
  const { version, licence, purl: purl2, sha256, homepage, kind } = component;
  const contains2 = files.length > 0;
  return {
    SPDXID: packageId(component),
    name: componentName(component),
    versionInfo: version,
    supplier: supplierOf(component),
    downloadLocation: "NOASSERTION",
    filesAnalyzed: contains2,
    packageVerificationCode: contains2 ? { packageVerificationCodeValue: verificationCode(files) } : void 0,
    checksums: sha256 === void 0 ? void 0 : [{ algorithm: "SHA256", checksumValue: sha256 }],
    homepage: homepage && /^https?:\/\/\S+$/.test(homepage) ? homepage : void 0,
    sourceInfo: sourceInfo(component),
    licenseConcluded: "NOASSERTION",
    licenseDeclared: licence.expression,
    licenseComments: licence.basis,
    copyrightText: "NOASSERTION",
    primaryPackagePurpose: purposes[kind],
    externalRefs: purl2 === void 0 ? void 0 : [purlReference(purl2)]
  };
}
var spdxUnattributed = (name, files) => ({
  SPDXID: "SPDXRef-unattributed",
  name: `${name} (attributed to nothing)`,
  downloadLocation: "NOASSERTION",
  filesAnalyzed: true,
  packageVerificationCode: { packageVerificationCodeValue: verificationCode(files) },
  licenseConcluded: "NOASSERTION",
  licenseDeclared: "NOASSERTION",
  copyrightText: "NOASSERTION"
});
var spdxImage = (name, manifest, purl2) => ({
  SPDXID: "SPDXRef-image",
  name,
  versionInfo: manifest,
  supplier: "Person: anonymous",
  downloadLocation: "NOASSERTION",
  filesAnalyzed: false,
  checksums: [{ algorithm: "SHA256", checksumValue: manifest.replace(/^sha256:/, "") }],
  licenseConcluded: "NOASSERTION",
  licenseDeclared: "NOASSERTION",
  copyrightText: "NOASSERTION",
  primaryPackagePurpose: "CONTAINER",
  externalRefs: [purlReference(purl2)]
});

// src/evidence/sbom/spdx.ts
var image = "SPDXRef-image";
var unattributedId = "SPDXRef-unattributed";
var isSource = ({ kind }) => kind === "sources" || kind === "archive";
var regular = (files) => files.filter(({ digests }) => digests !== void 0);
function spdxFile({ path, digests, attribution }, reasons) {
  const reason = attribution?.by === "rule" ? attribution.reason : void 0;
  const missing = reasons.length > 0 ? `attributed to nothing: ${reasons.join("; ")}` : void 0;
  return {
    SPDXID: fileId(path),
    fileName: `./${fromByteString(path)}`,
    checksums: [
      { algorithm: "SHA1", checksumValue: digests?.sha1 },
      { algorithm: "SHA256", checksumValue: digests?.sha256 }
    ],
    comment: missing ?? reason
  };
}
var contains = (spdxElementId, relatedSpdxElement) => ({
  spdxElementId,
  relationshipType: "CONTAINS",
  relatedSpdxElement
});
function* componentRelationships(component, files) {
  const id = packageId(component);
  const { linked } = component;
  if (linked.length === 0 && !isSource(component)) yield contains(image, id);
  for (const { program, objects } of linked) {
    const link = { relationshipType: "STATIC_LINK", relatedSpdxElement: id };
    yield { spdxElementId: fileId(program), ...link, comment: objects.join(" ") };
  }
  for (const { path } of files) {
    const made = { relationshipType: "GENERATED_FROM", relatedSpdxElement: id };
    if (isSource(component)) yield { spdxElementId: fileId(path), ...made };
    else yield contains(id, fileId(path));
  }
}
function* strayRelationships(strays) {
  if (strays.length > 0) yield contains(image, unattributedId);
  for (const { path } of strays) yield contains(unattributedId, fileId(path));
}
function* relationships({ components, files }) {
  const owned = grouped(regular(files), ({ component }) => component);
  const describes = { relationshipType: "DESCRIBES", relatedSpdxElement: image };
  yield { spdxElementId: "SPDXRef-DOCUMENT", ...describes };
  for (const each of components) yield* componentRelationships(each, owned.get(each.id) ?? []);
  yield* strayRelationships(owned.get(void 0) ?? []);
}
function* spdxFiles({ files, unattributed }) {
  const reasons = grouped(unattributed, ({ path }) => path);
  for (const file of regular(files)) {
    yield spdxFile(
      file,
      (reasons.get(file.path) ?? []).map(({ reason }) => reason)
    );
  }
}
function extractedTexts(components) {
  const texts = new Map(
    components.flatMap(({ licence }) => licence.texts).map((each) => [each.id, each])
  );
  return [...texts.values()].sort((a, b) => a.id < b.id ? -1 : 1).map(({ id, name, text }) => ({ licenseId: id, name, extractedText: text }));
}
function unattributedComment({ files, unattributed }) {
  const listed = new Set(regular(files).map(({ path }) => path));
  const rest = unattributed.filter(({ path }) => !listed.has(path));
  if (rest.length === 0) return void 0;
  const lines = rest.map(({ path, reason }) => `/${fromByteString(path)}: ${reason}`);
  return `Attributed to nothing besides files:
${lines.join("\n")}`;
}
function spdxDocument(inventory, subject) {
  const { components, files } = inventory;
  const owned = grouped(regular(files), ({ component }) => component);
  const filesOf = ({ id }) => owned.get(id) ?? [];
  const strays = owned.get(void 0) ?? [];
  const uuid = documentId("spdx", subject, inventory);
  return documentText({
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: subject.name,
    documentNamespace: `https://spdx.org/spdxdocs/mkbase-${subject.name}-${uuid}`,
    comment: unattributedComment(inventory),
    creationInfo: {
      created: timestampOf(subject),
      creators: [`Tool: mkbase-${subject.generator}`]
    },
    packages: [
      spdxImage(subject.name, subject.manifest, imagePurl(subject)),
      ...components.map((each) => spdxPackage(each, isSource(each) ? [] : filesOf(each))),
      ...strays.length > 0 ? [spdxUnattributed(subject.name, strays)] : []
    ],
    files: spdxFiles(inventory),
    relationships: relationships(inventory),
    hasExtractedLicensingInfos: extractedTexts(components)
  });
}

export {
  byPathAndReason,
  takeInventory,
  cyclonedxDocument,
  spdxDocument
};
//# sourceMappingURL=chunk-FAZDBQGP.js.map
