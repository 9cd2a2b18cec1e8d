import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  table
} from "./chunk-KYNFMTBK.js";
import "./chunk-QN74KDTT.js";
import {
  columnsOf,
  paletteOf
} from "./chunk-U3K5IKVG.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import {
  packageRoot
} from "./chunk-IQA7OYSC.js";
import "./chunk-UUGQRNDH.js";

// src/commands/list.ts
async function printNames({ stdout }) {
  const { builtInRecipes } = await import("./find-LKSGB6HK.js");
  const recipes = await builtInRecipes(packageRoot);
  stdout.write(recipes.map(({ name }) => `${name}
`).join(""));
}
function printTables(recipes, toolchains, { stdout, env }) {
  const layout = { columns: columnsOf(stdout), palette: paletteOf(stdout, env) };
  const rows = (all) => all.map(({ name, kind, description }) => [name, kind, description]);
  stdout.write(table(["RECIPE", "KIND", "DESCRIPTION"], rows(recipes), layout));
  stdout.write("\n");
  stdout.write(table(["TOOLCHAIN", "KIND", "DESCRIPTION"], rows(toolchains), layout));
}
async function list(options, context) {
  if (options.names) {
    await printNames(context);
    return 0;
  }
  const { listRecipes, listToolchains } = await import("./kinds-S6J5O5EG.js");
  const [recipes, toolchains] = await Promise.all([listRecipes(), listToolchains()]);
  if (options.json) context.stdout.write(`${JSON.stringify({ recipes, toolchains })}
`);
  else printTables(recipes, toolchains, context);
  return 0;
}
export {
  list
};
//# sourceMappingURL=list-S6AIJYQN.js.map
