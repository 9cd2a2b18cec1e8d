import type { Limits } from '../engines/step.ts';

/** What one step of a build may use up: far beyond what compilers and distributions need. */
export const buildLimits: Limits = {
  memoryBytes: 4 * 1024 ** 3,
  processes: 2048,
  seconds: 60 * 60,
  outputBytes: 2 * 1024 ** 3,
};
