import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  packageRoot
} from "./chunk-IQA7OYSC.js";
import {
  ioError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/schema.ts
import { readFile } from "node:fs/promises";
import { join } from "node:path";
async function schema(kind, { stdout }) {
  const file = join(packageRoot, "schema", `${kind}.schema.json`);
  try {
    stdout.write(await readFile(file, "utf8"));
  } catch (error) {
    throw ioError(error, "reading", file);
  }
  return 0;
}
export {
  schema
};
//# sourceMappingURL=schema-T3R5WNPX.js.map
