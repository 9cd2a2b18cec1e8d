import { createReadStream } from 'node:fs';
import { lchown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { removeTree } from '../../store/remove-tree.ts';
import { openWorkspace, type Workspace } from '../../store/workspace.ts';
import type { Entry } from '../../tar/entry.ts';
import { readTar } from '../../tar/read.ts';
import type { OpenImage, RunnableImage, RunOptions, RunResult } from '../engine.ts';
import { idCount } from '../step.ts';
import { findUser, type User } from './find-user.ts';
import type { IdMaps } from './id-maps.ts';
import { idRangeIfAny, outerId } from './ids.ts';
import { writesToMemory } from './isolate.ts';
import { writeOwners } from './owners.ts';
import { CannotLayer, type RootfsImage, runImage, type UnpackedImage } from './run-image.ts';
import { treeFolder } from './tools.ts';
import { unpackRootfs } from './unpack-rootfs.ts';

/** Reads the entries of a tar on disk; their contents stay where they are. */
async function entriesOf(file: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const { entry, contentOffset: offset } of readTar(createReadStream(file))) {
    if (entry.type !== 'file') entries.push(entry);
    else entries.push({ ...entry, content: { file, offset, size: entry.size } });
  }
  return entries;
}

/** The parts of an image that each of its runs needs. */
interface Parts {
  readonly workspace: Workspace;
  readonly entries: readonly Entry[];
  readonly user: User;
  /** An id as `outerId` gives it. */
  readonly outer: number | undefined;
  readonly ids: IdMaps | undefined;
}

async function readParts(cacheFolder: string, { tar, config }: RootfsImage): Promise<Parts> {
  const entries = await entriesOf(tar);
  const user = await findUser(config.User ?? '', entries);
  const workspace = await openWorkspace(join(cacheFolder, 'tmp'));
  const outer = await outerId();
  const ids = Math.max(user.uid, user.gid) < idCount ? await idRangeIfAny(outer) : undefined;
  return { workspace, entries, user, outer, ids };
}

/** The copies of an image's tree, below a folder of the cache. */
class Trees {
  #count = 0;
  #kept: Promise<string> | undefined;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Unpacks the image once more, and returns the folder that holds the tree. */
  async unpack(io: Io): Promise<string> {
    const { workspace, entries, outer } = this.#parts;
    const folder = join(workspace.folder, this.nextName());
    await mkdir(folder, { mode: 0o700 });
    await unpackRootfs(entries, join(folder, treeFolder), 'image', outer, io);
    if (this.#parts.ids !== undefined) await writeOwners(entries, folder);
    if (outer !== undefined) {
      for (const each of [workspace.folder, folder]) await lchown(each, outer, outer);
    }
    return folder;
  }

  /** Returns the copy that is never written to. */
  keep(io: Io): Promise<string> {
    this.#kept ??= this.unpack(io);
    return this.#kept;
  }

  /** Returns a name that nothing in the workspace has yet. */
  nextName(): string {
    this.#count += 1;
    return String(this.#count);
  }
}

/** An image that was read, and its copies. */
interface Opened {
  readonly image: RootfsImage;
  readonly parts: Parts;
  readonly trees: Trees;
}

/** Runs an image from a copy of its own. */
async function runFromCopy(opened: Opened, options: RunOptions, io: Io): Promise<RunResult> {
  const folder = await opened.trees.unpack(io);
  try {
    return await start(opened, { folder, root: 'written' }, options, io);
  } finally {
    await removeTree(folder);
  }
}

function start(
  { parts, trees, image }: Opened,
  place: Pick<UnpackedImage, 'folder' | 'root'>,
  options: RunOptions,
  io: Io,
): Promise<RunResult> {
  const { user, outer, ids, workspace } = parts;
  const pipe = join(workspace.folder, trees.nextName());
  return runImage({ image, user, outer, ids, ...place }, options, pipe, io);
}

/**
 * Opens an image that is in a tar. It is unpacked once, and what its runs write stays in memory; where
 * the kernel cannot do that, each run has a copy of its own. No run has a network.
 */
export function openImage(cacheFolder: string, image: RunnableImage): OpenImage {
  if (image.kind !== 'tar') {
    const message = 'The namespace engine has no image store to run an image from.';
    throw new MkbaseError({ code: 'INTERNAL', message });
  }
  let opening: Promise<Opened> | undefined;
  let keepsTree = writesToMemory();
  const open = async (): Promise<Opened> => {
    const parts = await readParts(cacheFolder, image);
    return { image, parts, trees: new Trees(parts) };
  };
  return {
    async run(options, io) {
      opening ??= open();
      const opened = await opening;
      // The fault of a run that a person talks to cannot be told from the program's own words.
      if (!keepsTree || options.stdio === 'inherit') return runFromCopy(opened, options, io);
      try {
        const folder = await opened.trees.keep(io);
        return await start(opened, { folder, root: 'kept' }, options, io);
      } catch (error) {
        if (!(error instanceof CannotLayer)) throw error;
        keepsTree = false;
        return runFromCopy(opened, options, io);
      }
    },
    async close() {
      const opened = await opening?.catch(() => undefined);
      await opened?.parts.workspace.dispose();
    },
  };
}
