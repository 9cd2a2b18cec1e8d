import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  builderName,
  kindOf,
  kinds,
  listRecipes,
  listToolchains,
  loadBuilder,
  loadRecipe
} from "./chunk-KN3M32LU.js";
import "./chunk-IKDWQ62H.js";
import "./chunk-PSUK6IL3.js";
import "./chunk-U563K2LX.js";
import "./chunk-FAP3I5KO.js";
import "./chunk-NMZX4AIR.js";
import "./chunk-GDNANFYT.js";
import "./chunk-GIRTM4PW.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-IQA7OYSC.js";
import "./chunk-IIMGXTQ4.js";
import "./chunk-7K5WTWOY.js";
import "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  builderName,
  kindOf,
  kinds,
  listRecipes,
  listToolchains,
  loadBuilder,
  loadRecipe
};
//# sourceMappingURL=kinds-S6J5O5EG.js.map
