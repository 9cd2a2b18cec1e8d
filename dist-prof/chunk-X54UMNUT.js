import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  compressionByName
} from "./chunk-6OPODO3C.js";
import {
  below as below2,
  chrootEnvironment,
  chrootStep,
  commandLine
} from "./chunk-JO2JWHDB.js";
import {
  didYouMean,
  hashBytes,
  maxNumber,
  nameTableBuilder,
  recallIndex,
  refuseOlderIndex,
  rememberIndex,
  rememberedBytes,
  rememberedIndexFile
} from "./chunk-XRUW2DML.js";
import {
  isAbsent,
  mapConcurrent
} from "./chunk-CGY25BUW.js";
import {
  below,
  mirrorUrl,
  withoutCredentials
} from "./chunk-KE4MIFPR.js";
import {
  showUrl
} from "./chunk-7SZXV43M.js";
import {
  writeTar
} from "./chunk-PT3SHOUE.js";
import {
  decompress,
  refusedArchive
} from "./chunk-R3GKPU3X.js";
import {
  packageRoot
} from "./chunk-IQA7OYSC.js";
import {
  byteReader,
  readTar,
  spoolTar
} from "./chunk-C36BAQN3.js";
import {
  fromByteString,
  toByteString
} from "./chunk-KU2VIPS7.js";
import {
  readContent
} from "./chunk-4IXO52BR.js";
import {
  writeWholeFile
} from "./chunk-VP6DARGB.js";
import {
  isSha256,
  sha256OfBytes
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/packages/apk/mirror.ts
var defaultMirror = "https://dl-cdn.alpinelinux.org/alpine";
function mirrorOfRun(from) {
  if (from.flag) return mirrorUrl(from.flag, "--mirror", defaultMirror);
  const { MKBASE_ALPINE_MIRROR: named } = from.env;
  return named ? mirrorUrl(named, "MKBASE_ALPINE_MIRROR", defaultMirror) : void 0;
}
function alpineMirror(wanted, context) {
  if (context.mirror !== void 0) return context.mirror;
  return wanted.mirror ? mirrorUrl(wanted.mirror, "The recipe", defaultMirror) : defaultMirror;
}
var alpineContext = ({ env, mirror, ...sources }) => ({
  ...sources,
  mirror: mirrorOfRun({ flag: mirror, env })
});

// src/packages/apk/apk-downloads.ts
function apkDownloads({ packages: packages2, tools: tools2 = [], indexes }, ofRecipe, context) {
  const current = alpineMirror({ mirror: ofRecipe }, context);
  return [...packages2, ...tools2].map(({ repository, filename, size, sha256 }) => {
    const recorded = indexes.find((index) => index.repository === repository)?.mirror;
    const roots = /* @__PURE__ */ new Set([current, ...recorded === void 0 ? [] : [recorded]]);
    return { urls: [...roots].map((root) => below(root, filename)), sha256, size };
  });
}

// src/kinds/apk/install.ts
import { mkdir } from "node:fs/promises";
import { join as join3 } from "node:path";

// src/packages/apk/apk-program.ts
var loaderPattern = /^(?:usr\/)?lib\/ld-musl-[a-z0-9_]+\.so\.1$/;
var apkPattern = /^(?:usr\/)?s?bin\/apk$/;
function apkProgram(tree, at) {
  const find = (pattern3) => {
    const found = tree.find(({ path, type }) => type !== "directory" && pattern3.test(path));
    if (found !== void 0) return `${at}/${fromByteString(found.path)}`;
    throw new MkbaseError({
      code: "SOURCE_CORRUPT",
      message: `apk-tools and what it depends on bring no ${pattern3 === apkPattern ? "apk" : "loader of musl"}.`,
      hint: "The repository holds another apk-tools than Alpine has: add the repository that has it."
    });
  };
  return [find(loaderPattern), "--library-path", `${at}/lib:${at}/usr/lib`, find(apkPattern)];
}

// src/packages/apk/installed-apks.ts
var places = ["lib/apk/db/installed", "usr/lib/apk/db/installed"];
var field = (stanza, letter) => new RegExp(`^${letter}:(.*)$`, "m").exec(stanza)?.[1] ?? "";
async function installedApks(entries) {
  const entry = entries.find((each) => each.type === "file" && places.includes(each.path));
  if (entry?.type !== "file") return [];
  const text2 = (await readContent(entry.content)).toString("utf8");
  return text2.split("\n\n").filter((stanza) => stanza.trim() !== "").map((stanza) => ({
    name: field(stanza, "P"),
    version: field(stanza, "V"),
    checksum: field(stanza, "C")
  }));
}

// src/packages/apk/unpack-apks.ts
import { join } from "node:path";
var maxBytes = 512 * 1024 * 1024;
var maxEntries = 1e5;
var isControl = ({ path }) => path.startsWith(".") && !path.includes("/");
async function unpackApks(packages2, { store, workFolder }, { signal }) {
  const tree = /* @__PURE__ */ new Map();
  for (const { name, filename, sha256 } of packages2) {
    const what = filename.slice(filename.lastIndexOf("/") + 1);
    const limits2 = { maxBytes, maxEntries };
    const tar = decompress(store.read(sha256), "gz", { maxBytes, what, signal });
    const file2 = join(workFolder, `${name}.tar`);
    for (const entry of await spoolTar(tar, file2, { source: what, limits: limits2 })) {
      if (!isControl(entry)) place(entry, tree, what);
    }
  }
  return [...tree.values()].sort((a, b) => a.path < b.path ? -1 : 1);
}
function place(entry, tree, what) {
  const existing = tree.get(entry.path);
  if (existing === void 0) tree.set(entry.path, entry);
  else if (existing.type !== "directory" || entry.type !== "directory") {
    throw new MkbaseError({
      code: "PACKAGE_CONFLICT",
      message: `/${fromByteString(entry.path)} is in two packages that apk itself needs; one is ${what}.`,
      hint: "The repository is at fault: report it, or use another branch."
    });
  }
}

// src/kinds/apk/repository.ts
import { createWriteStream } from "node:fs";
import { join as join2 } from "node:path";
import { pipeline } from "node:stream/promises";
function plainFile(path, size, content) {
  const attributes2 = { mode: 420, uid: 0, gid: 0, mtime: 0, xattrs: [] };
  return { ...attributes2, type: "file", path: toByteString(path), size, content };
}
async function repositoryOf({ arch, packages: packages2 }, at, { store, staging }) {
  const list = Buffer.from(packages2.length === 0 ? "" : `${at}
`);
  const entries = [plainFile("repositories", list.length, { bytes: list })];
  for (const { name, version, sha256, size } of packages2) {
    const file2 = join2(staging, sha256);
    await pipeline(store.read(sha256), createWriteStream(file2)).catch((error) => {
      throw ioError(error, "writing", file2);
    });
    const content = { file: file2, offset: 0, size };
    entries.push(plainFile(`${arch}/${name}-${version}.apk`, size, content));
  }
  return entries;
}
var repositoriesFile = "etc/apk/repositories";
function ownRepositories(tree, { packages: packages2, indexes }, mtime) {
  const hasApk = packages2.some(({ name }) => name === "apk-tools");
  if (!hasApk || tree.some((entry) => entry.path === repositoriesFile)) return [];
  const text2 = indexes.map(({ repository }) => `${defaultMirror}/${repository}
`).join("");
  const bytes = Buffer.from(text2);
  const attributes2 = { mode: 420, uid: 0, gid: 0, mtime, xattrs: [] };
  return [
    { ...attributes2, type: "file", path: repositoriesFile, size: bytes.length, content: { bytes } }
  ];
}

// src/kinds/apk/install.ts
var identity = (each) => `${each.name} ${each.version} ${each.checksum}`;
async function checkInstalled(tree, before, { packages: packages2 }) {
  const found = new Set((await installedApks(tree)).map(identity));
  const old = new Set((await installedApks(before)).map(identity));
  const locked = new Set(packages2.map(identity));
  const missing = [...locked].filter((each) => !found.has(each));
  const extra = [...found].filter((each) => !locked.has(each) && !old.has(each));
  if (missing.length + extra.length === 0) return;
  throw new MkbaseError({
    code: "BUILD_OUTPUT",
    message: [
      "apk installed other packages than the lock holds:",
      ...missing.map((each) => `  missing ${each}`),
      ...extra.map((each) => `  added   ${each}`)
    ].join("\n"),
    hint: "Pin anew with `mkbase update`; should it come again, report it with lock.json."
  });
}
var common = ["--allow-untrusted", "--no-network", "--no-cache", "--no-progress"];
function installing({ apk, repository, root }, apks) {
  const { arch, packages: packages2, wanted } = apks;
  const files = packages2.map(({ name, version }) => `${repository}/${arch}/${name}-${version}.apk`);
  const from = ["--repositories-file", `${repository}/repositories`];
  const index = ["index", ...common, ...root, "--repositories-file", "/dev/null", "--no-warnings"];
  const output = ["--rewrite-arch", arch, "--output", `${repository}/${arch}/APKINDEX.tar.gz`];
  const indexing = `${apk} ${commandLine([...index, ...output, ...files])}`;
  const adding = `${apk} ${commandLine(["add", ...common, ...root, ...from, ...wanted])}`;
  return files.length === 0 ? adding : `${indexing}
${adding}`;
}
var traces = {
  "var/log/apk.log": "says when which command ran",
  "run/apk": "is the folder of a running apk",
  "run/apk/db.lock": "is the lock of a running apk",
  "etc/group-": "is how the file was before the last package that adds a group",
  "etc/passwd-": "is how the file was before the last package that adds a user",
  "etc/shadow-": "is how the file was before the last package that adds a user"
};
function run(work, epoch, inputs, io) {
  const step = { ...work, traces, epoch, env: chrootEnvironment(epoch), name: "apk" };
  return chrootStep(step, inputs, io);
}
async function subfolder(parent, name) {
  const folder3 = join3(parent, name);
  await mkdir(folder3).catch((error) => {
    throw ioError(error, "making", folder3);
  });
  return folder3;
}
async function addApks(rootfs, { apks, epoch }, inputs, io) {
  const staging = await subfolder(inputs.folder, "apks");
  const repository = await repositoryOf(apks, "/.mkbase", { store: inputs.store, staging });
  const caller = { apk: "in_rootfs apk", repository: "/.mkbase", root: [] };
  const script = [installing(caller, apks), "rm -r rootfs/.mkbase"].join("\n");
  const beside = below2("rootfs/.mkbase", repository);
  const tree = await run({ rootfs, beside, script }, epoch, inputs, io);
  await checkInstalled(tree, rootfs, apks);
  return tree;
}
var tools = "/build/tools";
var packages = "/build/packages";
async function buildApkRoot(apks, epoch, inputs, io) {
  const { store, folder: folder3 } = inputs;
  const staging = await subfolder(folder3, "apks");
  const workFolder = await subfolder(folder3, "apk-tools");
  const tree = await unpackApks(apks.tools ?? [], { store, workFolder }, io);
  const repository = await repositoryOf(apks, packages, { store, staging });
  const env = Object.entries(chrootEnvironment(epoch)).map(([name, value]) => `${name}=${value}`);
  const caller = {
    apk: commandLine(["env", "-i", ...env, ...apkProgram(tree, tools)]),
    repository: packages,
    root: ["--root", "/build/rootfs", "--arch", apks.arch]
  };
  const script = [
    `${caller.apk} ${commandLine(["add", "--initdb", ...common, ...caller.root])} --repositories-file /dev/null`,
    installing(caller, apks)
  ].join("\n");
  const beside = [...below2("tools", tree), ...below2("packages", repository)];
  const made = await run({ rootfs: [], beside, script }, epoch, inputs, io);
  await checkInstalled(made, [], apks);
  return [...made, ...ownRepositories(made, apks, epoch)];
}

// src/kinds/minirootfs/unpack.ts
import { join as join4 } from "node:path";
var maxBytes2 = 8 * 1024 ** 3;
var maxEntries2 = 5e5;
var unsigned = ({ url }) => ({
  code: "unsigned-archive",
  message: `${url} was taken without a signature: nothing but the mirror vouches for it.`,
  advice: 'Use a mirror that has the .asc beside the archive, or pin "sha512" in the recipe.'
});
async function unpackMinirootfs(locked, { store, workFolder }, io) {
  const { trust, release } = locked;
  if (trust.by === "unsigned-archive") {
    io.emit({ type: "warning", stage: "build", warning: unsigned(locked) });
  }
  const entries = await spool(locked, store, join4(workFolder, "minirootfs.tar"), io);
  if (release !== void 0) await checkAlpine(entries, locked.name, release);
  return entries;
}
async function spool({ name, sha256 }, store, file2, io) {
  const limits2 = { maxBytes: maxBytes2, maxEntries: maxEntries2 };
  const form = compressionByName(name) ?? "none";
  const tar = decompress(store.read(sha256), form, { maxBytes: maxBytes2, what: name, signal: io.signal });
  try {
    return await spoolTar(tar, file2, { source: name, limits: limits2 });
  } catch (error) {
    const refused2 = error instanceof MkbaseError && error.code === "ARCHIVE_REFUSED";
    if (!refused2 || await store.verify(sha256, io)) throw error;
    throw new MkbaseError({
      code: "SOURCE_CORRUPT",
      message: `The stored ${name} was damaged, and has been removed from the store.`,
      hint: "Run the same command again; it is fetched anew.",
      cause: error
    });
  }
}
var maxLineBytes = 256;
async function checkAlpine(entries, name, { version, arch }) {
  await expectLine(entries, "etc/alpine-release", version, name);
  await expectLine(entries, "etc/apk/arch", arch, name);
}
async function expectLine(entries, path, expected, name) {
  const entry = entries.find((each) => each.path === path);
  const small = entry?.type === "file" && entry.size <= maxLineBytes;
  const found = small ? (await readContent(entry.content)).toString("latin1").trim() : void 0;
  if (found === expected) return;
  throw new MkbaseError({
    code: "SOURCE_CORRUPT",
    message: `${name} says ${JSON.stringify(found ?? "(nothing)")} in /${path}, where ${expected} is expected.`,
    hint: "The mirror serves one release in place of another: use another one with --mirror, or pin anew with `mkbase update`."
  });
}

// src/kinds/apk/resolve.ts
import { mkdir as mkdir3, rm } from "node:fs/promises";
import { join as join7 } from "node:path";

// src/packages/apk/apk-version.ts
var kinds = {
  zeros: 0,
  digits: 1,
  letter: 2,
  suffix: 3,
  suffixNumber: 4,
  commit: 5,
  revision: 6,
  end: 7
};
var suffixes = ["alpha", "beta", "pre", "rc", "release", "cvs", "svn", "git", "hg", "p"];
var pattern = /^(\d+)((?:\.\d+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*)((?:~[0-9a-f]+)?)((?:-r\d+)?)$/;
var end = [kinds.end, 0n];
function numberParts(digits) {
  const zeros = /^0*/.exec(digits)[0].length;
  if (zeros === 0) return [[kinds.zeros, BigInt(digits)]];
  const rest = digits.slice(zeros);
  const lead = [kinds.zeros, BigInt(-zeros)];
  return rest === "" ? [lead] : [lead, [kinds.digits, BigInt(rest)]];
}
function suffixParts(name, digits) {
  const rank = suffixes.indexOf(name) - suffixes.indexOf("release");
  const part = [kinds.suffix, BigInt(rank)];
  return digits === "" ? [part] : [part, [kinds.suffixNumber, BigInt(digits)]];
}
function partsOf(version) {
  const match = pattern.exec(version);
  if (match === null) throw new SyntaxError(`${JSON.stringify(version)} is no version`);
  const [, first = "", numbers = "", letter = "", suffixed = "", commit = "", revision = ""] = match;
  const parts = [[kinds.digits, BigInt(first)]];
  for (const digits of numbers.split(".").slice(1)) parts.push(...numberParts(digits));
  if (letter !== "") parts.push([kinds.letter, BigInt(letter.charCodeAt(0))]);
  for (const [, name = "", digits = ""] of suffixed.matchAll(/_([a-z]+)(\d*)/g)) {
    parts.push(...suffixParts(name, digits));
  }
  if (commit !== "") parts.push([kinds.commit, BigInt(`0x${commit.slice(1)}`)]);
  if (revision !== "") parts.push([kinds.revision, BigInt(revision.slice(2))]);
  return parts;
}
var isEarly = ([kind, value]) => kind === kinds.suffix && value < 0n;
function comparePart(left, right) {
  if (left[0] === right[0]) return left[1] < right[1] ? -1 : Number(left[1] > right[1]);
  if (isEarly(left)) return -1;
  return isEarly(right) ? 1 : right[0] - left[0];
}
function compareApkVersions(left, right) {
  const [a, b] = [partsOf(left), partsOf(right)];
  for (let at = 0; at <= Math.max(a.length, b.length); at += 1) {
    const order = comparePart(a[at] ?? end, b[at] ?? end);
    if (order !== 0) return order;
  }
  return 0;
}
function startsWith(version, other) {
  const parts = partsOf(version);
  return partsOf(other).every((part, at) => comparePart(parts[at] ?? end, part) === 0);
}
var operators = ["=", "<", "<=", ">", ">=", "~", "<~", ">~", "=~", "~="];
function apkVersionSatisfies(version, operator, other) {
  if (operator.includes("~") && startsWith(version, other)) return true;
  const order = compareApkVersions(version, other);
  if (order === 0) return operator.includes("=");
  return operator.includes(order < 0 ? "<" : ">");
}

// src/packages/apk/dependency.ts
var pattern2 = /^(!?)([^!<>=~@\s][^<>=~@\s]*)(?:@[^<>=~@\s]+)?(?:([<>=~]{1,2})([^<>=~@\s]+))?$/;
var isOperator = (text2) => operators.includes(text2);
function parseDependencies(field2) {
  return words(field2).flatMap((word) => {
    const [match, not, name = "", operator, version] = pattern2.exec(word) ?? [];
    if (match === void 0) throw new SyntaxError(`${JSON.stringify(word)} is no dependency`);
    if (not === "!") return [];
    if (operator === void 0 || version === void 0) return [{ name }];
    if (!isOperator(operator)) throw new SyntaxError(`${JSON.stringify(word)} is no dependency`);
    return [{ name, constraint: { operator, version } }];
  });
}
function parseProvides(field2) {
  return words(field2).map((word) => {
    const at = word.indexOf("=");
    return at < 0 ? { name: word, version: void 0 } : { name: word.slice(0, at), version: word.slice(at + 1) };
  });
}
var words = (field2 = "") => field2.split(" ").filter((word) => word !== "");
function meetsDependency(provided, { name, constraint }) {
  if (provided.name !== name) return false;
  if (constraint === void 0) return true;
  if (provided.version === void 0) return false;
  return apkVersionSatisfies(provided.version, constraint.operator, constraint.version);
}
var showDependency = ({ name, constraint }) => constraint === void 0 ? name : `${name}${constraint.operator}${constraint.version}`;

// src/packages/apk/listed-apk.ts
var forms = {
  P: /^[A-Za-z0-9][A-Za-z0-9._+-]*$/,
  V: /^[0-9][A-Za-z0-9._~-]*$/,
  A: /^[a-z0-9_]+$/,
  S: /^\d{1,12}$/,
  C: /^Q1[A-Za-z0-9+/]{27}=$/,
  t: /^\d{1,12}$/
};
function listedApk(stanza, { repository, arch, locked }) {
  const field2 = (letter, otherwise) => {
    const value = stanza.get(letter) ?? otherwise ?? "";
    if (forms[letter]?.test(value)) return value;
    throw new MkbaseError({
      code: "SOURCE_CORRUPT",
      message: `The package index of ${repository} for ${arch} at ${locked.mirror} cannot be used: ${JSON.stringify(stanza.get("P"))} has ${letter}: ${JSON.stringify(value)}.`,
      hint: "Its signature holds, so the repository itself is at fault; report it to whoever runs it."
    });
  };
  const [name, version, folder3] = [field2("P"), field2("V"), field2("A")];
  return {
    name,
    version,
    arch: folder3,
    origin: text(stanza.get("o"), name),
    license: text(stanza.get("L"), "unknown"),
    repository,
    filename: `${repository}/${folder3}/${name}-${version}.apk`,
    size: Number(field2("S")),
    checksum: field2("C"),
    built: Number(field2("t", "0"))
  };
}
function text(value, otherwise) {
  const line2 = (value ?? "").replace(new RegExp("\\p{Cc}", "gu"), "").slice(0, 1e3);
  return line2 === "" ? otherwise : line2;
}

// src/packages/apk/apk-closure.ts
function readable(name, read) {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MkbaseError({
      code: "SOURCE_CORRUPT",
      message: `The package index cannot be used: ${name}: ${error.message}.`,
      hint: "Its signature holds, so the repository itself is at fault; report it to whoever runs it.",
      cause: error
    });
  }
}
var priorityOf = ({ stanza }) => Number(stanza.get("k") ?? 0) || 0;
function preferred(left, right) {
  const names = left.listed.name < right.listed.name ? -1 : 1;
  if (left.listed.name !== right.listed.name) return priorityOf(right) - priorityOf(left) || names;
  return compareApkVersions(right.listed.version, left.listed.version);
}
function meets({ listed, stanza }, dependency) {
  const offered = [
    { name: listed.name, version: listed.version },
    ...parseProvides(stanza.get("p"))
  ];
  return offered.some((provided) => meetsDependency(provided, dependency));
}
function choices(dependency, indexes) {
  const candidates = (find) => indexes.flatMap(
    (index) => find(index).map((stanza) => ({ stanza, listed: listedApk(stanza, index) }))
  ).filter((candidate) => meets(candidate, dependency)).sort(preferred);
  return [
    ...candidates((index) => index.find(dependency.name)),
    ...candidates((index) => index.providers(dependency.name))
  ];
}
function* allNames(indexes) {
  for (const index of indexes) yield* index.names();
}
function apkClosure(wanted, indexes) {
  const chosen = /* @__PURE__ */ new Map();
  const open = [
    { dependency: { name: wanted }, by: "" }
  ];
  for (let next = open.shift(); next !== void 0; next = open.shift()) {
    const { dependency, by } = next;
    readable(by || wanted, () => {
      if ([...chosen.values()].some((candidate) => meets(candidate, dependency))) return;
      const [best] = choices(dependency, indexes);
      if (best === void 0) throw notFound(dependency, by, indexes);
      const { name } = best.listed;
      chosen.set(name, best);
      const needs = parseDependencies(best.stanza.get("D"));
      open.push(...needs.map((need) => ({ dependency: need, by: name })));
    });
  }
  return [...chosen.values()].map(({ listed }) => listed).sort((a, b) => a.name < b.name ? -1 : 1);
}
function notFound(dependency, by, indexes) {
  const shown = showDependency(dependency);
  const where = indexes.map(({ repository }) => repository).join(" and ");
  return new MkbaseError({
    code: "PACKAGE_NOT_FOUND",
    message: by === "" ? `There is no package ${shown} in ${where}.${didYouMean(dependency.name, allNames(indexes))}` : `${by} depends on ${shown}, which no package in ${where} meets.`,
    hint: "The mirror may be in the middle of an update: try again later, or name the repository that has it."
  });
}

// src/packages/apk/arch.ts
var architectures = { "linux/amd64": "x86_64", "linux/arm64": "aarch64" };
var alpineArch = (platform) => architectures[platform];

// src/packages/apk/fetch-apks.ts
import { mkdir as mkdir2, readFile } from "node:fs/promises";
import { dirname, join as join5 } from "node:path";

// src/packages/apk/check-apk.ts
import { createHash } from "node:crypto";

// src/packages/apk/gzip-member.ts
import { gunzipSync, inflateRawSync } from "node:zlib";
var headerLength = 10;
var trailerLength = 8;
var flags = { headerChecksum: 2, extra: 4, name: 8, comment: 16, reserved: 224 };
function dataStart(bytes, start) {
  const set = bytes[start + 3] ?? flags.reserved;
  const magic = bytes.subarray(start, start + 3).toString("hex");
  if (magic !== "1f8b08" || (set & flags.reserved) !== 0) return void 0;
  let at = start + headerLength;
  if (set & flags.extra) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  for (const text2 of [flags.name, flags.comment]) {
    if ((set & text2) === 0) continue;
    const end2 = bytes.indexOf(0, at);
    if (end2 < 0) return void 0;
    at = end2 + 1;
  }
  return set & flags.headerChecksum ? at + 2 : at;
}
function dataEnd(bytes, start, maxBytes6) {
  const packed = bytes.subarray(start);
  const { engine } = inflateRawSync(packed, {
    info: true,
    maxOutputLength: maxBytes6
  });
  return start + engine.bytesWritten;
}
function gzipMember(bytes, start, { maxBytes: maxBytes6, what }) {
  try {
    const from = dataStart(bytes, start);
    if (from === void 0) throw new SyntaxError("there is no gzip header");
    const end2 = dataEnd(bytes, from, maxBytes6) + trailerLength;
    return { content: gunzipSync(bytes.subarray(start, end2), { maxOutputLength: maxBytes6 }), end: end2 };
  } catch (error) {
    throw refusedArchive(what, `has no whole gzip member at byte ${start}`, error);
  }
}

// src/packages/apk/segment.ts
var maxEntries3 = 64;
async function readFiles(tar, { maxBytes: maxBytes6, what }) {
  const files = [];
  const limits2 = { maxBytes: maxBytes6, maxEntries: maxEntries3 };
  for await (const { entry, content } of readTar(tar, { source: what, limits: limits2 })) {
    if (entry.type !== "file") throw refusedArchive(what, `holds a ${entry.type} among its files`);
    const { path, mtime, size } = entry;
    if (size > maxBytes6) throw refusedArchive(what, `holds a file of ${size} bytes`);
    const bytes = Buffer.allocUnsafe(size);
    let filled = 0;
    for await (const chunk of content) {
      bytes.set(chunk, filled);
      filled += chunk.length;
    }
    files.push({ path, mtime, bytes });
  }
  return files;
}
var endMark = Buffer.alloc(1024);
async function* closed(segment) {
  yield segment;
  yield endMark;
}
var readSegment = (segment, what) => readFiles(closed(segment), { maxBytes: segment.length + endMark.length, what });
var isSignature = (files) => files.length > 0 && files.every(({ path }) => path.startsWith(".SIGN."));

// src/packages/apk/check-apk.ts
var prefixBytes = 4 * 1024 * 1024;
async function readControl(prefix, what) {
  const limits2 = { maxBytes: prefixBytes, what };
  const read = async (start2) => {
    const member = gzipMember(prefix, start2, limits2);
    return { ...member, files: await readSegment(member.content, what) };
  };
  const first = await read(0);
  const start = isSignature(first.files) ? first.end : 0;
  const control = start === 0 ? first : await read(start);
  return { raw: prefix.subarray(start, control.end), files: control.files, end: control.end };
}
function packageInfo(files, what) {
  const file2 = files.find(({ path }) => path === ".PKGINFO");
  if (file2 === void 0) throw refusedArchive(what, "has no .PKGINFO");
  const lines = file2.bytes.toString("utf8").matchAll(/^([a-z_]+) = (.*)$/gm);
  return new Map([...lines].map(([, key = "", value = ""]) => [key, value]));
}
var corrupt = (what, expected, found) => new MkbaseError({
  code: "SOURCE_CORRUPT",
  message: `${what}: not the package that the signed index lists.
  expected ${expected}
  found    ${found}`,
  hint: "The mirror may be in the middle of an update: try again later, or use another one with --mirror."
});
function expect(what, field2, expected, found) {
  if (found === expected) return;
  throw corrupt(what, `${field2} ${expected}`, `${field2} ${found ?? "(none)"}`);
}
async function checkApk(bytes, listed, what) {
  const reader = byteReader(bytes);
  try {
    const prefix = await reader.read(prefixBytes);
    const control = await readControl(prefix, what);
    const checksum = `Q1${createHash("sha1").update(control.raw).digest("base64")}`;
    expect(what, "checksum", listed.checksum, checksum);
    const info = packageInfo(control.files, what);
    expect(what, "pkgname", listed.name, info.get("pkgname"));
    expect(what, "pkgver", listed.version, info.get("pkgver"));
    const hash = createHash("sha256").update(prefix.subarray(control.end));
    for (; ; ) {
      const chunk = await reader.readSome(prefixBytes);
      if (chunk.length === 0) break;
      hash.update(chunk);
    }
    const stated = info.get("datahash");
    if (stated === void 0) throw refusedArchive(what, "does not state the hash of its data");
    expect(what, "sha256 of its data", stated, hash.digest("hex"));
  } finally {
    await reader.close();
  }
}

// src/packages/apk/fetch-apks.ts
var concurrency = 8;
async function fetchApks(listed, mirror, context, io) {
  const total = listed.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const one = async (each, group) => {
    const sha256 = await fetchOne(each, mirror, context, group);
    done += each.size;
    io.emit({ type: "progress", stage: "lock", done, total, item: each.name });
    const { built: _, ...pinned } = each;
    return { ...pinned, sha256 };
  };
  return mapConcurrent(listed, concurrency, one, io);
}
async function fetchOne(listed, mirror, context, io) {
  const { store, offline } = context;
  const url = below(mirror, listed.filename);
  const what = withoutCredentials(url);
  const mark = markOf(store.folder, what, listed);
  const known = await knownHash(mark);
  if (known !== void 0 && await store.verify(known, io)) {
    await checkApk(store.read(known), listed, what);
    return known;
  }
  const { sha256, size } = await store.fetchUnpinned(url, { offline, maxBytes: listed.size }, io);
  if (size !== listed.size) throw otherSize(what, listed.size, size);
  await checkApk(store.read(sha256), listed, what);
  await mkdir2(dirname(mark), { recursive: true }).catch((error) => {
    throw ioError(error, "making", dirname(mark));
  });
  await writeWholeFile(mark, sha256);
  return sha256;
}
function markOf(cacheFolder, what, { checksum, size }) {
  const name = sha256OfBytes(`${what} ${checksum} ${size}`);
  return join5(cacheFolder, "state", "alpine", "packages", name);
}
async function knownHash(mark) {
  const text2 = await readFile(mark, "utf8").catch(() => "");
  return isSha256(text2) ? text2 : void 0;
}
var otherSize = (what, expected, found) => new MkbaseError({
  code: "SOURCE_CORRUPT",
  message: `${what}: not the package that the signed index lists.
  expected ${expected} bytes
  found    ${found} bytes`,
  hint: "The mirror may be in the middle of an update: try again later, or use another one with --mirror."
});

// src/packages/apk/find-apks.ts
var whereOf = (indexes) => `${indexes.map(({ repository }) => repository).join(" and ")} at ${indexes[0]?.locked.mirror}`;
function listings({ name, version }, indexes) {
  return indexes.flatMap(
    (index) => index.find(name).filter((stanza) => stanza.get("V") === version).map((stanza) => listedApk(stanza, index))
  );
}
function findChosen(chosen, indexes) {
  return chosen.map((each) => {
    const found = listings(each, indexes);
    const [first] = found;
    if (first !== void 0 && found.every(({ checksum }) => checksum === first.checksum)) {
      return first;
    }
    const problem = first === void 0 ? "is not listed" : "is listed as two different packages";
    throw new MkbaseError({
      code: "SOURCE_CORRUPT",
      message: `apk chose ${each.name} ${each.version}, which ${problem} in ${whereOf(indexes)}.`,
      hint: "Report it to whoever runs the repositories."
    });
  });
}
function checkNames(wanted, installed, indexes) {
  for (const word of wanted) {
    const [name = "", version] = word.split("=");
    const there = indexes.flatMap((index) => index.find(name));
    const known = there.length > 0 || installed.has(name) || indexes.some((index) => index.providers(name).length > 0);
    if (!known) throw notFound2(name, didYouMean(name, allNames(indexes)), indexes);
    const versions = there.map((stanza) => stanza.get("V") ?? "");
    if (version === void 0 || there.length === 0 || versions.includes(version)) continue;
    const others = ` There is ${[...new Set(versions)].join(", ")}.`;
    throw notFound2(`${name} ${version}`, others, indexes);
  }
}
var notFound2 = (what, more, indexes) => new MkbaseError({
  code: "PACKAGE_NOT_FOUND",
  message: `There is no package ${what} in ${whereOf(indexes)}.${more}`,
  hint: 'Correct the name under "packages"; `apk search` in any container of Alpine looks for more.',
  about: [what.split(" ")[0] ?? what]
});

// src/packages/apk/keys.ts
import { createPublicKey } from "node:crypto";
import { readdir, readFile as readFile2 } from "node:fs/promises";
import { basename, join as join6 } from "node:path";
var apkKeyFolder = join6(packageRoot, "src/packages/apk/keyring");
var folder = "etc/apk/keys/";
var maxBytes3 = 64 * 1024;
var leastBits = 2048;
var notAKey = (what, problem, cause) => new MkbaseError({
  code: "SOURCE_UNTRUSTED",
  message: `${what} is no key that signs packages of Alpine: ${problem}.`,
  hint: `apk's keys are RSA of at least ${leastBits} bits in PEM, as abuild-keygen makes them.`,
  cause
});
function parseKey(pem, what) {
  let key;
  try {
    if (!pem.includes("-----BEGIN PUBLIC KEY-----")) throw new SyntaxError("no public key in PEM");
    key = createPublicKey(pem);
  } catch (error) {
    throw notAKey(what, error.message, error);
  }
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== "rsa" || modulusLength < leastBits) {
    throw notAKey(what, `it is ${key.asymmetricKeyType} of ${modulusLength} bits`);
  }
  return key;
}
async function rootfsKeys(entries, what) {
  const keys = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    if (entry.type !== "file" || !entry.path.startsWith(folder) || entry.size > maxBytes3) continue;
    const name = entry.path.slice(folder.length);
    const pem = await readContent(entry.content);
    keys.set(name, parseKey(pem, `/${entry.path} of ${what}`));
  }
  if (keys.size > 0) return keys;
  throw new MkbaseError({
    code: "SOURCE_UNTRUSTED",
    message: `${what} has no key in /${folder}: nothing can vouch for packages.`,
    hint: 'Leave "packages" out, or use an archive that brings the keys of its distribution.'
  });
}
async function readKeyFile(file2) {
  const pem = await readFile2(file2).catch((error) => {
    throw ioError(error, "reading the key", file2);
  });
  return [basename(file2), parseKey(pem, file2)];
}
async function shippedKeys(arch, extra = []) {
  const own = join6(apkKeyFolder, arch);
  const names = (await readdir(own)).filter((name) => name.endsWith(".rsa.pub")).sort();
  const files = [...names.map((name) => join6(own, name)), ...extra];
  return new Map(await Promise.all(files.map(readKeyFile)));
}

// src/packages/apk/repositories.ts
var file = "etc/apk/repositories";
var maxBytes4 = 64 * 1024;
var pathPattern = /\/((?:v\d{1,4}\.\d{1,4}|edge|latest-stable)\/[a-z][a-z0-9-]*)\/*$/;
async function rootfsRepositories(entries, what) {
  const entry = entries.find(({ path }) => path === file);
  const isList = entry?.type === "file" && entry.size <= maxBytes4;
  const text2 = isList ? (await readContent(entry.content)).toString("utf8") : "";
  const lines = text2.split("\n").map((line2) => line2.trim());
  const paths = lines.flatMap((line2) => {
    if (line2 === "" || /^[#@]/.test(line2)) return [];
    const path = pathPattern.exec(line2)?.[1];
    if (path !== void 0) return [path];
    throw refused(
      `${what} has a repository in /${file} that is none of Alpine's: ${showUrl(line2)}`
    );
  });
  if (paths.length > 0) return [...new Set(paths)];
  throw refused(`${what} names no repository in /${file}`);
}
var refused = (problem) => new MkbaseError({
  code: "SOURCE_CORRUPT",
  message: `${problem}.`,
  hint: 'Leave "packages" out, or use an archive as Alpine publishes it.'
});

// src/packages/apk/apk-index.ts
var stanzaEnd = Buffer.from("\n\n");
function* stanzaRanges(text2) {
  for (let start = 0; start < text2.length; ) {
    const mark = text2.indexOf(stanzaEnd, start);
    const end2 = mark < 0 ? text2.length : mark;
    if (end2 > start) yield [start, end2];
    start = end2 + stanzaEnd.length;
  }
}
function parseStanza(text2) {
  const fields = /* @__PURE__ */ new Map();
  for (const line2 of text2.split("\n")) {
    if (line2 === "") continue;
    const [match, letter = "", value = ""] = /^([A-Za-z]):(.*)$/s.exec(line2) ?? [];
    if (match === void 0) throw new SyntaxError(`there is a line ${JSON.stringify(line2)}`);
    if (fields.has(letter)) throw new SyntaxError(`a stanza says ${letter}: twice`);
    fields.set(letter, value);
  }
  return fields;
}
var bytesHash = (name) => {
  const bytes = Buffer.from(name);
  return hashBytes(bytes, 0, bytes.length);
};
function scan(text2, arch) {
  const starts = [];
  const ends = [];
  const byName2 = nameTableBuilder();
  const byProvided = nameTableBuilder();
  for (const [start, end2] of stanzaRanges(text2)) {
    const number = starts.length;
    if (number >= maxNumber) throw new SyntaxError(`it has more than ${maxNumber} packages`);
    const stanza = parseStanza(text2.toString("utf8", start, end2));
    const name = stanza.get("P") ?? "";
    if (name === "") throw new SyntaxError("a stanza names no package");
    const found = stanza.get("A");
    if (found !== arch && found !== "noarch") {
      throw new SyntaxError(`${name} is for ${found ?? "no architecture"}, not for ${arch}`);
    }
    starts.push(start);
    ends.push(end2);
    byName2.add(bytesHash(name), number);
    for (const word of (stanza.get("p") ?? "").split(" ")) {
      if (word !== "") byProvided.add(bytesHash(word.replace(/=.*$/, "")), number);
    }
  }
  return { starts, ends, byName: byName2.build(), byProvided: byProvided.build() };
}
function openApkIndex(text2, arch, about) {
  const { starts, ends, byName: byName2, byProvided } = scan(text2, arch);
  const read = (number) => parseStanza(text2.toString("utf8", starts[number], ends[number]));
  const providesName = (stanza, name) => (stanza.get("p") ?? "").split(" ").some((word) => word.replace(/=.*$/, "") === name);
  return {
    ...about,
    *names() {
      for (const number of starts.keys()) yield read(number).get("P") ?? "";
    },
    find: (name) => byName2.find(name).map(read).filter((each) => each.get("P") === name),
    providers: (name) => byProvided.find(name).map(read).filter((each) => each.get("P") !== name && providesName(each, name))
  };
}

// src/packages/apk/apk-signature.ts
import { verify } from "node:crypto";
var maxSignatureBytes = 256 * 1024;
var forms2 = {
  RSA: { digest: "sha1", as: "rsa-sha1" },
  RSA256: { digest: "sha256", as: "rsa-sha256" }
};
var signaturePattern = /^\.SIGN\.(RSA|RSA256)\.([A-Za-z0-9][A-Za-z0-9@._+-]*)$/;
var untrusted = (message, hint) => new MkbaseError({ code: "SOURCE_UNTRUSTED", message, hint });
function checkOne({ path, bytes }, signed, keys, what) {
  const [, form = "", name = ""] = signaturePattern.exec(path) ?? [];
  const key = keys.get(name);
  if (key === void 0) return void 0;
  const { digest, as } = forms2[form];
  if (verify(digest, signed, key, bytes)) return { signed, signedBy: name, signature: as };
  throw untrusted(
    `${what}: the signature of ${name} does not hold; the file was changed after it was signed.`,
    "Use another mirror with --mirror; if it is the same there, report it to whoever runs the repository."
  );
}
async function verifyApkSignature(bytes, keys, what) {
  const first = gzipMember(bytes, 0, { maxBytes: maxSignatureBytes, what });
  const files = await readSegment(first.content, `the signatures of ${what}`);
  if (!isSignature(files)) {
    throw untrusted(
      `${what} is not signed.`,
      "Sign it with abuild-sign, or use a mirror that has it signed."
    );
  }
  const signed = bytes.subarray(first.end);
  const held = files.flatMap((file2) => checkOne(file2, signed, keys, what) ?? []);
  if (held[0] !== void 0) return held[0];
  const by = files.map(({ path }) => path.slice(".SIGN.".length).replace(/^[^.]*\./, ""));
  throw untrusted(
    `${what} is signed by ${by.join(", ")}, which is not believed here. Believed are ${[...keys.keys()].join(", ")}.`,
    'Check that the mirror is one of the distribution; for an own repository, its key belongs into /etc/apk/keys or under "keys".'
  );
}

// src/packages/apk/signed-index.ts
var maxBytes5 = 16 * 1024 * 1024;
var maxUnpacked = 64 * 1024 * 1024;
async function signedApkIndex(place3, keys, context, io) {
  const { mirror, repository, arch } = place3;
  const { store } = context;
  const url = below(mirror, `${repository}/${arch}/APKINDEX.tar.gz`);
  const what = withoutCredentials(url);
  const state = rememberedIndexFile(store.folder, "alpine", what);
  const seen = await recallIndex(state);
  const isRemote = !url.startsWith("file:");
  const file2 = context.offline && isRemote ? await rememberedBytes(seen, what, store, io) : await fetchIndex(url, place3, store, io);
  const { signed, signedBy, signature } = await verifyApkSignature(file2, keys, what);
  const index = await readIndex(signed, place3, what, io);
  const sha256 = sha256OfBytes(file2);
  if (!context.offline) {
    refuseOlderIndex(seen, index.date, what, state);
    await store.write(whole(file2), sha256);
    await rememberIndex(state, { place: what, date: index.date, sha256 });
  }
  const shown = withoutCredentials(mirror);
  const { date } = index;
  const locked = { repository, mirror: shown, date, sha256, signedBy, signature };
  return { ...place3, ...index, file: file2, locked };
}
async function* whole(bytes) {
  yield bytes;
}
async function fetchIndex(url, { mirror, repository, arch }, store, io) {
  try {
    return Buffer.from(await store.fetchBytes(url, { maxBytes: maxBytes5 }, io));
  } catch (error) {
    if (!isAbsent(error)) throw error;
    throw new MkbaseError({
      code: "SOURCE_UNREACHABLE",
      message: `${withoutCredentials(mirror)} has no package index of ${repository} for ${arch}: ${withoutCredentials(url)} is not there.`,
      hint: "Packages need a mirror with whole repositories, not only releases: name one with --mirror or MKBASE_ALPINE_MIRROR.",
      cause: error
    });
  }
}
async function readIndex(signed, { repository, arch }, what, { signal }) {
  const limits2 = { maxBytes: maxUnpacked, what, signal };
  const files = await readFiles(decompress(whole(signed), "gz", limits2), limits2);
  const text2 = files.find(({ path }) => path === "APKINDEX");
  const description = files.find(({ path }) => path === "DESCRIPTION")?.bytes.toString("utf8");
  if (text2 === void 0) throw corrupt2(what, "it holds no APKINDEX");
  const about = { description: (description ?? "").trim(), date: Math.max(0, text2.mtime) };
  checkBranch(about.description, repository, what);
  try {
    return openApkIndex(text2.bytes, arch, about);
  } catch (error) {
    if (error instanceof SyntaxError) throw corrupt2(what, error.message, error);
    throw error;
  }
}
function checkBranch(description, repository, what) {
  const stated = /^v\d+\.\d+(?=[._-])/.exec(description)?.[0];
  const branch = /^v\d+\.\d+(?=\/)/.exec(repository)?.[0];
  if (stated === void 0 || branch === void 0 || stated === branch) return;
  throw corrupt2(what, `it is that of ${stated}, by its own words (${description})`);
}
var corrupt2 = (what, problem, cause) => new MkbaseError({
  code: "SOURCE_CORRUPT",
  message: `${what} is not the package index that was asked for: ${problem}.`,
  hint: "Its signature holds, so the mirror has mixed something up: use another one with --mirror, or report it.",
  cause
});

// src/kinds/apk/apk-output.ts
var line = /^\( *(\d+)\/(\d+)\) (Installing|Upgrading|Downgrading|Replacing|Reinstalling|Purging) (\S+) \((?:\S+ -> )?(\S+)\)$/;
var garbled = (words2, problem) => new MkbaseError({
  code: "BUILD_FAILED",
  message: `apk's answer cannot be understood: ${problem}.
${words2}`,
  hint: "This apk speaks another way than those that mkbase knows; report it with the release of Alpine."
});
function chosenIn(words2) {
  const numbered = words2.split("\n").filter((each) => /^\(\s*\d+\/\d+\) /.test(each));
  const chosen = [];
  for (const [at, each] of numbered.entries()) {
    const [match, number, total, what, name = "", version = ""] = line.exec(each) ?? [];
    if (match === void 0) throw garbled(words2, `the line ${JSON.stringify(each)}`);
    if (Number(number) !== at + 1 || Number(total) !== numbered.length) {
      throw garbled(words2, `there are ${numbered.length} of ${total} lines`);
    }
    if (what !== "Purging") chosen.push({ name, version });
  }
  return chosen;
}

// src/kinds/apk/choose.ts
var attributes = { uid: 0, gid: 0, mtime: 0, xattrs: [] };
function plainFile2(path, content) {
  const bytes = Buffer.from(content);
  const common2 = { ...attributes, path: toByteString(path), mode: 420 };
  return { ...common2, type: "file", size: bytes.length, content: { bytes } };
}
var directory = (path) => ({
  ...attributes,
  path: toByteString(path),
  mode: 493,
  type: "directory"
});
var place2 = "/build/tree";
var folder2 = ".mkbase";
var limits = {
  memoryBytes: 1024 ** 3,
  processes: 64,
  seconds: 10 * 60,
  outputBytes: 16 * 1024 ** 2
};
var asking = [
  "umask 022",
  `mkdir -p ${place2} /build/answer`,
  `cd ${place2}`,
  "tar -xpf - --no-same-owner",
  "status=0",
  '"$@" >../answer/words 2>&1 </dev/null || status=$?',
  "cd ../answer",
  'echo "$status" >status',
  "exec tar -cf - words status"
].join("\n");
var emptyDatabase = [
  "etc/apk/world",
  "lib/apk/db/installed",
  "lib/apk/db/scripts.tar",
  "lib/apk/db/triggers"
];
function added({ indexes, fromNothing }, base) {
  const paths = indexes.map((_, number) => `${base}/${folder2}/${number}
`);
  const entries = [
    directory(folder2),
    plainFile2(`${folder2}/repositories`, paths.join("")),
    ...indexes.map(
      ({ arch, file: file2 }, number) => plainFile2(`${folder2}/${number}/${arch}/APKINDEX.tar.gz`, file2)
    )
  ];
  if (fromNothing === void 0) return entries;
  for (const [name, key] of fromNothing.keys) {
    const pem = key.export({ type: "spki", format: "pem" });
    entries.push(plainFile2(`${folder2}/root/etc/apk/keys/${name}`, pem.toString()));
  }
  return [...entries, ...emptyDatabase.map((path) => plainFile2(`${folder2}/root/${path}`, ""))];
}
function stepOf(question) {
  const { tree, fromNothing, indexes, wanted } = question;
  const base = fromNothing ? place2 : "";
  const program = fromNothing ? apkProgram(tree, place2) : ["chroot", place2, "apk"];
  const arch = indexes[0]?.arch ?? "";
  const root = fromNothing ? ["--root", `${base}/${folder2}/root`, "--arch", arch] : [];
  const from = ["--repositories-file", `${base}/${folder2}/repositories`];
  const options = ["--simulate", "--no-network", "--no-cache", "--no-progress", ...root, ...from];
  const readable2 = tree.filter(({ type }) => type !== "character" && type !== "block");
  return {
    argv: ["/bin/sh", "-euc", asking, "sh", ...program, "add", ...options, ...wanted],
    env: {},
    limits,
    capabilities: ["CAP_DAC_OVERRIDE", "CAP_SYS_CHROOT"],
    input: writeTar([...readable2, ...added(question, base)], { reuseMemory: true })
  };
}
async function readAnswer(stdout) {
  const files = /* @__PURE__ */ new Map();
  for await (const { entry, content } of readTar(stdout, { source: "apk's answer" })) {
    const chunks = [];
    for await (const chunk of content) chunks.push(Buffer.from(chunk));
    files.set(entry.path, Buffer.concat(chunks).toString("utf8").trim());
  }
  return { words: files.get("words") ?? "", status: files.get("status") ?? "" };
}
async function chooseApks(question, { runInBuilder }, io) {
  const { words: words2, status } = await runInBuilder(stepOf(question), readAnswer, io);
  if (status === "0") return chosenIn(words2);
  throw new MkbaseError({
    code: "PACKAGE_CONFLICT",
    message: `apk cannot install ${question.wanted.join(", ")} together:
${words2}`,
    hint: words2.includes("please select") ? 'Name under "packages" the one that you want.' : 'Leave out, under "packages", one of those that exclude each other, or the version that cannot be had.',
    about: question.wanted.filter((word) => words2.includes(word))
  });
}

// src/kinds/apk/resolve.ts
async function openIndexes({ mirror, arch, repositories }, keys, context, io) {
  const indexes = [];
  for (const repository of repositories) {
    indexes.push(await signedApkIndex({ mirror, repository, arch }, keys, context, io));
  }
  return indexes;
}
async function withFolder(parent, work) {
  const folder3 = join7(parent, "lock-apks");
  await mkdir3(folder3).catch((error) => {
    throw ioError(error, "making", folder3);
  });
  try {
    return await work(folder3);
  } finally {
    await rm(folder3, { recursive: true, force: true });
  }
}
var byName = (items) => [...items].sort((a, b) => a.name < b.name ? -1 : 1);
var unique = (words2) => [...new Set(words2)].sort();
var lockedApks = ({ arch, indexes, wanted, listed, packages: packages2 }) => ({
  arch,
  indexes: indexes.map(({ locked }) => locked),
  wanted,
  packages: byName(packages2),
  date: Math.max(0, ...listed.map(({ built }) => built))
});
async function resolveAddedApks(wanted, rootfs, context, io) {
  const { source, platform } = wanted;
  const alpine = alpineContext(context.sources);
  const packages2 = unique(wanted.packages);
  const own = "mirror" in source ? { mirror: source.mirror } : {};
  const mirror = alpineMirror(own, alpine);
  return withFolder(context.folder, async (workFolder) => {
    const quiet = { ...io, emit: () => {
    } };
    const tree = await unpackMinirootfs(rootfs, { store: alpine.store, workFolder }, quiet);
    const repositories = await rootfsRepositories(tree, rootfs.name);
    const keys = await rootfsKeys(tree, rootfs.name);
    const arch = alpineArch(platform.name);
    const indexes = await openIndexes({ mirror, arch, repositories }, keys, alpine, io);
    const installed = await installedApks(tree);
    checkNames(packages2, new Set(installed.map(({ name }) => name)), indexes);
    const chosen = await chooseApks({ tree, indexes, wanted: packages2 }, context, io);
    const listed = findChosen(chosen, indexes);
    const fetched = await fetchApks(listed, mirror, alpine, io);
    return lockedApks({ arch, indexes, wanted: packages2, listed, packages: fetched });
  });
}
async function resolveApkRoot({ source, folder: folder3, platform }, context, io) {
  const alpine = alpineContext(context.sources);
  const { store } = alpine;
  const wanted = unique(source.packages);
  const arch = alpineArch(platform.name);
  const mirror = alpineMirror(source, alpine);
  const branch = /^\d/.test(source.branch) ? `v${source.branch}` : source.branch;
  const repositories = source.repositories.map((name) => `${branch}/${name}`);
  const keys = await shippedKeys(
    arch,
    source.keys.map((path) => join7(folder3, path))
  );
  const indexes = await openIndexes({ mirror, arch, repositories }, keys, alpine, io);
  checkNames(wanted, /* @__PURE__ */ new Set(), indexes);
  const tools2 = await fetchApks(apkClosure("apk-tools", indexes), mirror, alpine, io);
  return withFolder(context.folder, async (workFolder) => {
    const tree = await unpackApks(tools2, { store, workFolder }, io);
    const chosen = await chooseApks({ tree, fromNothing: { keys }, indexes, wanted }, context, io);
    const listed = findChosen(chosen, indexes);
    const packages2 = await fetchApks(listed, mirror, alpine, io);
    return { ...lockedApks({ arch, indexes, wanted, listed, packages: packages2 }), tools: tools2 };
  });
}

export {
  alpineMirror,
  alpineContext,
  apkDownloads,
  addApks,
  buildApkRoot,
  alpineArch,
  unpackMinirootfs,
  resolveAddedApks,
  resolveApkRoot
};
//# sourceMappingURL=chunk-X54UMNUT.js.map
