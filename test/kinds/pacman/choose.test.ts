import { expect, test } from 'vitest';
import { proposedBy } from '../../../src/kinds/pacman/choose.ts';
import { readSyncDatabase } from '../../../src/packages/alpm/sync-database.ts';
import { repoAddDatabase } from '../../support/alpm.ts';

const database = async () => {
  const info = { pkgname: ['bash'], pkgver: ['5.2-1'], arch: ['any'] };
  const built = { file: 'bash-5.2-1-any.pkg.tar.zst', bytes: Buffer.from('x'), info };
  return [await readSyncDatabase(await repoAddDatabase([built]), 'core', 'core.db')];
};

test('what pacman names is found in the database', async () => {
  expect(proposedBy('core bash 5.2-1\n', await database())).toMatchObject([{ name: 'bash' }]);
});

test.each(['core bash 5.3-1', 'extra bash 5.2-1', 'core zsh 1-1', 'core bash 5.2-1 more', 'bash'])(
  'the answer %j is refused',
  async (line) => {
    const databases = await database();
    expect(() => proposedBy(line, databases)).toThrow('cannot be understood');
  },
);
