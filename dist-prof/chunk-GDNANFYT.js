import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  suggest
} from "./chunk-GIRTM4PW.js";
import {
  quoted
} from "./chunk-K3BCUTJR.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/recipe/find.ts
import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve, sep } from "node:path";
var recipeFile = "recipe.yaml";
var yamlEnding = /\.ya?ml$/;
async function typeOf(path) {
  let stats;
  try {
    stats = await stat(path);
  } catch (error) {
    const { code } = error;
    const absent = ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ERR_INVALID_ARG_VALUE"];
    return code !== void 0 && absent.includes(code) ? void 0 : "file";
  }
  return stats.isDirectory() ? "folder" : "file";
}
var isPath = (nameOrPath) => nameOrPath.includes("/") || /^\.\.?$|\.ya?ml$/.test(nameOrPath);
async function findByPath(path, cwd, root) {
  const absolute = resolve(cwd, path);
  const type = await typeOf(absolute);
  if (type === void 0) {
    throw new MkbaseError({
      code: "RECIPE_NOT_FOUND",
      message: `There is no recipe at ${quoted(path)}.`,
      hint: "Name a YAML file, or a folder that holds recipe.yaml; `mkbase list` shows the recipes that ship with mkbase."
    });
  }
  const file = type === "folder" ? join(absolute, recipeFile) : absolute;
  if (type === "folder" && await typeOf(file) === void 0) {
    throw new MkbaseError({
      code: "RECIPE_NOT_FOUND",
      message: `The folder ${quoted(path)} holds no ${recipeFile}.`,
      hint: `Name the recipe's YAML file, or put it into the folder as ${recipeFile}.`
    });
  }
  const name = basename(type === "folder" ? absolute : absolute.replace(yamlEnding, ""));
  return { name, file, builtIn: file.startsWith(join(root, "recipes") + sep) };
}
async function builtInFiles(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw ioError(error, "listing", folder);
  });
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile() && entry.name.endsWith(".yaml")) {
      return [{ name: basename(path, ".yaml"), file: path, builtIn: true }];
    }
    const file = join(path, recipeFile);
    const holdsRecipe = entry.isDirectory() && await typeOf(file) === "file";
    return holdsRecipe ? [{ name: entry.name, file, builtIn: true }] : [];
  });
  return (await Promise.all(found)).flat().sort((a, b) => a.name < b.name ? -1 : 1);
}
var builtInRecipes = (root) => builtInFiles(join(root, "recipes"));
var builtInToolchains = (root) => builtInFiles(join(root, "toolchains"));
async function findRecipe(nameOrPath, cwd, root) {
  if (isPath(nameOrPath)) return findByPath(nameOrPath, cwd, root);
  const recipes = await builtInRecipes(root);
  const found = recipes.find(({ name }) => name === nameOrPath);
  if (found !== void 0) return found;
  const names = recipes.map(({ name }) => name);
  const meant = suggest(nameOrPath, names);
  const nearby = nameOrPath !== "" && await typeOf(resolve(cwd, nameOrPath)) !== void 0;
  const advice = nearby ? `For the one in this folder say ${quoted(`./${nameOrPath}`)}; ` : "";
  const question = meant === void 0 ? "" : `Did you mean ${quoted(meant)}? `;
  throw new MkbaseError({
    code: "RECIPE_NOT_FOUND",
    message: `No recipe named ${quoted(nameOrPath)} ships with mkbase.`,
    hint: `${advice || question}\`mkbase list\` shows them all; a recipe of your own is named by its path.`
  });
}
async function findToolchain(name, recipeFolder, root) {
  const own = join(recipeFolder, "toolchains", `${name}.yaml`);
  if (await typeOf(own) !== void 0) return { name, file: own, builtIn: false };
  return (await builtInToolchains(root)).find((toolchain) => toolchain.name === name);
}

export {
  isPath,
  builtInRecipes,
  builtInToolchains,
  findRecipe,
  findToolchain
};
//# sourceMappingURL=chunk-GDNANFYT.js.map
