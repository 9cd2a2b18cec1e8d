import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  debianMirrors,
  defaultMirrors
} from "./chunk-BRAI6YI6.js";
import "./chunk-KE4MIFPR.js";
import "./chunk-7SZXV43M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  debianMirrors,
  defaultMirrors
};
//# sourceMappingURL=mirrors-JPBZWPFN.js.map
