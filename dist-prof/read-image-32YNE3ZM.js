import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  readImage
} from "./chunk-2SRNXG5E.js";
import "./chunk-GEL24WUJ.js";
import "./chunk-FGYWVWTF.js";
import "./chunk-JBYZ7QPS.js";
import "./chunk-6O7GCZRG.js";
import "./chunk-IIMGXTQ4.js";
import "./chunk-C36BAQN3.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import "./chunk-7K5WTWOY.js";
import "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  readImage
};
//# sourceMappingURL=read-image-32YNE3ZM.js.map
