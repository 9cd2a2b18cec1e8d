import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  tarStem
} from "./chunk-6OPODO3C.js";

// src/kinds/archive.ts
function nameAndVersion(file) {
  const stem = (tarStem(file) ?? file).replace(/\.orig$/, "");
  const [, name, version] = /^(.+?)[-_]v?(\d[A-Za-z0-9.+~_-]*)$/.exec(stem) ?? [];
  return name !== void 0 && version !== void 0 ? { name, version } : { name: stem };
}
var detachedSignature = (name, { url, sha256, signedBy }) => ({
  role: "signature",
  name: `signature of ${name}`,
  file: `${name}.asc`,
  signs: name,
  ...{ url, sha256, signedBy }
});

export {
  nameAndVersion,
  detachedSignature
};
//# sourceMappingURL=chunk-5LFAOEY4.js.map
