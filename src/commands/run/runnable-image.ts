import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { RunnableImage } from '../../engines/engine.ts';
import { outputOf } from '../../outputs/registry.ts';
import type { BuildResult } from '../../pipeline/request.ts';

/** An image that an engine can run, and what is to be removed afterwards. */
export interface Prepared {
  readonly image: RunnableImage;
  dispose(): Promise<void>;
}

/** Unpacks the rootfs of an archive into a folder of this run's own below `cacheFolder`. */
async function unpack(archive: string, cacheFolder: string, io: Io): Promise<Prepared> {
  const [{ readImage }, { extractLayer }, { openWorkspace }] = await Promise.all([
    import('../../image/read-image.ts'),
    import('../../image/layer.ts'),
    import('../../store/workspace.ts'),
  ]);
  const { layer, config, platform } = await readImage(archive, io);
  const workspace = await openWorkspace(join(cacheFolder, 'tmp'));
  const tar = join(workspace.folder, 'rootfs.tar');
  try {
    await extractLayer(layer, tar, io);
  } catch (error) {
    await workspace.dispose();
    throw error;
  }
  return { image: { kind: 'tar', tar, config, platform }, dispose: () => workspace.dispose() };
}

/** Prepares a built image to run: the one in the engine's store, else the rootfs of an archive. */
export async function prepareImage(
  result: BuildResult,
  cacheFolder: string,
  io: Io,
): Promise<Prepared> {
  const { imageId, platform, outputs, recipe } = result;
  if (imageId !== null) {
    return { image: { kind: 'stored', id: imageId, platform }, dispose: async () => {} };
  }
  const archive = outputs.find((each) => outputOf(each).holdsImage);
  if (archive !== undefined) return unpack(archive.dest, cacheFolder, io);
  throw new MkbaseError({
    code: 'INTERNAL',
    message: `The build of ${recipe} left neither a stored image nor an OCI archive to run.`,
  });
}
