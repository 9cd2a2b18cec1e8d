import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  engineNames
} from "./chunk-E6FI3J5L.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/engines/choose.ts
var probes = {
  docker: async (_, io) => (await import("./probe-docker-QOL5USLQ.js")).probeDocker(io),
  podman: async (cache, io) => (await import("./probe-podman-2Z3B5JH5.js")).probePodman(cache, io),
  namespace: async (cache, io) => (await import("./namespace-engine-2BKSFSEP.js")).probeNamespace(cache, io)
};
function probeEngines(cache, io) {
  return Promise.all(engineNames.map((name) => probes[name](cache, io)));
}
function noEngine(refused) {
  const lines = refused.map(({ name, reason, cure }) => `  ${name}: ${reason}. ${cure}`);
  const [only] = refused;
  const single = refused.length === 1 && only !== void 0;
  return new MkbaseError({
    code: "NO_ENGINE",
    message: `${single ? `The engine ${only.name} cannot work here` : "No engine can work here"}:
${lines.join("\n")}`,
    hint: single ? "Follow the advice above, or leave --engine out to let mkbase choose." : "Follow the advice of any one of these lines; `mkbase doctor` shows what works."
  });
}
async function chooseEngine(choice, cache, io) {
  const refused = [];
  for (const name of choice === "auto" ? engineNames : [choice]) {
    const probe = await probes[name](cache, io);
    if (probe.ok) return probe.engine;
    refused.push(probe);
  }
  throw noEngine(refused);
}

export {
  probeEngines,
  noEngine,
  chooseEngine
};
//# sourceMappingURL=chunk-6WVFUWIS.js.map
