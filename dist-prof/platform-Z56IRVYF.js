import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  hostPlatform,
  platformNames,
  platforms
} from "./chunk-7K5WTWOY.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  hostPlatform,
  platformNames,
  platforms
};
//# sourceMappingURL=platform-Z56IRVYF.js.map
