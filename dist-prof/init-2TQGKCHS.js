import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  facts
} from "./chunk-KYNFMTBK.js";
import {
  shellWord
} from "./chunk-QN74KDTT.js";
import {
  paletteOf
} from "./chunk-U3K5IKVG.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import {
  packageRoot
} from "./chunk-IQA7OYSC.js";
import {
  makeFolder
} from "./chunk-67ZVI5OU.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/init.ts
import { readFile } from "node:fs/promises";
import { basename, join as join2, relative, resolve } from "node:path";

// src/commands/init/write-new-files.ts
import { lstat, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
var isThere = (file) => lstat(file).then(
  () => true,
  () => false
);
var refuse = (folder, names) => new MkbaseError({
  code: "USAGE",
  message: `${folder} holds ${names.join(", ")} already; nothing was written.`,
  hint: "Name another folder, or move what is there away."
});
async function writeNewFiles(folder, files) {
  const names = Object.keys(files);
  const there = await Promise.all(names.map((name) => isThere(join(folder, name))));
  const taken = names.filter((_, index) => there[index]);
  if (taken.length > 0) throw refuse(folder, taken);
  await makeFolder(folder).catch((error) => {
    throw ioError(error, "making", folder);
  });
  const written = [];
  try {
    for (const [name, text2] of Object.entries(files)) {
      const file = join(folder, name);
      await writeFile(file, text2, { flag: "wx" });
      written.push(file);
    }
  } catch (error) {
    await Promise.all(written.map((file) => rm(file, { force: true })));
    throw ioError(error, "writing", folder);
  }
}

// src/commands/init.ts
var recipeFile = "recipe.yaml";
var schemaFile = "recipe.schema.json";
var nameFor = (folder) => basename(folder).normalize("NFKD").replace(new RegExp("\\p{M}", "gu"), "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 64).replace(/-$/, "");
async function checkedName(folder, asked) {
  const { recipeName } = await import("./fields-EDHHB2BE.js");
  const name = asked ?? nameFor(folder);
  const { success, error } = recipeName.safeParse(name);
  if (success) return name;
  const of = asked === void 0 ? `The folder ${folder} gives no name for a recipe` : `"${name}" is no name`;
  throw new MkbaseError({
    code: "USAGE",
    message: `${of}: ${error.issues[0]?.message}.`,
    hint: "Give one with --name, for instance --name my-app."
  });
}
async function starterOf(kind, name) {
  const { kinds } = await import("./kinds-S6J5O5EG.js");
  const found = kinds.find((each) => each.name === kind);
  if (found === void 0) throw new Error(`there is no kind ${kind}`);
  return found.starter(name);
}
async function recipeText(kind, name) {
  const { yamlWord } = await import("./as-list-2PMED4DM.js");
  const { description, recipe } = await starterOf(kind, name);
  return `# yaml-language-server: $schema=./${schemaFile}
# What the image is made from, what is added to it, and how it runs.
# Every field and its meaning: mkbase schema, and docs/recipes.md of mkbase.

# The image is tagged mkbase/${name}.
name: ${yamlWord(name)}
description: "${description}"

${recipe}`;
}
async function schemaText() {
  const file = join2(packageRoot, "schema", schemaFile);
  return readFile(file, "utf8").catch((error) => {
    throw ioError(error, "reading", file);
  });
}
function pathWord(folder, cwd) {
  const path = relative(cwd, folder) || ".";
  return shellWord(/^[./]/.test(path) ? path : `./${path}`);
}
function text({ name, kind, files, next }, { stdout, env }) {
  const palette = paletteOf(stdout, env);
  const rows = [
    ["kind", kind],
    ["files", files],
    ["next", palette.bold(next)]
  ];
  return `${[palette.bold(name), ...facts(rows, palette)].join("\n")}
`;
}
async function init(place, options, context) {
  const { kind } = options;
  const folder = resolve(context.cwd, place);
  const name = await checkedName(folder, options.name);
  const files = {
    [recipeFile]: await recipeText(kind, name),
    ...(await starterOf(kind, name)).files,
    [schemaFile]: await schemaText()
  };
  await writeNewFiles(folder, files);
  const next = `mkbase build ${pathWord(folder, context.cwd)}`;
  const started = { name, kind, folder, files: Object.keys(files), next };
  const json = () => `${JSON.stringify(started)}
`;
  context.stdout.write(options.json ? json() : text(started, context));
  return 0;
}
export {
  init
};
//# sourceMappingURL=init-2TQGKCHS.js.map
