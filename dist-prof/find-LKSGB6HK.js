import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  builtInRecipes,
  builtInToolchains,
  findRecipe,
  findToolchain,
  isPath
} from "./chunk-GDNANFYT.js";
import "./chunk-GIRTM4PW.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  builtInRecipes,
  builtInToolchains,
  findRecipe,
  findToolchain,
  isPath
};
//# sourceMappingURL=find-LKSGB6HK.js.map
