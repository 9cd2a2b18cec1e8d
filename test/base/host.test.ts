import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, win32 } from 'node:path';
import { describe, expect, test } from 'vitest';
import { homeFolder, hostName, hostOf, othersMayWrite, withSlashes } from '../../src/base/host.ts';
import { flushFolder, isExecutable, moveTo, openToRead } from '../../src/base/host-files.ts';
import { isRunning, thisProcess } from '../../src/base/host-processes.ts';
import { temporaryFolder } from '../support/folder.ts';

const linux = hostOf('linux');
const macOS = hostOf('darwin');
const windows = hostOf('win32');

test('a system is called as people call it, and as images do', () => {
  expect([linux, macOS, windows].map(({ system }) => system)).toEqual([
    'Linux',
    'macOS',
    'Windows',
  ]);
  expect(hostOf('freebsd').system).toBe('freebsd');
  expect(hostName('win32', 'x64')).toBe('windows/amd64');
  expect(hostName('darwin', 'arm64')).toBe('darwin/arm64');
});

test('paths have slashes wherever they are written down', () => {
  const below = win32.relative('C:\\work\\greet', 'C:\\work\\greet\\src\\a.c');
  expect(withSlashes(below, windows.separator)).toBe('src/a.c');
  expect(withSlashes('a\\b', linux.separator)).toBe('a\\b');
});

test("the home folder is the one in which docker's CLI looks", () => {
  const env = { HOME: '/c/Users/me', USERPROFILE: 'C:\\Users\\me' };
  expect(homeFolder(env, windows)).toBe('C:\\Users\\me');
  expect(homeFolder(env, macOS)).toBe('/c/Users/me');
  expect(homeFolder({}, macOS)).toBe(homedir());
});

test('bits that a system only makes up say nothing of who may write', () => {
  expect(othersMayWrite({ mode: 0o100666 }, linux)).toBe(true);
  expect(othersMayWrite({ mode: 0o100644 }, linux)).toBe(false);
  expect(othersMayWrite({ mode: 0o100666 }, windows)).toBe(false);
});

describe('whether a file is to be run', () => {
  const folder = temporaryFolder();
  const fileOf = async (name: string, text: string, mode: number) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return [path, await lstat(path)] as const;
  };

  test('is said by its bits, where it has any', async () => {
    expect(await isExecutable(...(await fileOf('a', '', 0o755)), macOS)).toBe(true);
    expect(await isExecutable(...(await fileOf('b', '#!/bin/sh\n', 0o644)), macOS)).toBe(false);
  });

  test.each([
    ['a script', '#!/bin/sh\n', true],
    ['a program', '\x7fELF\x02', true],
    ['a text', '# A comment!\n', false],
    ['a short file', '#', false],
    ['an empty file', '', false],
  ])('is said by how %s begins, where it has none', async (name, text, expected) => {
    expect(await isExecutable(...(await fileOf(name, text, 0o644)), windows)).toBe(expected);
  });
});

test('a link is refused where the system has no flag for that, too', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), 'text');
  symlinkSync('file', join(folder, 'link'));
  for (const flag of [undefined, 0]) {
    await expect(openToRead(join(folder, 'link'), false, flag)).rejects.toMatchObject({
      code: 'ELOOP',
    });
    const handle = await openToRead(join(folder, 'file'), false, flag);
    expect(await handle.readFile('utf8')).toBe('text');
    await handle.close();
  }
});

describe('a file that is moved over another', () => {
  const busy = (times: number) => {
    let left = times;
    return async () => {
      left -= 1;
      if (left >= 0) throw Object.assign(new Error('busy'), { code: 'EPERM' });
    };
  };

  test('takes its place', async () => {
    const folder = temporaryFolder();
    for (const name of ['new', 'old']) writeFileSync(join(folder, name), name);
    await moveTo(join(folder, 'new'), join(folder, 'old'), windows);
    expect(await readFile(join(folder, 'old'), 'utf8')).toBe('new');
  });

  test('waits for whoever has it open, where that matters', async () => {
    await moveTo('a', 'b', windows, busy(2));
    await expect(moveTo('a', 'b', macOS, busy(1))).rejects.toThrow('busy');
    await expect(moveTo('a', 'b', windows, busy(100))).rejects.toThrow('busy');
  });
});

test('a folder that cannot be opened is not flushed, and elsewhere that fails where there is none', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'there'));
  await flushFolder(join(folder, 'there'), macOS);
  await flushFolder(join(folder, 'absent'), windows);
  await expect(flushFolder(join(folder, 'absent'), macOS)).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

test('a process is told from one that has ended, with /proc and without', async () => {
  const there = await thisProcess(linux);
  const elsewhere = await thisProcess(macOS);
  expect(elsewhere).toMatchObject({ pid: process.pid, startTime: '0' });
  expect(elsewhere.boot).toMatch(/^[0-9a-f]{12}$/);
  expect(await isRunning(there.pid, there.startTime)).toBe(true);
  expect(await isRunning(there.pid, `${there.startTime}1`)).toBe(false);
  expect(await isRunning(elsewhere.pid, elsewhere.startTime)).toBe(true);
  // Linux gives no process a pid as high as this (proc(5), pid_max).
  expect(await isRunning(2 ** 22 + 1, '0')).toBe(false);
});
