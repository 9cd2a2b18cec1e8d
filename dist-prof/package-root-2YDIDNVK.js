import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  packageRoot,
  packageVersion
} from "./chunk-IQA7OYSC.js";
import "./chunk-UUGQRNDH.js";
export {
  packageRoot,
  packageVersion
};
//# sourceMappingURL=package-root-2YDIDNVK.js.map
