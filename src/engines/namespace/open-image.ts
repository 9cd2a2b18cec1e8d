import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { removeTree } from '../../store/remove-tree.ts';
import type { OpenImage, RunnableImage, RunOptions, RunResult } from '../engine.ts';
import { type ImageParts, ImageTrees, readParts } from './image-trees.ts';
import { canWriteToMemory } from './isolate.ts';
import type { Isolation } from './isolation.ts';
import { CannotLayer, type RootfsImage, runImage, type UnpackedImage } from './run-image.ts';
import type { Host } from './run-step.ts';

/** An image that was read, and its copies. */
interface Opened {
  readonly host: Host;
  readonly image: RootfsImage;
  readonly parts: ImageParts;
  readonly trees: ImageTrees;
}

/** Runs an image from a copy of its own. */
async function runFromCopy(
  opened: Opened,
  writesTo: Isolation['writesTo'],
  options: RunOptions,
  io: Io,
): Promise<RunResult> {
  const folder = await opened.trees.unpack(writesTo, io);
  try {
    return await start(opened, { folder, writesTo }, options, io);
  } finally {
    await removeTree(folder);
  }
}

function start(
  { host, parts, trees, image }: Opened,
  place: Pick<UnpackedImage, 'folder' | 'writesTo'>,
  options: RunOptions,
  io: Io,
): Promise<RunResult> {
  const { user, ids, workspace } = parts;
  const pipe = join(workspace.folder, trees.nextName());
  return runImage(host, { image, user, ids, ...place }, options, pipe, io);
}

/**
 * Opens an image that is in a tar. It is unpacked once, and what its runs write stays in memory; where
 * the kernel cannot do that, each run has a copy of its own. No run has a network.
 */
export function openImage(findHost: () => Promise<Host>, image: RunnableImage): OpenImage {
  if (image.kind !== 'tar') {
    const message = 'The namespace engine has no image store to run an image from.';
    throw new MkbaseError({ code: 'INTERNAL', message });
  }
  let opening: Promise<Opened> | undefined;
  let cannotLayer = false;
  const open = async (io: Io): Promise<Opened> => {
    const host = await findHost();
    const parts = await readParts(host, image);
    for (const warning of parts.gaps) io.emit({ type: 'warning', stage: 'test', warning });
    return { host, image, parts, trees: new ImageTrees(parts) };
  };
  return {
    async run(options, io) {
      opening ??= open(io);
      const opened = await opening;
      if (cannotLayer || !canWriteToMemory(opened.host.machine.linux)) {
        return runFromCopy(opened, 'disk', options, io);
      }
      // The fault of a run that a person talks to cannot be told from the program's own words.
      if (options.stdio === 'inherit') return runFromCopy(opened, 'either', options, io);
      try {
        const folder = await opened.trees.keep(io);
        return await start(opened, { folder, writesTo: 'memory' }, options, io);
      } catch (error) {
        if (!(error instanceof CannotLayer)) throw error;
        cannotLayer = true;
        return runFromCopy(opened, 'disk', options, io);
      }
    },
    async close() {
      const opened = await opening?.catch(() => undefined);
      await opened?.parts.workspace.dispose();
    },
  };
}
