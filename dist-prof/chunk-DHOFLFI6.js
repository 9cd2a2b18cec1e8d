import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  lockSchema,
  lockVersion
} from "./chunk-EM7UWJGH.js";
import {
  canonicalJson,
  digestOf
} from "./chunk-FGYWVWTF.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/lock/lock-file.ts
import { readFile } from "node:fs/promises";
var digestsOf = (lock) => Object.fromEntries(
  Object.entries(lock).filter(([, value]) => value !== void 0).map(([name, value]) => [name, digestOf({ value })])
);
var lockText = (lock) => canonicalJson({ ...lock, digests: digestsOf(lock) });
function invalid(file, why, cause) {
  return new MkbaseError({
    code: "LOCK_INVALID",
    message: `${file} is not a lock that this version of mkbase wrote: ${why}.`,
    hint: "Take it back from version control, or pin anew with `mkbase update`.",
    cause
  });
}
function checkDigests(file, lock, stated) {
  const computed = digestsOf(lock);
  const claimed = stated ?? {};
  for (const name of /* @__PURE__ */ new Set([...Object.keys(computed), ...Object.keys(claimed)])) {
    if (claimed[name] === computed[name]) continue;
    throw invalid(file, `"${name}" was changed after it was written`);
  }
  if (digestOf(lock.asked) !== lock.request) {
    throw invalid(file, '"request" is not the digest of "asked"');
  }
}
var isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
var lockProblems = (fields) => (lockSchema.safeParse(fields).error?.issues ?? []).map((issue) => {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  return { field: [...issue.path, ...unknown].map(String).join("."), problem: issue.message };
});
function checkedLock(parsed, file) {
  const { digests, ...fields } = isObject(parsed) ? parsed : {};
  if (typeof fields.lockVersion === "number" && fields.lockVersion !== lockVersion) {
    throw otherVersion(file, fields.lockVersion);
  }
  const [problem] = lockProblems(fields);
  if (problem === void 0) return { lock: fields, digests };
  const field = problem.field === "" ? "it" : `"${problem.field}"`;
  throw invalid(file, `${field} holds what no lock does: ${problem.problem}`);
}
function otherVersion(file, found) {
  return new MkbaseError({
    code: "LOCK_INVALID",
    message: `${file} is a lock of version ${found}; this mkbase reads and writes version ${lockVersion}.`,
    hint: "Make it anew with `mkbase update`, which pins what is newest now."
  });
}
function parseLock(text, file) {
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw invalid(file, "it is no JSON", error);
  }
  const { lock, digests } = checkedLock(parsed, file);
  checkDigests(file, lock, digests);
  return lock;
}
async function readLock(file) {
  const text = await readFile(file, "utf8").catch((error) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return void 0;
    throw ioError(error, "reading the lock", file);
  });
  return text === void 0 ? void 0 : parseLock(text, file);
}

export {
  lockText,
  lockProblems,
  parseLock,
  readLock
};
//# sourceMappingURL=chunk-DHOFLFI6.js.map
