import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/base/package-root.ts
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
var rootAbove = (folder) => existsSync(join(folder, "package.json")) ? join(folder, "/") : rootAbove(dirname(folder));
var packageRoot = rootAbove(dirname(fileURLToPath(import.meta.url)));
var packageVersion = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")).version;

export {
  packageRoot,
  packageVersion
};
//# sourceMappingURL=chunk-IQA7OYSC.js.map
