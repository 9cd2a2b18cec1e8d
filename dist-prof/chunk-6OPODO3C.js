import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/tar/compression-names.ts
var endings = {
  none: [".tar"],
  gz: [".tar.gz", ".tgz"],
  xz: [".tar.xz", ".txz"],
  zst: [".tar.zst", ".tzst"]
};
var unreadEndings = [".tar.bz2", ".tbz2", ".tar.lz", ".tar.lzma"];
var forms = Object.keys(endings);
var compressionByName = (name) => forms.find((form) => endings[form].some((ending) => name.endsWith(ending)));
var tarEnding = (compression) => endings[compression][0];
function tarStem(name) {
  const all = [...Object.values(endings).flat(), ...unreadEndings];
  const ending = all.find((each) => name.endsWith(each));
  return ending === void 0 ? void 0 : name.slice(0, -ending.length);
}

export {
  compressionByName,
  tarEnding,
  tarStem
};
//# sourceMappingURL=chunk-6OPODO3C.js.map
