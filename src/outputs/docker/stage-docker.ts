import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { ImageStore, StoredImage } from '../../engines/image-store.ts';
import type { Image } from '../../image/image.ts';
import { type Reference, shortForm } from '../../image/reference.ts';
import type { Staged } from '../../store/staging.ts';
import type { OutputRequest, OutputTarget, StagedOutput } from '../contract.ts';
import { checkLayers, discardImage } from '../image-store/import-image.ts';
import { lookUp, publish } from '../image-store/publish.ts';
import { renameInArchive } from '../oci/archive.ts';
import { imageLayout } from '../oci/layout.ts';
import { stageArchive } from '../oci/stage-oci.ts';
import { stagedFile } from '../staged-file.ts';

/** An image id is the config's digest (docker, podman) or the manifest's (containerd's store). */
function checkId(id: string, { config, manifest }: Image): void {
  if (id === config.digest || id === manifest.digest) return;
  throw new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `The engine loaded another image than it was given.\nimage expected: ${config.digest}\nimage found:    ${id}`,
    hint: 'Nothing was tagged. See whether the engine was restarted, then run the same command again.',
  });
}

/** OCI's config has no health check; an engine may keep to that and leave Docker's addition out. */
function warnOfHealthcheck({ config }: StoredImage, image: Image, io: Io): void {
  if (image.settings.Healthcheck === undefined || config === undefined || config.Healthcheck)
    return;
  const warning = {
    code: 'healthcheck-ignored',
    message: 'The engine loaded the image and ignores its health check.',
    advice:
      'Give the check to the engine when you run the image, for instance podman --health-cmd.',
  };
  io.emit({ type: 'warning', stage: 'image', warning });
}

/** Loads an archive whose image has no name, and checks the image that the engine made of it. */
async function load(file: string, image: Image, store: ImageStore, io: Io): Promise<string> {
  const id = await store.loadArchive(file, io);
  try {
    checkId(id, image);
    warnOfHealthcheck(checkLayers(await store.inspect(id, io), image), image, io);
  } catch (error) {
    await discardImage(id, store, io);
    throw error;
  }
  return id;
}

/**
 * Loads a staged archive without names, since `docker load` tags by itself, and gives the file its
 * names afterwards. IMAGE_MISMATCH leaves neither file nor image.
 */
async function loadStaged(
  staged: Staged,
  image: Image,
  references: readonly Reference[],
  store: ImageStore,
  io: Io,
): Promise<string> {
  let imageId: string | undefined;
  try {
    imageId = await load(staged.path, image, store, io);
    await renameInArchive(staged.path, imageLayout(image), { from: [], to: references });
    return imageId;
  } catch (error) {
    await staged.discard();
    if (imageId !== undefined) await discardImage(imageId, store, io);
    throw error;
  }
}

/** Stages a Docker archive and, when there is a store, loads it. USAGE, IMAGE_MISMATCH. */
export async function stageDocker(
  image: Image,
  request: OutputRequest,
  dest: string,
  { references, store }: OutputTarget,
  io: Io,
): Promise<StagedOutput> {
  if (store === undefined) {
    return stagedFile(request, dest, await stageArchive(dest, imageLayout(image), references, io));
  }
  const staged = await stageArchive(dest, imageLayout(image), [], io);
  const imageId = await loadStaged(staged, image, references, store, io);
  const file = await stagedFile(request, dest, staged);
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
