import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  lockFileOf
} from "./chunk-I6MMUKOT.js";
import {
  readLock
} from "./chunk-DHOFLFI6.js";
import {
  readJsonFile
} from "./chunk-2V7AQQXO.js";
import {
  loadRecipe
} from "./chunk-KN3M32LU.js";
import {
  evidenceNames
} from "./chunk-LS5RIWVO.js";
import {
  canonicalJson
} from "./chunk-FGYWVWTF.js";
import {
  list,
  record
} from "./chunk-IIMGXTQ4.js";
import {
  writeWholeFile
} from "./chunk-VP6DARGB.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/pipeline/rebuild/rebuild-plan.ts
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
var usage = (message, hint) => new MkbaseError({ code: "USAGE", message, hint });
function recipeOf({ externalParameters, resolvedDependencies }) {
  const { recipe, release } = record(externalParameters);
  const { name } = record(recipe);
  const { uri } = record(list(resolvedDependencies)[0]);
  if (String(uri).startsWith("pkg:npm/mkbase@")) {
    return release === void 0 ? String(name) : `${name}:${release}`;
  }
  throw usage(
    `The evidence is of a recipe of your own (${name}), and does not say where it is.`,
    "Name it with --recipe, for instance --recipe ./my-app."
  );
}
async function planRebuild(folder, recipe) {
  const file = folder === void 0 ? void 0 : join(folder, evidenceNames.lock);
  const lock = file === void 0 ? void 0 : await readLock(file);
  if (folder === void 0 || lock === void 0) {
    throw usage(
      "There is no lock beside it to rebuild from.",
      "Name the output folder of the build, or say with --evidence where its evidence is."
    );
  }
  const name = evidenceNames.provenance;
  const { value: provenance } = await readJsonFile(join(folder, name), name);
  const definition = record(record(provenance?.predicate).buildDefinition);
  if (provenance === void 0 || Object.keys(definition).length === 0) {
    throw usage(`${join(folder, name)} does not say what was built.`, "Build again to have it.");
  }
  const { allow, test, sourceDateEpoch } = record(definition.externalParameters);
  return {
    folder,
    recipe: recipe ?? recipeOf(definition),
    lock,
    provenance,
    allow: list(allow).map(String),
    test: test !== false,
    epoch: typeof sourceDateEpoch === "number" ? String(sourceDateEpoch) : void 0
  };
}
var withoutEpoch = ({ epoch: _, ...lock }) => canonicalJson(lock);
async function layLock({ recipe, lock, folder }, out, cwd) {
  const loaded = await loadRecipe(recipe, cwd);
  const place = lockFileOf(loaded, lock.platform, out);
  const evidence = join(folder, evidenceNames.lock);
  if (dirname(place) === out) {
    await mkdir(out, { recursive: true });
    await writeWholeFile(place, await readFile(evidence, "utf8"));
    return;
  }
  const beside = await readLock(place);
  if (beside !== void 0 && withoutEpoch(beside) === withoutEpoch(lock)) return;
  throw usage(
    `${place} is ${beside ? "another lock than" : "not there; it should be"} the one that this image was built from.`,
    `Take the one of the build: cp ${evidence} ${place}`
  );
}

export {
  planRebuild,
  layLock
};
//# sourceMappingURL=chunk-32KIXQ4W.js.map
