import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  keywordsOf
} from "./chunk-NWJBTXTJ.js";

// src/base/json-differences.ts
var mostShown = 80;
function briefly(value) {
  if (value === void 0) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > mostShown ? `${text.slice(0, mostShown - 1)}\u2026` : text;
}
var isObject = (value) => typeof value === "object" && value !== null;
var below = (field, name, inArray) => {
  if (inArray) return `${field}[${name}]`;
  return field === "" ? name : `${field}.${name}`;
};
function differences(claimed, computed, field = "") {
  const alike = isObject(claimed) && isObject(computed);
  if (!alike || Array.isArray(claimed) !== Array.isArray(computed)) {
    if (claimed === computed) return [];
    return [{ field, claimed: briefly(claimed), computed: briefly(computed) }];
  }
  const names = [.../* @__PURE__ */ new Set([...Object.keys(claimed), ...Object.keys(computed)])].sort();
  return names.flatMap((name) => {
    const path = below(field, name, Array.isArray(claimed));
    const one = Object.hasOwn(claimed, name) ? claimed[name] : void 0;
    const other = Object.hasOwn(computed, name) ? computed[name] : void 0;
    return differences(one, other, path);
  });
}

// src/evidence/mtree/compare-paths.ts
function compareKeywords(one, other) {
  const [before, after] = [new Map(keywordsOf(one)), new Map(keywordsOf(other))];
  return [.../* @__PURE__ */ new Set([...before.keys(), ...after.keys()])].map((keyword) => ({ keyword, one: before.get(keyword), other: after.get(keyword) })).filter((each) => each.one !== each.other);
}
var byPath = (records) => new Map(records.map((record) => [record.path, record]));
function comparePaths(one, other) {
  const [before, after] = [byPath(one), byPath(other)];
  const paths = [.../* @__PURE__ */ new Set([...before.keys(), ...after.keys()])];
  return paths.map((path) => {
    const [here, there] = [before.get(path), after.get(path)];
    const keywords = here && there ? compareKeywords(here, there) : [];
    return { path, one: here, other: there, keywords };
  }).filter(({ one: here, other: there, keywords }) => !here || !there || keywords.length > 0);
}

export {
  differences,
  comparePaths
};
//# sourceMappingURL=chunk-2L2WQICQ.js.map
