import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  parseParagraphs,
  words
} from "./chunk-FYFTS2JL.js";

// src/packages/deb/archive/apt-sources.ts
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
function parseSourcesList(text) {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)/.exec(line);
    if (match === null) return [];
    const signedBy = /(?:^|\s)signed-by=(\S+)/.exec(match[1] ?? "")?.[1];
    const components = match[4].trim().split(/\s+/);
    return [
      { uri: match[2], suite: match[3], components, ...signedBy !== void 0 && { signedBy } }
    ];
  });
}
function parseDebianSources(text) {
  return parseParagraphs(text).flatMap(sourcesOf);
}
function sourcesOf(paragraph) {
  if (/^(?:no|false|off|0)$/i.test(paragraph.get("enabled") ?? "")) return [];
  if (!words(paragraph, "types").includes("deb")) return [];
  const signedBy = paragraph.get("signed-by");
  const components = words(paragraph, "components");
  return words(paragraph, "uris").flatMap(
    (uri) => words(paragraph, "suites").map((suite) => ({
      uri,
      suite,
      components,
      ...signedBy !== void 0 && { signedBy }
    }))
  );
}
async function readSources(file) {
  try {
    const text = await readFile(file, "utf8");
    return file.endsWith(".sources") ? parseDebianSources(text) : parseSourcesList(text);
  } catch {
    return [];
  }
}
async function readAptSources(folder = "/etc/apt") {
  const parts = join(folder, "sources.list.d");
  const names = await readdir(parts).catch(() => []);
  const files = names.filter((name) => /\.(?:list|sources)$/.test(name)).sort();
  const all = [join(folder, "sources.list"), ...files.map((name) => join(parts, name))];
  return (await Promise.all(all.map(readSources))).flat();
}

export {
  parseSourcesList,
  parseDebianSources,
  readAptSources
};
//# sourceMappingURL=chunk-EVL232IS.js.map
