import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  builderFor,
  localFiles
} from "./chunk-ABPX4GXP.js";
import "./chunk-B44ZKUT4.js";
import "./chunk-Z5B43JE3.js";
import "./chunk-GCOBUJDJ.js";
import "./chunk-WZWFXZVQ.js";
import "./chunk-E4W5ZIBO.js";
import "./chunk-E6FI3J5L.js";
import "./chunk-WIJQ7ZD6.js";
import "./chunk-EM7UWJGH.js";
import {
  loadBuilder,
  loadRecipe
} from "./chunk-KN3M32LU.js";
import "./chunk-IKDWQ62H.js";
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
import "./chunk-IHKPDGEV.js";
import {
  packageVersion
} from "./chunk-IQA7OYSC.js";
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
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/pipeline/recipe-at-hand.ts
function obstacle({ recipe, builtIn, version }) {
  if (!builtIn) return `${recipe.name} is a recipe of your own; --recipe says where it is`;
  if (version === packageVersion) return void 0;
  return `${recipe.name} shipped with mkbase ${version}, and this is ${packageVersion}`;
}
var wordOf = ({ recipe: { name }, release }) => release === void 0 ? name : `${name}:${release}`;
async function loadTold(told, cwd) {
  try {
    return await loadRecipe(wordOf(told), cwd);
  } catch (error) {
    if (error instanceof MkbaseError && error.code !== "IO") return error.message;
    throw error;
  }
}
async function atHand(called, recipe, lock, cwd) {
  const toolchain = await loadBuilder(recipe, cwd);
  const builder = toolchain && lock.toolchain && await builderFor(toolchain, lock.toolchain, lock.platform);
  return {
    ...{ called, recipe, toolchain, builder: builder?.reference },
    localFiles: await localFiles({ recipe, toolchain })
  };
}
var recipeFinder = (named, cwd) => async (told, lock) => {
  if (named !== void 0) {
    return atHand(`the recipe ${named}`, await loadRecipe(named, cwd), lock, cwd);
  }
  const recipe = obstacle(told) ?? await loadTold(told, cwd);
  if (typeof recipe === "string") return recipe;
  return atHand(`the recipe ${wordOf(told)} of mkbase ${packageVersion}`, recipe, lock, cwd);
};
export {
  recipeFinder
};
//# sourceMappingURL=recipe-at-hand-UU2RADMG.js.map
