import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readAlpmDatabase } from '../../../src/packages/alpm/database.ts';
import { rootfsView } from '../../../src/rootfs/view.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { sha256Of } from '../../support/store.ts';
import { file } from '../../support/tar.ts';

const folder = 'var/lib/pacman/local/bash-5.2-1';
const desc = `%NAME%\nbash\n\n%VERSION%\n5.2-1\n\n%BASE%\nbash\n\n%ARCH%\nx86_64\n\n%LICENSE%\nMIT\n0BSD\n\n%PACKAGER%\nP <p@example.org>\n\n`;
const files =
  '%FILES%\nusr/\nusr/bin/\nusr/bin/bash\nusr/bin/sh\netc/bash.conf\n\n%BACKUP%\netc/bash.conf\td41d8\n\n';
const mtree = `#mtree\n/set type=file uid=0 gid=0 mode=644\n./usr/bin/bash sha256digest=${sha256Of('bash')}\n./usr/bin/sh type=link link=bash\n./etc/bash.conf sha256digest=${sha256Of('')}\n`;

const packed = (path: string, text: string): Entry => {
  const bytes = gzipSync(text);
  return { ...file(path), size: bytes.length, content: { bytes } } as Entry;
};

const database = (changes: Readonly<Record<string, string>> = {}) => {
  const texts = { desc, files, mtree, ...changes };
  return readAlpmDatabase(
    rootfsView([
      file(`${folder}/desc`, texts.desc),
      file(`${folder}/files`, texts.files),
      packed(`${folder}/mtree`, texts.mtree),
    ]),
  );
};

describe('pacman’s database', () => {
  test('says what is installed, and which bytes are whose', async () => {
    const [bash] = (await database()) ?? [];
    expect(bash?.record).toMatchObject({
      kind: 'alpm',
      name: 'bash',
      version: '5.2-1',
      architecture: 'x86_64',
      licence: 'MIT AND 0BSD',
    });
    expect(bash?.claims('c')).toEqual([
      {
        component: 'c',
        path: 'usr/bin/bash',
        expected: { type: 'file', algorithm: 'sha256', digest: sha256Of('bash') },
      },
      { component: 'c', path: 'usr/bin/sh', expected: { type: 'symlink', target: 'bash' } },
      // An administrator may change it.
      { component: 'c', path: 'etc/bash.conf', expected: { type: 'name' } },
    ]);
  });

  test('is none where there is none', async () => {
    expect(await readAlpmDatabase(rootfsView([]))).toBeUndefined();
  });

  test.each([
    ['no name', { desc: '%VERSION%\n1-1\n' }],
    ['lines under no field', { files: 'usr/bin/bash\n' }],
    ['an .MTREE that is none', { mtree: 'no' }],
  ])('with %s is refused', async (_, changes) => {
    await expect(database(changes)).rejects.toThrow(SyntaxError);
  });
});
