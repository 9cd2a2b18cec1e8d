import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  brief,
  counted
} from "./chunk-TEUZX62I.js";
import {
  comparePaths,
  differences
} from "./chunk-2L2WQICQ.js";
import {
  buildType,
  builderId,
  commandOf,
  dependenciesOf,
  externalParameters,
  readPaths,
  recipeDependencies,
  subjectsOf,
  testResults,
  trustChain,
  trustFiles
} from "./chunk-Z2YPWQK2.js";
import {
  fromVis,
  mtreeLine,
  rootLine,
  signature,
  toVis,
  typeWords
} from "./chunk-NWJBTXTJ.js";
import {
  readJsonPart
} from "./chunk-2V7AQQXO.js";
import {
  kindOf,
  kinds,
  recipeSchema
} from "./chunk-KN3M32LU.js";
import {
  parseSums,
  provenanceType,
  statementType
} from "./chunk-PHQGYXSX.js";
import {
  evidenceNames
} from "./chunk-LS5RIWVO.js";
import {
  writeTar
} from "./chunk-PT3SHOUE.js";
import {
  decompress
} from "./chunk-R3GKPU3X.js";
import {
  dockerManifest,
  layoutFiles
} from "./chunk-7GNR7Y6C.js";
import {
  parseReference
} from "./chunk-HHDGQMDT.js";
import {
  blobPath,
  mediaTypes
} from "./chunk-GEL24WUJ.js";
import {
  isRecord,
  list,
  record,
  text
} from "./chunk-IIMGXTQ4.js";
import {
  readTar
} from "./chunk-C36BAQN3.js";
import {
  blockSize,
  checkPath,
  shown,
  targetProblem
} from "./chunk-KU2VIPS7.js";
import {
  readContent
} from "./chunk-4IXO52BR.js";
import {
  platformNames,
  platforms
} from "./chunk-7K5WTWOY.js";
import {
  hashedStream,
  sha256OfBytes,
  sha256OfStream
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/verify/evidence-files.ts
import { readFile, stat as stat2 } from "node:fs/promises";
import { join as join2 } from "node:path";

// src/verify/image/archive-files.ts
import { createReadStream } from "node:fs";
import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
var maxEntries = 1e6;
var bytesOf = ({ file: file3, offset, size }, signal) => size === 0 ? nothing() : createReadStream(file3, {
  start: offset,
  end: offset + size - 1,
  highWaterMark: 256 * 1024,
  signal
});
async function* nothing() {
}
async function hashFile(file3, signal) {
  const stats = await stat(file3).catch(() => void 0);
  if (!stats?.isFile()) return void 0;
  return sha256OfStream(bytesOf({ file: file3, offset: 0, size: stats.size }, signal));
}
async function readArchive(file3, signal) {
  const files = /* @__PURE__ */ new Map();
  const entries = [];
  const { size } = await stat(file3);
  const members = readTar(bytesOf({ file: file3, offset: 0, size }, signal), {
    source: file3,
    limits: { maxEntries },
    keepRoot: true
  });
  for await (const { entry, contentOffset, content } of members) {
    if (entry.type !== "file") {
      entries.push(entry);
      continue;
    }
    const range = { file: file3, offset: contentOffset, size: entry.size };
    const part = { ...range, sha256: `sha256:${await sha256OfStream(content)}` };
    if (!files.has(entry.path)) files.set(entry.path, part);
    entries.push({ ...entry, content: range });
  }
  return { files, entries };
}
async function readFolder(root, signal) {
  const files = /* @__PURE__ */ new Map();
  const names = await readdir(root, { recursive: true });
  for (const name of names.sort()) {
    const file3 = join(root, name);
    const stats = await lstat(file3);
    if (!stats.isFile()) continue;
    const range = { file: file3, offset: 0, size: stats.size };
    const sha256 = await sha256OfStream(bytesOf(range, signal));
    files.set(name, { ...range, sha256: `sha256:${sha256}` });
  }
  return { files };
}

// src/verify/evidence-files.ts
var { lock: lockFile, mtree, spdx, cyclonedx, provenance, trust, sums: sumsFile } = evidenceNames;
var listedFiles = [lockFile, mtree, spdx, cyclonedx, `${trust}/trust.json`, provenance];
var exists = (path) => stat2(path).then(
  () => true,
  () => false
);
async function holdsEvidence(folder) {
  const found = await Promise.all(
    [...listedFiles, sumsFile].map((name) => exists(join2(folder, name)))
  );
  return found.filter(Boolean).length > 1;
}
async function checkPresence(folder) {
  const mismatches = [];
  for (const file3 of [...listedFiles, sumsFile]) {
    if (await exists(join2(folder, file3))) continue;
    const computed = "a file that a build writes";
    mismatches.push({ file: file3, field: "", claimed: "nothing", computed });
  }
  const extent = counted(listedFiles.length + 1 - mismatches.length, "file");
  return { what: "the evidence is all there", extent, mismatches };
}
async function checkSum(folder, name, sha256, signal) {
  const computed = await hashFile(join2(folder, name), signal) ?? "no such file";
  return computed === sha256 ? [] : [{ file: sumsFile, field: name, claimed: sha256, computed, from: name }];
}
async function checkSums(folder, signal) {
  const { sums, bad } = parseSums((await readFile(join2(folder, sumsFile))).toString("latin1"));
  const mismatches = bad.map((line) => ({
    file: sumsFile,
    field: `line ${line}`,
    claimed: "something else",
    computed: "a digest, two spaces and a file name, in the order of names"
  }));
  for (const { name, sha256 } of sums) {
    mismatches.push(...await checkSum(folder, name, sha256, signal));
  }
  const named = new Set(sums.map(({ name }) => name));
  for (const name of listedFiles.filter((each) => !named.has(each))) {
    mismatches.push({ file: sumsFile, field: name, claimed: "nothing", computed: "a line for it" });
  }
  return {
    what: `${sumsFile} against the files beside it`,
    extent: counted(sums.length, "file"),
    mismatches
  };
}
async function hashEvidence(folder, lock, signal) {
  const found = [];
  for (const name of [lockFile, mtree, spdx, cyclonedx, `${trust}/trust.json`]) {
    const sha256 = await hashFile(join2(folder, name), signal);
    if (sha256 !== void 0) found.push({ name, sha256 });
  }
  for (const { name, sha256 } of lock ? trustFiles(trustChain(lock)) : []) {
    const file3 = `${trust}/${name}`;
    found.push({ name: file3, sha256: await hashFile(join2(folder, file3), signal) ?? sha256 });
  }
  return found;
}

// src/verify/told-recipe.ts
var definitionIn = ({ predicate }) => record(record(predicate).buildDefinition);
function versionIn({ predicate }) {
  const { builder } = record(record(predicate).runDetails);
  return text(record(record(builder).version).mkbase);
}
var toldFiles = (statement) => list(definitionIn(statement).resolvedDependencies).filter(isRecord).map(({ name, uri, digest: digest2, annotations }) => ({
  path: text(name),
  sha256: text(record(digest2).sha256),
  role: text(record(annotations).role),
  builtIn: text(uri).startsWith("pkg:npm/mkbase@")
}));
var originOf = ({ path, sha256, builtIn }) => ({
  file: path,
  folder: "/nonexistent",
  builtIn,
  sha256
});
function toldRecipe(statement, hasBuilder) {
  const { recipe, release } = record(definitionIn(statement).externalParameters);
  const { kind: _, ...from } = record(record(recipe).from);
  const parsed2 = recipeSchema(kinds).safeParse({ ...record(recipe), from });
  const files = toldFiles(statement);
  const own = files.filter(({ role }) => role === "recipe");
  const origins = (hasBuilder ? own.slice(0, -1) : own).map(originOf);
  const [origin, ...ancestors] = origins;
  if (!parsed2.success || parsed2.data.from === void 0 || origin === void 0) return void 0;
  const { extends: __, from: checked, ...fields } = parsed2.data;
  return {
    recipe: {
      ...{ ...fields, from: checked, origin, ancestors },
      fromOrigin: origins.at(-1) ?? origin,
      ...typeof release === "string" && { release }
    },
    filesBeside: files.filter(({ role }) => role === "beside-recipe"),
    release: typeof release === "string" ? release : void 0,
    builtIn: origin.builtIn,
    version: versionIn(statement)
  };
}

// src/verify/provenance.ts
var file = "provenance.json";
var roleOf = (dependency) => record(record(dependency).annotations).role;
var recipeIn = (statement) => {
  const { buildDefinition } = record(statement.predicate);
  return record(record(record(buildDefinition).externalParameters).recipe);
};
function recordedDigests(statement) {
  const [manifest, config, layer] = list(statement?.subject).map((subject) => {
    const { sha256 } = record(record(subject).digest);
    return typeof sha256 === "string" ? `sha256:${sha256}` : void 0;
  });
  return { ...manifest && { manifest }, ...config && { config }, ...layer && { layer } };
}
function expectedDependencies(claimed, { lock, atHand }) {
  if (lock === void 0) return claimed;
  const own = atHand ? recipeDependencies(atHand.recipe, atHand.toolchain, atHand.localFiles) : list(claimed).filter((each) => ["recipe", "beside-recipe"].includes(String(roleOf(each))));
  return [...own, ...dependenciesOf(lock)];
}
var choosesAllInputs = (from) => kindOf(from).choosing === void 0;
function expectedParameters(claimed, { lock, atHand }) {
  if (lock === void 0) return claimed;
  if (atHand !== void 0) {
    const { allow, sourceDateEpoch, test } = claimed;
    return externalParameters(atHand.recipe, {
      platform: lock.platform,
      allow: list(allow).map(String),
      ...typeof sourceDateEpoch === "number" && { sourceDateEpoch },
      test: test !== false
    });
  }
  const asked = record(lock.asked);
  const recipe = record(claimed.recipe);
  return {
    ...claimed,
    platform: lock.platform,
    recipe: {
      ...recipe,
      name: lock.recipe,
      epoch: asked.epoch,
      packages: asked.packages,
      ...choosesAllInputs(lock.from) && { from: asked.from }
    }
  };
}
function epochIn(statement, lock) {
  const { buildDefinition } = record(statement?.predicate);
  const { sourceDateEpoch } = record(record(buildDefinition).externalParameters);
  return typeof sourceDateEpoch === "number" ? sourceDateEpoch : lock.epoch;
}
function expectedBuilder(claimed, { lock, atHand }) {
  const { builderDependencies, ...builder } = claimed;
  if (lock === void 0) return { ...claimed, id: builderId };
  if (lock.toolchain === void 0) return { ...builder, id: builderId };
  const [first, ...others] = list(builderDependencies).map(record);
  const key = atHand?.builder?.key;
  const digest2 = { ...record(first?.digest), ...key !== void 0 && { mkbaseToolchain: key } };
  const named = { ...first, name: lock.toolchain.name, digest: digest2 };
  return { ...builder, id: builderId, builderDependencies: [named, ...others] };
}
function expectedResults(claimed, tests) {
  if (tests !== void 0) {
    return testResults(tests.map((test) => ({ command: commandOf(test), passed: true })));
  }
  const { content } = record(claimed);
  const bytes = Buffer.from(String(content), "base64");
  const passed = bytes.toString("utf8").match(/"passed": true/g)?.length ?? 0;
  const failed = bytes.toString("utf8").match(/"passed": false/g)?.length ?? 0;
  return {
    name: "test-results.json",
    mediaType: "application/json",
    content: bytes.toString("base64"),
    digest: { sha256: sha256OfBytes(bytes) },
    annotations: { passed, failed }
  };
}
function expectedStatement(claimed, facts) {
  const { lock, image, evidence, tests } = facts;
  const { buildDefinition, runDetails } = record(claimed.predicate);
  const definition = record(buildDefinition);
  const { builder, byproducts } = record(runDetails);
  const recipe = recipeIn(claimed);
  const files = evidence.map(({ name, sha256 }) => ({ name, digest: { sha256 } }));
  return {
    _type: statementType,
    subject: image ? subjectsOf(image, lock?.recipe ?? String(recipe.name)) : claimed.subject,
    predicateType: provenanceType,
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: expectedParameters(record(definition.externalParameters), facts),
        internalParameters: lock ? { epoch: epochIn(claimed, lock) } : definition.internalParameters,
        resolvedDependencies: expectedDependencies(definition.resolvedDependencies, facts)
      },
      runDetails: {
        builder: expectedBuilder(record(builder), facts),
        byproducts: [expectedResults(list(byproducts)[0], tests), ...files]
      }
    }
  };
}
var asJson = (value) => JSON.parse(JSON.stringify(value));
function checkProvenance(claimed, facts) {
  const from = [
    facts.lock && "lock.json",
    facts.atHand?.called,
    facts.image && facts.imageName,
    "the files beside it"
  ].filter((each) => each !== void 0);
  const found = differences(claimed, asJson(expectedStatement(claimed, facts)));
  const mismatches = found.map((each) => ({ file, ...each, from: from.join(", ") }));
  return { what: `${file} against ${from.join(", ")}`, mismatches };
}
function claimedAlone(claimed) {
  const { runDetails, buildDefinition } = record(claimed.predicate);
  const [results] = list(record(runDetails).byproducts);
  const { passed } = record(record(results).annotations);
  const { allow } = record(record(buildDefinition).externalParameters);
  const options = list(allow).length > 0 ? `, --allow ${list(allow).join(", ")}` : "";
  const word = (what, reason) => ({
    ...{ what, mismatches: [], claimed: reason },
    toldByRebuild: true
  });
  return [
    ...typeof passed === "number" && passed > 0 ? [
      word(
        `the outcomes of ${counted(passed, "test")}`,
        "only a build runs them; --rebuild does"
      )
    ] : [],
    word(`the builder: mkbase ${versionIn(claimed)}${options}`, "it speaks for itself")
  ];
}
function testsOf(claimed, told) {
  const { buildDefinition } = record(claimed.predicate);
  const { test } = record(record(buildDefinition).externalParameters);
  return test === false ? [] : told?.recipe.test;
}

// src/verify/image/layer.ts
var maxBytes = 16 * 1024 ** 3;
var magics = [
  ["1f8b", "gz"],
  ["28b52ffd", "zst"],
  ["fd377a585a00", "xz"]
];
async function compressionOf(part, signal) {
  const head = { ...part, size: Math.min(part.size, 6) };
  let first = "";
  for await (const chunk of bytesOf(head, signal)) first += Buffer.from(chunk).toString("hex");
  return magics.find(([magic]) => first.startsWith(magic))?.[1] ?? "none";
}
async function pathsIn(bytes, name) {
  try {
    return { paths: await readPaths(bytes, name), mismatches: [] };
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== "ARCHIVE_REFUSED") throw error;
    const at = /at byte (\d+)/.exec(error.message)?.[1];
    const field = at === void 0 ? "tar" : `byte ${at} of the tar`;
    const mismatch = { file: name, field, claimed: error.message, computed: "a canonical tar" };
    return { mismatches: [mismatch] };
  }
}
async function readLayer(part, name, signal) {
  const compression = await compressionOf(part, signal);
  const limits = { maxBytes, what: name, signal };
  const whole = hashedStream(decompress(bytesOf(part, signal), compression, limits));
  const { paths, mismatches } = await pathsIn(whole.bytes, name);
  if (paths !== void 0) {
    const layer = { part, diffId: `sha256:${whole.sha256()}`, size: whole.size(), paths };
    return { layer, mismatches };
  }
  if (compression !== "none") return { mismatches };
  return { layer: { part, diffId: part.sha256, size: part.size }, mismatches };
}
async function layerEntries({ part, size }, name, signal) {
  if (part.size !== size) return void 0;
  const entries = [];
  for await (const { entry, contentOffset } of readTar(bytesOf(part, signal), { source: name })) {
    if (entry.type !== "file") entries.push(entry);
    else {
      const content = { file: part.file, offset: part.offset + contentOffset, size: entry.size };
      entries.push({ ...entry, content });
    }
  }
  return entries;
}

// src/verify/image/inspect-image.ts
import { stat as stat4 } from "node:fs/promises";

// src/verify/image/image-from-archive.ts
var blob = async (part, mediaType) => ({
  mediaType,
  digest: part.sha256,
  bytes: await readContent(part)
});
async function imageFromArchive({ config, configDigest, manifestDigest, layer }, { files }) {
  const configPart = files.get(blobPath(configDigest ?? ""));
  const manifestPart = files.get(blobPath(manifestDigest ?? ""));
  if (!configPart || !manifestPart || !config || !layer) return void 0;
  const { architecture } = config;
  const platform = platformNames.find((name) => platforms[name].ociArchitecture === architecture);
  const created = Date.parse(String(config.created)) / 1e3;
  if (platform === void 0 || !Number.isSafeInteger(created)) return void 0;
  return {
    rootfs: { diffId: layer.diffId, size: layer.size, tar: layer.part.file, entries: [] },
    platform,
    created,
    comment: "",
    settings: {},
    config: await blob(configPart, mediaTypes.config),
    manifest: await blob(manifestPart, mediaTypes.manifest)
  };
}
async function jsonIn({ files }, path) {
  const part = files.get(path);
  if (part === void 0) return void 0;
  try {
    return JSON.parse((await readContent(part)).toString("utf8"));
  } catch {
    return void 0;
  }
}
var references = (texts) => texts.flatMap((text2) => {
  try {
    return [parseReference(String(text2))];
  } catch {
    return [];
  }
});
async function namesInArchive(archive) {
  if (archive.files.has("manifest.json")) {
    const [entry] = list(await jsonIn(archive, "manifest.json"));
    return references(list(record(entry).RepoTags));
  }
  const index = await jsonIn(archive, "index.json");
  const annotations = list(record(index).manifests).map((each) => record(record(each).annotations));
  return references(annotations.map((each) => each["io.containerd.image.name"] ?? ""));
}

// src/verify/image/tar-bytes.ts
import { stat as stat3 } from "node:fs/promises";
function reader(chunks) {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest = new Uint8Array(0);
  return {
    async read(length) {
      while (rest.length < length) {
        const { done, value } = await iterator.next();
        if (done) break;
        rest = rest.length === 0 ? value : Buffer.concat([rest, value]);
      }
      const piece = rest.subarray(0, length);
      rest = rest.subarray(piece.length);
      return piece;
    },
    async close() {
      await iterator.return?.();
    }
  };
}
async function firstDifference(found, expected) {
  const bytes = reader(found);
  let offset = 0;
  try {
    for await (const chunk of expected) {
      const piece = await bytes.read(chunk.length);
      if (Buffer.compare(piece, chunk) !== 0) {
        return offset + chunk.findIndex((byte, at) => byte !== piece[at]);
      }
      offset += chunk.length;
    }
    return (await bytes.read(1)).length === 0 ? void 0 : offset;
  } finally {
    await bytes.close();
  }
}
function memberAt(entries, offset) {
  const files = entries.filter((entry) => entry.type === "file");
  const next = files.find(({ content }) => "file" in content && content.offset > offset);
  const member = next ?? files.at(-1);
  return member === void 0 ? "the archive" : `near ${shown(member.path)}`;
}
async function checkTarBytes(file3, path, entries, signal) {
  const { size } = await stat3(path);
  const found = bytesOf({ file: path, offset: 0, size }, signal);
  const offset = await firstDifference(found, writeTar(entries));
  if (offset === void 0) return [];
  const claimed = offset >= size ? `an end after ${size} bytes` : "another byte";
  const computed = `the tar of the same entries, ${memberAt(entries, offset)}`;
  return [{ file: file3, field: `byte ${offset}`, claimed, computed }];
}

// src/verify/image/canonical-form.ts
function parsed(bytes) {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return void 0;
  }
}
async function checkText(name, found, expected) {
  if (found?.equals(expected)) return [];
  if (found === void 0) {
    return [{ file: name, field: "", claimed: "nothing", computed: "a file" }];
  }
  const value = parsed(found);
  const fields = value === void 0 ? [] : differences(value, parsed(expected));
  if (fields.length > 0) return fields.map((each) => ({ file: name, ...each }));
  const at = found.findIndex((byte, index) => byte !== expected[index]);
  const field = `byte ${at < 0 ? Math.min(found.length, expected.length) : at}`;
  return [{ file: name, field, claimed: "another form", computed: "the one form of this JSON" }];
}
function checkAttributes(file3, entries, created) {
  return entries.flatMap((entry) => {
    const { path, type, mode, uid, gid, mtime } = entry;
    const expected = { mode: type === "directory" ? 493 : 420, uid: 0, gid: 0, mtime: created };
    return differences({ mode, uid, gid, mtime }, expected).map((each) => ({
      file: file3,
      ...each,
      field: `${path} ${each.field}`
    }));
  });
}
var isOwnArchive = (entries, created) => entries.filter((entry) => checkAttributes("", [entry], created).length === 0).length * 2 > entries.length;
function checkMembers(file3, entries, image, names) {
  const digests = [image.config.digest, image.manifest.digest, image.rootfs.diffId];
  const blobs = digests.map(blobPath).sort();
  const expected = ["blobs", "blobs/sha256", ...blobs, ...[...names].sort()];
  const found = entries.map(({ path }) => path);
  const order = differences(found, expected, "members").map((each) => ({ file: file3, ...each }));
  return [...order, ...checkAttributes(file3, entries, image.created)];
}
async function isOwnFolder({ files }) {
  const index = files.get("index.json");
  return index !== void 0 && (await readContent(index)).includes(`"${mediaTypes.index}"`);
}
async function checkCanonicalForm(file3, path, archive, found, signal) {
  const image = await imageFromArchive(found, archive);
  if (image === void 0) return void 0;
  const { entries } = archive;
  const own = entries ? isOwnArchive(entries, image.created) : await isOwnFolder(archive);
  if (!own) return void 0;
  const names = await namesInArchive(archive);
  const texts = new Map([
    ...layoutFiles(image, names),
    ...entries ? dockerManifest(image, names) : []
  ]);
  const mismatches = [];
  for (const [name, expected] of texts) {
    const part = archive.files.get(name);
    const bytes = part && await readContent(part);
    mismatches.push(...await checkText(`${file3}: ${name}`, bytes, expected));
  }
  if (entries === void 0) return mismatches;
  mismatches.push(...checkMembers(file3, entries, image, [...texts.keys()]));
  mismatches.push(...await checkTarBytes(file3, path, entries, signal));
  return mismatches;
}

// src/verify/image/docker-archive.ts
var digestInName = (path) => `sha256:${path.replace(/^blobs\/sha256\//, "").replace(/\.json$/, "")}`;
async function entryIn(part) {
  try {
    const entries = JSON.parse((await readContent(part)).toString("utf8"));
    const [entry, ...others] = list(entries);
    if (isRecord(entry) && others.length === 0) return { entry };
    return { problem: Array.isArray(entries) ? `${entries.length} images` : "no list of images" };
  } catch (error) {
    return { problem: error.message };
  }
}
function namedFiles(file3, entry, { files }) {
  const { Config: configPath, Layers } = entry;
  const layers = list(Layers);
  const config = files.get(String(configPath));
  const layer = files.get(String(layers[0]));
  const wrong = (field, claimed, computed) => ({
    file: file3,
    field: `[0].${field}`,
    claimed,
    computed
  });
  const absent = "no such file in the archive";
  const digest2 = digestInName(String(configPath));
  const mismatches = [
    ...layers.length === 1 ? [] : [wrong("Layers", `${layers.length} layers`, "one layer")],
    ...layer ? [] : [wrong("Layers[0]", brief(layers[0]), absent)],
    ...config ? [] : [wrong("Config", brief(configPath), absent)],
    ...config && config.sha256 !== digest2 ? [wrong("Config", digest2, config.sha256)] : []
  ];
  return { config, layer, mismatches };
}
function checkLayers({ file: file3, config, layer }) {
  if (config === void 0 || layer === void 0) return [];
  const claimed = record(config.rootfs).diff_ids;
  const found = differences(claimed, [layer.diffId], "rootfs.diff_ids");
  return found.map((each) => ({ file: `${file3}: config`, ...each }));
}
async function readDockerArchive(file3, archive, signal) {
  const name = `${file3}: manifest.json`;
  const part = archive.files.get("manifest.json");
  const { entry, problem = "nothing" } = part ? await entryIn(part) : {};
  if (entry === void 0) {
    const mismatch = { file: name, field: "", claimed: problem, computed: "one image" };
    return { image: { file: file3 }, mismatches: [mismatch] };
  }
  const named = namedFiles(name, entry, archive);
  const config = named.config && await readJsonPart(named.config, `${file3}: config`);
  const read = named.layer && await readLayer(named.layer, `${file3}: layer`, signal);
  const image = {
    file: file3,
    ...named.config && { configDigest: named.config.sha256 },
    ...config?.value && { config: config.value },
    ...read?.layer && { layer: read.layer }
  };
  const all = [named.mismatches, config?.mismatches ?? [], read?.mismatches ?? []];
  return { image, mismatches: [...all.flat(), ...checkLayers(image)] };
}

// src/verify/image/descriptor.ts
function checkDescriptor(value, { file: file3, field }, mediaTypes2, { files }) {
  const wrong = (name, claimed, computed) => ({
    file: file3,
    field: `${field}${name}`,
    claimed: brief(claimed),
    computed
  });
  if (!isRecord(value)) return { mismatches: [wrong("", value, "a descriptor")] };
  const { mediaType, digest: digest2, size } = value;
  const mismatches = [];
  if (!mediaTypes2.some((each) => each === mediaType)) {
    mismatches.push(wrong(".mediaType", mediaType, mediaTypes2.join(" or ")));
  }
  const isDigest = typeof digest2 === "string" && /^sha256:[0-9a-f]{64}$/.test(digest2);
  const part = isDigest ? files.get(blobPath(digest2)) : void 0;
  if (part === void 0) {
    mismatches.push(wrong(".digest", digest2, "no blob of that digest is there"));
    return { mismatches };
  }
  if (part.sha256 !== digest2) mismatches.push(wrong(".digest", digest2, part.sha256));
  if (part.size !== size) mismatches.push(wrong(".size", size, String(part.size)));
  return { part, mismatches };
}

// src/verify/image/oci-layout.ts
var layerTypes = [
  mediaTypes.layer,
  `${mediaTypes.layer}+gzip`,
  `${mediaTypes.layer}+zstd`,
  "application/vnd.docker.image.rootfs.diff.tar.gzip"
];
var manifestTypes = [mediaTypes.manifest, "application/vnd.docker.distribution.manifest.v2+json"];
var configTypes = [mediaTypes.config, "application/vnd.docker.container.image.v1+json"];
var misnamedBlobs = (file3, { files }) => [...files].flatMap(([path, { sha256 }]) => {
  const hex = /^blobs\/sha256\/(.+)$/.exec(path)?.[1];
  if (hex === void 0 || `sha256:${hex}` === sha256) return [];
  return [{ file: file3, field: path, claimed: `sha256:${hex}`, computed: sha256 }];
});
async function readIndex(file3, part, archive) {
  const name = `${file3}: index.json`;
  const { value, mismatches } = await readJsonPart(part, name);
  const listed = list(value?.manifests);
  const digests = new Set(listed.map((each) => record(each).digest));
  const several = {
    file: name,
    field: "manifests",
    claimed: `${digests.size} images`,
    computed: "one image"
  };
  const tops = listed.map(
    (each, at) => checkDescriptor(each, { file: name, field: `manifests[${at}]` }, manifestTypes, archive)
  );
  const [first] = listed;
  return {
    top: tops.find((each) => each.part !== void 0)?.part,
    platform: record(first).platform,
    mismatches: [
      ...mismatches,
      ...digests.size === 1 ? [] : [several],
      ...tops.flatMap((each) => each.mismatches)
    ]
  };
}
function checkConfig({ file: file3, config, layer }, platform) {
  if (config === void 0) return [];
  const { rootfs, os, architecture, variant } = config;
  const claimed = record(rootfs).diff_ids;
  const layers = layer === void 0 ? [] : differences(claimed, [layer.diffId], "rootfs.diff_ids");
  const stated = isRecord(platform) ? platform : { os, architecture, variant };
  const platforms2 = differences(stated, { os, architecture, variant }, "manifests[0].platform");
  return [
    ...layers.map((each) => ({ file: `${file3}: config`, ...each })),
    ...platforms2.map((each) => ({ file: `${file3}: index.json`, ...each }))
  ];
}
function checkManifest(file3, { schemaVersion, layers }) {
  const count = list(layers).length;
  const version = { field: "schemaVersion", claimed: brief(schemaVersion), computed: "2" };
  const number2 = { field: "layers", claimed: `${count} layers`, computed: "one layer" };
  return [
    ...schemaVersion === 2 ? [] : [{ file: file3, ...version }],
    ...count === 1 ? [] : [{ file: file3, ...number2 }]
  ];
}
async function readManifest(file3, top, archive, signal) {
  const name = `${file3}: manifest`;
  const { value = {}, mismatches } = await readJsonPart(top, name);
  const configPlace = { file: name, field: "config" };
  const layerPlace = { file: name, field: "layers[0]" };
  const config = checkDescriptor(value.config, configPlace, configTypes, archive);
  const layer = checkDescriptor(list(value.layers)[0], layerPlace, layerTypes, archive);
  const settings = config.part && await readJsonPart(config.part, `${file3}: config`);
  const read = layer.part && await readLayer(layer.part, `${file3}: layer`, signal);
  const image = {
    file: file3,
    manifestDigest: top.sha256,
    ...config.part && { configDigest: config.part.sha256 },
    ...settings?.value && { config: settings.value },
    ...read?.layer && { layer: read.layer }
  };
  const all = [checkManifest(name, value), config.mismatches, layer.mismatches];
  return {
    image,
    mismatches: [
      ...mismatches,
      ...all.flat(),
      ...settings?.mismatches ?? [],
      ...read?.mismatches ?? []
    ]
  };
}
async function readOciLayout(file3, archive, signal) {
  const misnamed = misnamedBlobs(file3, archive);
  const part = archive.files.get("index.json");
  if (part === void 0) {
    const claimed = "an OCI image layout";
    const missing = { file: file3, field: "index.json", claimed, computed: "no such file" };
    return { image: { file: file3 }, mismatches: [...misnamed, missing] };
  }
  const index = await readIndex(file3, part, archive);
  const before = [...misnamed, ...index.mismatches];
  if (index.top === void 0) return { image: { file: file3 }, mismatches: before };
  const { image, mismatches } = await readManifest(file3, index.top, archive, signal);
  return { image, mismatches: [...before, ...mismatches, ...checkConfig(image, index.platform)] };
}

// src/verify/image/inspect-image.ts
async function checkRootfsBytes({ path, name }, signal) {
  const what = `each byte of ${name}`;
  const { entries = [] } = await readArchive(path, signal).catch(noTar);
  const mismatches = await checkTarBytes(name, path, entries, signal);
  const isForeign = mismatches.some(({ field }) => Number(field.replace("byte ", "")) < blockSize);
  const skipped = "another tool than mkbase wrote it";
  return isForeign ? { what, mismatches: [], skipped } : { what, mismatches };
}
function noTar(error) {
  if (error instanceof MkbaseError && error.code === "ARCHIVE_REFUSED") return { files: /* @__PURE__ */ new Map() };
  throw error;
}
async function inspectRootfs(place, signal) {
  const { path, name } = place;
  const { size } = await stat4(path);
  const whole = { file: path, offset: 0, size };
  const sha256 = `sha256:${await sha256OfStream(bytesOf(whole, signal))}`;
  const { layer, mismatches } = await readLayer({ ...whole, sha256 }, name, signal);
  return {
    image: { file: name, ...layer && { layer } },
    checks: [{ what: `the tar ${name}`, mismatches }, await checkRootfsBytes(place, signal)]
  };
}
async function inspectArchive({ path, name }, archive, signal) {
  const isLayout = archive.files.has("oci-layout") || archive.files.has("index.json");
  const read = isLayout ? readOciLayout : readDockerArchive;
  const { image, mismatches } = await read(name, archive, signal);
  const blobs = { what: `digests, sizes and layers in ${name}`, mismatches };
  const form = isLayout ? await checkCanonicalForm(name, path, archive, image, signal) : void 0;
  const what = `names, members and each byte of ${name}`;
  const skipped = "another tool than mkbase wrote it";
  const around = form ? { what, mismatches: form } : { what, mismatches: [], skipped };
  return { image, checks: [blobs, around] };
}
async function inspectImage(place, signal) {
  const { path } = place;
  const isFolder = (await stat4(path)).isDirectory();
  try {
    const archive = await (isFolder ? readFolder : readArchive)(path, signal);
    const isImage = ["oci-layout", "index.json", "manifest.json"].some(
      (each) => archive.files.has(each)
    );
    if (isFolder || isImage) return await inspectArchive(place, archive, signal);
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== "ARCHIVE_REFUSED") throw error;
  }
  return inspectRootfs(place, signal);
}

// src/verify/rootfs.ts
import { readFile as readFile2 } from "node:fs/promises";

// src/evidence/mtree/parse.ts
var types = new Map(
  Object.entries(typeWords).map(([type, word]) => [word, type])
);
var number = (pattern, radix = 10) => (text2 = "") => pattern.test(text2) ? Number.parseInt(text2, radix) : 0;
var octal = number(/^[0-7]{4}$/, 8);
var decimal = number(/^[0-9]{1,15}$/);
var seconds = number(/^-?[0-9]{1,15}\.0{9}$/);
var digest = (text2 = "") => /^[0-9a-f]{64}$/.test(text2) ? text2 : "";
function xattrsOf(values) {
  const prefix = "xattr.";
  return [...values].filter(([keyword]) => keyword.startsWith(prefix)).map(([keyword, value]) => [
    fromVis(keyword.slice(prefix.length)) ?? "",
    Buffer.from(value, "base64").toString("latin1")
  ]);
}
function fieldsOfType(type, values) {
  switch (type) {
    case "file":
      return {
        links: values.has("nlink") ? decimal(values.get("nlink")) : 1,
        size: decimal(values.get("size")),
        sha256: digest(values.get("sha256"))
      };
    case "symlink":
      return { target: fromVis(values.get("link") ?? "") ?? "" };
    case "character":
    case "block": {
      const [, major, minor] = (values.get("device") ?? "").split(",");
      return { major: decimal(major), minor: decimal(minor) };
    }
    default:
      return {};
  }
}
var valuesOf = (words) => new Map(
  words.map((word) => {
    const equals = word.indexOf("=");
    return [word.slice(0, Math.max(0, equals)), word.slice(equals + 1)];
  })
);
function recordFrom(path, words) {
  const values = valuesOf(words);
  const type = types.get(values.get("type") ?? "") ?? "fifo";
  return {
    path,
    type,
    mode: octal(values.get("mode")),
    uid: decimal(values.get("uid")),
    gid: decimal(values.get("gid")),
    mtime: seconds(values.get("time")),
    ...fieldsOfType(type, values),
    xattrs: xattrsOf(values)
  };
}
function parseLine(line) {
  const [name = "", ...words] = line.split(" ");
  const bytes = name.startsWith("./") ? fromVis(name.slice(2)) : void 0;
  if (bytes === void 0 || { path: void 0, ...checkPath(bytes) }.path !== bytes) {
    return `starts with ${shown(name)}, which is no path of a rootfs`;
  }
  const record2 = recordFrom(bytes, words);
  const written = mtreeLine(record2).split(" ").slice(1);
  const at = written.findIndex((word, index) => word !== words[index]);
  const place = at < 0 ? written.length : at;
  if (written.length !== words.length || at >= 0) {
    const found = words[place] === void 0 ? "nothing" : shown(words[place]);
    return `(${shown(bytes)}) has ${found} in word ${place + 2}, which mkbase does not write there`;
  }
  const problem = record2.target === void 0 ? void 0 : targetProblem(record2.target);
  return problem === void 0 ? record2 : `(${shown(bytes)}) has a link target that ${problem}`;
}
function parseMtree(text2) {
  const records = /* @__PURE__ */ new Map();
  const bad = [];
  const lines = text2.split("\n");
  if (lines.pop() !== "") bad.push({ line: lines.length + 1, problem: "does not end" });
  const header = [signature, rootLine];
  for (const [at, expected] of header.entries()) {
    if (lines[at] !== expected) bad.push({ line: at + 1, problem: `is not "${expected}"` });
  }
  for (const [at, line] of lines.slice(header.length).entries()) {
    const record2 = parseLine(line);
    const number2 = at + header.length + 1;
    if (typeof record2 === "string") bad.push({ line: number2, problem: record2 });
    else if (records.has(record2.path)) bad.push({ line: number2, problem: "repeats a path" });
    else records.set(record2.path, record2);
  }
  return { records: [...records.values()], bad };
}

// src/verify/rootfs.ts
var file2 = "rootfs.mtree";
async function readMtree(path) {
  const { records, bad } = parseMtree((await readFile2(path)).toString("latin1"));
  const mismatches = bad.map(({ line, problem }) => ({
    file: file2,
    field: `line ${line}`,
    claimed: `the line ${problem}`,
    computed: "a line that mkbase writes"
  }));
  return { paths: records, check: { what: `the form of ${file2}`, mismatches } };
}
var nameOf = ({ path }) => `./${toVis(path)}`;
function checkOrder(claimed, computed, from) {
  const at = claimed.findIndex(({ path }, index) => path !== computed[index]?.path);
  const [one, other] = [claimed[at], computed[at]];
  if (one === void 0 || other === void 0) return [];
  const field = `order, path ${at + 1}`;
  return [{ file: file2, field, claimed: nameOf(one), computed: nameOf(other), from }];
}
function checkRootfs(claimed, computed, from) {
  const presence = (record2) => record2 ? `a ${record2.type}` : "nothing";
  const mismatches = comparePaths(claimed, computed).flatMap(({ path, one, other, keywords }) => {
    const name = `./${toVis(path)}`;
    if (keywords.length === 0) {
      return [{ file: file2, field: name, claimed: presence(one), computed: presence(other), from }];
    }
    return keywords.map((each) => ({
      file: file2,
      field: `${name} ${each.keyword}`,
      claimed: each.one ?? "nothing",
      computed: each.other ?? "nothing",
      from
    }));
  });
  const order = mismatches.length === 0 ? checkOrder(claimed, computed, from) : [];
  return {
    what: `${file2} against the rootfs in ${from}`,
    extent: counted(computed.length, "path"),
    mismatches: [...mismatches, ...order]
  };
}

export {
  bytesOf,
  hashFile,
  listedFiles,
  exists,
  holdsEvidence,
  checkPresence,
  checkSums,
  hashEvidence,
  versionIn,
  toldRecipe,
  recipeIn,
  recordedDigests,
  epochIn,
  checkProvenance,
  claimedAlone,
  testsOf,
  compressionOf,
  layerEntries,
  inspectImage,
  readMtree,
  checkRootfs
};
//# sourceMappingURL=chunk-MAPI6SQL.js.map
