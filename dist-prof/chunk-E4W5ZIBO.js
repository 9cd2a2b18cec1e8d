import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  lockVersion
} from "./chunk-EM7UWJGH.js";
import {
  kindOf,
  sourceOf,
  withSource
} from "./chunk-KN3M32LU.js";
import {
  showUrl,
  withoutUserParts
} from "./chunk-7SZXV43M.js";
import {
  digestOf
} from "./chunk-FGYWVWTF.js";
import {
  platforms
} from "./chunk-7K5WTWOY.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/lock/request.ts
var downloadsOf = (recipe) => recipe.files.flatMap((file) => "url" in file ? [{ url: file.url, sha256: file.sha256 }] : []);
function choosing({ from }) {
  const { choosing: choosing2 } = kindOf(from);
  return choosing2 === void 0 ? from : choosing2(sourceOf(from));
}
var askedBy = ({ recipe, toolchain, platform }) => withoutUserParts({
  platform,
  epoch: recipe.epoch,
  from: choosing(recipe),
  packages: recipe.packages,
  files: downloadsOf(recipe),
  toolchain: toolchain && {
    name: toolchain.name,
    from: toolchain.from,
    epoch: toolchain.epoch
  }
});
var requestDigest = (wanted) => digestOf(askedBy(wanted));
var isHolder = (value) => typeof value === "object" && value !== null;
function changedFields(before, now, path = "") {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  if (!isHolder(before) || !isHolder(now) || Array.isArray(before) || Array.isArray(now)) {
    return [path];
  }
  const names = /* @__PURE__ */ new Set([...Object.keys(now), ...Object.keys(before)]);
  return [...names].flatMap(
    (name) => changedFields(before[name], now[name], path === "" ? name : `${path}.${name}`)
  );
}

// src/lock/lock.ts
var wantedOf = ({ name, from, packages, fromOrigin }, platform) => ({
  name,
  source: sourceOf(from),
  packages,
  folder: fromOrigin.folder,
  platform
});
var wantedByToolchain = ({ name, from, origin }, platform) => wantedOf({ name, from, packages: [], fromOrigin: origin }, platform);
var lockedFiles = (recipe) => downloadsOf(recipe).map(({ url, sha256 }) => ({ url: showUrl(url), sha256 }));
function satisfies(lock, wanted) {
  const { recipe, toolchain, platform } = wanted;
  const { fits } = kindOf(recipe.from);
  return lock.request === requestDigest(wanted) && lock.platform === platform && lock.from.kind === recipe.from.kind && (fits?.(sourceOf(recipe.from), sourceOf(lock.from), recipe.packages) ?? true) && digestOf(lock.files ?? []) === digestOf(lockedFiles(recipe)) && lock.toolchain?.name === toolchain?.name && lock.toolchain?.from.kind === toolchain?.from.kind;
}
var noBuilder = () => {
  throw new Error("a step for a recipe that needs no builder");
};
async function lockToolchain(toolchain, platform, { builderSources, folder }, io) {
  const { name, from, epoch } = toolchain;
  const kind = kindOf(from);
  const { resolve } = await kind.load();
  const context = { sources: builderSources, runInBuilder: noBuilder, folder };
  const locked = await resolve(wantedByToolchain(toolchain, platform), context, io);
  return { name, epoch: epoch ?? kind.date(locked) ?? 0, from: withSource(from, locked) };
}
async function lockInputs(wanted, context, io) {
  const { recipe } = wanted;
  const platform = platforms[wanted.platform];
  const toolchain = wanted.toolchain && await lockToolchain(wanted.toolchain, platform, context, io);
  const kind = kindOf(recipe.from);
  const { resolve } = await kind.load();
  const resolving = {
    sources: context.sources,
    runInBuilder: toolchain ? context.runInBuilder(toolchain) : noBuilder,
    folder: context.folder
  };
  const locked = await resolve(wantedOf(recipe, platform), resolving, io);
  const files = lockedFiles(recipe);
  return {
    lockVersion,
    recipe: recipe.name,
    platform: wanted.platform,
    epoch: recipe.epoch ?? kind.date(locked) ?? toolchain?.epoch ?? 0,
    request: requestDigest(wanted),
    asked: askedBy(wanted),
    from: withSource(recipe.from, locked),
    ...files.length > 0 && { files },
    ...toolchain && { toolchain }
  };
}

// src/rootfs/source-file.ts
import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
var refuse = (origin, source, problem, cause) => {
  throw new MkbaseError({
    code: "RECIPE_INVALID",
    message: `${origin.file}: the source ${JSON.stringify(source)} in files: ${problem}.`,
    hint: `Put a regular file there; paths start from ${origin.folder}.`,
    cause
  });
};
async function found(path) {
  const real = await realpath(path);
  return { real, stats: await stat(real) };
}
async function sourceFile(origin, source) {
  const folder = await realpath(origin.folder);
  const { real, stats } = await found(join(folder, source)).catch(
    (error) => refuse(origin, source, "cannot be read", error)
  );
  if (!real.startsWith(folder === sep ? sep : folder + sep)) {
    refuse(origin, source, "leads out of the recipe's folder");
  }
  if (!stats.isFile()) refuse(origin, source, "is no regular file");
  return { file: real, offset: 0, size: stats.size };
}

// src/rootfs/glob.ts
function wildcard(pattern, subject, isStar, matches) {
  let at = 0;
  let star = -1;
  let retry = 0;
  for (let position = 0; position < subject.length; ) {
    if (at < pattern.length && isStar(pattern[at])) {
      star = at;
      at += 1;
      retry = position;
    } else if (at < pattern.length && matches(pattern[at], subject[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      retry += 1;
      position = retry;
      at = star + 1;
    } else return false;
  }
  while (at < pattern.length && isStar(pattern[at])) at += 1;
  return at === pattern.length;
}
var matchesPart = (pattern, part) => wildcard(
  pattern,
  part,
  (char) => char === "*",
  (char, against) => char === against
);
function glob(pattern) {
  if (!pattern.includes("*")) return (path) => path === pattern;
  const parts = pattern.split("/");
  if (parts.at(-1) === "**") parts.push("*");
  return (path) => wildcard(parts, path.split("/"), (part) => part === "**", matchesPart);
}

export {
  askedBy,
  changedFields,
  wantedOf,
  wantedByToolchain,
  satisfies,
  lockInputs,
  glob,
  sourceFile
};
//# sourceMappingURL=chunk-E4W5ZIBO.js.map
