import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/store/show-url.ts
import { basename } from "node:path";
function showUrl(url) {
  try {
    const shown = new URL(url);
    shown.username = "";
    shown.password = "";
    return shown.href;
  } catch {
    return String(url).replace(/\/\/[^/]*@/, "//");
  }
}
function nameOf(url) {
  try {
    const { pathname, host } = new URL(url);
    return basename(decodeURIComponent(pathname)) || host;
  } catch {
    return showUrl(url);
  }
}
function withoutUserParts(data) {
  const isSecret = (value) => typeof value === "string" && /^[a-z][a-z0-9+.-]*:\/\/[^/\s]*@/i.test(value);
  const replaced = (_, value) => isSecret(value) ? showUrl(value) : value;
  return JSON.parse(JSON.stringify(data, replaced));
}

export {
  showUrl,
  nameOf,
  withoutUserParts
};
//# sourceMappingURL=chunk-7SZXV43M.js.map
