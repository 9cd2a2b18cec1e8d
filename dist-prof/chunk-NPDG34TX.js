import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  buildImage
} from "./chunk-OMUKU76Q.js";
import {
  buildRequest
} from "./chunk-6Z3OTZ5N.js";
import {
  imageName,
  withUi
} from "./chunk-QTIFZ2VQ.js";
import {
  shellWord
} from "./chunk-QN74KDTT.js";
import {
  invocationOf
} from "./chunk-ZCDY3XV2.js";
import {
  writeWholeFile
} from "./chunk-VP6DARGB.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/commands/build.ts
function refuseForSeveral(recipes, options) {
  if (recipes.length < 2) return;
  const given = [
    options.json && "--json",
    options.tag !== void 0 && "--tag",
    options.out !== void 0 && "--out",
    options.output?.some((output) => output.includes("dest=")) && "--output with dest",
    options.metadataFile !== void 0 && "--metadata-file",
    options.iidfile !== void 0 && "--iidfile"
  ].filter((flag) => typeof flag === "string");
  if (given.length === 0) return;
  throw new MkbaseError({
    code: "USAGE",
    message: `${given.join(", ")}: this is for one image, but ${recipes.length} recipes are given.`,
    hint: "Call mkbase once for each recipe."
  });
}
function resultMode({ json, quiet }) {
  if (json) return "json";
  return quiet ? "id" : "summary";
}
async function writeResultFiles(result, options) {
  const { metadataFile, iidfile } = options;
  if (metadataFile !== void 0) {
    await writeWholeFile(metadataFile, `${JSON.stringify(result, null, 2)}
`);
  }
  if (iidfile !== void 0) await writeWholeFile(iidfile, imageName(result));
}
async function signerOf({ sign }, { env, signal }, emit) {
  if (sign === void 0) return { sign: async () => {
  }, dispose: async () => {
  } };
  const [{ openSigner, parseSign }, { signFolder }] = await Promise.all([
    import("./open-signer-QENQ3AUJ.js"),
    import("./sign-folder-LKUSMOGS.js")
  ]);
  const signer = await openSigner(parseSign(sign), env, { emit, signal });
  return {
    sign: async (folder) => {
      await signFolder(folder, signer.sign);
    },
    dispose: signer.dispose
  };
}
async function signed(signer, work) {
  try {
    const built = await work();
    await signer.sign(built.outDir);
    return built;
  } finally {
    await signer.dispose();
  }
}
async function isRunnable(request, result, cwd) {
  if (result.tests.length > 0) return true;
  const { loadRecipe } = await import("./kinds-S6J5O5EG.js");
  const { image } = await loadRecipe(request.recipe, cwd);
  return [...image.entrypoint ?? [], ...image.cmd ?? []].length > 0;
}
async function nextCommandContext(request, result, cwd) {
  const engine = request.engine === "auto" ? [] : ["--engine", request.engine];
  const words = ["mkbase", "run", request.recipe, ...engine];
  return {
    cwd,
    runCommand: words.map(shellWord).join(" "),
    runnable: await isRunnable(request, result, cwd)
  };
}
var buildOne = (request, options, context) => {
  const result = resultMode(options);
  const progress = options.quiet ? "none" : options.progress;
  return withUi({ progress, result, recipe: request.recipe }, context, async (ui, io) => {
    const signer = await signerOf(options, context, ui.emit);
    const built = await signed(signer, () => buildImage(request, invocationOf(context), io));
    await writeResultFiles(built, options);
    const summarized = result === "summary";
    const next = summarized ? await nextCommandContext(request, built, context.cwd) : void 0;
    await ui.finish(built, next);
    return 0;
  });
};
async function build(recipes, options, context) {
  refuseForSeveral(recipes, options);
  for (const recipe of recipes) {
    const request = await buildRequest(recipe, options, context.cwd);
    const exitCode = await buildOne(request, options, context);
    if (exitCode !== 0) return exitCode;
  }
  return 0;
}

export {
  buildOne,
  build
};
//# sourceMappingURL=chunk-NPDG34TX.js.map
