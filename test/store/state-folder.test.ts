import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  listState,
  readState,
  removeState,
  stateFolder,
  writeState,
} from '../../src/store/state-folder.ts';
import { temporaryFolder } from '../support/folder.ts';

const name = 'builders/one.json';
let folder: string;
beforeEach(() => {
  folder = join(temporaryFolder(), 'state/mkbase');
});

test('the state folder is below XDG_STATE_HOME', () => {
  expect(stateFolder({ XDG_STATE_HOME: '/var/state', HOME: '/home/a' })).toBe('/var/state/mkbase');
});

test.each([undefined, '', 'relative/path', './here'])(
  'with XDG_STATE_HOME %j it is below ~/.local/state',
  (value) => {
    const env = { XDG_STATE_HOME: value, HOME: '/home/a' };
    expect(stateFolder(env)).toBe('/home/a/.local/state/mkbase');
  },
);

test('what is written is read again, listed, replaced and removed', async () => {
  await writeState(folder, name, 'old');
  await writeState(folder, name, 'new');
  expect(await readState(folder, name)).toBe('new');
  expect(await listState(folder, 'builders')).toEqual(['one.json']);
  expect(readdirSync(join(folder, 'builders'))).toEqual(['one.json']);
  await removeState(folder, name);
  await removeState(folder, name);
  expect(await readState(folder, name)).toBeUndefined();
  expect(await listState(folder, 'builders')).toEqual([]);
});

test('nobody but the owner can read it, whatever the umask', async () => {
  const before = process.umask(0);
  try {
    await writeState(folder, name, 'text');
  } finally {
    process.umask(before);
  }
  const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8);
  expect(mode(join(folder, name))).toBe('600');
  expect([folder, join(folder, 'builders')].map(mode)).toEqual(['700', '700']);
});

test('where there is nothing there is nothing to read', async () => {
  expect(await readState(folder, name)).toBeUndefined();
  expect(await readState('/dev/null/mkbase', name)).toBeUndefined();
  expect(await listState(folder, 'builders')).toEqual([]);
});

test('a folder in which nothing can be made is told when something is written', async () => {
  await expect(writeState('/proc/mkbase', name, 'text')).rejects.toMatchObject({
    code: 'IO',
    message: expect.stringContaining('/proc/mkbase'),
  });
});

describe('what another could have written is refused, with its path and a way out', () => {
  const refusal = (path: string, problem: string) => ({
    code: 'IO',
    message: expect.stringMatching(new RegExp(`^${path} is not believed: ${problem}`)),
    hint: expect.stringContaining('XDG_STATE_HOME'),
  });
  const file = () => join(folder, name);
  beforeEach(() => writeState(folder, name, 'text'));

  test.each([
    ['a symbolic link', 'it is a symbolic link', () => symlinkSync('/etc/hostname', file())],
    ['a link that leads nowhere', 'it is a symbolic link', () => symlinkSync('gone', file())],
    ['a folder', 'it is no file', () => mkdirSync(file())],
    ['a pipe, which nobody waits for', 'it is no file', () => execFileSync('mkfifo', [file()])],
    [
      'a file that others can write',
      'others can write it .mode 0622.',
      () => {
        writeFileSync(file(), 'text');
        chmodSync(file(), 0o622);
      },
    ],
    [
      'a file beyond any size',
      'it has 4194305 bytes',
      () => writeFileSync(file(), Buffer.alloc(4 * 1024 ** 2 + 1)),
    ],
  ])('%s', async (_, problem, put) => {
    await removeState(folder, name);
    put();
    await expect(readState(folder, name)).rejects.toMatchObject(refusal(file(), problem));
  });

  test.each([
    ['the folder', () => folder],
    ['a folder in it', () => dirname(file())],
  ])('%s, when others can write there', async (_, path) => {
    chmodSync(path(), 0o770);
    const expected = refusal(path(), 'others can write it');
    await expect(readState(folder, name)).rejects.toMatchObject(expected);
    await expect(writeState(folder, name, 'text')).rejects.toMatchObject(expected);
    await expect(removeState(folder, name)).rejects.toMatchObject(expected);
    await expect(listState(folder, 'builders')).rejects.toMatchObject(expected);
  });

  test('the folder, when it is a link', async () => {
    const link = join(dirname(folder), 'link');
    symlinkSync(folder, link);
    const expected = refusal(link, 'it is a symbolic link');
    await expect(readState(link, name)).rejects.toMatchObject(expected);
  });

  test.runIf(process.getuid?.() === 0)('a file or folder of another user', async () => {
    chownSync(file(), 60123, 60123);
    await expect(readState(folder, name)).rejects.toMatchObject(
      refusal(file(), 'it belongs to user 60123, and this is user 0'),
    );
    chownSync(folder, 60123, 60123);
    await expect(readState(folder, name)).rejects.toMatchObject(
      refusal(folder, 'it belongs to user 60123'),
    );
  });
});
