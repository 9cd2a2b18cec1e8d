import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  diff,
  isSame
} from "./chunk-EF33RX3V.js";
import "./chunk-4BX7PXMJ.js";
import "./chunk-5THGRWDT.js";
import "./chunk-WZWFXZVQ.js";
import "./chunk-2L2WQICQ.js";
import "./chunk-NWJBTXTJ.js";
import "./chunk-EF5IBACH.js";
import "./chunk-KN3M32LU.js";
import "./chunk-IKDWQ62H.js";
import "./chunk-PSUK6IL3.js";
import "./chunk-FY5CRBSW.js";
import "./chunk-U563K2LX.js";
import "./chunk-FAP3I5KO.js";
import "./chunk-IQCQLPDV.js";
import "./chunk-WSLDK5XW.js";
import "./chunk-WOT4JK3B.js";
import "./chunk-NMZX4AIR.js";
import "./chunk-BQTZTREF.js";
import "./chunk-6L4Y5YC2.js";
import "./chunk-FYFTS2JL.js";
import "./chunk-7SZXV43M.js";
import "./chunk-GDNANFYT.js";
import "./chunk-GIRTM4PW.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-R3GKPU3X.js";
import "./chunk-IQA7OYSC.js";
import "./chunk-IIMGXTQ4.js";
import "./chunk-C36BAQN3.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import "./chunk-7K5WTWOY.js";
import "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  diff,
  isSame
};
//# sourceMappingURL=diff-X3VCW24H.js.map
