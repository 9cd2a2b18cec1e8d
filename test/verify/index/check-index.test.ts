import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { platformFileName } from '../../../src/base/platform.ts';
import { inspectImage } from '../../../src/verify/image/inspect-image.ts';
import { checkIndex } from '../../../src/verify/index/check-index.ts';
import { readIndexEvidence } from '../../../src/verify/index/index-evidence.ts';
import { mismatchesOf } from '../../../src/verify/report.ts';
import { imagesIn } from '../../../src/verify/verify.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { joinImages, twoPlatforms } from '../../support/image-set.ts';

const { signal } = new AbortController();

let outDir: string;
beforeEach(async () => {
  outDir = temporaryFolder();
  const { plan, results } = await twoPlatforms(outDir, [{ type: 'oci' }]);
  await joinImages(plan, results);
});

async function check() {
  const evidence = await readIndexEvidence(outDir);
  const images = evidence.platforms.map(async (platform) => {
    const name = 'image.oci.tar';
    const path = join(outDir, platformFileName(platform), name);
    const { image } = await inspectImage({ path, name }, signal);
    return { platform, image };
  });
  const found = await Promise.all(images);
  const checks = await checkIndex(evidence, found, { places: await imagesIn(outDir) }, [], signal);
  return mismatchesOf({ subject: 'sample', checks }).map(({ file, field }) => `${file}: ${field}`);
}

const statement = () => JSON.parse(readFileSync(join(outDir, 'index.provenance.json'), 'utf8'));

describe('the check of an index', () => {
  test('finds nothing wrong with what a build left', async () => {
    expect(await check()).toEqual([]);
  });

  test('finds an image of one platform in place of another', async () => {
    cpSync(
      join(outDir, 'linux-amd64', 'image.oci.tar'),
      join(outDir, 'linux-arm64', 'image.oci.tar'),
    );
    const found = await check();
    expect(found).toContain('index.provenance.json: linux/arm64.architecture');
    expect(found).toContain('index.provenance.json: subject[0].digest.sha256');
    expect(found).toContain('image.oci.tar: index');
  });

  test('finds a provenance of a platform that was changed', async () => {
    writeFileSync(join(outDir, 'linux-arm64', 'provenance.json'), '{}');
    expect(await check()).toEqual([
      'SHA256SUMS: linux-arm64/provenance.json',
      expect.stringMatching(
        /^index\.provenance\.json: .*resolvedDependencies\[3\]\.digest\.sha256$/,
      ),
    ]);
  });

  test('finds a platform that is kept quiet about, though every sum is right', async () => {
    const changed = statement();
    changed.predicate.buildDefinition.externalParameters.platforms = ['linux/amd64'];
    changed.predicate.buildDefinition.resolvedDependencies.splice(2);
    writeFileSync(join(outDir, 'index.provenance.json'), JSON.stringify(changed));
    const found = await check();
    expect(found).toContain('index.provenance.json: subject[0].digest.sha256');
    expect(found).toContain('image.oci.tar: index');
  });

  test.each([
    ['a platform that mkbase does not know', ['linux/amd64', 'linux/arm64', 'plan9/386']],
    ['a platform that leads out of the folder', ['linux/amd64', '../linux/arm64']],
    ['a platform that stands there twice', ['linux/amd64', 'linux/amd64', 'linux/arm64']],
    ['what is no list', { length: 2 }],
  ])('finds %s', async (_, platforms) => {
    const changed = statement();
    changed.predicate.buildDefinition.externalParameters.platforms = platforms;
    writeFileSync(join(outDir, 'index.provenance.json'), JSON.stringify(changed));
    expect(await check()).not.toEqual([]);
  });

  test('finds any byte that was changed in the archive of all platforms, but for its name', async () => {
    const archive = join(outDir, 'image.oci.tar');
    const bytes = readFileSync(archive);
    const name = bytes.indexOf('docker.io/me/sample:1');
    const isName = (at: number) => at >= name && at < name + 'docker.io/me/sample:1'.length;
    const all = Array.from({ length: 60 }, (_, at) => Math.floor((at * bytes.length) / 60));
    const places = all.filter((at) => !isName(at));
    for (const at of places) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(archive, changed);
      expect(await check(), `byte ${at}`).not.toEqual([]);
    }
  });
});
