import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  openWorkspace,
  sweepWorkspaces
} from "./chunk-Z5JDSP4X.js";
import "./chunk-KLTWRJAM.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  openWorkspace,
  sweepWorkspaces
};
//# sourceMappingURL=workspace-XSTBHEBJ.js.map
