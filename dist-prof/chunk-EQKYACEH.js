import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/base/cleanup.ts
var patience = 15e3;
var cleanupIo = (io) => ({
  emit: io.emit,
  signal: AbortSignal.timeout(patience)
});
var quietly = (work) => work.then(
  () => void 0,
  () => void 0
);

export {
  cleanupIo,
  quietly
};
//# sourceMappingURL=chunk-EQKYACEH.js.map
