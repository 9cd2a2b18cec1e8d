import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import type { DebianContext } from '../../../../src/packages/deb/archive/debian-context.ts';
import type { SignedRelease } from '../../../../src/packages/deb/archive/signed-release.ts';
import { reachableNames } from '../../../../src/packages/deb/choose/reachable.ts';
import { openIndex } from '../../../../src/packages/deb/index/packages-index.ts';
import { blobPath, layoutOf } from '../../../../src/store/blobs/layout.ts';
import { openStore } from '../../../../src/store/store.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { recordingIo, sha256Of } from '../../../support/store.ts';

const { io } = recordingIo();

/** Opens an index that is in the store already. */
async function indexOf(text: string) {
  const store = await openStore(temporaryFolder());
  const plain = { sha256: sha256Of(Buffer.from(text)), size: text.length };
  const file = blobPath(layoutOf(store.folder), plain.sha256);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const path = 'main/binary-amd64/Packages';
  const release = { files: new Map([[path, plain]]) } as unknown as SignedRelease;
  return openIndex(release, path, { store } as unknown as DebianContext, io);
}

const suite = `
Package: app
Version: 1
Depends: libc6:any (>= 2), mail-agent | sendmail [amd64] <!nocheck>, gone
Recommends: game

Package: game
Version: 1
Depends: app

Package: exim
Version: 1
Provides: mail-agent (= 1), smtp
Pre-Depends: debconf

Package: libc6
Version: 1
Conflicts: rival

Package: rival
Version: 1

Package: debconf
Version: 1
`.trimStart();

const updates = `
Package: app
Version: 2
Depends: libnew

Package: libnew
Version: 1
`.trimStart();

test('what can be installed is what is needed in any version of any index, and what provides it', async () => {
  const indexes = [
    { suite: 'trixie', index: await indexOf(suite) },
    { suite: 'trixie-updates', index: await indexOf(updates) },
  ];
  const names = await reachableNames(['app'], indexes);
  const found = ['app', 'debconf', 'exim', 'gone', 'libc6', 'libnew', 'mail-agent', 'sendmail'];
  expect([...names].sort()).toEqual(found);
  const cut = await Promise.all(indexes.map(({ index }) => index.cut(names)));
  const without = (name: string, text: string) =>
    text.replace(new RegExp(`Package: ${name}\\n(?:.+\\n)*\\n?`), '');
  expect(cut[0]?.toString()).toBe(`${without('rival', without('game', suite))}\n\n`);
  expect(cut[1]?.toString()).toBe(`${updates}\n\n`);
  for (const { index } of indexes) await index.close();
});

test('an index of nothing that is wanted is empty', async () => {
  const index = await indexOf(suite);
  expect(await index.cut(['unknown'])).toHaveLength(0);
  await index.close();
});
