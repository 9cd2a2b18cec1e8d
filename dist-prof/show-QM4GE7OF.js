import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  facts,
  outline
} from "./chunk-KYNFMTBK.js";
import {
  oneLine,
  shortPath
} from "./chunk-QN74KDTT.js";
import {
  paletteOf
} from "./chunk-U3K5IKVG.js";
import {
  formatBytes,
  plural
} from "./chunk-Z5B43JE3.js";
import {
  readLock
} from "./chunk-DHOFLFI6.js";
import "./chunk-EM7UWJGH.js";
import {
  inputSets
} from "./chunk-EF5IBACH.js";
import "./chunk-KN3M32LU.js";
import "./chunk-IKDWQ62H.js";
import "./chunk-PSUK6IL3.js";
import "./chunk-XTZ2QZAO.js";
import "./chunk-U563K2LX.js";
import "./chunk-FAP3I5KO.js";
import "./chunk-NMZX4AIR.js";
import {
  withoutUserParts
} from "./chunk-7SZXV43M.js";
import "./chunk-GDNANFYT.js";
import "./chunk-GIRTM4PW.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-IQA7OYSC.js";
import {
  readImage
} from "./chunk-2SRNXG5E.js";
import "./chunk-GEL24WUJ.js";
import "./chunk-FGYWVWTF.js";
import "./chunk-JBYZ7QPS.js";
import "./chunk-6O7GCZRG.js";
import "./chunk-IIMGXTQ4.js";
import "./chunk-C36BAQN3.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import {
  hostPlatform
} from "./chunk-7K5WTWOY.js";
import "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/show.ts
import { basename, resolve } from "node:path";

// src/commands/show/built.ts
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
var archiveEnding = /^image\.[a-z]+\.tar$/;
async function readArchive(file, io) {
  const { size } = await stat(file);
  const { platform, layer, manifestDigest, configDigest } = await readImage(file, io);
  return { file, size, platform, diffId: layer.sha256, manifestDigest, configDigest };
}
async function findBuilt(outDir, io) {
  const names = await readdir(outDir).catch(() => []);
  const found = [];
  for (const name of names.filter((each) => archiveEnding.test(each)).sort()) {
    found.push(await readArchive(join(outDir, name), io));
  }
  return found;
}
async function findLock(outDir) {
  const file = join(outDir, "lock.json");
  const lock = await readLock(file).catch((error) => {
    if (error instanceof MkbaseError && error.code === "LOCK_INVALID") return void 0;
    throw error;
  });
  if (lock === void 0) return null;
  const inputs = inputSets(lock).flatMap((set) => set.inputs);
  const packages = inputs.filter(({ role }) => role === "package").length;
  return { file, packages, epoch: lock.epoch };
}

// src/commands/show.ts
async function lookUp(word, options, context) {
  const { loadBuilder, loadRecipe } = await import("./kinds-S6J5O5EG.js");
  const loaded = await loadRecipe(word, context.cwd);
  const { origin, release: _, fromOrigin: __, ancestors, ...rest } = loaded;
  const files = rest.files.map(({ beside: _2, ...file }) => file);
  const recipe = { ...rest, files };
  const toolchain = await loadBuilder(loaded, context.cwd);
  const { defaultOut, defaultTag } = await import("./plan-VX75UJER.js");
  const outDir = resolve(context.cwd, options.out ?? defaultOut(loaded, hostPlatform().name));
  return {
    recipe: withoutUserParts(recipe),
    file: origin.file,
    sha256: origin.sha256,
    builtIn: origin.builtIn,
    extends: ancestors.map(({ file }) => file),
    toolchain: toolchain ? { name: toolchain.name, file: toolchain.origin.file } : null,
    tag: defaultTag(loaded),
    outDir,
    lock: await findLock(outDir),
    built: await findBuilt(outDir, { emit: () => {
    }, signal: context.signal })
  };
}
var lockLines = ({ lock }) => lock === null ? [] : [
  [
    ...lock.packages > 0 ? [plural(lock.packages, "package")] : [],
    `nothing later than ${isoDate(lock.epoch)}`
  ].join(", ")
];
var isoDate = (seconds) => new Date(seconds * 1e3).toISOString().replace(".000", "");
var builtFacts = ({ file, size, diffId, manifestDigest }) => [
  ["built", `${basename(file)}, ${formatBytes(size)}`],
  ["layer", diffId],
  ["manifest", manifestDigest]
];
var labelWidth = 9;
function text(shown, { stdout, env, cwd }) {
  const { recipe, file, builtIn, toolchain, tag, outDir } = shown;
  const palette = paletteOf(stdout, env);
  const rows = [
    ["file", `${shortPath(file, cwd)}${builtIn ? " (ships with mkbase)" : ""}`],
    ["kind", recipe.from.kind],
    ["extends", shown.extends.map((each) => shortPath(each, cwd))],
    ["builder", toolchain === null ? [] : [toolchain.name, shortPath(toolchain.file, cwd)]],
    ["tag", tag],
    ["output", `${shortPath(outDir, cwd)}/`],
    ["lock", lockLines(shown)],
    ...shown.built.flatMap(builtFacts)
  ];
  const lines = [
    palette.bold(recipe.name),
    ...recipe.description === void 0 ? [] : [oneLine(recipe.description)],
    "",
    ...facts(rows, palette, labelWidth),
    "",
    ...outline(recipe)
  ];
  return `${lines.join("\n")}
`;
}
async function show(recipe, options, context) {
  const shown = await lookUp(recipe, options, context);
  context.stdout.write(options.json ? `${JSON.stringify(shown)}
` : text(shown, context));
  return 0;
}
export {
  show
};
//# sourceMappingURL=show-QM4GE7OF.js.map
