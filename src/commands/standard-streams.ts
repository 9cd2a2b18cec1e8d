/**
 * Watches stdout and stderr for failed writes, which would otherwise end the process with a stack.
 * A reader that has gone (`| head`) is none of our business; a full disk under `> file` is: then
 * `failure` tells, because a command whose result was lost has not succeeded.
 */
export function watchStandardStreams(): { failure(): Error | undefined } {
  let failure: Error | undefined;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') failure ??= error;
    });
  }
  return { failure: () => failure };
}

/** Resolves when everything written so far has left the process, or never will. */
export async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
}
