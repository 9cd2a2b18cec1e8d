import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PlatformName, platformFileName } from '../../src/base/platform.ts';
import { composeImage } from '../../src/image/compose-image.ts';
import { placeImage } from '../../src/outputs/place.ts';
import { joinSet } from '../../src/pipeline/image-set/join-set.ts';
import type { SetPlan, SetResult } from '../../src/pipeline/image-set/request.ts';
import type { BuildResult } from '../../src/pipeline/request.ts';
import { temporaryFolder } from './folder.ts';
import { epoch, makeRootfs, plainFile, quietIo, settingsOf } from './image.ts';

/** Builds a small image for a platform into a folder of its own below `outDir`, as a build of it would. */
export async function builtFor(
  platform: PlatformName,
  outDir: string,
  created = epoch,
): Promise<BuildResult> {
  const folder = join(outDir, platformFileName(platform));
  mkdirSync(folder, { recursive: true });
  const rootfs = await makeRootfs(folder, [plainFile('arch', Buffer.from(platform))]);
  const options = { platform, created, recipe: 'sample' };
  const image = composeImage(rootfs, settingsOf({ cmd: ['/arch'] }), options);
  const context = { outDir: folder, tags: ['me/sample:1'], store: undefined };
  const placed = await placeImage(image, [{ type: 'oci' }], context, quietIo());
  await placed.commit();
  writeFileSync(join(folder, 'provenance.json'), `{"about": "${platform}"}`);
  return {
    recipe: 'sample',
    platform,
    engine: 'namespace',
    tags: [],
    imageId: null,
    diffId: rootfs.diffId,
    diffIds: [rootfs.diffId],
    manifestDigest: image.manifest.digest,
    rootfsBytes: platform.length,
    outputs: placed.outputs,
    outDir: folder,
    tests: [],
    warnings: [],
    cached: false,
    timings: { total: 1 },
  };
}

/** Builds the images of two platforms, and plans to put them under one index in the given outputs. */
export async function twoPlatforms(
  outDir: string,
  outputs: SetPlan['outputs'],
): Promise<{ readonly plan: SetPlan; readonly results: BuildResult[] }> {
  const results = [
    await builtFor('linux/amd64', outDir),
    await builtFor('linux/arm64', outDir, epoch + 9),
  ];
  const asked = { tags: ['me/sample:1'], annotations: {} };
  return { plan: { recipe: 'sample', outDir, builds: [], outputs, ...asked }, results };
}

/** Puts images under one index, unsigned and with a cache of its own. */
export const joinImages = (
  plan: SetPlan,
  results: readonly BuildResult[],
  cache = temporaryFolder(),
): Promise<SetResult> => {
  const invocation = { cwd: '/', env: { XDG_CACHE_HOME: cache }, now: new Date(epoch * 1000) };
  return joinSet(plan, results, undefined, invocation, quietIo());
};
