import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeByHandle } from '../../src/store/removal/by-handle.ts';
import { removeByPath } from '../../src/store/removal/by-path.ts';
import { temporaryFolder } from '../support/folder.ts';

const ways = [
  ['by handle', removeByHandle],
  ['by path', removeByPath],
] as const;

test.each(ways)('a tree is removed %s, with folders that nobody may enter', async (_, remove) => {
  const tree = join(temporaryFolder(), 'tree');
  mkdirSync(join(tree, 'closed'), { recursive: true });
  writeFileSync(Buffer.concat([Buffer.from(`${tree}/closed/`), Buffer.from([0xff])]), '');
  mkdirSync(join(tree, 'closed', 'below'), { mode: 0 });
  expect(await remove(tree)).toBe(true);
  expect(existsSync(tree)).toBe(false);
});

test.each(ways)('a link is removed %s, and what it leads to stays', async (_, remove) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'tree'));
  mkdirSync(join(folder, 'elsewhere'));
  writeFileSync(join(folder, 'elsewhere/file'), '');
  symlinkSync('../elsewhere', join(folder, 'tree/link'));
  expect(await remove(join(folder, 'tree'))).toBe(true);
  expect(existsSync(join(folder, 'elsewhere/file'))).toBe(true);
});

test.each(ways)('what is not there is as good as removed %s', async (_, remove) => {
  expect(await remove(join(temporaryFolder(), 'absent'))).toBe(true);
});
