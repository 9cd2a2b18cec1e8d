import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  int,
  string
} from "./chunk-U563K2LX.js";

// src/packages/lock-fields.ts
var text = string().regex(new RegExp("^\\P{Cc}{1,1000}$", "u"), "expected a line of text");
var seconds = int().min(0);
var bytes = int().min(0);
var fileName = string().regex(/^[A-Za-z0-9][A-Za-z0-9._+~-]*$/, "expected the name of a file");
function isPlainUrl(value) {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return ["http:", "https:", "file:"].includes(protocol) && username + password === "";
}
var url = string().refine(isPlainUrl, "expected an http, https or file URL without user and password");
var belowMirror = text.refine(
  (value) => value.split("/").every((part) => !["", ".", ".."].includes(part)),
  "expected a path below a mirror"
);
var fingerprint = string().regex(/^[0-9A-F]{16,64}$/, "expected a fingerprint in upper-case hexadecimal digits");

export {
  text,
  seconds,
  bytes,
  fileName,
  url,
  belowMirror,
  fingerprint
};
//# sourceMappingURL=chunk-XTZ2QZAO.js.map
