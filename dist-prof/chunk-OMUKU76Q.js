import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  cachedBuild
} from "./chunk-B44ZKUT4.js";

// src/pipeline/build-image.ts
import { setFlagsFromString } from "node:v8";
async function buildImage(request, invocation, io) {
  const cached = await cachedBuild(request, invocation, io);
  if (cached) return cached;
  setFlagsFromString("--semi-space-growth-factor=1");
  const { runPipeline } = await import("./pipeline-6CX45CTQ.js");
  return runPipeline(request, invocation, io);
}

export {
  buildImage
};
//# sourceMappingURL=chunk-OMUKU76Q.js.map
