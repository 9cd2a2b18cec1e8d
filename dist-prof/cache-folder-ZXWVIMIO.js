import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  cacheFolder
} from "./chunk-IHKPDGEV.js";
import "./chunk-UUGQRNDH.js";
export {
  cacheFolder
};
//# sourceMappingURL=cache-folder-ZXWVIMIO.js.map
