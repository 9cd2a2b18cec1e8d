import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  toDockerfileLines
} from "./chunk-GAY42F37.js";
import {
  writeRootfs
} from "./chunk-DOWTZCVP.js";
import "./chunk-R3GKPU3X.js";
import {
  stagedFile
} from "./chunk-DPGFT6OB.js";
import "./chunk-7GNR7Y6C.js";
import "./chunk-WR7GHE6V.js";
import "./chunk-HHDGQMDT.js";
import "./chunk-GEL24WUJ.js";
import "./chunk-FGYWVWTF.js";
import "./chunk-JBYZ7QPS.js";
import "./chunk-6O7GCZRG.js";
import "./chunk-IIMGXTQ4.js";
import "./chunk-C36BAQN3.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import "./chunk-7K5WTWOY.js";
import "./chunk-M7UJ6QGN.js";
import {
  writeNewFile
} from "./chunk-VP6DARGB.js";
import {
  stage,
  syncFolder
} from "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/outputs/dockerfile/stage-dockerfile.ts
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
var dockerfile = "Dockerfile";
var archive = "rootfs.tar.xz";
var mark = "# mkbase: recipe ";
var dockerfileText = ({ settings, comment }) => [`# ${comment}`, "FROM scratch", `ADD ${archive} /`, ...toDockerfileLines(settings), ""].join(
  "\n"
);
async function isOurs(folder, names) {
  if (names.some((name) => name !== dockerfile && name !== archive)) return false;
  const text = await readFile(join(folder, dockerfile), "utf8").catch(() => "");
  return text.startsWith(mark);
}
async function refuseOccupied(dest) {
  const found = await stat(dest).catch(() => void 0);
  if (found === void 0) return;
  const names = found.isDirectory() ? await readdir(dest) : void 0;
  if (names !== void 0 && (names.length === 0 || await isOurs(dest, names))) return;
  throw new MkbaseError({
    code: "USAGE",
    message: `${dest} is ${names === void 0 ? "no folder" : "a folder with other things in it"}.`,
    hint: "Name a folder that does not exist yet, an empty one, or an earlier export to replace."
  });
}
async function stageDockerfile(image, request, dest, io) {
  await refuseOccupied(dest);
  const text = Buffer.from(dockerfileText(image));
  const staged = await stage(dest, "folder", async (folder) => {
    await mkdir(folder);
    await writeRootfs(join(folder, archive), image.rootfs, "xz", io);
    await writeNewFile(join(folder, dockerfile), [text], io.signal);
    await syncFolder(folder);
  });
  return stagedFile(request, dest, staged);
}
export {
  dockerfileText,
  stageDockerfile
};
//# sourceMappingURL=stage-dockerfile-STIQDDPJ.js.map
