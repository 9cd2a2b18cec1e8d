import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  invocationOf
} from "./chunk-ZCDY3XV2.js";
import "./chunk-UUGQRNDH.js";

// src/commands/verify/surroundings.ts
import { existsSync } from "node:fs";
async function storeFor(inputs, context, io) {
  const { cacheFolder } = await import("./cache-folder-ZXWVIMIO.js");
  const folder = cacheFolder(context.env);
  if (inputs === void 0 && !existsSync(folder)) return {};
  const [{ openStore }, { defaultLimits }, { takeBundle }] = await Promise.all([
    import("./store-F52P3FEE.js"),
    import("./transfer-OLVFUVZW.js"),
    import("./read-TMGLJQGC.js")
  ]);
  const store = await openStore(folder, defaultLimits, invocationOf(context));
  if (inputs !== void 0) await takeBundle(inputs, store, io);
  return { store };
}
async function openSurroundings({ recipe, inputs }, context, io) {
  const [{ recipeFinder }, { openWorkspace }, { cacheFolder }] = await Promise.all([
    import("./recipe-at-hand-UU2RADMG.js"),
    import("./workspace-XSTBHEBJ.js"),
    import("./cache-folder-ZXWVIMIO.js")
  ]);
  const made = [];
  return {
    ...await storeFor(inputs, context, io),
    findRecipe: recipeFinder(recipe, context.cwd),
    async scratch() {
      const { folder, dispose } = await openWorkspace(`${cacheFolder(context.env)}/tmp`);
      made.push(dispose);
      return folder;
    },
    async dispose() {
      for (const each of made) await each();
    }
  };
}
export {
  openSurroundings
};
//# sourceMappingURL=surroundings-AUYTU54E.js.map
