import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  loadBuilder,
  loadRecipe
} from "./chunk-KN3M32LU.js";
import {
  hostPlatform
} from "./chunk-7K5WTWOY.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/pipeline/plan.ts
import { basename, join, resolve } from "node:path";
function sourceDateEpoch(value) {
  if (value === void 0 || value === "") return void 0;
  const seconds = Number(value);
  if (/^[0-9]+$/.test(value) && seconds <= 4294967295) return seconds;
  throw new MkbaseError({
    code: "USAGE",
    message: `SOURCE_DATE_EPOCH is "${value}"; expected seconds since 1970 as decimal digits.`,
    hint: "Set it to a number, for instance SOURCE_DATE_EPOCH=1767225600, or unset it."
  });
}
function platformFor(recipe, asked) {
  const platform = asked ?? hostPlatform().name;
  if (recipe.platforms && !recipe.platforms.includes(platform)) {
    throw new MkbaseError({
      code: "USAGE",
      message: `Recipe ${recipe.name} works on ${recipe.platforms.join(", ")}, not on ${platform}.`,
      hint: `Choose one with --platform, for instance --platform ${recipe.platforms[0]}.`
    });
  }
  return platform;
}
function defaultOut({ name, release }, platform) {
  const foreign = platform !== hostPlatform().name ? [platform.replace("/", "-")] : [];
  return join("mkbase-out", [name, ...release ? [release] : [], ...foreign].join("-"));
}
function lockFileOf({ origin }, platform, outDir) {
  if (origin.builtIn) return join(outDir, "lock.json");
  const words = platform === "linux/amd64" ? [] : [platform.replace("/", "-")];
  const [name] = basename(origin.file).split(/\.ya?ml$/);
  return join(origin.folder, [name, ...words, "lock.json"].join("."));
}
var defaultTag = ({ name, release = "latest" }) => `mkbase/${name}:${release}`;
async function planBuild(request, { cwd, env }) {
  const recipe = await loadRecipe(request.recipe, cwd);
  const platform = platformFor(recipe, request.platform);
  const outDir = resolve(cwd, request.out ?? defaultOut(recipe, platform));
  return {
    recipe,
    toolchain: await loadBuilder(recipe, cwd),
    platform,
    outDir,
    lockFile: lockFileOf(recipe, platform, outDir),
    tags: request.tags.length > 0 ? request.tags : [defaultTag(recipe)],
    epoch: sourceDateEpoch(env.SOURCE_DATE_EPOCH)
  };
}

export {
  defaultOut,
  lockFileOf,
  defaultTag,
  planBuild
};
//# sourceMappingURL=chunk-I6MMUKOT.js.map
