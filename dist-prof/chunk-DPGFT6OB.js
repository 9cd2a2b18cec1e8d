import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  layoutMarker
} from "./chunk-7GNR7Y6C.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/outputs/staged-file.ts
import { stat } from "node:fs/promises";
import { join } from "node:path";
async function stagedFile({ type }, dest, { path, commit, discard }) {
  const found = await stat(path);
  const size = found.isFile() ? { size: found.size } : {};
  return { output: { type, dest, ...size }, commit, discard };
}
async function kindOf(path) {
  const found = await stat(path).catch(() => void 0);
  if (found === void 0) return "nothing";
  if (!found.isDirectory()) return "other";
  const marker = await stat(join(path, layoutMarker)).catch(() => void 0);
  return marker?.isFile() ? "layout" : "folder";
}
function refuse(dest, what, hint) {
  throw new MkbaseError({ code: "USAGE", message: `${dest} is ${what}.`, hint });
}
async function refuseFolder(dest) {
  const kind = await kindOf(dest);
  if (kind === "nothing" || kind === "other") return;
  refuse(dest, "a folder", "Name a file, or for an OCI layout as a folder end dest with a slash.");
}
async function refuseOtherFolder(dest) {
  const kind = await kindOf(dest);
  if (kind === "nothing" || kind === "layout") return;
  refuse(
    dest,
    kind === "other" ? "no folder" : "a folder that holds no OCI layout",
    "Name a folder that does not exist yet, or an OCI layout to replace."
  );
}

export {
  stagedFile,
  refuseFolder,
  refuseOtherFolder
};
//# sourceMappingURL=chunk-DPGFT6OB.js.map
