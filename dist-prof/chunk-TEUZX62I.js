import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/verify/report.ts
function outcomeOf({ mismatches, skipped, claimed }) {
  if (mismatches.length > 0) return "mismatch";
  if (skipped !== void 0) return "not checked";
  return claimed === void 0 ? "holds" : "claimed";
}
var checksThat = ({ checks }, outcome) => checks.filter((check) => outcomeOf(check) === outcome);
var mismatchesOf = ({ checks }) => checks.flatMap(({ mismatches }) => mismatches);
var counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
var brief = (value) => value === void 0 ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);

export {
  outcomeOf,
  checksThat,
  mismatchesOf,
  counted,
  brief
};
//# sourceMappingURL=chunk-TEUZX62I.js.map
