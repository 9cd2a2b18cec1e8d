import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  blobPath,
  layoutOf
} from "./chunk-VOFVSU25.js";
import {
  clockSkewSeconds,
  trustedKeys,
  verifyClearSigned
} from "./chunk-3JJWLCQN.js";
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
  TransferFailure,
  mapConcurrent
} from "./chunk-CGY25BUW.js";
import {
  readAptSources
} from "./chunk-EVL232IS.js";
import {
  parseParagraph,
  sourceOf,
  words
} from "./chunk-FYFTS2JL.js";
import {
  debianMirrors
} from "./chunk-BRAI6YI6.js";
import {
  below,
  mirrorUrl,
  withoutCredentials
} from "./chunk-KE4MIFPR.js";
import {
  decompress
} from "./chunk-R3GKPU3X.js";
import {
  sha256OfBytes
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/packages/deb/index/packages-index.ts
import { open, rm } from "node:fs/promises";

// src/packages/deb/archive/fetch-index.ts
var forms = [
  [".xz", "xz"],
  [".gz", "gz"],
  ["", "none"]
];
async function fetchIndex(release, path, context, io) {
  const form = await fetchSmallest(release, path, context, io);
  await storeUnpacked(form, release.files.get(path), context, io);
  return form.what;
}
async function fetchSmallest(release, path, context, io) {
  const listed = forms.filter(([suffix]) => release.files.has(path + suffix));
  let failure;
  for (const [suffix, compression] of listed) {
    const { sha256, size } = release.files.get(path + suffix);
    const urls = urlsOf(release, path + suffix, sha256);
    try {
      await context.store.fetch([{ urls, sha256, size }], { offline: context.offline }, io);
      return { sha256, compression, what: withoutCredentials(urls.at(-1)) };
    } catch (error) {
      if (!isAbsent(error)) throw error;
      failure ??= error;
    }
  }
  throw failure;
}
function isAbsent(error) {
  if (!(error instanceof MkbaseError)) return false;
  if (error.code === "OFFLINE") return true;
  if (error.code !== "SOURCE_UNREACHABLE") return false;
  return error.cause instanceof TransferFailure && !error.cause.again;
}
function urlsOf(release, path, sha256) {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const byHash = `dists/${release.asked}/${folder}/by-hash/SHA256/${sha256}`;
  const paths = [...release.byHash ? [byHash] : [], `dists/${release.asked}/${path}`];
  return paths.map((each) => below(release.mirror, each));
}
async function storeUnpacked({ sha256, compression, what }, plain, { store }, { signal }) {
  if (compression === "none") return;
  const stream = decompress(store.read(sha256), compression, {
    maxBytes: plain.size,
    what,
    signal
  });
  await store.write(stream, plain.sha256);
}

// src/packages/deb/index/index-scan.ts
import { createHash } from "node:crypto";
var bufferSize = 4 * 1024 * 1024;
var packageField = Buffer.from("Package: ");
var stanzaEnd = Buffer.from("\n\n");
var provides = Buffer.from("\nProvides: ");
async function scanIndex(file) {
  const starts = [];
  const ends = [];
  const names = nameTableBuilder();
  const provided = nameTableBuilder();
  const hash = createHash("sha256");
  await eachStanza(
    file,
    (bytes) => hash.update(bytes),
    (stanza) => {
      const { bytes, start, end, base } = stanza;
      const number = starts.length;
      if (number >= maxNumber) throw new SyntaxError(`it has more than ${maxNumber} stanzas`);
      starts.push(base + start);
      ends.push(base + end);
      const nameStart = start + packageField.length;
      names.add(hashBytes(bytes, nameStart, lineEnd(bytes, nameStart, end)), number);
      for (const name of providedNames(stanza)) {
        const virtual = Buffer.from(name, "latin1");
        provided.add(hashBytes(virtual, 0, virtual.length), number);
      }
    }
  );
  const sha256 = hash.digest("hex");
  return { sha256, starts, ends, names: names.build(), provided: provided.build() };
}
async function packageNames(file) {
  const names = /* @__PURE__ */ new Set();
  await eachStanza(
    file,
    () => {
    },
    ({ bytes, start, end }) => {
      const nameStart = start + packageField.length;
      names.add(bytes.toString("latin1", nameStart, lineEnd(bytes, nameStart, end)));
    }
  );
  return names;
}
async function eachStanza(file, onBytes, onStanza) {
  const buffer = Buffer.allocUnsafe(bufferSize);
  let kept = 0;
  let position = 0;
  for (let atEnd = false; !atEnd; ) {
    const { bytesRead } = await file.read(buffer, kept, bufferSize - kept, position);
    atEnd = bytesRead === 0;
    onBytes(buffer.subarray(kept, kept + bytesRead));
    const filled = buffer.subarray(0, kept + bytesRead);
    const used = splitStanzas(filled, position - kept, atEnd, onStanza);
    position += bytesRead;
    kept = filled.length - used;
    if (kept === bufferSize) throw new SyntaxError(`a stanza is longer than ${bufferSize} bytes`);
    buffer.copyWithin(0, used, filled.length);
  }
}
function splitStanzas(bytes, base, atEnd, onStanza) {
  let start = 0;
  while (start < bytes.length) {
    if (bytes[start] === 10) {
      start += 1;
      continue;
    }
    const mark = bytes.indexOf(stanzaEnd, start);
    if (mark < 0 && !atEnd) return start;
    const end = mark < 0 ? bytes.length : mark;
    if (!packageField.equals(bytes.subarray(start, start + packageField.length))) {
      const found = bytes.toString("latin1", start, Math.min(start + 40, end));
      throw new SyntaxError(`a stanza begins with ${JSON.stringify(found)}`);
    }
    onStanza({ bytes, start, end, base });
    start = mark < 0 ? end : mark + stanzaEnd.length;
  }
  return start;
}
function lineEnd(bytes, start, end) {
  const newline = bytes.indexOf(10, start);
  return newline < 0 || newline > end ? end : newline;
}
function providedNames({ bytes, start, end }) {
  const at = bytes.subarray(start, end).indexOf(provides);
  if (at < 0) return [];
  const from = start + at + provides.length;
  const line = bytes.toString("latin1", from, lineEnd(bytes, from, end));
  return line.split(",").map((name) => name.trim().replace(/[\s:(].*$/, ""));
}

// src/packages/deb/index/packages-index.ts
async function openIndex(release, path, context, io) {
  const plain = release.files.get(path);
  if (plain === void 0) throw notListed(release, path);
  const file = blobPath(layoutOf(context.store.folder), plain.sha256);
  const kept = await openScanned(file, plain);
  if (kept !== void 0) return stanzaIndex(kept);
  const what = await fetchIndex(release, path, context, io);
  const fresh = await openScanned(file, plain);
  if (fresh !== void 0) return stanzaIndex(fresh);
  throw new MkbaseError({
    code: "SOURCE_CORRUPT",
    message: `${what} is not a package index, though its hash is the one that was signed.`,
    hint: "The archive itself is at fault; report it to whoever runs it."
  });
}
function notListed(release, path) {
  const alike = path.slice(path.indexOf("/"));
  const components = [...release.files.keys()].filter((name) => name.endsWith(alike)).map((name) => name.slice(0, -alike.length));
  return new MkbaseError({
    code: "PACKAGE_NOT_FOUND",
    message: `The suite ${release.asked} of ${withoutCredentials(release.mirror)} has no ${path}.`,
    hint: components.length > 0 ? `Its components are ${components.sort().join(", ")}.` : "It has no packages for this architecture."
  });
}
async function openScanned(file, plain) {
  const handle = await open(file, "r").catch((error) => {
    if (error.code === "ENOENT") return void 0;
    throw ioError(error, "opening", file);
  });
  if (handle === void 0) return void 0;
  const scan = await scanIndex(handle).catch((error) => {
    if (error instanceof SyntaxError) return void 0;
    throw ioError(error, "reading", file);
  });
  if (scan?.sha256 === plain.sha256) return { handle, scan };
  await handle.close();
  await rm(file, { force: true });
  return void 0;
}
function stanzaIndex({ handle, scan }) {
  const read = (numbers) => Promise.all(numbers.map((number) => readStanza(handle, scan, number)));
  return {
    names: () => packageNames(handle),
    providers: async (name) => (await read(scan.provided.find(name))).map((stanza) => stanza.get("package") ?? ""),
    find: async (name) => (await read(scan.names.find(name))).filter((stanza) => stanza.get("package") === name),
    close: () => handle.close()
  };
}
async function readStanza(handle, { starts, ends }, number) {
  const start = starts[number];
  const buffer = Buffer.alloc(ends[number] - start);
  await handle.read(buffer, 0, buffer.length, start);
  return parseParagraph(buffer.toString("utf8"));
}

// src/packages/deb/index/deb-version.ts
function rank(char) {
  if (char === void 0 || char >= "0" && char <= "9") return 0;
  if (char === "~") return -1;
  const code = char.charCodeAt(0);
  return /[A-Za-z]/.test(char) ? code : code + 256;
}
var isDigit = (char) => char !== void 0 && char >= "0" && char <= "9";
function compareNumbers(left, right) {
  const a = left.replace(/^0+/, "");
  const b = right.replace(/^0+/, "");
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : Number(a > b);
}
function comparePart(left, right) {
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    while (i < left.length && !isDigit(left[i]) || j < right.length && !isDigit(right[j])) {
      const difference2 = rank(left[i]) - rank(right[j]);
      if (difference2 !== 0) return difference2;
      i += 1;
      j += 1;
    }
    const a = /^\d*/.exec(left.slice(i))[0];
    const b = /^\d*/.exec(right.slice(j))[0];
    const difference = compareNumbers(a, b);
    if (difference !== 0) return difference;
    i += a.length;
    j += b.length;
  }
  return 0;
}
function split(version) {
  const colon = version.indexOf(":");
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf("-");
  return {
    epoch: colon < 0 ? "" : version.slice(0, colon),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? "" : rest.slice(dash + 1)
  };
}
function compareVersions(left, right) {
  const a = split(left);
  const b = split(right);
  return compareNumbers(a.epoch, b.epoch) || comparePart(a.upstream, b.upstream) || comparePart(a.revision, b.revision);
}
function versionSatisfies(version, operator, other) {
  const order = compareVersions(version, other);
  if (operator === "=") return order === 0;
  if (operator === "<<") return order < 0;
  if (operator === "<=") return order <= 0;
  return operator === ">>" ? order > 0 : order >= 0;
}

// src/packages/deb/index/relations.ts
var pattern = /^([a-z0-9][a-z0-9+.-]*)(?::([a-z0-9-]+))?\s*(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^\s()]+)\s*\))?\s*(?:\[([^\]]*)\])?\s*(?:<[^>]*>\s*)*$/;
var operators = { "<": "<=", ">": ">=" };
function appliesTo(restriction, architecture) {
  const names = restriction.split(/\s+/).filter((name) => name !== "");
  const negative = names.some((name) => name.startsWith("!"));
  const wildcards = [
    architecture,
    "any",
    "linux-any",
    `any-${architecture}`,
    `linux-${architecture}`
  ];
  const named = names.some((name) => wildcards.includes(name.replace(/^!/, "")));
  return negative ? !named : named;
}
function parseRelation(text, architecture) {
  const match = pattern.exec(text);
  if (match === null)
    throw new SyntaxError(`expected a package relationship, found ${JSON.stringify(text)}`);
  const [, name, qualifier, operator, version, restriction] = match;
  if (restriction !== void 0 && !appliesTo(restriction, architecture)) return void 0;
  const own = [void 0, "any", "native", "all", architecture];
  if (!own.includes(qualifier)) return void 0;
  if (operator === void 0) return { name };
  const constraint = { operator: operators[operator] ?? operator, version };
  return { name, constraint };
}
function parseRelations(field, architecture) {
  return (field ?? "").split(",").map((group) => group.trim()).filter((group) => group !== "").map(
    (group) => group.split("|").flatMap((text) => parseRelation(text.trim(), architecture) ?? [])
  ).filter((group) => group.length > 0);
}
function meets(provided, relation) {
  if (provided.name !== relation.name) return false;
  if (relation.constraint === void 0) return true;
  if (provided.version === void 0) return false;
  return versionSatisfies(
    provided.version,
    relation.constraint.operator,
    relation.constraint.version
  );
}
function showRelation({ name, constraint }) {
  return constraint === void 0 ? name : `${name} (${constraint.operator} ${constraint.version})`;
}
var showGroup = (group) => group.map(showRelation).join(" | ");

// src/packages/deb/index/candidate.ts
function candidateOf(fields, suite, architecture) {
  const relations = (...names) => names.flatMap((name2) => parseRelations(fields.get(name2), architecture));
  const name = required(fields, "Package");
  const version = required(fields, "Version");
  return {
    name,
    version,
    architecture: required(fields, "Architecture"),
    suite,
    fields,
    depends: relations("pre-depends", "depends"),
    conflicts: relations("conflicts", "breaks").flat(),
    provides: [{ name, version }, ...relations("provides").flat().map(providedBy)]
  };
}
var providedBy = ({ name, constraint }) => ({
  name,
  version: constraint?.version
});
function required(fields, name) {
  const value = fields.get(name.toLowerCase());
  if (value === void 0 || value === "") {
    throw new SyntaxError(`${fields.get("package") ?? "a stanza"} has no ${name}`);
  }
  return value;
}

// src/packages/deb/index/universe.ts
function universeOf(indexes, architecture) {
  const find = remembering((name) => newest(indexes, name, architecture));
  const providers = async (name) => {
    const lists = indexes.map(({ suite, index }) => readable(suite, () => index.providers(name)));
    const names2 = new Set((await Promise.all(lists)).flat());
    names2.delete(name);
    const candidates = await Promise.all([...names2].sort().map(find));
    return candidates.flatMap(
      (candidate) => candidate?.provides.some((provided) => provided.name === name) ? [candidate] : []
    );
  };
  const names = async () => {
    const lists = await Promise.all(indexes.map(({ index }) => index.names()));
    return lists.flatMap((list) => [...list]);
  };
  return { find, providers: remembering(providers), names };
}
function remembering(ask) {
  const known = /* @__PURE__ */ new Map();
  return (name) => {
    const answer = known.get(name) ?? ask(name);
    known.set(name, answer);
    return answer;
  };
}
async function newest(indexes, name, architecture) {
  let best;
  for (const { suite, index } of indexes) {
    for (const stanza of await readable(suite, () => index.find(name))) {
      const candidate = await readable(suite, async () => candidateOf(stanza, suite, architecture));
      if (![architecture, "all"].includes(candidate.architecture)) continue;
      if (best === void 0 || compareVersions(candidate.version, best.version) > 0)
        best = candidate;
    }
  }
  return best;
}
async function readable(suite, parse) {
  try {
    return await parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MkbaseError({
      code: "SOURCE_CORRUPT",
      message: `The package index of ${suite} cannot be read: ${error.message}.`,
      hint: "Its signature holds, so the archive itself is at fault; report it to whoever runs it.",
      cause: error
    });
  }
}

// src/packages/deb/archive/release.ts
function untrusted(message, hint) {
  return new MkbaseError({ code: "SOURCE_UNTRUSTED", message, hint });
}
var datePattern = /^[A-Z][a-z]{2}, {1,2}\d{1,2} [A-Z][a-z]{2} \d{4} [ \d]\d:\d{2}:\d{2} (?:UTC|GMT|\+0000)$/;
function seconds(fields, name) {
  const text = fields.get(name);
  if (text === void 0) return void 0;
  const time = datePattern.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new SyntaxError(`${name} is not a date: ${JSON.stringify(text)}`);
  return time / 1e3;
}
function checksums(fields) {
  const files = /* @__PURE__ */ new Map();
  for (const line of (fields.get("sha256") ?? "").split("\n")) {
    const match = /^\s*([0-9a-f]{64})\s+(\d{1,15})\s+(\S+)\s*$/.exec(line);
    if (match !== null) files.set(match[3], { sha256: match[1], size: Number(match[2]) });
    else if (line.trim() !== "")
      throw new SyntaxError(`SHA256 holds ${JSON.stringify(line.slice(0, 100))}`);
  }
  if (files.size === 0) throw new SyntaxError("it lists no SHA256 sums");
  return files;
}
function parseRelease(text, what) {
  try {
    const fields = parseParagraph(text);
    const date = seconds(fields, "date");
    if (date === void 0) throw new SyntaxError("it has no Date");
    const validUntil = seconds(fields, "valid-until");
    return {
      suite: fields.get("suite") ?? "",
      codename: fields.get("codename") ?? "",
      date,
      ...validUntil !== void 0 && { validUntil },
      byHash: words(fields, "acquire-by-hash")[0] === "yes",
      files: checksums(fields)
    };
  } catch (error) {
    throw untrusted(
      `${what} is signed but is not a Release file: ${error.message}.`,
      "Name the root of a Debian archive with --mirror, the folder that holds dists/ and pool/."
    );
  }
}
var day = 86400;
var iso = (time) => new Date(time * 1e3).toISOString();
function checkRelease(release, expected) {
  const { what, suite } = expected;
  const now = expected.now.getTime() / 1e3;
  const clock = `This machine's clock says ${iso(now)}; if that is wrong, set it.`;
  if (suite !== release.suite && suite !== release.codename) {
    throw untrusted(
      `${what} is the index of ${release.codename || release.suite}, not of ${suite}.`,
      "Somebody may be passing off one suite as another; try another mirror with --mirror."
    );
  }
  if (release.date > now + clockSkewSeconds) {
    throw untrusted(`${what} is dated ${iso(release.date)}, which is in the future.`, clock);
  }
  if (release.validUntil !== void 0 && release.validUntil <= now) {
    throw untrusted(
      `${what} was valid until ${iso(release.validUntil)}; somebody may be holding updates back.`,
      `Use a mirror that is up to date (--mirror). ${clock}`
    );
  }
  const limit = expected.maxAgeDays;
  if (now - release.date > limit * day) {
    throw untrusted(
      `${what} is dated ${iso(release.date)}, more than ${limit} days ago; somebody may be holding updates back.`,
      `Use a mirror that is up to date (--mirror). ${clock}`
    );
  }
}

// src/packages/deb/archive/chain.ts
var isMissing = (error) => error instanceof MkbaseError && error.code === "OFFLINE";
var maxBytes = 16 * 1024 * 1024;
async function storedRelease(index, context, io) {
  const { store, keyrings, distribution } = context;
  if (!await store.verify(index.inRelease, io)) return void 0;
  const chunks = [];
  let size = 0;
  for await (const chunk of store.read(index.inRelease)) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > maxBytes) return void 0;
  }
  const what = `InRelease of ${index.suite} (${index.inRelease.slice(0, 12)})`;
  const keys = await trustedKeys(keyrings, distribution);
  const now = new Date(index.date * 1e3);
  const { text, signedBy } = await verifyClearSigned(Buffer.concat(chunks), { keys, what, now });
  const release = parseRelease(text, what);
  return {
    ...release,
    mirror: index.mirror,
    asked: index.suite,
    inRelease: index.inRelease,
    signedBy
  };
}
function disagrees(field, claimed, found) {
  return new MkbaseError({
    code: "SOURCE_UNTRUSTED",
    message: `The lock says ${field} is ${String(claimed)}; the signed index says ${String(found)}.`,
    hint: "Do not build from it: take the lock back from version control, or pin anew with `mkbase update`."
  });
}
function checkIndex(index, release) {
  if (release.date !== index.date) {
    throw disagrees(`the date of ${index.suite}`, index.date, release.date);
  }
  const [claimed, found] = [index.signedBy.join(", "), release.signedBy.join(", ")];
  if (claimed !== found) throw disagrees(`who signed ${index.suite}`, claimed, found);
}
async function checkPackage(locked, indexes) {
  const { name, version, architecture, sha256, suite } = locked;
  const what = `the sha256 of ${name} ${version} (${architecture}) in ${suite}`;
  for (const index of indexes) {
    for (const stanza of await readable(suite, () => index.find(name))) {
      if (stanza.get("version") !== version || stanza.get("architecture") !== architecture)
        continue;
      if (stanza.get("sha256") === sha256) return;
      throw disagrees(what, sha256, stanza.get("sha256"));
    }
  }
  throw disagrees(what, sha256, "nothing: it lists no such package");
}
async function followChain({ indexes, packages }, platform, context, io) {
  const offline = { ...context, offline: true };
  for (const index of indexes) {
    const release = await storedRelease(index, offline, io);
    if (release === void 0) return false;
    checkIndex(index, release);
    const open2 = [];
    try {
      for (const component of index.components) {
        const path = `${component}/binary-${platform.debian}/Packages`;
        open2.push(await openIndex(release, path, offline, io));
      }
      for (const each of packages) {
        if (each.suite === index.suite) await checkPackage(each, open2);
      }
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    } finally {
      await Promise.all(open2.map((each) => each.close()));
    }
  }
  return packages.every(({ suite }) => indexes.some((index) => index.suite === suite));
}

// src/packages/deb/archive/ubuntu-mirrors.ts
function defaultUbuntuMirrors({ debian: debian2 }) {
  const ports = "http://ports.ubuntu.com/ubuntu-ports";
  return debian2 === "amd64" ? { main: "http://archive.ubuntu.com/ubuntu", security: "http://security.ubuntu.com/ubuntu" } : { main: ports, security: ports };
}
function namedUbuntuMirrors(from) {
  const { MKBASE_UBUNTU_MIRROR: main, MKBASE_UBUNTU_SECURITY_MIRROR: security } = from.env;
  return {
    main: from.flag ? url(from.flag, "--mirror") : url(main, "MKBASE_UBUNTU_MIRROR"),
    security: url(security, "MKBASE_UBUNTU_SECURITY_MIRROR")
  };
}
var example = "http://mirror.example/ubuntu";
var url = (value, setBy) => value ? mirrorUrl(value, setBy, example) : void 0;
function ubuntuMirrors(named, ofRecipe, platform) {
  const defaults = defaultUbuntuMirrors(platform);
  const main = named.main ?? url(ofRecipe, "The recipe");
  return { main: main ?? defaults.main, security: named.security ?? main ?? defaults.security };
}

// src/packages/deb/archive/debian-context.ts
async function mirrorsFor({ distribution, mirror }, platform, { mirror: flag, env }) {
  if (distribution === "ubuntu") {
    return ubuntuMirrors(namedUbuntuMirrors({ flag, env }), mirror, platform);
  }
  return debianMirrors({ flag, env, ofRecipe: mirror, aptSources: await readAptSources() });
}
async function debianContext(choice, platform, sources) {
  const { store, offline, now } = sources;
  const { distribution, keyrings } = choice;
  return {
    ...{ store, offline, now },
    mirrors: await mirrorsFor(choice, platform, sources),
    ...distribution && { distribution },
    ...keyrings && { keyrings }
  };
}

// src/packages/deb/archive/index-blobs.ts
var endings = [".xz", ".gz", ""];
async function indexBlobs({ indexes }, platform, context, io) {
  const found = [];
  for (const index of indexes) {
    const release = await storedRelease(index, context, io);
    for (const component of index.components) {
      for (const ending of endings) {
        const path = `${component}/binary-${platform.debian}/Packages${ending}`;
        const sha256 = release?.files.get(path)?.sha256;
        if (sha256 === void 0 || !await context.store.verify(sha256, io)) continue;
        found.push({ sha256, name: `${index.suite}/${path}`.replaceAll("/", "_") });
        break;
      }
    }
  }
  return found;
}

// src/packages/deb/archive/distribution.ts
var debian = {
  name: "debian",
  title: "Debian",
  lastChange: {
    buster: "2022-09-10",
    bullseye: "2024-08-14",
    bookworm: "2026-07-11",
    trixie: "2028-08-09"
  },
  lastUpdate: {},
  rolling: ["sid", "unstable", "experimental", "rc-buggy"],
  script: "sid",
  keyrings: [
    "usr/share/keyrings/debian-archive-keyring.pgp",
    "usr/share/keyrings/debian-archive-keyring.gpg"
  ]
};
var ubuntu = {
  name: "ubuntu",
  title: "Ubuntu",
  lastChange: {
    xenial: "2016-04-21",
    bionic: "2018-04-26",
    focal: "2020-04-23",
    jammy: "2022-04-21",
    noble: "2024-04-25",
    questing: "2025-10-09",
    resolute: "2026-04-23"
  },
  lastUpdate: {
    xenial: "2021-04-30",
    bionic: "2023-05-31",
    focal: "2025-05-29",
    jammy: "2027-06-01",
    noble: "2029-05-31",
    questing: "2026-07-09",
    resolute: "2031-05-29"
  },
  rolling: [],
  script: "gutsy",
  keyrings: ["usr/share/keyrings/ubuntu-archive-keyring.gpg"]
};
var distributions = { debian, ubuntu };
var knownSuites = ({ lastChange, rolling }) => [
  ...Object.keys(lastChange),
  ...rolling
];
var pocket = /-(?:security|updates|backports|proposed-updates|proposed)$/;
function maxAgeDays(suite, distribution = "debian", now) {
  const { lastChange, lastUpdate } = distributions[distribution];
  const isPocket = pocket.test(suite);
  const ended = isPocket ? lastUpdate[suite.replace(pocket, "")] : lastChange[suite];
  if (ended !== void 0 && now.getTime() > Date.parse(ended)) return Number.POSITIVE_INFINITY;
  return isPocket ? 30 : 365;
}

// src/packages/deb/archive/signed-release.ts
var maxBytes2 = 16 * 1024 * 1024;
async function signedRelease(mirror, suite, context, io) {
  const url2 = below(mirror, `dists/${suite}/InRelease`);
  const what = withoutCredentials(url2);
  const { distribution, now, offline, store } = context;
  const file = rememberedIndexFile(store.folder, "debian", what);
  const seen = await recallIndex(file);
  const bytes = offline && !url2.startsWith("file:") ? await rememberedBytes(seen, what, store, io) : await store.fetchBytes(url2, { maxBytes: maxBytes2 }, io);
  const keys = await trustedKeys(context.keyrings, distribution);
  const { text, signedBy } = await verifyClearSigned(bytes, { keys, what, now });
  const release = parseRelease(text, what);
  checkRelease(release, { suite, what, now, maxAgeDays: maxAgeDays(suite, distribution, now) });
  if (!offline) refuseOlderIndex(seen, release.date, what, file);
  const inRelease = sha256OfBytes(bytes);
  await store.write(whole(bytes), inRelease);
  if (!offline) await rememberIndex(file, { place: what, date: release.date, sha256: inRelease });
  return { ...release, mirror, asked: suite, inRelease, signedBy };
}
async function* whole(bytes) {
  yield bytes;
}

// src/packages/deb/archive/snapshot.ts
var settleSeconds = 24 * 60 * 60;
var stamp = (seconds2) => new Date(seconds2 * 1e3).toISOString().replace(/[-:]|\.\d+/g, "");
function snapshotUrls({ snapshot }, index, path) {
  if (snapshot === void 0 || index === void 0) return [];
  const archive = index.suite.endsWith("-security") ? "debian-security" : "debian";
  return [below(snapshot, `${archive}/${stamp(index.date + settleSeconds)}/${path}`)];
}

// src/packages/deb/choose/closure.ts
async function closure(universe, request) {
  const selected = /* @__PURE__ */ new Map();
  const certain = [];
  const open2 = [];
  const select = async (candidate, chain) => {
    selected.set(candidate.name, candidate);
    for (const group of candidate.depends) {
      const need = { group, chain: [...chain, candidate.name] };
      const noChoice = group.length === 1 && await universe.find(group[0].name) !== void 0;
      (noChoice ? certain : open2).push(need);
    }
  };
  for (const name of [...new Set(request.packages)].sort()) {
    await select(await wanted(universe, name), []);
  }
  const next = () => certain.shift() ?? open2.shift();
  for (let need = next(); need !== void 0; need = next()) {
    if (await isMet(need, selected, universe, request.exclude)) continue;
    await select(await choose(need, universe), need.chain);
  }
  const packages = [...selected.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  refuseConflicts(packages);
  return packages;
}
async function wanted(universe, name) {
  const found = await universe.find(name);
  if (found !== void 0) return found;
  const providers = (await universe.providers(name)).map((provider) => provider.name);
  throw new MkbaseError({
    code: "PACKAGE_NOT_FOUND",
    message: `There is no package ${name} in the suite.${didYouMean(name, await universe.names())}`,
    hint: providers.length > 0 ? `${name} is a virtual package; name one that provides it: ${providers.slice(0, 5).join(", ")}.` : "Check the spelling, the suite and the components in the recipe.",
    about: [name]
  });
}
async function isMet(need, selected, universe, exclude) {
  for (const relation of need.group) {
    if (exclude.has(relation.name)) return true;
    for (const candidate of selected.values()) {
      if (candidate.provides.some((provided) => meets(provided, relation))) return true;
    }
    const providers = exclude.size === 0 ? [] : await universe.providers(relation.name);
    if (providers.some((provider) => exclude.has(provider.name))) return true;
  }
  return false;
}
var priorities = ["required", "important", "standard", "optional", "extra"];
function importance(candidate) {
  const place = priorities.indexOf(candidate.fields.get("priority") ?? "");
  return place < 0 ? priorities.length : place;
}
async function choose(need, universe) {
  const rejected = [];
  for (const relation of need.group) {
    const fits = (candidate) => candidate.provides.some((provided) => meets(provided, relation));
    const named = await universe.find(relation.name);
    if (named !== void 0 && fits(named)) return named;
    if (named !== void 0) rejected.push(named);
    const providers = (await universe.providers(relation.name)).filter(fits);
    const [best] = [...providers].sort((a, b) => importance(a) - importance(b));
    if (best !== void 0) return best;
  }
  const found = rejected.map(({ name, version }) => `; there is ${name} ${version}`).join("");
  throw new MkbaseError({
    code: "PACKAGE_NOT_FOUND",
    message: `${need.chain.join(" \u2192 ")} depends on ${showGroup(need.group)}, which no package meets${found}.`,
    hint: 'The mirror may be in the middle of an update: try again later, or leave the dependency out with "exclude".'
  });
}
function refuseConflicts(packages) {
  const byProvided = /* @__PURE__ */ new Map();
  for (const candidate of packages) {
    for (const name of new Set(candidate.provides.map((provided) => provided.name))) {
      byProvided.set(name, [...byProvided.get(name) ?? [], candidate]);
    }
  }
  for (const candidate of packages) {
    for (const relation of candidate.conflicts) {
      const other = byProvided.get(relation.name)?.find(
        (rival) => rival !== candidate && rival.provides.some((one) => meets(one, relation))
      );
      if (other !== void 0) throw conflict(candidate, other, showRelation(relation));
    }
  }
}
function conflict(candidate, other, relation) {
  return new MkbaseError({
    code: "PACKAGE_CONFLICT",
    message: `${candidate.name} ${candidate.version} and ${other.name} ${other.version} exclude each other: ${candidate.name} conflicts with ${relation}.`,
    hint: 'Leave one of them out with "exclude", or name in "packages" the alternative that fits.',
    about: [candidate.name, other.name]
  });
}

// src/packages/deb/choose/locked-package.ts
function lockedPackage({
  name,
  version,
  architecture,
  suite,
  fields
}) {
  const size = required(fields, "Size");
  const sha256 = required(fields, "SHA256");
  const filename = required(fields, "Filename");
  if (!/^[a-z0-9][a-z0-9+.-]+$/.test(name)) throw new SyntaxError(`it names a package ${name}`);
  if (!/^\d{1,15}$/.test(size)) throw new SyntaxError(`${name} has the Size ${size}`);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new SyntaxError(`${name} has the SHA256 ${sha256}`);
  if (filename.startsWith("/") || filename.split("/").includes("..")) {
    throw new SyntaxError(`${name} has the Filename ${filename}`);
  }
  const source = sourceOf(fields.get("source"), name, version);
  return {
    name,
    version,
    architecture,
    source: source.name,
    sourceVersion: source.version,
    suite,
    filename,
    size: Number(size),
    sha256
  };
}

// src/packages/deb/choose/resolve.ts
async function resolveDebs(request, platform, context, io) {
  const { suite, security } = request;
  const releases = await mapConcurrent(
    [
      (group) => signedRelease(context.mirrors.main, suite, context, group),
      ...security ? [(group) => securityRelease(suite, context, group)] : []
    ],
    2,
    (ask, group) => ask(group),
    io
  );
  const indexes = [];
  try {
    for (const release of releases) {
      for (const component of request.components) {
        const path = `${component}/binary-${platform.debian}/Packages`;
        const index = await openIndex(release, path, context, io);
        indexes.push({ suite: release.asked, index });
      }
    }
    const exclude = Array.isArray(request.exclude) ? request.exclude : Object.keys(request.exclude);
    const chosen = await closure(universeOf(indexes, platform.debian), {
      packages: request.packages,
      exclude: new Set(exclude)
    });
    return {
      indexes: releases.map((release) => lockedIndex(release, request.components)),
      packages: await Promise.all(
        chosen.map((candidate) => readable(candidate.suite, async () => lockedPackage(candidate)))
      )
    };
  } finally {
    await Promise.all(indexes.map(({ index }) => index.close()));
  }
}
async function securityRelease(suite, context, io) {
  try {
    return await signedRelease(context.mirrors.security, `${suite}-security`, context, io);
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== "SOURCE_UNREACHABLE") throw error;
    throw new MkbaseError({
      code: error.code,
      message: `The security updates of ${suite} cannot be had. ${error.message}`,
      hint: 'Name a mirror that has them with MKBASE_DEBIAN_SECURITY_MIRROR, or set "security: false" in the recipe.',
      cause: error
    });
  }
}
function lockedIndex(release, components) {
  return {
    suite: release.asked,
    components,
    mirror: withoutCredentials(release.mirror),
    date: release.date,
    inRelease: release.inRelease,
    signedBy: release.signedBy
  };
}
function debDownloads(locked, context) {
  return locked.packages.map((each) => ({
    urls: packageUrls(each, locked.indexes, context),
    sha256: each.sha256,
    size: each.size
  }));
}
function packageUrls({ suite, filename }, indexes, { mirrors }) {
  const current = suite.endsWith("-security") ? mirrors.security : mirrors.main;
  const index = indexes.find((each) => each.suite === suite);
  const recorded = index?.mirror;
  const roots = [
    current,
    ...recorded !== void 0 && recorded !== withoutCredentials(current) ? [recorded] : []
  ];
  return [...roots.map((root) => below(root, filename)), ...snapshotUrls(mirrors, index, filename)];
}

export {
  openIndex,
  compareVersions,
  parseRelations,
  meets,
  candidateOf,
  required,
  universeOf,
  readable,
  followChain,
  defaultUbuntuMirrors,
  debianContext,
  indexBlobs,
  distributions,
  knownSuites,
  signedRelease,
  lockedPackage,
  resolveDebs,
  lockedIndex,
  debDownloads
};
//# sourceMappingURL=chunk-L5GUHF3F.js.map
