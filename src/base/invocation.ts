/** The surroundings in which a command was called. Only commands/ read it from the process. */
export interface Invocation {
  /** Paths start from it; absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The time against which signatures and ages are checked; no byte of an output depends on it. */
  readonly now: Date;
}
