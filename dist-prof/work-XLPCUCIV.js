import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  addApks,
  alpineArch,
  alpineContext,
  alpineMirror,
  apkDownloads,
  resolveAddedApks,
  unpackMinirootfs
} from "./chunk-X54UMNUT.js";
import {
  RecipeError,
  parseYaml
} from "./chunk-PSUK6IL3.js";
import {
  updateApks
} from "./chunk-FY5CRBSW.js";
import {
  nameAndVersion
} from "./chunk-5LFAOEY4.js";
import {
  compressionByName
} from "./chunk-6OPODO3C.js";
import {
  withBuilder
} from "./chunk-JO2JWHDB.js";
import "./chunk-TNYKORMP.js";
import {
  readKeyFiles,
  verifyDetached
} from "./chunk-3JJWLCQN.js";
import {
  unknownLicence
} from "./chunk-WOT4JK3B.js";
import "./chunk-XRUW2DML.js";
import {
  isAbsent
} from "./chunk-CGY25BUW.js";
import {
  noParts
} from "./chunk-NMZX4AIR.js";
import {
  purl
} from "./chunk-6L4Y5YC2.js";
import {
  below,
  withoutCredentials
} from "./chunk-KE4MIFPR.js";
import {
  showUrl
} from "./chunk-7SZXV43M.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-PT3SHOUE.js";
import {
  decompress
} from "./chunk-R3GKPU3X.js";
import {
  packageRoot
} from "./chunk-IQA7OYSC.js";
import {
  readTar
} from "./chunk-C36BAQN3.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import "./chunk-VP6DARGB.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import {
  hashOfStream,
  sha256OfBytes,
  sha256OfStream
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/kinds/minirootfs/archive-parts.ts
function rootfsArchiveComponent(archive) {
  const { release, sha256, url } = archive;
  const name = release ? `${release.distro}-minirootfs` : nameAndVersion(archive.name).name;
  const version = release?.version ?? nameAndVersion(archive.name).version;
  const qualifiers = {
    arch: release?.arch,
    checksum: `sha256:${sha256}`,
    download_url: release ? void 0 : url
  };
  const id = purl({ type: "generic", name, version, qualifiers });
  return {
    id,
    kind: "rootfs-archive",
    name,
    ...version !== void 0 && { version },
    ...release && { architecture: release.arch },
    licence: unknownLicence("a published archive; its packages state their own"),
    purl: id,
    sha256,
    inputs: [],
    linked: []
  };
}
var maxBytes = 8 * 1024 ** 3;
var deviceOf = (entry) => entry.type === "character" || entry.type === "block" ? `${entry.major}:${entry.minor}` : "";
async function archiveMarks({ name, sha256 }, store, { signal }) {
  const marks = /* @__PURE__ */ new Map();
  const form = compressionByName(name) ?? "none";
  const tar = decompress(store.read(sha256), form, { maxBytes, what: name, signal });
  for await (const { entry, content } of readTar(tar, { source: name })) {
    if (entry.type === "file") {
      marks.set(entry.path, `file ${await sha256OfStream(content)}`);
    } else if (entry.type === "hardlink") {
      marks.set(entry.path, marks.get(entry.target) ?? "");
    } else if (entry.type === "symlink") {
      marks.set(entry.path, `symlink ${entry.target}`);
    } else {
      marks.set(entry.path, `${entry.type} ${deviceOf(entry)}`);
    }
  }
  return marks;
}
var markOf = (entry, digests) => {
  if (entry.type === "file") return `file ${digests?.sha256}`;
  if (entry.type === "symlink") return `symlink ${entry.target}`;
  return `${entry.type} ${deviceOf(entry)}`;
};
async function archiveOwner(archive, store, io) {
  const marks = await archiveMarks(archive, store, io);
  return (entry, digests) => marks.get(entry.path) === markOf(entry, digests);
}

// src/kinds/minirootfs/resolve.ts
import { join as join2 } from "node:path";

// src/kinds/minirootfs/published.ts
import { join } from "node:path";

// src/kinds/minirootfs/find-release.ts
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

// src/recipe/yaml-records.ts
function yamlRecords(text) {
  const { items } = treeOf(text);
  if (items === void 0) throw new SyntaxError("it holds no list");
  return items.map(recordOf);
}
function treeOf(text) {
  const sha256 = sha256OfBytes(text);
  const source = { file: "", shownAs: "", text, sha256 };
  try {
    const { tree, mistakes } = parseYaml(source);
    if (mistakes[0] !== void 0) throw new SyntaxError(mistakes[0].message);
    return tree;
  } catch (error) {
    const first = error instanceof RecipeError ? error.diagnostics[0] : void 0;
    if (first === void 0) throw error;
    throw new SyntaxError(`line ${first.line}: ${first.message}`, { cause: error });
  }
}
function recordOf({ fields }) {
  if (fields === void 0) throw new SyntaxError("an entry of the list is no mapping");
  const scalars = [...fields].flatMap(([name, { tree }]) => {
    const text = tree.plain ?? tree.value;
    return typeof text === "string" ? [[name, text]] : [];
  });
  return new Map(scalars);
}

// src/kinds/minirootfs/release-index.ts
var forms = {
  branch: /^v\d{1,4}\.\d{1,4}$/,
  version: /^\d{1,4}\.\d{1,4}\.\d{1,4}(?:_rc\d{1,2})?$/,
  file: /^[A-Za-z0-9][A-Za-z0-9._+-]*\.tar\.gz$/,
  size: /^\d{1,9}$/,
  sha256: /^[0-9a-f]{64}$/,
  sha512: /^[0-9a-f]{128}$/,
  date: /^\d{4}-\d{2}-\d{2}$/
};
function parseReleaseIndex(bytes, arch, what) {
  try {
    return yamlRecords(Buffer.from(bytes).toString("utf8")).filter((each) => each.get("flavor") === "alpine-minirootfs" && each.get("arch") === arch).map(archiveOf);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MkbaseError({
      code: "SOURCE_CORRUPT",
      message: `${what} is no index of Alpine's releases: ${error.message}.`,
      hint: "Check that the mirror is one of Alpine and that no proxy or login page answers in its place.",
      cause: error
    });
  }
}
function archiveOf(record) {
  const field = (name) => {
    const value = record.get(name) ?? "";
    if (forms[name]?.test(value)) return value;
    throw new SyntaxError(`the field ${name} of ${record.get("flavor")} is missing or malformed`);
  };
  const seconds = Date.parse(`${field("date")}T00:00:00Z`) / 1e3;
  if (!(seconds >= 0)) throw new SyntaxError(`there is no day ${field("date")}`);
  return {
    branch: field("branch"),
    version: field("version"),
    file: field("file"),
    size: Number(field("size")),
    sha256: field("sha256"),
    sha512: field("sha512"),
    date: seconds
  };
}

// src/kinds/minirootfs/find-release.ts
var maxIndexBytes = 1024 * 1024;
async function findRelease(mirror, release, platform, context, io) {
  const arch = alpineArch(platform.name);
  const read = (folder2) => readIndex(mirror, folder2, arch, context, io);
  const folder = folderOf(release);
  const archives = await read(folder);
  if (archives === void 0) throw await noIndex(mirror, release, arch, read);
  const fitting = archives.filter((each) => isOf(each, release));
  if (fitting[0] !== void 0) return { archive: fitting[0], arch };
  const others = archives.map(({ version }) => version);
  throw notFound(release, arch, withoutCredentials(mirror), others);
}
function folderOf(release) {
  const branch = /^\d+\.\d+/.exec(release)?.[0];
  return branch === void 0 ? release : `v${branch}`;
}
function isOf({ branch, version }, release) {
  const inBranch = version.startsWith(`${branch.slice(1)}.`);
  if (release === "latest-stable") return inBranch;
  return inBranch && (version === release || branch === `v${release}`);
}
async function readIndex(mirror, folder, arch, { store, offline }, io) {
  const url = below(mirror, `${folder}/releases/${arch}/latest-releases.yaml`);
  try {
    const bytes = await store.fetchBytes(url, { maxBytes: maxIndexBytes, offline }, io);
    return parseReleaseIndex(bytes, arch, withoutCredentials(url));
  } catch (error) {
    if (isAbsent(error)) return void 0;
    throw error;
  }
}
async function noIndex(mirror, release, arch, read) {
  const shown = withoutCredentials(mirror);
  const branches = await otherBranches(mirror);
  const newest = branches.length > 0 ? [] : await read("latest-stable").catch(() => void 0);
  const known = [...branches, ...(newest ?? []).map(({ branch }) => branch.slice(1))];
  if (known.length > 0) return notFound(release, arch, shown, known);
  return new MkbaseError({
    code: "SOURCE_UNREACHABLE",
    message: `${shown} has no index of Alpine ${release} for ${arch}: ${folderOf(release)}/releases/${arch}/latest-releases.yaml is not there.`,
    hint: "Check the release, and that the mirror is the root of an Alpine mirror: the folder that holds v3.20 and its like."
  });
}
function notFound(release, arch, mirror, others) {
  const there = others.length === 0 ? "" : ` It has ${[...new Set(others)].join(", ")}.`;
  return new MkbaseError({
    code: "RELEASE_NOT_FOUND",
    message: `There is no Alpine release ${release} for ${arch} at ${mirror}.${there}`,
    hint: 'An older point release is not listed: name its archive by "url" and digest in a recipe of your own.',
    about: [release]
  });
}
var mostShown = 5;
var numberOf = (branch) => {
  const [major = 0, minor = 0] = branch.split(".").map(Number);
  return major * 1e4 + minor;
};
async function otherBranches(mirror) {
  if (!mirror.startsWith("file:")) return [];
  const names = await readdir(fileURLToPath(mirror)).catch(() => []);
  return names.flatMap((name) => /^v(\d{1,4}\.\d{1,4})$/.exec(name)?.[1] ?? []).sort((a, b) => numberOf(b) - numberOf(a)).slice(0, mostShown);
}

// src/kinds/minirootfs/trust.ts
var maxSignatureBytes = 1024 * 1024;
async function fetchSignature(url, { store, offline }, io) {
  try {
    return {
      url,
      bytes: await store.fetchBytes(url, { maxBytes: maxSignatureBytes, offline }, io)
    };
  } catch (error) {
    if (isAbsent(error)) return void 0;
    throw error;
  }
}
function trustUnsigned(what, pinned, { allow }) {
  if (pinned) return { by: "recipe" };
  if (allow.includes("unsigned-archive")) return { by: "unsigned-archive" };
  throw new MkbaseError({
    code: "SOURCE_UNTRUSTED",
    message: `${what} has no signature: there is no .asc beside it.`,
    hint: 'Use a mirror that has it, pin the archive with "sha512" in the recipe, or accept whatever the mirror has with --allow unsigned-archive.'
  });
}
async function trustSigned(signature, archive, keys, { store, now }) {
  const { what, sha256 } = archive;
  const { url, bytes } = signature;
  const signedBy = await verifyDetached(store.read(sha256), bytes, { keys, what, now });
  const hash = sha256OfBytes(bytes);
  return { by: "signature", url: showUrl(url), sha256: hash, signedBy };
}
async function sha512Of(store, sha256) {
  return hashOfStream("sha512", store.read(sha256));
}
function expectDigest(what, found, { algorithm, expected, by }) {
  if (expected === void 0 || expected === found) return;
  throw new MkbaseError({
    code: "SOURCE_CORRUPT",
    message: [
      `${what}: not what ${by} expects.`,
      `  expected ${algorithm} ${expected}`,
      `  received ${algorithm} ${found}`
    ].join("\n"),
    hint: "The archive was replaced, or the digest belongs to another one: compare both with what the publisher announces."
  });
}

// src/kinds/minirootfs/published.ts
var releaseKeyFile = join(packageRoot, "src/packages/apk/keyring/alpine-release-2014.asc");
async function resolveAlpine(wanted, platform, context, io) {
  const mirror = alpineMirror(wanted, context);
  const { archive, arch } = await findRelease(mirror, wanted.release, platform, context, io);
  const { version, date, file: name, size, sha256, sha512 } = archive;
  const path = `${archive.branch}/releases/${arch}/${name}`;
  const url = below(mirror, path);
  const what = withoutCredentials(url);
  const pin = { algorithm: "sha512", expected: wanted.sha512, by: "the recipe" };
  expectDigest(what, sha512, pin);
  const trust = await fetchTrusted(url, archive, wanted.sha512 !== void 0, context, io);
  const release = { distro: wanted.distro, version, arch, date, path };
  return { url: what, name, size, sha256, sha512, release, trust };
}
async function fetchTrusted(url, { size, sha256, sha512 }, pinned, context, io) {
  const { store, offline, keyrings = [] } = context;
  const what = withoutCredentials(url);
  const signature = await fetchSignature(`${url}.asc`, context, io);
  const unsigned = signature === void 0 ? trustUnsigned(what, pinned, context) : void 0;
  await store.fetch([{ urls: [url], sha256, size }], { offline }, io);
  const found = await sha512Of(store, sha256);
  expectDigest(what, found, { algorithm: "sha512", expected: sha512, by: "the mirror's index" });
  if (signature === void 0) return unsigned;
  const keys = await readKeyFiles([releaseKeyFile, ...keyrings]);
  return trustSigned(signature, { sha256, what }, keys, context);
}

// src/kinds/minirootfs/resolve.ts
function resolveMinirootfs(wanted, folder, platform, context, io) {
  if ("url" in wanted) return resolveUrl(wanted, folder, context, io);
  return resolveAlpine(wanted, platform, context, io);
}
function minirootfsDownloads({ url, sha256, size, release }, wanted, context) {
  const urls = /* @__PURE__ */ new Set();
  if ("url" in wanted) urls.add(wanted.url);
  else if (release !== void 0) urls.add(below(alpineMirror(wanted, context), release.path));
  return [{ urls: [...urls.add(url)], sha256, size }];
}
var maxBytes2 = 2 * 1024 ** 3;
async function resolveUrl(wanted, folder, context, io) {
  const what = showUrl(wanted.url);
  const name = fileName(wanted.url);
  const { sha256, size } = await fetchArchive(wanted, context, io);
  const sha512 = await sha512Of(context.store, sha256);
  expectDigest(what, sha512, { algorithm: "sha512", expected: wanted.sha512, by: "the recipe" });
  const trust = await trustIn(wanted, { sha256, what }, folder, context, io);
  return { url: what, name, size, sha256, sha512, trust };
}
async function fetchArchive({ url, sha256 }, { store, offline }, io) {
  if (sha256 === void 0) return store.fetchUnpinned(url, { offline, maxBytes: maxBytes2 }, io);
  const [blob] = await store.fetch([{ urls: [url], sha256, maxBytes: maxBytes2 }], { offline }, io);
  return blob;
}
async function trustIn({ signature }, archive, folder, context, io) {
  if (signature === void 0) return { by: "recipe" };
  const keys = await readKeyFiles([join2(folder, signature.key)]);
  const fetched = await fetchSignature(signature.url, context, io);
  if (fetched !== void 0) return trustSigned(fetched, archive, keys, context);
  throw new MkbaseError({
    code: "SOURCE_UNTRUSTED",
    message: `${showUrl(signature.url)} is not there; the recipe wants it to sign ${archive.what}.`,
    hint: 'Correct the URL, or take "signature" out of the recipe.'
  });
}
function fileName(url) {
  const name = new URL(url).pathname.split("/").at(-1) ?? "";
  if (/^[A-Za-z0-9][A-Za-z0-9._+~-]*$/.test(name) && compressionByName(name) !== void 0)
    return name;
  throw new MkbaseError({
    code: "USAGE",
    message: `${showUrl(url)} does not end in the name of a tar archive.`,
    hint: "Name the archive itself; mkbase reads .tar, .tar.gz, .tgz, .tar.xz and .tar.zst."
  });
}

// src/kinds/minirootfs/work.ts
var mirrorIn = (source) => "distro" in source ? source.mirror : void 0;
var work = {
  resolve: async (wanted, context, io) => {
    const { source, folder, platform, packages } = wanted;
    const alpine = alpineContext(context.sources);
    const archive = await resolveMinirootfs(source, folder, platform, alpine, io);
    if (packages.length === 0) return { archive };
    return { archive, apks: await resolveAddedApks(wanted, archive, context, io) };
  },
  downloads: async ({ source }, { archive, apks }, sources) => {
    const alpine = alpineContext(sources);
    return [
      ...apks ? apkDownloads(apks, mirrorIn(source), alpine) : [],
      ...minirootfsDownloads(archive, source, alpine)
    ];
  },
  // No signed index states the digest of the archive.
  isProven: async () => false,
  indexFiles: async () => [],
  update: (before, after, sources) => ({
    ...after,
    ...after.apks && before.apks && { apks: updateApks(before.apks, after.apks, sources) }
  }),
  build: async ({ locked: { archive, apks }, epoch }, context, io) => {
    const { store, folder } = context;
    const rootfs = await unpackMinirootfs(archive, { store, workFolder: folder }, io);
    if (apks === void 0) return { entries: rootfs };
    return { entries: await addApks(rootfs, { apks, epoch }, withBuilder(context), io) };
  },
  special: () => "listed",
  parts: async (_, { archive }, { store }, io) => ({
    ...noParts,
    archive: {
      component: rootfsArchiveComponent(archive),
      owns: store === void 0 ? () => false : await archiveOwner(archive, store, io)
    }
  })
};
export {
  work
};
//# sourceMappingURL=work-XLPCUCIV.js.map
