import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  stageRootfs,
  writeRootfs
} from "./chunk-DOWTZCVP.js";
import "./chunk-R3GKPU3X.js";
import "./chunk-DPGFT6OB.js";
import "./chunk-7GNR7Y6C.js";
import "./chunk-WR7GHE6V.js";
import "./chunk-HHDGQMDT.js";
import "./chunk-GEL24WUJ.js";
import "./chunk-FGYWVWTF.js";
import "./chunk-JBYZ7QPS.js";
import "./chunk-6O7GCZRG.js";
import "./chunk-IIMGXTQ4.js";
import "./chunk-C36BAQN3.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import "./chunk-7K5WTWOY.js";
import "./chunk-M7UJ6QGN.js";
import "./chunk-VP6DARGB.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  stageRootfs,
  writeRootfs
};
//# sourceMappingURL=stage-rootfs-4UZG2Z2P.js.map
