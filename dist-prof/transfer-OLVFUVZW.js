import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  defaultLimits
} from "./chunk-EGW7ROHF.js";
import "./chunk-UUGQRNDH.js";
export {
  defaultLimits
};
//# sourceMappingURL=transfer-OLVFUVZW.js.map
