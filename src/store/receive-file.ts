import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { tooLarge, unreachable } from './failure.ts';
import { showUrl } from './show-url.ts';
import type { Received, Transfer } from './transfer.ts';

/** Copies what a file URL names, which must be a regular file: a device or a pipe might never end. */
export async function receiveFile(
  { sink, maxBytes }: Transfer,
  url: URL,
  signal: AbortSignal,
): Promise<Received> {
  const where = showUrl(url);
  const path = await regularFile(url).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw unreachable(`${where}: ${reason}.`, { again: false, cause: error, hint: fileHint });
  });
  if (sink.size() > 0) sink.restart();
  for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Uint8Array>) {
    if (sink.size() + chunk.length > maxBytes) throw tooLarge(where, maxBytes);
    sink.append(chunk);
  }
  return { doubtful: false };
}

const fileHint = 'Check the path and its permissions.';

async function regularFile(url: URL): Promise<string> {
  const path = fileURLToPath(url);
  if (!(await stat(path)).isFile()) throw new Error('not a regular file');
  return path;
}
