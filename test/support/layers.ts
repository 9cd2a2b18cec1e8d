import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeImage } from '../../src/image/compose-image.ts';
import type { Image, Layer } from '../../src/image/image.ts';
import { layerDifference } from '../../src/rootfs/layers/difference.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { writeTar } from '../../src/tar/write.ts';
import { temporaryFolder } from './folder.ts';
import { epoch, makeRootfs, settingsOf } from './image.ts';

/** Writes the tar of these entries. */
export async function layerOf(entries: readonly Entry[]): Promise<Layer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeTar(entries)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const tar = join(temporaryFolder(), 'layer.tar');
  writeFileSync(tar, bytes);
  const diffId = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { diffId, size: bytes.length, tar };
}

/** Makes an image of the layer of one tree and the layer that makes the other tree of it, or the one that is given. */
export async function imageOnBase(
  base: readonly Entry[],
  entries: readonly Entry[],
  layer?: readonly Entry[],
): Promise<Image> {
  const above = layer ?? (await layerDifference(base, entries));
  const layers = [await layerOf(base), await layerOf(above)];
  const rootfs = await makeRootfs(temporaryFolder(), entries);
  const options = { platform: 'linux/amd64', created: epoch, recipe: 'sample' } as const;
  return composeImage(rootfs, settingsOf({}), options, { base: 'base', layers });
}
