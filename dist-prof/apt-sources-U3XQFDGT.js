import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  parseDebianSources,
  parseSourcesList,
  readAptSources
} from "./chunk-EVL232IS.js";
import "./chunk-FYFTS2JL.js";
import "./chunk-UUGQRNDH.js";
export {
  parseDebianSources,
  parseSourcesList,
  readAptSources
};
//# sourceMappingURL=apt-sources-U3XQFDGT.js.map
