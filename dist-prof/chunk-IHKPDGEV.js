import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/store/cache-folder.ts
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
function cacheFolder(env) {
  const base = env.XDG_CACHE_HOME;
  if (base !== void 0 && isAbsolute(base)) return join(base, "mkbase");
  return resolve(env.HOME || homedir(), ".cache", "mkbase");
}

export {
  cacheFolder
};
//# sourceMappingURL=chunk-IHKPDGEV.js.map
