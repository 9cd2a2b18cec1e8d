import { setTimeout as pause } from 'node:timers/promises';

const captureLimit = 1024 * 1024;
const tailLines = 40;
const longestTailLine = 2000;
/** A longer line is handed on in pieces. */
const longestLine = 64 * 1024;
/** Bytes handed on to mkbase's own stderr that may wait for its reader. */
const mostUnwritten = 1024 * 1024;
const congestionMilliseconds = 10;

/**
 * Reads a stream to its end and returns its first 1 MiB as UTF-8. Execa's `maxBuffer` would kill the
 * program that prints more.
 */
export async function firstOutput(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    if (size < captureLimit) kept.push(chunk.subarray(0, captureLimit - size));
    size += chunk.length;
  }
  return Buffer.concat(kept).toString('utf8');
}

/** Waits for the reader of mkbase's stderr: a program that prints more than is read has to wait. */
async function congestion(signal: AbortSignal | undefined): Promise<void> {
  const { stderr } = process;
  // A reader that has gone takes nothing any more, and then nothing is kept for it.
  while (stderr.writableLength > mostUnwritten && !stderr.destroyed && !signal?.aborted) {
    await pause(congestionMilliseconds);
  }
}

/**
 * Hands every line of a stream to `onLine` and returns the last 40. Execa's own lines have no
 * longest length, and a program that prints no newline would fill the memory.
 */
export async function lastLines(
  stream: AsyncIterable<Uint8Array>,
  onLine: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  const tail: string[] = [];
  const decoder = new TextDecoder();
  let rest = '';
  const take = (line: string) => {
    onLine(line);
    tail.push(line.slice(0, longestTailLine));
    if (tail.length > tailLines) tail.shift();
  };
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    parts.forEach(take);
    if (rest.length > longestLine) {
      take(rest);
      rest = '';
    }
    await congestion(signal);
  }
  rest += decoder.decode();
  if (rest !== '') take(rest);
  return tail.join('\n');
}
