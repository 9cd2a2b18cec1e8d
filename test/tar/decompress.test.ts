import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { type Compression, decompress } from '../../src/tar/decompress.ts';
import { compressed } from '../support/deb.ts';

const forms = ['xz', 'gz', 'zst', 'none'] as const;
const mebibyte = 1024 * 1024;

/** The bytes in pieces of one size. */
async function* pieces(bytes: Uint8Array, size = 10_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function unpacked(
  source: AsyncIterable<Uint8Array>,
  form: Compression,
  maxBytes = 1024 * mebibyte,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of decompress(source, form, { maxBytes, what: 'test.tar' }))
    parts.push(part);
  return Buffer.concat(parts);
}

/** Compressible, and longer than a few blocks and windows of each format. */
const sample = Buffer.concat([
  randomBytes(300_000),
  Buffer.alloc(9 * mebibyte, 'abcdef'),
  randomBytes(5),
]);

describe.each(forms)('%s', (form) => {
  test('may be left before its end, and the next one is decoded all the same', async () => {
    for (const content of [Buffer.from('short'), sample]) {
      const bytes = compressed(content, form);
      for await (const chunk of decompress(pieces(bytes), form, { maxBytes: 2 ** 40, what: 'x' })) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect((await unpacked(pieces(bytes), form)).equals(content)).toBe(true);
    }
  });

  test('comes out as it went in, whatever the size of the pieces', async () => {
    const bytes = compressed(sample, form);
    expect((await unpacked(pieces(bytes), form)).equals(sample)).toBe(true);
    expect((await unpacked(pieces(bytes, bytes.length), form)).equals(sample)).toBe(true);
  });

  test('of nothing is nothing', async () => {
    expect(await unpacked(pieces(compressed(Buffer.alloc(0), form)), form)).toHaveLength(0);
  });

  test('stops at the limit', async () => {
    const bytes = compressed(Buffer.alloc(4 * mebibyte), form);
    await expect(unpacked(pieces(bytes), form, mebibyte)).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining('more than 1048576 bytes'),
    });
  });

  test("passes the source's own error on", async () => {
    async function* failing() {
      yield compressed(sample, form).subarray(0, 1000);
      throw new MkbaseError({ code: 'SOURCE_CORRUPT', message: 'the blob was damaged' });
    }
    await expect(unpacked(failing(), form)).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' });
  });

  test('can be left early and used again', async () => {
    const bytes = compressed(sample, form);
    for await (const _ of decompress(pieces(bytes), form, { maxBytes: 2 ** 30, what: 'x' })) break;
    expect((await unpacked(pieces(bytes), form)).equals(sample)).toBe(true);
  });

  test('stops when the build is stopped', async () => {
    const bytes = compressed(sample, form);
    const limits = { maxBytes: 2 ** 30, what: 'x', signal: AbortSignal.abort() };
    const reading = (async () => {
      for await (const _ of decompress(pieces(bytes), form, limits));
    })();
    await expect(reading).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe.each(['xz', 'gz', 'zst'] as const)('%s', (form) => {
  const refused = expect.objectContaining({ code: 'ARCHIVE_REFUSED', hint: expect.any(String) });

  test('that is cut anywhere is refused', async () => {
    const bytes = compressed(Buffer.from('some text '.repeat(50)), form);
    const cut = fc.integer({ min: 0, max: bytes.length - 1 });
    await fc.assert(
      fc.asyncProperty(cut, async (length) => {
        await expect(unpacked(pieces(bytes.subarray(0, length)), form)).rejects.toEqual(refused);
      }),
      { numRuns: 40 },
    );
  });

  test('that is something else is refused', async () => {
    await expect(unpacked(pieces(Buffer.from('<html>no archive</html>')), form)).rejects.toEqual(
      refused,
    );
  });

  test('that is damaged anywhere is refused with a code, whatever the size of the pieces', async () => {
    const bytes = compressed(randomBytes(300_000), form);
    for (const at of [0, 12, 100, 1000, 100_000, bytes.length - 5]) {
      const damaged = Buffer.from(bytes).fill(0xff, at, at + 3);
      const outcome = await unpacked(pieces(damaged, 700), form).catch((error: unknown) => error);
      // A stored block of zstd may hold anything, and only its hash in the lock tells.
      if (form !== 'zst' || !Buffer.isBuffer(outcome)) expect(outcome, `at ${at}`).toEqual(refused);
    }
  });

  test.each([
    ['behind it', Buffer.from('more')],
    ['behind zeros', Buffer.from('\0\0\0\0more')],
    ['behind many zeros', Buffer.concat([Buffer.alloc(100_000), Buffer.from('more')])],
  ])('with bytes %s is refused, whatever the size of the pieces', async (_, more) => {
    const bytes = Buffer.concat([compressed(Buffer.from('some text'), form), more]);
    for (const size of [7, 700, bytes.length]) {
      await expect(unpacked(pieces(bytes, size), form), `${size}`).rejects.toEqual(refused);
    }
  });

  test('that grows beyond all measure is refused long before its end', async () => {
    const bomb = compressed(Buffer.alloc(80 * mebibyte), form);
    let size = 0;
    const reading = (async () => {
      for await (const { length } of decompress(pieces(bomb, 512), form, {
        maxBytes: 2 ** 40,
        what: 'bomb',
      })) {
        size += length;
      }
    })();
    await expect(reading).rejects.toEqual(refused);
    expect(size).toBeLessThan(70 * mebibyte);
  });
});

test('gz with zeros behind it, or of several members, is whole', async () => {
  const [one, two] = ['one', 'two'].map((text) => compressed(Buffer.from(text), 'gz'));
  const bytes = Buffer.concat([one!, two!, Buffer.alloc(70_000)]);
  for (const size of [7, 700, bytes.length]) {
    expect((await unpacked(pieces(bytes, size), 'gz')).toString()).toBe('onetwo');
  }
});

describe('zst', () => {
  test('of blocks that stand for much is decoded one block at a time', async () => {
    const bomb = compressed(Buffer.alloc(40 * mebibyte), 'zst');
    let largest = 0;
    for await (const { length } of decompress(pieces(bomb, bomb.length), 'zst', {
      maxBytes: 2 ** 40,
      what: 'x',
    })) {
      largest = Math.max(largest, length);
    }
    expect(largest).toBeLessThanOrEqual(128 * 1024);
  });

  test('with a window too large to hold in memory is refused', async () => {
    const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0x01, 0x00, 0x00]);
    await expect(unpacked(pieces(header), 'zst')).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      cause: expect.objectContaining({ message: expect.stringContaining('window') }),
    });
  });
});
