import { expect, test } from 'vitest';
import { checkInstalled } from '../../../src/kinds/pacman/check-installed.ts';
import { settleDatabase } from '../../../src/kinds/pacman/settled.ts';
import { file } from '../../support/tar.ts';

const folder = 'var/lib/pacman/local/bash-5.2-1';
const desc = (time: number) =>
  `%NAME%\nbash\n\n%VERSION%\n5.2-1\n\n%ARCH%\nany\n\n%DESC%\nGrüße\n\n%INSTALLDATE%\n${time}\n\n`;

test('a record of pacman has the epoch as the time of installation, and nothing else changes', async () => {
  const tree = [
    file(`${folder}/desc`, desc(1_795_000_000)),
    file('usr/desc', desc(1_795_000_000)),
    file('var/lib/pacman/sync/core.db', 'x'),
  ];
  expect(await settleDatabase(tree, 7)).toEqual([file(`${folder}/desc`, desc(7)), tree[1]]);
});

test('a database that says otherwise than the lock is refused by name', async () => {
  const tree = [file(`${folder}/desc`, desc(7))];
  const locked = (name: string) => ({ packages: [{ name, version: '5.2-1', arch: 'any' }] });
  await checkInstalled(tree, locked('bash') as never);
  await expect(checkInstalled(tree, locked('zsh') as never)).rejects.toMatchObject({
    code: 'BUILD_OUTPUT',
    message: expect.stringMatching(/missing zsh 5\.2-1 any\n {2}added {3}bash 5\.2-1 any/),
  });
});

test.each([
  ['desc', '%NAME%\nbash\n\n'],
  ['desc', 'a script wrote this'],
  ['files', 'a script wrote this'],
])('a database whose %s a script has damaged is refused by name', async (name, text) => {
  const tree = [file(`${folder}/desc`, desc(7)), file(`${folder}/${name}`, text)];
  const last = new Map(tree.map((entry) => [entry.path, entry]));
  await expect(checkInstalled([...last.values()], { packages: [] } as never)).rejects.toMatchObject(
    {
      code: 'BUILD_OUTPUT',
      message: expect.stringContaining("pacman's database cannot be read"),
    },
  );
});
