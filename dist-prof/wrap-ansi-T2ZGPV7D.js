import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  wrapAnsi
} from "./chunk-HZMYV5AG.js";
import "./chunk-VEE3Z3F4.js";
import "./chunk-FQX564X7.js";
import "./chunk-UUGQRNDH.js";
export {
  wrapAnsi as default
};
//# sourceMappingURL=wrap-ansi-T2ZGPV7D.js.map
