import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRegular } from '../../src/base/regular-file.ts';
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
