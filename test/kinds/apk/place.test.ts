import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { platforms } from '../../../src/base/platform.ts';
import { placeOf } from '../../../src/kinds/apk/resolve.ts';
import { apk } from '../../../src/kinds/apk/schema.ts';
import { newApkKey } from '../../support/apk.ts';
import { temporaryFolder } from '../../support/folder.ts';

const key = newApkKey();

/** The place of a recipe that brings one key. */
async function place(source: object) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, key.name), key.publicKey);
  const asked = apk.parse({ packages: ['busybox'], keys: [key.name], ...source });
  const platform = platforms['linux/amd64'];
  return placeOf({ source: asked, folder, platform } as never);
}

test('packages of Wolfi are believed for the keys of the recipe alone', async () => {
  const { keys, repositories, distribution } = await place({ distro: 'wolfi' });
  expect([...keys.keys()]).toEqual([key.name]);
  expect({ repositories, distribution }).toEqual({ repositories: ['os'], distribution: 'wolfi' });
});

test('packages of Alpine are believed for its own keys, too', async () => {
  const { keys, repositories, distribution } = await place({ branch: '3.20' });
  expect(keys.size).toBeGreaterThan(1);
  expect(keys.has(key.name)).toBe(true);
  expect({ repositories, distribution }).toEqual({
    repositories: ['v3.20/main'],
    distribution: 'alpine',
  });
});
