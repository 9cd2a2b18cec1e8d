import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  areCurrent,
  outputOf
} from "./chunk-GCOBUJDJ.js";
import {
  engineName
} from "./chunk-E6FI3J5L.js";
import {
  askCommand
} from "./chunk-WIJQ7ZD6.js";
import {
  cacheFolder
} from "./chunk-IHKPDGEV.js";
import {
  packageVersion
} from "./chunk-IQA7OYSC.js";
import {
  digestOf
} from "./chunk-FGYWVWTF.js";
import {
  writeWholeFile
} from "./chunk-VP6DARGB.js";
import {
  makeFolder
} from "./chunk-67ZVI5OU.js";
import {
  sha256OfBytes
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/pipeline/build-cache.ts
import { createHash } from "node:crypto";
import { lstat, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

// src/engines/still-stored.ts
async function stillStored(stored, choice, cache, io) {
  const { engine, imageId, tags } = stored;
  if (imageId !== null && engine === engineName.docker && (choice === "auto" || choice === engine)) {
    const args = ["image", "inspect", "--format", "{{.Id}}", ...tags];
    const answer = await askCommand(engine, args, io.signal);
    const ids = answer?.split("\n").filter(Boolean) ?? [];
    return ids.length === tags.length && ids.every((id) => id === imageId);
  }
  const { chooseEngine } = await import("./choose-K54LTDF5.js");
  const chosen = await chooseEngine(choice, cache, io);
  return chosen.name === engine && (imageId === null || holds(chosen, imageId, tags, io));
}
async function holds({ images }, imageId, tags, io) {
  const found = await Promise.all(tags.map((tag) => images?.inspect(tag, io)));
  return found.every((image) => image?.id === imageId);
}

// src/pipeline/build-cache.ts
function recordFile(request, { cwd, env }) {
  const { offline: _, noCache: __, ...asked } = request;
  const key = { ...asked, cwd, epoch: env.SOURCE_DATE_EPOCH, version: packageVersion };
  return join(cacheFolder(env), "builds", `${digestOf(key)}.json`);
}
var attributes = ({ ino, size, mode, mtimeNs, ctimeNs }) => [ino, size, mode, mtimeNs, ctimeNs].join(" ");
async function fingerprintOf(path) {
  const stats = await lstat(path, { bigint: true }).catch(() => void 0);
  if (stats === void 0) return "absent";
  if (stats.isSymbolicLink()) {
    const target = await stat(path, { bigint: true }).catch(() => void 0);
    return `${attributes(stats)} to ${target === void 0 ? "nothing" : attributes(target)}`;
  }
  if (!stats.isDirectory()) return attributes(stats);
  const hash = createHash("sha256");
  for (const name of (await readdir(path)).sort()) {
    hash.update(`${name}\0${await fingerprintOf(join(path, name))}\0`);
  }
  return `folder ${hash.digest("hex")}`;
}
var contentFingerprint = (sha256) => `sha256 ${sha256}`;
async function fingerprintAgain(path, before) {
  if (!before.startsWith("sha256 ")) return fingerprintOf(path);
  return contentFingerprint(sha256OfBytes(await readFile(path)));
}
async function fingerprintsOf(paths) {
  const pairs = paths.map(async (path) => [path, await fingerprintOf(path)]);
  return Object.fromEntries(await Promise.all(pairs));
}
async function isUnchanged(fingerprints) {
  const same = Object.entries(fingerprints).map(
    async ([path, before]) => await fingerprintAgain(path, before) === before
  );
  return (await Promise.all(same).catch(() => [false])).every(Boolean);
}
async function readRecord(file) {
  try {
    const record = JSON.parse(await readFile(file, "utf8"));
    const whole = record?.fingerprints && record.outputs && record.result;
    return whole ? record : void 0;
  } catch {
    return void 0;
  }
}
async function isCurrent({ outputs, result }, choice, cache, io) {
  let asked;
  const isStored = () => asked ??= stillStored(result, choice, cache, io);
  const isUnchanged2 = async (path) => {
    const now = await fingerprintOf(path).catch(() => void 0);
    return now !== void 0 && now === outputs[path];
  };
  return await areCurrent(result.outputs, { isUnchanged: isUnchanged2, isStored }) && isStored();
}
async function cachedBuild(request, invocation, io) {
  if (request.noCache) return void 0;
  const begin = performance.now();
  const record = await readRecord(recordFile(request, invocation));
  if (record === void 0 || !await isUnchanged(record.fingerprints)) return void 0;
  if (!await isCurrent(record, request.engine, cacheFolder(invocation.env), io)) return void 0;
  const timings = { total: Math.round(performance.now() - begin) };
  return { ...record.result, cached: true, timings };
}
async function writeRecord(file, record) {
  await makeFolder(dirname(file)).catch((error) => {
    throw ioError(error, "making", dirname(file));
  });
  await writeWholeFile(file, JSON.stringify(record));
}
var notRemembered = ({ message }) => ({
  code: "build-not-remembered",
  message: `The next build will not see that nothing has changed. ${message}`,
  advice: "Make room in the cache, or point XDG_CACHE_HOME elsewhere."
});
async function rememberBuild(request, result, { read, written }, invocation, { emit }) {
  const files = result.outputs.filter((output) => outputOf(output).place === "file");
  const fingerprints = { ...read, ...await fingerprintsOf(written) };
  const outputs = await fingerprintsOf(files.map(({ dest }) => dest));
  try {
    await writeRecord(recordFile(request, invocation), { fingerprints, outputs, result });
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    emit({ type: "warning", stage: "image", warning: notRemembered(error) });
  }
}

export {
  contentFingerprint,
  fingerprintsOf,
  cachedBuild,
  rememberBuild
};
//# sourceMappingURL=chunk-B44ZKUT4.js.map
