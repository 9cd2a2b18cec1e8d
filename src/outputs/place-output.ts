import { stat } from 'node:fs/promises';
import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import type { ImageStore } from '../engines/image-store.ts';
import type { Image } from '../image/image.ts';
import { type Reference, shortForm } from '../image/reference.ts';
import type { Staged } from '../store/staging.ts';
import { stageDockerArchive } from './docker/docker-archive.ts';
import { stageDockerfile } from './dockerfile/dockerfile.ts';
import { discardImage, importImage } from './import/import.ts';
import { lookUp, publish } from './import/publish.ts';
import { stageArchive, stageLayoutFolder } from './oci/oci-layout.ts';
import { destination, type FileOutput, type Output } from './output.ts';
import type { Placement } from './placement.ts';
import { stageRootfs } from './rootfs/rootfs-tar.ts';

/** Where outputs go. */
export interface Target {
  /** Holds the files of outputs that name no dest; made when it is missing. */
  readonly outDir: string;
  readonly references: readonly Reference[];
  /** The engine's image store, if it has one. */
  readonly store: ImageStore | undefined;
}

async function placeInStore(
  image: Image,
  { store, references }: Target,
  io: Io,
): Promise<Placement> {
  if (store === undefined) {
    throw new MkbaseError({
      code: 'USAGE',
      message: '--output type=import needs an engine with an image store, and this one has none.',
      hint: 'Start Docker or podman, or use --output type=oci.',
    });
  }
  const tags = references.map(shortForm);
  // Side by side: each question to an engine costs the start of its CLI.
  const [imported, taggings] = await Promise.allSettled([
    importImage(image, store, io),
    lookUp(tags, store, io),
  ]);
  if (imported.status === 'rejected') throw imported.reason;
  const imageId = imported.value;
  if (taggings.status === 'rejected') {
    await discardImage(imageId, store, io);
    throw taggings.reason;
  }
  return {
    output: { type: 'import', dest: tags[0] ?? imageId },
    imageId,
    commit: () => publish(imageId, taggings.value, store, io),
    discard: () => discardImage(imageId, store, io),
  };
}

async function filePlacement(output: FileOutput, dest: string, staged: Staged): Promise<Placement> {
  const found = await stat(staged.path);
  const size = found.isFile() ? { size: found.size } : {};
  return {
    output: { type: output.type, dest, ...size },
    commit: staged.commit,
    discard: staged.discard,
  };
}

async function placeDockerArchive(
  output: FileOutput,
  image: Image,
  { outDir, references, store }: Target,
  io: Io,
): Promise<Placement> {
  const { path } = destination(output, outDir);
  const { staged, imageId } = await stageDockerArchive(path, image, references, store, io);
  const file = await filePlacement(output, path, staged);
  if (store === undefined || imageId === undefined) return file;
  return {
    output: file.output,
    imageId,
    commit: async () => {
      await file.commit();
      const taggings = await lookUp(references.map(shortForm), store, io);
      await publish(imageId, taggings, store, io);
    },
    discard: async () => {
      await file.discard();
      await discardImage(imageId, store, io);
    },
  };
}

/** Brings an image to one output, unseen. Errors as in `placeImage`. */
export async function placeOutput(
  image: Image,
  output: Output,
  target: Target,
  io: Io,
): Promise<Placement> {
  if (output.type === 'import') return placeInStore(image, target, io);
  if (output.type === 'docker') return placeDockerArchive(output, image, target, io);
  const { path, folder } = destination(output, target.outDir);
  if (output.type === 'rootfs') {
    const { compression = 'none' } = output;
    return filePlacement(output, path, await stageRootfs(path, image.rootfs, compression, io));
  }
  if (output.type === 'dockerfile') {
    return filePlacement(output, path, await stageDockerfile(path, image, io));
  }
  const stageOci = folder ? stageLayoutFolder : stageArchive;
  return filePlacement(output, path, await stageOci(path, image, target.references, io));
}
