import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compress } from '../../../src/image/compress/compress.ts';
import { decompress } from '../../../src/tar/decompress.ts';
import { compressible, noise } from '../../support/compressible.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { collect, streamOf } from '../../support/tar.ts';

const folder = temporaryFolder();

/** Each with the program that knows best, and what our own reader calls it. */
const kinds = [
  ['gzip', 'gzip', 'gz'],
  ['zstd', 'zstd', 'zst'],
] as const;

type Kind = (typeof kinds)[number][0];

const compressed = (bytes: Uint8Array, kind: Kind, chunkSize = 100_000) =>
  collect(compress(streamOf(bytes, chunkSize), kind));

/** As the program on this machine reads it. */
const unpacked = (program: string, bytes: Uint8Array): Buffer =>
  execFileSync(program, ['-dc'], { input: bytes, maxBuffer: 1e9 });

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.each(kinds)('%s', (kind, program, format) => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.from('x')],
    ['zeros', Buffer.alloc(3_000_000)],
    ['noise', noise(300_000)],
    [
      'noise between words',
      Buffer.concat([compressible(90_000), noise(200_000), compressible(1e5)]),
    ],
    ['the like of files', compressible(3_000_000)],
  ])(`${program} unpacks %s`, async (_, bytes) => {
    expect(unpacked(program, await compressed(bytes, kind)).equals(bytes)).toBe(true);
  });

  test('our own reader unpacks it too', async () => {
    const bytes = compressible(1_000_000);
    const packed = await compressed(bytes, kind);
    async function* stream() {
      yield packed;
    }
    const limits = { maxBytes: bytes.length, what: kind };
    expect((await collect(decompress(stream(), format, limits))).equals(bytes)).toBe(true);
  });

  test('unpacks to what went in, whatever that is and however it was cut', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .tuple(fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.nat(3000))
        .map(([unit, times]) => Buffer.alloc(unit.length * times, unit)),
    );
    const input = fc.array(piece, { maxLength: 8 }).map((pieces) => Buffer.concat(pieces));
    await fc.assert(
      fc.asyncProperty(input, fc.integer({ min: 1, max: 5000 }), async (bytes, chunkSize) => {
        const packed = await compressed(bytes, kind, chunkSize);
        expect(unpacked(program, packed).equals(bytes)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('is the same however the input is cut', async () => {
    const bytes = compressible(400_000);
    const once = await compressed(bytes, kind, bytes.length);
    for (const size of [999, 65_536]) {
      expect((await compressed(bytes, kind, size)).equals(once)).toBe(true);
    }
  });

  test('passes on what the source throws', async () => {
    async function* failing() {
      yield Buffer.from('x');
      throw new Error('the disk is gone');
    }
    await expect(collect(compress(failing(), kind))).rejects.toThrow('the disk is gone');
  });

  test('stays flat in memory', async () => {
    const script = join(folder, `${kind}.mjs`);
    await build({
      stdin: {
        resolveDir: import.meta.dirname,
        loader: 'ts',
        contents: `
          import { readFileSync } from 'node:fs';
          import { compress } from '../../../src/image/compress/compress.ts';
          import { compressible } from '../../support/compressible.ts';
          const bytes = compressible(1_000_000);
          async function* source() {
            for (let times = 0; times < 60; times++) yield bytes;
          }
          for await (const _ of compress(source(), ${JSON.stringify(kind)}));
          process.stdout.write(readFileSync('/proc/self/status'));
        `,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: script,
    });
    // Not getrusage(2), which counts the process that this one was forked from.
    const status = execFileSync(process.execPath, [script], { encoding: 'utf8' });
    const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
    expect(Number(peak)).toBeLessThan(150 * 1024);
  });
});

/**
 * What comes out may change only with a version of mkbase that says so: somebody compares these bytes
 * with those of another machine and another Node.
 */
test.each([
  ['gzip', '1e64217f688a2157e1ac5a5f379a56f0af3435bf3a965868237ad05e1025ab30'],
  ['zstd', '9072c73db4fcf6fc9d8a43d8ea6e5ff470f4d59ca4be69e6c8a2a817c3ca0cb6'],
] as const)('%s gives the bytes that it gave before', async (kind, before) => {
  expect(sha256(await compressed(compressible(1_000_000), kind))).toBe(before);
});

test('gzip names neither a time nor a file', async () => {
  const header = (await compressed(Buffer.from('x'), 'gzip')).subarray(0, 10);
  // RFC 1952, 2.3: magic, deflate, no flags, no time, no extra flags, Unix.
  expect(header.toString('hex')).toBe('1f8b0800000000000003');
});
