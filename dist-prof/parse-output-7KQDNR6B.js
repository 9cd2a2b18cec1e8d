import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  offeredOutputs
} from "./chunk-GCOBUJDJ.js";
import "./chunk-WZWFXZVQ.js";
import "./chunk-E6FI3J5L.js";
import "./chunk-6OPODO3C.js";
import {
  suggest
} from "./chunk-GIRTM4PW.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-7K5WTWOY.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/outputs/parse-output.ts
var or = (words) => [words.slice(0, -1).join(", "), ...words.slice(-1)].filter(Boolean).join(" or ");
function usage() {
  const offered = offeredOutputs();
  const types = or(offered.map(({ name }) => `type=${name}`));
  const folders = offered.flatMap(({ folder }) => folder ? [`${folder}: dest=PATH/`] : []);
  const keys = offered.flatMap(
    ({ name, keys: keys2 = {} }) => Object.entries(keys2).map(([key, { values }]) => `, ${name} ,${key}=${values.join("|")}`)
  );
  return `Write ${types}; files take ,dest=PATH (${folders.join(", ")})${keys.join("")} too.`;
}
function refuse(text, why, word = "", known = []) {
  const meant = suggest(word, known);
  const question = meant === void 0 ? "" : ` (did you mean ${meant}?)`;
  throw new MkbaseError({
    code: "USAGE",
    message: `--output ${text}: ${why}${question}.`,
    hint: usage()
  });
}
var field = /(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/gy;
function csvFields(text) {
  const matches = [...text.matchAll(field)];
  if (matches.map(([whole]) => whole).join("") !== text) refuse(text, "its quotes do not match");
  return matches.map(([, quoted, plain = ""]) => quoted?.replaceAll('""', '"') ?? plain);
}
function keysAndValues(text, known) {
  const pairs = /* @__PURE__ */ new Map();
  for (const part of csvFields(text)) {
    const equals = part.indexOf("=");
    if (equals === -1) refuse(text, `expected key=value, found ${JSON.stringify(part)}`);
    const key = part.slice(0, equals).trim().toLowerCase();
    if (!known.includes(key)) refuse(text, `there is no key ${JSON.stringify(key)}`, key, known);
    if (pairs.has(key)) refuse(text, `${key} stands there twice`);
    pairs.set(key, part.slice(equals + 1));
  }
  return pairs;
}
function checkDest(text, { name, place, folder }, dest) {
  if (place === "store") refuse(text, `${name} goes into the engine's store and takes no dest`);
  if (dest === "" || dest.includes("\0")) refuse(text, "dest is empty or no path");
  if (dest === "-") refuse(text, "standard output is for the result; dest is a path");
  if (dest.endsWith("/") && folder === void 0) refuse(text, "dest has to be a file");
}
function parseOutput(text) {
  const offered = offeredOutputs();
  const names = offered.map(({ name }) => name);
  const ownKeys = Object.fromEntries(offered.flatMap(({ keys = {} }) => Object.entries(keys)));
  const pairs = keysAndValues(text, ["type", "dest", ...Object.keys(ownKeys)]);
  const type = pairs.get("type");
  const dest = pairs.get("dest");
  if (type === void 0) refuse(text, "it has no type");
  const output = offered.find(({ name }) => name === type);
  if (output === void 0) {
    return refuse(text, `there is no type ${JSON.stringify(type)}`, type, names);
  }
  if (dest !== void 0) checkDest(text, output, dest);
  for (const [key, { elsewhere }] of Object.entries(ownKeys)) {
    if (pairs.has(key) && output.keys?.[key] === void 0) refuse(text, elsewhere);
  }
  return output.parse({
    dest,
    get: (key) => pairs.get(key),
    refuse: (why, word, known) => refuse(text, why, word, known)
  });
}
export {
  parseOutput
};
//# sourceMappingURL=parse-output-7KQDNR6B.js.map
