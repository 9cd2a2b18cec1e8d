import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  allowances
} from "./chunk-NTFY4QVL.js";
import {
  defaultOutput
} from "./chunk-GCOBUJDJ.js";
import "./chunk-WZWFXZVQ.js";
import "./chunk-E6FI3J5L.js";
import {
  openWorkspace
} from "./chunk-Z5JDSP4X.js";
import "./chunk-KLTWRJAM.js";
import {
  layLock
} from "./chunk-32KIXQ4W.js";
import "./chunk-I6MMUKOT.js";
import "./chunk-DHOFLFI6.js";
import "./chunk-EM7UWJGH.js";
import {
  rebuildFiles,
  rebuildStatement,
  rebuildType
} from "./chunk-L4APHBMT.js";
import {
  compareRebuild
} from "./chunk-6VRBH5D2.js";
import "./chunk-MAPI6SQL.js";
import "./chunk-TEUZX62I.js";
import "./chunk-2L2WQICQ.js";
import "./chunk-Z2YPWQK2.js";
import "./chunk-NWJBTXTJ.js";
import "./chunk-EF5IBACH.js";
import "./chunk-2V7AQQXO.js";
import "./chunk-KN3M32LU.js";
import "./chunk-IKDWQ62H.js";
import "./chunk-GHOO2ML5.js";
import "./chunk-PHQGYXSX.js";
import {
  evidenceNames
} from "./chunk-LS5RIWVO.js";
import "./chunk-PSUK6IL3.js";
import "./chunk-6OPODO3C.js";
import "./chunk-XTZ2QZAO.js";
import "./chunk-U563K2LX.js";
import "./chunk-FAP3I5KO.js";
import "./chunk-NMZX4AIR.js";
import "./chunk-7SZXV43M.js";
import "./chunk-GDNANFYT.js";
import "./chunk-GIRTM4PW.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-PT3SHOUE.js";
import "./chunk-R3GKPU3X.js";
import "./chunk-7GNR7Y6C.js";
import "./chunk-WR7GHE6V.js";
import {
  cacheFolder
} from "./chunk-IHKPDGEV.js";
import "./chunk-IQA7OYSC.js";
import "./chunk-HHDGQMDT.js";
import "./chunk-GEL24WUJ.js";
import {
  canonicalJson
} from "./chunk-FGYWVWTF.js";
import "./chunk-JBYZ7QPS.js";
import "./chunk-6O7GCZRG.js";
import "./chunk-IIMGXTQ4.js";
import "./chunk-C36BAQN3.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import "./chunk-7K5WTWOY.js";
import {
  writeWholeFile
} from "./chunk-VP6DARGB.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import {
  sha256OfFile
} from "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/pipeline/rebuild/rebuild.ts
import { join } from "node:path";
function requestOf(plan, options, out) {
  const { mirror, offline, inputs, engine } = options;
  return {
    recipe: plan.recipe,
    platform: plan.lock.platform,
    engine,
    outputs: [defaultOutput(false)],
    out,
    tags: [],
    offline: offline === true,
    frozen: true,
    noCache: false,
    noTest: !plan.test,
    allow: allowances.filter((each) => plan.allow.includes(each)),
    ...mirror !== void 0 && { mirror },
    ...inputs !== void 0 && { inputs }
  };
}
async function writeStatement({ folder, provenance, lock }, engine, digests) {
  const statement = rebuildStatement({
    provenance,
    sha256: {
      lock: await sha256OfFile(join(folder, evidenceNames.lock)),
      provenance: await sha256OfFile(join(folder, evidenceNames.provenance))
    },
    engine,
    platform: lock.platform,
    digests
  });
  await writeWholeFile(join(folder, rebuildFiles.statement), canonicalJson(statement));
  return statement;
}
async function signRebuild({ folder }, statement, sign) {
  const { statement: file, bundle } = rebuildFiles;
  const signed = await sign(statement, { file, bundle, predicateType: rebuildType });
  await writeWholeFile(join(folder, bundle), signed);
}
async function rebuild(plan, options, invocation, io) {
  const { folder, dispose } = await openWorkspace(join(cacheFolder(invocation.env), "tmp"));
  try {
    const out = join(folder, "out");
    await layLock(plan, out, invocation.cwd);
    const { runPipeline } = await import("./pipeline-6CX45CTQ.js");
    const request = requestOf(plan, options, out);
    const env = { ...invocation.env, SOURCE_DATE_EPOCH: plan.epoch };
    const { engine } = await runPipeline(request, { ...invocation, env }, io);
    const how = `a rebuild with ${engine}`;
    const rebuilt = await compareRebuild(plan.folder, plan.provenance, out, how, io.signal);
    const statement = await writeStatement(plan, engine, rebuilt.digests);
    return { checks: rebuilt.checks, statement };
  } finally {
    await dispose();
  }
}
export {
  rebuild,
  signRebuild
};
//# sourceMappingURL=rebuild-BDQ75Q7V.js.map
