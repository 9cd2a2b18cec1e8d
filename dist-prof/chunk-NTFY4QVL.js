import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/pipeline/request.ts
var allowances = ["unsigned-archive"];

export {
  allowances
};
//# sourceMappingURL=chunk-NTFY4QVL.js.map
