import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  openStore
} from "./chunk-KMI6PUJK.js";
import "./chunk-EGW7ROHF.js";
import "./chunk-Z5JDSP4X.js";
import "./chunk-KLTWRJAM.js";
import "./chunk-VOFVSU25.js";
import "./chunk-CGY25BUW.js";
import "./chunk-7SZXV43M.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  openStore
};
//# sourceMappingURL=store-F52P3FEE.js.map
