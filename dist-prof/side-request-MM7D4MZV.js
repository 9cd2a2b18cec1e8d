import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  openSubject
} from "./chunk-RWK5UC6H.js";
import {
  imagesIn
} from "./chunk-NKKBRKM3.js";
import "./chunk-UFSHHYA6.js";
import "./chunk-FAZDBQGP.js";
import "./chunk-5THGRWDT.js";
import "./chunk-F5S2R7PC.js";
import "./chunk-NWOEMZRS.js";
import "./chunk-E4W5ZIBO.js";
import "./chunk-WIJQ7ZD6.js";
import {
  readLock
} from "./chunk-DHOFLFI6.js";
import "./chunk-EM7UWJGH.js";
import "./chunk-L4APHBMT.js";
import "./chunk-6VRBH5D2.js";
import {
  holdsEvidence
} from "./chunk-MAPI6SQL.js";
import "./chunk-TEUZX62I.js";
import "./chunk-2L2WQICQ.js";
import "./chunk-Z2YPWQK2.js";
import "./chunk-NWJBTXTJ.js";
import "./chunk-EF5IBACH.js";
import "./chunk-2V7AQQXO.js";
import "./chunk-KN3M32LU.js";
import "./chunk-IKDWQ62H.js";
import "./chunk-LYWL56G3.js";
import "./chunk-AIDIET6B.js";
import "./chunk-GHOO2ML5.js";
import "./chunk-PHQGYXSX.js";
import "./chunk-LS5RIWVO.js";
import "./chunk-KWWEL2PY.js";
import "./chunk-PSUK6IL3.js";
import "./chunk-FY5CRBSW.js";
import "./chunk-XTZ2QZAO.js";
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
import "./chunk-PT3SHOUE.js";
import "./chunk-R3GKPU3X.js";
import "./chunk-7GNR7Y6C.js";
import "./chunk-WR7GHE6V.js";
import "./chunk-IQA7OYSC.js";
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
import "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/diff/side-request.ts
import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
var nothing = async () => {
};
var kindOf = (path) => stat(path).catch(() => void 0);
async function isRecipe(path) {
  const found = await kindOf(path);
  if (found?.isDirectory()) {
    return !await holdsEvidence(path) && await kindOf(join(path, "recipe.yaml")) !== void 0;
  }
  return found?.isFile() === true && /\.ya?ml$/.test(path);
}
async function ofRecipe(word, cwd) {
  const [{ loadRecipe }, { defaultOut, lockFileOf }, { hostPlatform }] = await Promise.all([
    import("./kinds-S6J5O5EG.js"),
    import("./plan-VX75UJER.js"),
    import("./platform-Z56IRVYF.js")
  ]);
  const recipe = await loadRecipe(word, cwd);
  const platform = hostPlatform().name;
  const folder = resolve(cwd, defaultOut(recipe, platform));
  const lock = await readLock(lockFileOf(recipe, platform, folder));
  const built = await holdsEvidence(folder);
  if (built || lock) {
    const images = built ? await imagesIn(folder) : [];
    const evidence = built ? { evidence: folder } : {};
    return { subject: word, images, ...evidence, ...lock && { lock }, dispose: nothing };
  }
  throw new MkbaseError({
    code: "USAGE",
    message: `The recipe ${word} has neither a lock nor an output folder here.`,
    hint: `Build it (\`mkbase ${word}\`) or pin it (\`mkbase lock ${word}\`) first.`
  });
}
async function isLock(path) {
  if (!path.endsWith(".json") || !(await kindOf(path))?.isFile()) return false;
  return (await readFile(path, "utf8")).includes('"lockVersion"');
}
async function isBuiltIn(word) {
  const [{ builtInRecipes }, { packageRoot }] = await Promise.all([
    import("./find-LKSGB6HK.js"),
    import("./package-root-2YDIDNVK.js")
  ]);
  const [bare] = word.split(":");
  return (await builtInRecipes(packageRoot)).some(({ name }) => name === bare);
}
async function openSide(word, options, context, io) {
  const { cwd } = context;
  const path = resolve(cwd, word);
  if (await isLock(path)) {
    const lock = await readLock(path);
    return { subject: word, images: [], ...lock && { lock }, dispose: nothing };
  }
  if (await isRecipe(path)) return ofRecipe(word, cwd);
  if (await kindOf(path) === void 0 && await isBuiltIn(word)) return ofRecipe(word, cwd);
  return openSubject(word, options, context, io);
}
export {
  openSide
};
//# sourceMappingURL=side-request-MM7D4MZV.js.map
