import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { borrowedBytes, readRegular } from '../../src/base/regular-file.ts';
import { temporaryFolder } from '../support/folder.ts';

const most = 100;

describe('readRegular', () => {
  test('reads a file, and has nothing where there is none', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'file');
    writeFileSync(path, 'text');
    expect((await readRegular(path, { most }))?.toString()).toBe('text');
    expect(await readRegular(join(folder, 'none'), { most })).toBeUndefined();
    expect(await readRegular(join(path, 'none'), { most })).toBeUndefined();
  });

  test('follows a link only where that is asked for', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), 'text');
    const link = join(folder, 'link');
    symlinkSync('file', link);
    expect((await readRegular(link, { most, follow: true }))?.toString()).toBe('text');
    await expect(readRegular(link, { most })).rejects.toMatchObject({
      code: 'IO',
      message: expect.stringContaining('is a symbolic link'),
    });
  });

  test.each([true, false])(
    'never waits for a pipe, a socket, a device or a folder',
    async (follow) => {
      const folder = temporaryFolder();
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      mkdirSync(join(folder, 'folder'));
      const server = createServer().listen(join(folder, 'socket'));
      await new Promise((resolve) => server.once('listening', resolve));
      const paths = ['pipe', 'folder', 'socket'].map((name) => join(folder, name));
      for (const path of [...paths, '/dev/zero', '/dev/tty']) {
        await expect(readRegular(path, { most, follow }), path).rejects.toMatchObject({
          code: 'IO',
        });
      }
      server.close();
    },
  );

  test('follows no link to a pipe or a device, even where links are followed', async () => {
    const link = join(temporaryFolder(), 'link');
    symlinkSync('/dev/zero', link);
    await expect(readRegular(link, { most, follow: true })).rejects.toMatchObject({
      message: expect.stringContaining('is a device'),
    });
  });

  test('says how large a file is and how large it may be, and does not read it', async () => {
    const path = join(temporaryFolder(), 'file');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 40);
    await expect(readRegular(path, { most })).rejects.toMatchObject({
      code: 'IO',
      message: expect.stringMatching(/1099511627776 bytes, and at most 100 are read/),
    });
  });
});

describe('borrowedBytes', () => {
  const path = () => join(temporaryFolder(), 'file');
  /** Two whole pieces and a part of a third. */
  const bytes = Buffer.from(
    Array.from({ length: 1_200_000 }, (_, at) => (at * 7 + at / 999) % 256),
  );

  test('passes the bytes of a range on, piece by piece, whatever its ends', async () => {
    const file = path();
    writeFileSync(file, bytes);
    for (const [offset, size] of [
      [0, bytes.length],
      [3, bytes.length - 5],
      [600_000, 0],
      [524_288, 524_288],
      [bytes.length - 1, 1],
    ] as const) {
      const chunks: Buffer[] = [];
      for await (const chunk of borrowedBytes(file, { offset, size })) {
        chunks.push(Buffer.from(chunk));
      }
      expect(Buffer.concat(chunks).equals(bytes.subarray(offset, offset + size))).toBe(true);
    }
  });

  test('ends with a file that is shorter than its range, and early where nobody reads on', async () => {
    const file = path();
    writeFileSync(file, bytes);
    let length = 0;
    for await (const chunk of borrowedBytes(file, { offset: 10, size: 2 * bytes.length })) {
      length += chunk.length;
    }
    expect(length).toBe(bytes.length - 10);
    for await (const _ of borrowedBytes(file, { offset: 0, size: bytes.length })) break;
  });

  test('is interrupted between two pieces, and follows no link', async () => {
    const file = path();
    writeFileSync(file, bytes);
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _ of borrowedBytes(
        file,
        { offset: 0, size: bytes.length },
        controller.signal,
      )) {
        controller.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const link = path();
    symlinkSync(file, link);
    const other = borrowedBytes(link, { offset: 0, size: 1 });
    await expect(other.next()).rejects.toMatchObject({ code: 'IO' });
  });
});
