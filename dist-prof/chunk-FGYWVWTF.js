import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  sha256OfBytes
} from "./chunk-5ODDAH7M.js";

// src/base/canonical-json.ts
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== void 0).sort(([a], [b]) => a < b ? -1 : 1).map(([key, member]) => [key, sorted(member)])
  );
}
function canonicalJson(value) {
  return `${JSON.stringify(sorted(value), null, 2)}
`;
}
function digestOf(value) {
  return sha256OfBytes(canonicalJson(value));
}

export {
  canonicalJson,
  digestOf
};
//# sourceMappingURL=chunk-FGYWVWTF.js.map
