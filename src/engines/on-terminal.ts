/** Tells whether a person sits at both ends: what is typed comes in, and what is printed is seen. */
export const onTerminal = (): boolean =>
  process.stdin.isTTY === true && process.stdout.isTTY === true;
