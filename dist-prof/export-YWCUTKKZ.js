import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  buildOne
} from "./chunk-NPDG34TX.js";
import "./chunk-OMUKU76Q.js";
import {
  buildRequest
} from "./chunk-6Z3OTZ5N.js";
import "./chunk-QTIFZ2VQ.js";
import "./chunk-DTLAQ5I7.js";
import "./chunk-KYNFMTBK.js";
import "./chunk-QN74KDTT.js";
import "./chunk-U3K5IKVG.js";
import "./chunk-B44ZKUT4.js";
import "./chunk-Z5B43JE3.js";
import {
  dockerfileRequest
} from "./chunk-GCOBUJDJ.js";
import "./chunk-WZWFXZVQ.js";
import "./chunk-ZCDY3XV2.js";
import "./chunk-E6FI3J5L.js";
import "./chunk-WIJQ7ZD6.js";
import "./chunk-6OPODO3C.js";
import "./chunk-GIRTM4PW.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
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
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/export.ts
async function exportImage(recipe, { dockerfile, ...options }, context) {
  if (dockerfile === "") {
    throw new MkbaseError({
      code: "USAGE",
      message: "--dockerfile is empty.",
      hint: "Name the folder to make, for instance --dockerfile ./image."
    });
  }
  const request = await buildRequest(recipe, options, context.cwd);
  const outputs = [dockerfileRequest(dockerfile)];
  return buildOne({ ...request, outputs }, options, context);
}
export {
  exportImage
};
//# sourceMappingURL=export-YWCUTKKZ.js.map
