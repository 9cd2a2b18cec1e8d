import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  canonicalJson
} from "./chunk-FGYWVWTF.js";
import {
  isRecord
} from "./chunk-IIMGXTQ4.js";
import {
  readContent
} from "./chunk-4IXO52BR.js";

// src/verify/json-file.ts
import { readFile, stat } from "node:fs/promises";
function placeOf(error, text) {
  const at = /position (\d+)/.exec(error.message)?.[1];
  if (at === void 0) return `line ${text.split("\n").length}`;
  const before = text.slice(0, Number(at)).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
function notCanonical(file, text, canonical) {
  const lines = text.split("\n");
  const expected = canonical.split("\n");
  const at = expected.findIndex((line2, index) => line2 !== lines[index]);
  const line = at < 0 ? expected.length : at;
  const shown = (found) => found === void 0 ? "nothing" : JSON.stringify(found.slice(0, 80));
  return {
    file,
    field: `line ${line + 1}`,
    claimed: shown(lines[line]),
    computed: `${shown(expected[line])} (the one form of this JSON)`
  };
}
function parseJson(file, text, canonical) {
  const wrong = (mismatch) => ({
    text,
    mismatches: [{ file, ...mismatch }]
  });
  try {
    const value = JSON.parse(text);
    if (!isRecord(value)) {
      const claimed = JSON.stringify(value).slice(0, 80);
      return wrong({ field: "", claimed, computed: "an object" });
    }
    const form = canonicalJson(value);
    const differs = canonical && form !== text;
    return { value, text, mismatches: differs ? [notCanonical(file, text, form)] : [] };
  } catch (error) {
    const claimed = error.message;
    return wrong({ field: placeOf(error, text), claimed, computed: "JSON" });
  }
}
function utf8(file, bytes) {
  const text = bytes.toString("utf8");
  if (Buffer.from(text, "utf8").equals(bytes)) return { text, mismatches: [] };
  const line = text.slice(0, text.indexOf("\uFFFD")).split("\n").length;
  const mismatch = { file, field: `line ${line}`, claimed: "other bytes", computed: "UTF-8" };
  return { text, mismatches: [mismatch] };
}
function fromBytes(file, bytes, canonical) {
  const { text, mismatches } = utf8(file, bytes);
  const read = parseJson(file, text, canonical);
  return { ...read, mismatches: [...mismatches, ...read.mismatches] };
}
var largestBlob = 4 * 1024 ** 2;
var largestEvidence = 256 * 1024 ** 2;
function tooLarge(file, size, most) {
  const computed = `at most ${most} bytes`;
  return { text: "", mismatches: [{ file, field: "size", claimed: `${size} bytes`, computed }] };
}
async function readJsonPart(part, name) {
  if (part.size > largestBlob) return tooLarge(name, part.size, largestBlob);
  return fromBytes(name, await readContent(part), false);
}
async function readJsonFile(path, name) {
  const { size } = await stat(path);
  if (size > largestEvidence) return tooLarge(name, size, largestEvidence);
  return fromBytes(name, await readFile(path), true);
}

export {
  parseJson,
  readJsonPart,
  readJsonFile
};
//# sourceMappingURL=chunk-2V7AQQXO.js.map
