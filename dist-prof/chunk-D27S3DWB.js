import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  outcomeOf
} from "./chunk-TEUZX62I.js";

// src/verify/require.ts
var requirements = ["image", "signature", "rebuild", "complete"];
var absent = {
  image: "no bytes of the image were checked; name an archive, or the image in an engine",
  signature: "no signature was checked; --key names the public key to check them with",
  rebuild: "nobody is known to have built it again; --rebuild does, and --key names who signed rebuild.json"
};
function missingProof({ checks }, proof) {
  const outcomes = checks.filter(({ proves }) => proves === proof).map(outcomeOf);
  if (outcomes.includes("mismatch")) return "what there is does not hold";
  return outcomes.includes("holds") ? void 0 : absent[proof];
}
function unchecked({ checks }) {
  const open = checks.filter((check) => outcomeOf(check) === "not checked");
  const [first] = open;
  if (first === void 0) return void 0;
  const others = open.length > 1 ? `, and ${open.length - 1} more` : "";
  return `not checked is ${first.what}${others}`;
}
var answersTo = (report, required) => [...new Set(required)].map((requirement) => {
  const missing = requirement === "complete" ? unchecked(report) : missingProof(report, requirement);
  return { requirement, ...missing !== void 0 && { missing } };
});

export {
  requirements,
  answersTo
};
//# sourceMappingURL=chunk-D27S3DWB.js.map
