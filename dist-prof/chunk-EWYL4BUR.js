import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  causes,
  unexplained
} from "./chunk-EF33RX3V.js";
import {
  toVis
} from "./chunk-NWJBTXTJ.js";

// src/commands/diff/sections.ts
function driftOf({ paths }) {
  return [unexplained, ...causes].map(({ name, reason }) => ({
    cause: name,
    reason,
    paths: paths.filter(({ cause }) => cause === name)
  })).filter((drift) => drift.paths.length > 0);
}
var markOf = ({ one, other }) => {
  if (one === void 0) return "+";
  return other === void 0 ? "-" : "~";
};
var nameOf = ({ path }) => `./${toVis(path)}`;
var short = (value) => {
  if (value === void 0) return "none";
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value.replace(/\.000000000$/, "");
};
var fieldsOf = ({ keywords }) => keywords.map(({ keyword, one, other }) => `${keyword} ${short(one)} \u2192 ${short(other)}`).join(", ");
function folded(paths) {
  const counts = /* @__PURE__ */ new Map();
  const lone = /* @__PURE__ */ new Map();
  const shown = paths.filter((each) => {
    const mark = markOf(each);
    if (mark === "~") return true;
    const top = topOf(each.path, (folder) => lone.get(folder) === mark);
    lone.set(each.path, mark);
    if (top === void 0) return true;
    counts.set(top, (counts.get(top) ?? 0) + 1);
    return false;
  });
  return shown.map((path) => ({ path, beneath: counts.get(path.path) ?? 0 }));
}
function topOf(path, holds) {
  let top;
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
    const folder = path.slice(0, slash);
    if (!holds(folder)) break;
    top = folder;
  }
  return top;
}

export {
  driftOf,
  markOf,
  nameOf,
  fieldsOf,
  folded
};
//# sourceMappingURL=chunk-EWYL4BUR.js.map
