import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  idRange,
  idRangeRefusal,
  outerId,
  pickOuterId,
  rangeOfUser
} from "./chunk-QTOXF7KZ.js";
import "./chunk-TNYKORMP.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  idRange,
  idRangeRefusal,
  outerId,
  pickOuterId,
  rangeOfUser
};
//# sourceMappingURL=ids-LKUBKGQI.js.map
