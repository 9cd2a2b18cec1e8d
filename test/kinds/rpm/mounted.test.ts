import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withMounted } from '../../../src/kinds/rpm/mounted.ts';
import type { LockedRpm, LockedRpms } from '../../../src/packages/rpm/locked-rpms.ts';
import type { StepContext } from '../../../src/steps/builder.ts';
import { openStore } from '../../../src/store/store.ts';
import { readContent } from '../../../src/tar/content.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { rpmFile, type TestFile } from '../../support/rpm/writer.ts';
import { quickLimits, recordingIo, sha256Of } from '../../support/store.ts';
import { directory, file } from '../../support/tar.ts';

const epoch = 9;

/** Returns a tree with what packages of these files bring at the paths that an engine mounts. */
async function joined(...packages: (readonly TestFile[])[]) {
  const folder = temporaryFolder();
  const { io } = recordingIo();
  const store = await openStore(join(folder, 'cache'), quickLimits);
  const locked: Pick<LockedRpm, 'name' | 'version' | 'sha256'>[] = [];
  for (const [at, files] of packages.entries()) {
    const bytes = await rpmFile({ files });
    const sha256 = sha256Of(bytes);
    await store.write(
      (async function* () {
        yield bytes;
      })(),
      sha256,
    );
    locked.push({ name: `package-${at}`, version: '1-1', sha256 });
  }
  mkdirSync(join(folder, 'work'));
  const context = { store, folder: join(folder, 'work') } as unknown as StepContext;
  const tree = [directory('dev', { mtime: 3 }), directory('etc'), file('etc/passwd', 'own')];
  return withMounted(tree, { packages: locked } as unknown as LockedRpms, epoch, context, io);
}

const folderOf = (path: string): TestFile => ({ path, mode: 0o040555 });

test('a tree gets what packages bring at the paths that an engine mounts, and nothing else of them', async () => {
  const tree = await joined(
    [folderOf('/proc'), folderOf('/dev'), { path: '/etc/hosts', content: 'first\n' }],
    [
      { path: '/etc/hosts', content: 'second\n' },
      { path: '/etc/passwd', content: 'theirs' },
    ],
    [{ path: '/usr/bin/program', content: 'program' }],
  );
  expect(tree.map(({ path, mode, mtime }) => `${path} ${mode.toString(8)} ${mtime}`)).toEqual([
    expect.stringMatching(/^etc 755/),
    expect.stringMatching(/^etc\/passwd 644/),
    ...['dev 555 9', 'etc/hosts 644 1700000000', 'proc 555 9'],
  ]);
  const hosts = tree.find(({ path }) => path === 'etc/hosts');
  expect(hosts?.type === 'file' && (await readContent(hosts.content)).toString()).toBe('first\n');
});

test('a file there that is not root’s is refused with the package’s name', async () => {
  const files = [{ path: '/etc/resolv.conf', content: 'x', user: 'network' }];
  await expect(joined([], files)).rejects.toMatchObject({
    code: 'BUILD_OUTPUT',
    message: expect.stringMatching(
      /^package-1-1-1 gives \/etc\/resolv\.conf, .* to network:root\./,
    ),
  });
});

test('a package whose list of files two readers could read in two ways is refused by its name', async () => {
  const twice = { path: '/etc/hosts', content: 'x' };
  await expect(joined([twice, twice])).rejects.toMatchObject({
    code: 'ARCHIVE_REFUSED',
    message: expect.stringContaining('package-0-1-1'),
  });
});
