import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decompress } from '../../src/tar/decompress.ts';

/** Compressions that the packers of today do not use, each by the program that makes them. */
const programs = [
  ['bz2', ['bzip2', '-c']],
  ['bz2', ['bzip2', '-1c']],
  ['lzma', ['xz', '--format=lzma', '-c']],
  ['lzma', ['xz', '--format=lzma', '--lzma1=dict=4096,lc=0,lp=2,pb=1', '-c']],
  ['xz', ['xz', '--check=sha256', '--block-size=40000', '-c']],
  ['xz', ['xz', '--check=sha256', '-0c']],
] as const;

type Form = (typeof programs)[number][0];

const packed = ([program, ...args]: readonly string[], input: Uint8Array): Buffer =>
  execFileSync(program!, args, { input, maxBuffer: 2 ** 28 });

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function unpacked(bytes: Uint8Array, form: Form, size = 10_000): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const limits = { maxBytes: 2 ** 28, what: 'test.tar' };
  for await (const part of decompress(pieces(bytes, size), form, limits))
    parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

const samples: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.from('a')],
  ['zeros', Buffer.alloc(910_000)],
  ['noise', randomBytes(110_000)],
  [
    'runs of every length',
    Buffer.concat(Array.from({ length: 600 }, (_, at) => Buffer.alloc(at, at))),
  ],
  ['a program', readFileSync('/bin/sh')],
];

describe.each(programs)('%s of %j', (form, command) => {
  test.each(samples)('comes out as it went in: %s', async (_, bytes) => {
    expect((await unpacked(packed(command, bytes), form)).equals(bytes)).toBe(true);
  });

  const sample = Buffer.concat([randomBytes(3000), Buffer.alloc(90_000, 'abcdef')]);

  test('is refused when it is cut, when a bit is flipped, and when something follows it', async () => {
    const bytes = packed(command, sample);
    const refused = { code: 'ARCHIVE_REFUSED' };
    for (const length of [0, 4, 12, 20, bytes.length >> 1, bytes.length - 1]) {
      await expect(unpacked(bytes.subarray(0, length), form)).rejects.toMatchObject(refused);
    }
    const more = Buffer.concat([bytes, Buffer.from('more')]);
    await expect(unpacked(more, form)).rejects.toMatchObject(refused);
    // LZMA has no checksum; a package has one.
    if (form === 'lzma') return;
    for (let at = 0; at < bytes.length; at += bytes.length >> 4) {
      const other = Buffer.from(bytes);
      other[at]! ^= 1 << (at % 8);
      const outcome = await unpacked(other, form).catch((error) => error);
      expect(Buffer.isBuffer(outcome) && !outcome.equals(sample), `byte ${at}`).toBe(false);
    }
  });

  test('of arbitrary bytes is refused with a code, and ends', async () => {
    const start = packed(command, sample).subarray(0, 40);
    const bytes = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.nat(40), async (rest, kept) => {
        const input = Buffer.concat([start.subarray(0, kept), rest]);
        const outcome = await unpacked(input, form, 7).catch((error) => error.code);
        expect(Buffer.isBuffer(outcome) || outcome === 'ARCHIVE_REFUSED').toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
