import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  showUrl
} from "./chunk-7SZXV43M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/packages/mirror-url.ts
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
var withoutCredentials = (url) => showUrl(url).replace(/\/+$/, "");
function mirrorUrl(value, setBy, example) {
  const url = /^[a-z][a-z0-9+.-]*:/i.test(value) ? value : pathToFileURL(resolve(value)).href;
  const parsed = URL.canParse(url) ? new URL(url) : void 0;
  if (parsed === void 0 || !["http:", "https:", "file:"].includes(parsed.protocol)) {
    const shown = parsed === void 0 ? "a value that is no URL" : withoutCredentials(url);
    throw new MkbaseError({
      code: "USAGE",
      message: `${setBy} names ${shown}; a mirror is an http, https or file URL, or a folder.`,
      hint: `Name the root of the archive, for instance ${example}.`
    });
  }
  parsed.search = "";
  parsed.hash = "";
  return parsed.href.replace(/\/+$/, "");
}
function below(mirror, path) {
  return `${mirror}/${path.split("/").map(encodePart).join("/")}`;
}
var encodePart = (part) => encodeURIComponent(part).replace(/%2B/g, "+").replace(/%3A/g, ":");

export {
  withoutCredentials,
  mirrorUrl,
  below
};
//# sourceMappingURL=chunk-KE4MIFPR.js.map
