import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  statementType
} from "./chunk-PHQGYXSX.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/sign/read-evidence.ts
import { readFile } from "node:fs/promises";
import { join } from "node:path";
var mostBytes = 256 * 1024 * 1024;
var notEvidence = (path, problem, cause) => new MkbaseError({
  code: "USAGE",
  message: `${path} ${problem}.`,
  hint: "Name the folder that a build wrote its evidence to, for instance mkbase-out/hello; build again where it is damaged.",
  cause
});
async function readEvidence(folder, name) {
  const path = join(folder, name);
  const bytes = await readFile(path).catch((error) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return void 0;
    throw ioError(error, "reading", path);
  });
  if (bytes !== void 0 && bytes.length > mostBytes) throw notEvidence(path, "is too large");
  return bytes?.toString("utf8");
}
async function requireEvidence(folder, name) {
  const text = await readEvidence(folder, name);
  if (text === void 0) throw notEvidence(join(folder, name), "is not there");
  return text;
}
function parseEvidence(text, path) {
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
    throw new SyntaxError("it holds no object");
  } catch (error) {
    throw notEvidence(path, `is no JSON: ${error.message}`, error);
  }
}
function parseStatement(text, path) {
  const value = parseEvidence(text, path);
  const named = (each) => typeof each?.digest?.sha256 === "string";
  if (value._type !== statementType) throw notEvidence(path, `is no statement of ${statementType}`);
  if (!Array.isArray(value.subject) || !value.subject.every(named)) {
    throw notEvidence(path, "names no subject by its sha256");
  }
  return value;
}

export {
  readEvidence,
  requireEvidence,
  parseEvidence,
  parseStatement
};
//# sourceMappingURL=chunk-LYWL56G3.js.map
