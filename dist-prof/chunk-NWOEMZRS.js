import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  inputSets
} from "./chunk-EF5IBACH.js";

// src/policy/rules/index-age.ts
var daySeconds = 86400;
function datedParts(lock) {
  const newest = /* @__PURE__ */ new Map();
  for (const { of, inputs, indexes } of inputSets(lock)) {
    for (const { dated } of [...indexes, ...inputs]) {
      if (dated === void 0) continue;
      const part = of === "builder" ? "toolchain" : dated.part;
      newest.set(part, Math.max(dated.date, newest.get(part) ?? 0));
    }
  }
  return [...newest].map(([part, date]) => ({ part, newest: date }));
}
function indexAge({ most }, { lock, now }) {
  const days = Number.parseInt(most, 10);
  return datedParts(lock).flatMap(({ part: what, newest }) => {
    const age = Math.floor((now.getTime() / 1e3 - newest) / daySeconds);
    if (age <= days) return [];
    const day = new Date(newest * 1e3).toISOString().slice(0, 10);
    return [
      {
        kind: "input",
        subject: what,
        message: `The newest index or release of the ${what} is of ${day}, ${age} days ago; at most ${days} are allowed.`,
        remedy: "Lock anew with `mkbase update`, from a mirror that is up to date."
      }
    ];
  });
}

export {
  datedParts,
  indexAge
};
//# sourceMappingURL=chunk-NWOEMZRS.js.map
