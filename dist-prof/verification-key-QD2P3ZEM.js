import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  hintOf,
  loadVerificationKey,
  verificationKey
} from "./chunk-REWJXV36.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  hintOf,
  loadVerificationKey,
  verificationKey
};
//# sourceMappingURL=verification-key-QD2P3ZEM.js.map
