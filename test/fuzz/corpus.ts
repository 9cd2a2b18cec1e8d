import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256OfBytes } from '../../src/base/hash.ts';

/** Larger inputs are not kept: the whole corpus has to stay small. */
export const mostKept = 2048;

const nameOf = (input: Uint8Array): string => sha256OfBytes(input).slice(0, 12);

/** Reads the kept inputs of a reader, in the order of their names. */
export function kept(folder: string, reader: string): Buffer[] {
  const own = join(folder, reader);
  if (!existsSync(own)) return [];
  return readdirSync(own)
    .sort()
    .map((name) => readFileSync(join(own, name)));
}

/** Keeps an input of a reader under the hash of its bytes; returns its path. */
export function keep(folder: string, reader: string, input: Uint8Array): string {
  const own = join(folder, reader);
  mkdirSync(own, { recursive: true });
  const file = join(own, nameOf(input));
  writeFileSync(file, input);
  return file;
}

/** Writes an input that broke something; returns its path. */
export function report(folder: string, reader: string, input: Uint8Array): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${reader}-${nameOf(input)}`);
  writeFileSync(file, input);
  return file;
}
