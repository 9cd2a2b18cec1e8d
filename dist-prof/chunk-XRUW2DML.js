import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  writeWholeFile
} from "./chunk-VP6DARGB.js";
import {
  makeFolder
} from "./chunk-67ZVI5OU.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/packages/near-names.ts
function distance(left, right, limit) {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = previous[j - 1] + Number(left[i - 1] !== right[j - 1]);
      current.push(Math.min(replaced, previous[j] + 1, current[j - 1] + 1));
    }
    if (Math.min(...current) > limit) return limit + 1;
    previous = current;
  }
  return previous[right.length];
}
function nearNames(wanted, names) {
  const limit = wanted.length < 5 ? 1 : 2;
  const near = [];
  const add = (name, score) => {
    if (near.every((other) => other.name !== name)) near.push({ name, score });
  };
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) <= limit) {
      const score = distance(wanted, name, limit);
      if (score <= limit) add(name, score);
    } else if (wanted.length > 3 && name.startsWith(wanted)) {
      add(name, name.length);
    }
  }
  near.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  return near.slice(0, 3).map(({ name }) => name);
}
function didYouMean(wanted, names) {
  const near = nearNames(wanted, names);
  return near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
}

// src/packages/remembered-index.ts
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
function rememberedIndexFile(cacheFolder, family, place) {
  const name = createHash("sha256").update(place).digest("hex").slice(0, 32);
  return join(cacheFolder, "state", family, `${name}.json`);
}
async function recallIndex(file) {
  try {
    const value = JSON.parse(await readFile(file, "utf8"));
    const whole = Number.isFinite(value?.date) && /^[0-9a-f]{64}$/.test(value?.sha256 ?? "");
    return whole ? value : void 0;
  } catch (error) {
    if (error instanceof SyntaxError) return void 0;
    if (error.code === "ENOENT") return void 0;
    throw ioError(error, "reading", file);
  }
}
async function rememberIndex(file, value) {
  await makeFolder(dirname(file)).catch((error) => {
    throw ioError(error, "making", dirname(file));
  });
  await writeWholeFile(file, JSON.stringify(value));
}
async function rememberedBytes(seen, what, store, io) {
  if (seen === void 0 || !await store.verify(seen.sha256, io)) {
    throw new MkbaseError({
      code: "OFFLINE",
      message: `${what} was never fetched, and --offline forbids fetching it.`,
      hint: "Run the same command once without --offline."
    });
  }
  const chunks = [];
  for await (const chunk of store.read(seen.sha256)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
function refuseOlderIndex(seen, date, what, file) {
  if (seen === void 0 || date >= seen.date) return;
  const iso = (time) => new Date(time * 1e3).toISOString();
  throw new MkbaseError({
    code: "SOURCE_UNTRUSTED",
    message: `${what} is dated ${iso(date)}, older than the one of ${iso(seen.date)} that this mirror served before.`,
    hint: `Try again later or with another mirror (--mirror); if going back is meant, remove ${file}.`
  });
}

// src/packages/name-table.ts
var maxNumber = 2 ** 21;
function hashBytes(bytes, start, end) {
  let hash = 2166136261;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ bytes[at], 16777619);
  return hash >>> 0;
}
function nameTableBuilder() {
  const keys = [];
  return {
    add: (hash, number) => {
      keys.push(hash * maxNumber + number);
    },
    build: () => nameTable(Float64Array.from(keys).sort())
  };
}
function nameTable(keys) {
  const find = (name) => {
    const bytes = Buffer.from(name);
    const first = hashBytes(bytes, 0, bytes.length) * maxNumber;
    const found = [];
    for (let at = lowerBound(keys, first); at < keys.length; at += 1) {
      const number = keys[at] - first;
      if (number >= maxNumber) break;
      if (number !== found.at(-1)) found.push(number);
    }
    return found;
  };
  return { find };
}
function lowerBound(keys, wanted) {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = low + high >>> 1;
    if (keys[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

export {
  maxNumber,
  hashBytes,
  nameTableBuilder,
  rememberedIndexFile,
  recallIndex,
  rememberIndex,
  rememberedBytes,
  refuseOlderIndex,
  didYouMean
};
//# sourceMappingURL=chunk-XRUW2DML.js.map
