import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { rootfsArchiveComponent } from '../../src/kinds/minirootfs/archive-parts.ts';
import type { LockedRootfs } from '../../src/kinds/minirootfs/locked-rootfs.ts';
import { pinnedComponents } from '../../src/verify/pinned-components.ts';
import { mismatchesOf } from '../../src/verify/report.ts';
import { imagesIn, verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { lockOf } from '../support/lock.ts';
import { makeOutputFolder } from '../support/output-folder.ts';

const signal = new AbortController().signal;
const epoch = 'http://mirror.example/debian/pool/main/iputils_3:20240905-3_amd64.deb';

interface Sboms {
  readonly spdx: { packages: { name: string; downloadLocation: string }[] };
  readonly cyclonedx: {
    components: { name: string; externalReferences?: { type: string; url: string }[] }[];
  };
}

/** Changes both bills of materials of a build and returns the fields that are found wrong in them. */
async function afterForging(change: (sboms: Sboms) => void): Promise<string[]> {
  const folder = join(temporaryFolder(), 'out');
  await makeOutputFolder(folder);
  const file = (name: string) => join(folder, `sbom.${name}.json`);
  const read = (name: string) => JSON.parse(readFileSync(file(name), 'utf8'));
  const sboms = { spdx: read('spdx'), cyclonedx: read('cdx') };
  change(sboms);
  writeFileSync(file('spdx'), canonicalJson(sboms.spdx));
  writeFileSync(file('cdx'), canonicalJson(sboms.cyclonedx));
  const images = await imagesIn(folder);
  const report = await verify({ subject: 'sample', images, evidence: folder }, signal);
  return mismatchesOf(report)
    .filter((each) => each.file.startsWith('sbom.'))
    .map((each) => `${each.field}: ${each.computed}`);
}

test('both bills of materials say of each package where the lock found it', async () => {
  const found = await afterForging(({ spdx, cyclonedx }) => {
    const iputils = <T extends { name: string }>(all: readonly T[]) =>
      all.find(({ name }) => name === 'iputils')!;
    expect(iputils(spdx.packages).downloadLocation).toBe(epoch);
    expect(iputils(cyclonedx.components).externalReferences).toMatchObject([
      { type: 'distribution', url: epoch },
    ]);
  });
  expect(found).toEqual([]);
});

const evil = 'http://mirror.example/evil.deb';

test.each<[string, (sboms: Sboms) => void]>([
  [
    'another URL in both',
    ({ spdx, cyclonedx }) => {
      spdx.packages[2]!.downloadLocation = evil;
      cyclonedx.components[2]!.externalReferences![0]!.url = evil;
    },
  ],
  [
    'no URL in either',
    ({ spdx, cyclonedx }) => {
      spdx.packages[2]!.downloadLocation = 'NOASSERTION';
      delete cyclonedx.components[2]!.externalReferences;
    },
  ],
  [
    'a second one',
    ({ cyclonedx }) => {
      cyclonedx.components[2]!.externalReferences!.push({ type: 'distribution', url: evil });
    },
  ],
])('%s is a mismatch', async (_, change) => {
  expect((await afterForging(change)).length).toBeGreaterThan(0);
});

test.each(['file:rootfs.tar', 'https://example.org/rootfs.tar'])(
  'of an archive the bills of materials say %s, as the lock does, also where only the evidence is at hand',
  (url) => {
    const archive: LockedRootfs = {
      ...{ url, name: 'rootfs.tar', size: 1, sha256: 'a'.repeat(64), sha512: 'b'.repeat(128) },
      trust: { by: 'recipe' },
    };
    const component = rootfsArchiveComponent(archive);
    expect(component.url).toBe(url);
    const lock = lockOf('minirootfs', { archive });
    expect(pinnedComponents([component], lock)).toEqual([component]);
    expect(pinnedComponents([{ ...component, url: evil }], lock)).toEqual([component]);
  },
);
