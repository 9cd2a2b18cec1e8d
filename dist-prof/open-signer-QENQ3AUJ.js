import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  openSigner,
  parseSign,
  withSigner
} from "./chunk-5SVPP3RZ.js";
import "./chunk-WTD3O73R.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  openSigner,
  parseSign,
  withSigner
};
//# sourceMappingURL=open-signer-QENQ3AUJ.js.map
