import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  chooseEngine,
  noEngine,
  probeEngines
} from "./chunk-6WVFUWIS.js";
import "./chunk-E6FI3J5L.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";
export {
  chooseEngine,
  noEngine,
  probeEngines
};
//# sourceMappingURL=choose-K54LTDF5.js.map
