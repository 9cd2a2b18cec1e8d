import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  nameOf,
  showUrl,
  withoutUserParts
} from "./chunk-7SZXV43M.js";
import "./chunk-UUGQRNDH.js";
export {
  nameOf,
  showUrl,
  withoutUserParts
};
//# sourceMappingURL=show-url-SB2RON6V.js.map
