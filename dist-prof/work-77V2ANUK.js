import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  alpineContext,
  apkDownloads,
  buildApkRoot,
  resolveApkRoot
} from "./chunk-X54UMNUT.js";
import {
  updateApks
} from "./chunk-FY5CRBSW.js";
import "./chunk-6OPODO3C.js";
import {
  withBuilder
} from "./chunk-JO2JWHDB.js";
import "./chunk-TNYKORMP.js";
import "./chunk-XRUW2DML.js";
import "./chunk-CGY25BUW.js";
import {
  noParts
} from "./chunk-NMZX4AIR.js";
import "./chunk-6L4Y5YC2.js";
import "./chunk-KE4MIFPR.js";
import "./chunk-7SZXV43M.js";
import "./chunk-PT3SHOUE.js";
import "./chunk-R3GKPU3X.js";
import "./chunk-IQA7OYSC.js";
import "./chunk-C36BAQN3.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import "./chunk-VP6DARGB.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/kinds/apk/work.ts
var work = {
  resolve: resolveApkRoot,
  downloads: async ({ source }, locked, sources) => apkDownloads(locked, source.mirror, alpineContext(sources)),
  // The index that was signed states another checksum than the lock does.
  isProven: async () => false,
  indexFiles: async () => [],
  update: updateApks,
  build: async ({ locked, epoch }, context, io) => ({
    entries: await buildApkRoot(locked, epoch, withBuilder(context), io)
  }),
  special: () => "listed",
  parts: async () => ({ ...noParts, madeByBuild: true })
};
export {
  work
};
//# sourceMappingURL=work-77V2ANUK.js.map
