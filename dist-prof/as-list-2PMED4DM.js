import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  asCommand,
  asList,
  yamlWord
} from "./chunk-FAP3I5KO.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-UUGQRNDH.js";
export {
  asCommand,
  asList,
  yamlWord
};
//# sourceMappingURL=as-list-2PMED4DM.js.map
