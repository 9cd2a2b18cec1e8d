import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/commands/build-request.ts
import { resolve } from "node:path";
function refuseEmpty(flags) {
  for (const [flag, value] of Object.entries(flags)) {
    if (value !== "") continue;
    throw new MkbaseError({
      code: "USAGE",
      message: `${flag} is empty.`,
      hint: "Give it a value, or leave it out."
    });
  }
}
var sarifWithoutPolicy = new MkbaseError({
  code: "USAGE",
  message: "--sarif writes what a policy finds, and no policy is named.",
  hint: "Name one, for instance --policy strict."
});
async function buildRequest(recipe, options, cwd) {
  const { tag = [], output = [], platform, out, mirror, inputs, policy, sarif } = options;
  refuseEmpty({
    ...{ "--out": out, "--mirror": mirror, "--inputs": inputs },
    ...{ "--policy": policy, "--sarif": sarif }
  });
  if (sarif !== void 0 && policy === void 0) throw sarifWithoutPolicy;
  return {
    recipe,
    engine: options.engine,
    outputs: output.length === 0 ? [] : await parseOutputs(output, cwd),
    tags: tag.length === 0 ? [] : await parseTags(tag),
    offline: options.offline === true,
    noCache: options.cache === false,
    noTest: options.test === false,
    ...platform && { platform },
    ...out !== void 0 && { out },
    ...mirror !== void 0 && { mirror },
    ...options.frozen && { frozen: true },
    ...inputs !== void 0 && { inputs: resolve(cwd, inputs) },
    ...policy !== void 0 && { policy },
    ...sarif !== void 0 && { sarif: resolve(cwd, sarif) },
    ...options.allow && { allow: options.allow }
  };
}
var absolute = (cwd, path) => `${resolve(cwd, path)}${path.endsWith("/") ? "/" : ""}`;
async function parseOutputs(outputs, cwd) {
  const { parseOutput } = await import("./parse-output-7KQDNR6B.js");
  return outputs.map(parseOutput).map((output) => ({
    ...output,
    ...output.dest !== void 0 && { dest: absolute(cwd, output.dest) }
  }));
}
async function parseTags(tags) {
  const { parseReference, shortForm } = await import("./reference-2TWFWBW5.js");
  return [...new Set(tags.map((tag) => shortForm(parseReference(tag))))];
}

export {
  buildRequest
};
//# sourceMappingURL=chunk-6Z3OTZ5N.js.map
