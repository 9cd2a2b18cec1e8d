import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readImage, readLayout } from '../../../src/image/read-image.ts';
import type { SetPlan } from '../../../src/pipeline/image-set/request.ts';
import type { BuildResult } from '../../../src/pipeline/request.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { quietIo } from '../../support/image.ts';
import { joinImages, twoPlatforms } from '../../support/image-set.ts';

const io = quietIo();

let outDir: string;
let results: BuildResult[];
let plan: SetPlan;
beforeEach(async () => {
  outDir = temporaryFolder();
  const outputs = [{ type: 'oci' }, { type: 'oci', dest: join(outDir, 'layout/') }];
  ({ plan, results } = await twoPlatforms(outDir, outputs));
});

describe('joinSet', () => {
  test('writes layouts that hold the images of all platforms and the index of them', async () => {
    const joined = await joinImages(plan, results);
    expect(joined.outputs.map(({ dest }) => dest)).toEqual([
      join(outDir, 'image.oci.tar'),
      join(outDir, 'layout'),
    ]);
    for (const { dest } of joined.outputs) {
      const { digest, images } = await readLayout(dest, io);
      expect(digest).toBe(joined.indexDigest);
      expect(images.map(({ platform, manifestDigest }) => [platform, manifestDigest])).toEqual(
        results.map(({ platform, manifestDigest }) => [platform, manifestDigest]),
      );
      const arm = await readImage(dest, io, 'linux/arm64');
      expect(arm.manifestDigest).toBe(results[1]?.manifestDigest);
    }
  });

  test('gives the same bytes each time', async () => {
    const bytes = async () => {
      await joinImages(plan, results);
      return ['image.oci.tar', 'index.provenance.json', 'SHA256SUMS'].map((name) =>
        readFileSync(join(outDir, name)),
      );
    };
    expect(await bytes()).toEqual(await bytes());
  });

  test('is found the next time, unless an image, an output or the evidence is another by then', async () => {
    const cache = temporaryFolder();
    const again = async () => {
      const cached = results.map((each) => ({ ...each, cached: true }));
      return (await joinImages(plan, cached, cache)).cached;
    };
    const { indexDigest } = await joinImages(plan, results, cache);
    expect(await again()).toBe(true);
    for (const name of ['image.oci.tar', 'index.provenance.json', 'SHA256SUMS']) {
      writeFileSync(join(outDir, name), 'changed');
      expect(await again(), name).toBe(false);
      expect(await again(), name).toBe(true);
    }
    rmSync(join(outDir, 'layout', 'index.json'));
    expect(await again()).toBe(false);
    expect((await joinImages(plan, results, cache)).indexDigest).toBe(indexDigest);
  });

  test('states in its provenance each image by platform and digest, and the provenance of each', async () => {
    const { indexDigest } = await joinImages(plan, results);
    const { subject, predicate } = JSON.parse(
      readFileSync(join(outDir, 'index.provenance.json'), 'utf8'),
    );
    expect(subject).toEqual([
      {
        name: 'sample',
        digest: { sha256: indexDigest.slice('sha256:'.length) },
        mediaType: 'application/vnd.oci.image.index.v1+json',
      },
    ]);
    expect(predicate.buildDefinition.externalParameters).toEqual({
      recipe: 'sample',
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    const names = predicate.buildDefinition.resolvedDependencies.map(
      ({ name }: { name: string }) => name,
    );
    expect(names).toEqual([
      'linux/amd64',
      'linux-amd64/provenance.json',
      'linux/arm64',
      'linux-arm64/provenance.json',
    ]);
  });

  test('leaves nothing when an output cannot be written, and what was there stays', async () => {
    await joinImages({ ...plan, outputs: [{ type: 'oci' }] }, results);
    const before = readFileSync(join(outDir, 'image.oci.tar'));
    const names = readdirSync(outDir).sort();
    writeFileSync(join(outDir, 'taken'), 'a file, no folder');
    const outputs = [{ type: 'oci' }, { type: 'oci', dest: join(outDir, 'taken/') }];
    await expect(joinImages({ ...plan, outputs }, results)).rejects.toMatchObject({
      code: 'USAGE',
    });
    expect(readdirSync(outDir).sort()).toEqual([...names, 'taken'].sort());
    expect(readFileSync(join(outDir, 'image.oci.tar'))).toEqual(before);
  });

  test('refuses an image that is not the one that was built', async () => {
    const [first, second] = results as [BuildResult, BuildResult];
    const other = join(outDir, 'linux-arm64', 'image.oci.tar');
    rmSync(other);
    writeFileSync(other, readFileSync(join(outDir, 'linux-amd64', 'image.oci.tar')));
    await expect(joinImages(plan, [first, second])).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining('it holds no image for linux/arm64, but for linux/amd64'),
    });
    await expect(
      joinImages(plan, [{ ...first, manifestDigest: second.manifestDigest }]),
    ).rejects.toMatchObject({ code: 'IMAGE_MISMATCH' });
    expect(existsSync(join(outDir, 'index.provenance.json'))).toBe(false);
  });
});
