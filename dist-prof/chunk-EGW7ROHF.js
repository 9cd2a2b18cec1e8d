import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/store/transfer/transfer.ts
var defaultLimits = {
  concurrency: 8,
  retries: 4,
  firstPause: 500,
  worthwhileBytes: 1024 * 1024,
  redirects: 5,
  idle: 3e4,
  slowStretch: 6e4,
  slowestBytesPerSecond: 1024,
  maxBytes: 4 * 1024 ** 3
};

export {
  defaultLimits
};
//# sourceMappingURL=chunk-EGW7ROHF.js.map
