import type { Invocation } from '../base/invocation.ts';

/** Returns what this process was called with. */
export const thisInvocation = (): Invocation => ({
  cwd: process.cwd(),
  env: process.env,
  now: new Date(),
});
