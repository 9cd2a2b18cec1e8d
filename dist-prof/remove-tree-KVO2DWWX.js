import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  removeTree
} from "./chunk-KLTWRJAM.js";
import "./chunk-UUGQRNDH.js";
export {
  removeTree
};
//# sourceMappingURL=remove-tree-KVO2DWWX.js.map
