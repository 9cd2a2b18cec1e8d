import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  ioError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/sign/keys/passphrase.ts
import { readFile } from "node:fs/promises";
async function firstLine(file) {
  const text = await readFile(file, "utf8").catch((error) => {
    throw ioError(error, "reading the passphrase", file);
  });
  return text.split(/\r?\n/, 1)[0];
}
function passphraseFrom({ environment, file, ask }) {
  return async () => {
    if (file !== void 0) return firstLine(file);
    return environment ?? ask?.();
  };
}
export {
  passphraseFrom
};
//# sourceMappingURL=passphrase-OOGMHC6L.js.map
