import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  fullForm,
  parseReference,
  shortForm
} from "./chunk-HHDGQMDT.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  fullForm,
  parseReference,
  shortForm
};
//# sourceMappingURL=reference-2TWFWBW5.js.map
