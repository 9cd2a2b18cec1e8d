import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  buildImage
} from "./chunk-OMUKU76Q.js";
import "./chunk-B44ZKUT4.js";
import "./chunk-GCOBUJDJ.js";
import "./chunk-WZWFXZVQ.js";
import "./chunk-E6FI3J5L.js";
import "./chunk-WIJQ7ZD6.js";
import "./chunk-6OPODO3C.js";
import "./chunk-IHKPDGEV.js";
import "./chunk-IQA7OYSC.js";
import "./chunk-FGYWVWTF.js";
import "./chunk-7K5WTWOY.js";
import "./chunk-VP6DARGB.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  buildImage
};
//# sourceMappingURL=build-image-FI772242.js.map
