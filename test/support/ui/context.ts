import type { CommandContext } from '../../../src/commands/command-context.ts';
import { createScreen, type MemoryScreen } from './screen.ts';

/** A command's world, kept in memory. */
export interface MemoryContext extends CommandContext {
  readonly stdout: MemoryScreen;
  readonly stderr: MemoryScreen;
}

export const createContext = (
  env: Readonly<Record<string, string>> = {},
  signal: AbortSignal = new AbortController().signal,
): MemoryContext => ({
  stdout: createScreen(),
  stderr: createScreen(),
  env,
  signal,
  cwd: process.cwd(),
  clock: () => performance.timeOrigin + performance.now(),
  program: [],
});
