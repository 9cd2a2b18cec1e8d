import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/commands/command-context.ts
var processContext = (signal) => ({
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  // Read when it is needed: help and completion work in a folder that was removed.
  get cwd() {
    return process.cwd();
  },
  clock: () => performance.timeOrigin + performance.now(),
  program: [process.execPath, process.argv[1] ?? ""],
  signal
});
var invocationOf = ({ env, cwd, clock }) => ({
  cwd,
  env,
  now: new Date(clock())
});

export {
  processContext,
  invocationOf
};
//# sourceMappingURL=chunk-ZCDY3XV2.js.map
