import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import type { Event, Io } from '../../src/base/events.ts';
import { type DownloadLimits, defaultLimits } from '../../src/store/transfer/transfer.ts';
import { temporaryFolder } from './folder.ts';
import { type Faults, type Served, serve } from './http-server.ts';

/** The usual limits without the pauses between attempts. */
export const quickLimits: DownloadLimits = { ...defaultLimits, firstPause: 1 };

export const sha256Of = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Bytes that look random and are the same for the same seed. */
export function patternBytes(size: number, seed = 'seed'): Buffer {
  const block = createHash('sha512').update(seed).digest();
  const bytes = Buffer.alloc(size);
  for (let at = 0, turn = 0; at < size; at += block.length, turn++) {
    block.writeUInt32LE(turn);
    block.copy(bytes, at);
  }
  return bytes;
}

/** An Io that remembers what was emitted. */
export function recordingIo(signal: AbortSignal = new AbortController().signal) {
  const events: Event[] = [];
  const io: Io = { emit: (event) => void events.push(event), signal };
  return { io, events };
}

/** A server that is closed after the test. */
export async function serving(served: Served, faults: Faults = {}) {
  const server = await serve(served, faults);
  onTestFinished(() => server.close());
  return server;
}

/** Everything that lies in a store, as paths below it, sorted. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const below = (path: string) => path.slice(folder.length + 1);
  return files.map(({ parentPath, path, name }) => below(join(parentPath ?? path, name))).sort();
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Bundles a TypeScript program out of the `children` of a room's tests, for `node` to run; resolves to its path. */
export async function bundleChild(name: string, room = 'store'): Promise<string> {
  const outfile = join(temporaryFolder(), `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, '..', room, 'children', `${name}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}
