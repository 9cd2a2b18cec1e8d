import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/base/errors.ts
var exitCodes = {
  INTERNAL: 1,
  USAGE: 2,
  RECIPE_NOT_FOUND: 3,
  RECIPE_INVALID: 3,
  SOURCE_UNREACHABLE: 4,
  SOURCE_UNTRUSTED: 4,
  SOURCE_CORRUPT: 4,
  PACKAGE_NOT_FOUND: 4,
  PACKAGE_CONFLICT: 4,
  RELEASE_NOT_FOUND: 4,
  ARCHIVE_REFUSED: 4,
  OFFLINE: 4,
  NO_ENGINE: 5,
  ENGINE_FAILED: 5,
  BUILD_FAILED: 6,
  BUILD_OUTPUT: 6,
  ROOTFS_REFUSED: 6,
  IMAGE_MISMATCH: 7,
  TEST_FAILED: 8,
  NO_SPACE: 9,
  IO: 9,
  LOCK_MISSING: 10,
  LOCK_STALE: 10,
  LOCK_INVALID: 10,
  MISMATCH: 11,
  POLICY: 12,
  INTERRUPTED: 130
};
var MkbaseError = class extends Error {
  code;
  hint;
  about;
  constructor({ code, message, hint, cause, about = [] }) {
    super(message, cause === void 0 ? void 0 : { cause });
    this.name = "MkbaseError";
    this.code = code;
    this.hint = hint;
    this.about = about;
  }
};
var spaceErrors = /* @__PURE__ */ new Set(["ENOSPC", "EDQUOT"]);
var elsewhere = "choose another place with --out or dest= (outputs) or XDG_CACHE_HOME (cache).";
var fileProblems = {
  EACCES: ["permission denied", `Give yourself permission there, or ${elsewhere}`],
  EPERM: ["permission denied", `Give yourself permission there, or ${elsewhere}`],
  EROFS: ["the file system is read-only", `Mount it writable, or ${elsewhere}`],
  ENOENT: ["a file or folder on the way is not there", `Make it first, or ${elsewhere}`],
  ENOTDIR: ["a file stands where a folder should be", `Move the file away, or ${elsewhere}`],
  EEXIST: ["something else stands there", `Move it away, or ${elsewhere}`],
  EISDIR: ["a folder stands there", "Name a file."],
  ENOTEMPTY: ["the folder there is not empty", `Move it away, or ${elsewhere}`],
  ENAMETOOLONG: ["the name is too long", "Choose a shorter one."],
  EFBIG: ["the file would be larger than is allowed", "Raise the limit (ulimit -f)."],
  EMFILE: ["too many files are open", "Raise the limit (ulimit -n)."],
  EIO: ["the disk failed", "Look at the kernel log (dmesg) and test the disk."]
};
function ioError(error, doing, path) {
  if (error instanceof MkbaseError) return error;
  const errno = error?.code ?? "";
  if (spaceErrors.has(errno)) {
    return new MkbaseError({
      code: "NO_SPACE",
      message: `No space left while ${doing} ${path} (${errno}).`,
      hint: "Free some space, or point XDG_CACHE_HOME or --out at a larger disk; then run the same command again.",
      cause: error
    });
  }
  const words = error instanceof Error ? error.message : String(error);
  const [problem, hint] = fileProblems[errno] ?? [];
  return new MkbaseError({
    code: "IO",
    message: `Failed ${doing} ${path}: ${problem === void 0 ? words : `${problem} (${errno}).`}`,
    ...hint !== void 0 && { hint },
    cause: error
  });
}
var interrupted = ({ reason }) => reason instanceof MkbaseError ? reason : new MkbaseError({ code: "INTERRUPTED", message: "Interrupted." });

export {
  exitCodes,
  MkbaseError,
  ioError,
  interrupted
};
//# sourceMappingURL=chunk-BYUPOKH5.js.map
