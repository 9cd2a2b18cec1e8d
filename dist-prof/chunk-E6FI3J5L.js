import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/base/names-of.ts
var namesOf = (names) => Object.fromEntries(Object.keys(names).map((name) => [name, name]));

// src/engines/engine.ts
var engineName = namesOf({ docker: 1, podman: 2, namespace: 3 });
var engineNames = Object.values(engineName);

export {
  namesOf,
  engineName,
  engineNames
};
//# sourceMappingURL=chunk-E6FI3J5L.js.map
