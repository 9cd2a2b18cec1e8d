import type { CommandContext } from '../context.ts';

/** What a command does with its parsed arguments; resolves to the exit code. */
export type Act = (context: CommandContext) => Promise<number>;

/** Runs a command and keeps its exit code. */
export type Run = (act: Act) => Promise<void>;
