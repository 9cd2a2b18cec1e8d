import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/base/json.ts
var isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
var record = (value) => isRecord(value) ? value : {};
var list = (value) => Array.isArray(value) ? value : [];
var text = (value) => typeof value === "string" ? value : "";
var isEmpty = (value) => value === null || value === false || value === "" || typeof value === "object" && Object.keys(value).length === 0;

export {
  isRecord,
  record,
  list,
  text,
  isEmpty
};
//# sourceMappingURL=chunk-IIMGXTQ4.js.map
