import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  buildRequest
} from "./chunk-6Z3OTZ5N.js";
import {
  withProgress
} from "./chunk-QTIFZ2VQ.js";
import "./chunk-DTLAQ5I7.js";
import {
  table
} from "./chunk-KYNFMTBK.js";
import {
  shortPath
} from "./chunk-QN74KDTT.js";
import {
  lockChanges,
  updateOnly
} from "./chunk-4BX7PXMJ.js";
import {
  columnsOf,
  paletteOf
} from "./chunk-U3K5IKVG.js";
import {
  atItsLine,
  isOfAnother,
  keepLock,
  openBuild,
  resolveLock
} from "./chunk-W5A4SKVY.js";
import "./chunk-ABPX4GXP.js";
import "./chunk-B44ZKUT4.js";
import {
  plural
} from "./chunk-Z5B43JE3.js";
import "./chunk-GCOBUJDJ.js";
import "./chunk-WZWFXZVQ.js";
import {
  satisfies
} from "./chunk-E4W5ZIBO.js";
import {
  invocationOf
} from "./chunk-ZCDY3XV2.js";
import "./chunk-6WVFUWIS.js";
import "./chunk-E6FI3J5L.js";
import "./chunk-KMI6PUJK.js";
import "./chunk-EGW7ROHF.js";
import "./chunk-WIJQ7ZD6.js";
import "./chunk-Z5JDSP4X.js";
import "./chunk-KLTWRJAM.js";
import "./chunk-I6MMUKOT.js";
import {
  readLock
} from "./chunk-DHOFLFI6.js";
import "./chunk-EM7UWJGH.js";
import "./chunk-EF5IBACH.js";
import "./chunk-KN3M32LU.js";
import "./chunk-IKDWQ62H.js";
import "./chunk-PSUK6IL3.js";
import "./chunk-6OPODO3C.js";
import "./chunk-XTZ2QZAO.js";
import "./chunk-U563K2LX.js";
import "./chunk-FAP3I5KO.js";
import "./chunk-VOFVSU25.js";
import "./chunk-CGY25BUW.js";
import "./chunk-NMZX4AIR.js";
import "./chunk-KE4MIFPR.js";
import "./chunk-7SZXV43M.js";
import "./chunk-GDNANFYT.js";
import "./chunk-GIRTM4PW.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-PT3SHOUE.js";
import "./chunk-IHKPDGEV.js";
import "./chunk-IQA7OYSC.js";
import "./chunk-FGYWVWTF.js";
import "./chunk-IIMGXTQ4.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import "./chunk-7K5WTWOY.js";
import "./chunk-VP6DARGB.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/pipeline/inputs/lock-recipe.ts
async function lockRecipe(request, renewal, invocation, io) {
  const open = await openBuild(request, invocation, io);
  const { plan } = open;
  try {
    const found = await readLock(plan.lockFile).catch((error) => {
      if (typeof renewal === "object") throw error;
      return void 0;
    });
    const before = found && isOfAnother(plan, found) ? void 0 : found;
    const file = plan.lockFile;
    if (renewal === "if-stale" && before !== void 0 && satisfies(before, plan)) {
      return { file, lock: before, kept: true, changes: [] };
    }
    const resolved = await resolveLock(open, io);
    const partly = typeof renewal === "object" && before !== void 0 && satisfies(before, plan);
    const lock2 = partly ? await updateOnly(before, resolved, renewal.only) : resolved;
    const changes = lockChanges(before, lock2);
    await keepLock(plan, lock2, io);
    return { file, lock: lock2, kept: false, changes };
  } catch (error) {
    throw await atItsLine(error, plan.recipe, invocation.cwd);
  } finally {
    await open.dispose();
  }
}

// src/commands/lock.ts
var none = "-";
function text({ file, kept, changes }, context) {
  const shown = shortPath(file, context.cwd);
  if (kept) return `${shown} answers the recipe already; nothing changed.
`;
  if (changes.length === 0) return `Pinned the same inputs in ${shown}.
`;
  const rows = changes.map(({ set, name, before = none, after = none }) => [
    set,
    name,
    before,
    after
  ]);
  const { stdout, env } = context;
  const layout = { columns: columnsOf(stdout), palette: paletteOf(stdout, env) };
  const header = ["IN", "INPUT", "OLD", "NEW"];
  return `Pinned ${plural(changes.length, "changed input")} in ${shown}

${table(header, rows, layout)}`;
}
var json = ({ file, kept, changes }) => `${JSON.stringify({
  file,
  kept,
  changes: changes.map(({ set, name, before = null, after = null }) => ({
    in: set,
    name,
    old: before,
    new: after
  }))
})}
`;
async function pin(recipes, renewal, options, context) {
  for (const recipe of recipes) {
    const request = await buildRequest(recipe, options, context.cwd);
    const work = async (io) => {
      const locked = await lockRecipe(request, renewal, invocationOf(context), io);
      return options.json ? json(locked) : text(locked, context);
    };
    const exitCode = await withProgress(options.progress, recipe, work, context);
    if (exitCode !== 0) return exitCode;
  }
  return 0;
}
var lock = (recipes, options, context) => pin(recipes, "if-stale", options, context);
var update = (recipes, options, context) => pin(recipes, options.only ? { only: options.only } : "all", options, context);
export {
  lock,
  update
};
//# sourceMappingURL=lock-EL4O4ZW5.js.map
