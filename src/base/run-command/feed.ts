import type { ResultPromise } from 'execa';

/**
 * Writes the input to the program's stdin. A program may close its stdin or end early: then the
 * rest is not read. When the input fails, stdin stays open, so that the part is not taken for the
 * whole. Execa's own `input` ends stdin then, and asks for a chunk before the last one was written.
 */
export async function feed(
  input: AsyncIterable<Uint8Array> | string | undefined,
  child: ResultPromise,
): Promise<void> {
  const { stdin } = child;
  if (input === undefined || stdin === null || stdin === undefined) return;
  let closed = false;
  let resume = () => {};
  const close = () => {
    closed = true;
    resume();
  };
  for (const event of ['error', 'close']) stdin.on(event, close);
  void child.finally(close);
  for await (const chunk of typeof input === 'string' ? once(input) : input) {
    if (closed) return;
    // One promise a chunk: racing each against a single long-lived one would keep them all.
    await new Promise<void>((resolve) => {
      resume = resolve;
      stdin.write(chunk, () => resolve());
    });
    if (closed) return;
  }
  stdin.end();
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
