import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Compression, decompress, type OldCompression } from '../../../src/tar/decompress.ts';
import { compressed } from '../../support/deb.ts';
import { otherPrograms, type Program } from '../other-programs.ts';
import { type Accepted, Finding, type Reader } from '../reader.ts';
import { streamed } from './bytes.ts';

const maxBytes = 8 * 1024 * 1024;

/** Bytes that compress well, not at all, and to nothing. */
const contents = [
  Buffer.from('a small text, a small text, a small text\n'.repeat(40)),
  Buffer.from(Array.from({ length: 600 }, (_, at) => (at * 7919 + (at >> 3) * 31) % 256)),
  Buffer.alloc(0),
  Buffer.alloc(100_000),
];

async function unpack(input: Buffer, compression: Compression | OldCompression) {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of decompress(streamed(input), compression, { maxBytes, what: 'input' })) {
    size += chunk.length;
    hash.update(chunk);
  }
  if (size > maxBytes) throw new Finding(`it unpacks to ${size} bytes, more than the limit`);
  return { sha256: hash.digest('hex'), size };
}

/**
 * Python may refuse what is accepted as .xz: XZ Embedded does not look at the first byte of a range coder,
 * which decides nothing. Another content is always a difference.
 */
const comparison =
  (program: Program) =>
  async (accepted: readonly Accepted[]): Promise<(string | undefined)[]> => {
    const differences: (string | undefined)[] = [];
    for (const { input, meaning } of accepted) {
      const [one, other] = [meaning, await otherPrograms().ask(program, input)].map((each) =>
        JSON.stringify(each),
      );
      const differs = one !== other && !(program === 'xz' && other?.startsWith('"'));
      differences.push(differs ? `Python unpacks it otherwise: ${one} ${other}` : undefined);
    }
    return differences;
  };

const readerOf = (compression: 'gz' | 'xz' | 'zst'): Reader => ({
  name: compression,
  form: 'bytes',
  seeds: async () =>
    compression === 'gz'
      ? [...contents.map((each) => gzipSync(each)), gzipSync('x', { level: 0 })]
      : contents.map((each) => compressed(each, compression)),
  read: (input) => unpack(input, compression),
  ...(compression !== 'zst' && {
    compare: comparison(compression),
    close: () => otherPrograms().close(),
  }),
});

/** Compressions that only old packages have, each by the program that makes them. */
const oldReader = (name: OldCompression, program: readonly [string, ...string[]]): Reader => ({
  name,
  form: 'bytes',
  seeds: async () =>
    contents.map((input) => execFileSync(program[0], program.slice(1), { input, stdio: 'pipe' })),
  read: (input) => unpack(input, name),
});

export const compressions: readonly Reader[] = [
  ...[readerOf('gz'), readerOf('xz'), readerOf('zst')],
  oldReader('bz2', ['bzip2', '-1c']),
  oldReader('lzma', ['xz', '--format=lzma', '-0c']),
];
