import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  isFullwidth,
  isWide
} from "./chunk-FQX564X7.js";

// node_modules/is-fullwidth-code-point/index.js
function isFullwidthCodePoint(codePoint) {
  if (!Number.isInteger(codePoint)) {
    return false;
  }
  return isFullwidth(codePoint) || isWide(codePoint);
}

export {
  isFullwidthCodePoint
};
//# sourceMappingURL=chunk-SJ2CTKNI.js.map
