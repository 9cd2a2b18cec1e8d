import { createReadStream } from 'node:fs';
import { lchown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io, Warning } from '../../base/events.ts';
import { removeTree } from '../../store/remove-tree.ts';
import { openWorkspace, type Workspace } from '../../store/workspace.ts';
import type { Entry } from '../../tar/entry.ts';
import { readTar } from '../../tar/read.ts';
import type { OpenImage, Refusal, RunnableImage, RunOptions, RunResult } from '../engine.ts';
import { idCount } from '../step.ts';
import { findUser, type User } from './find-user.ts';
import type { IdMaps } from './id-maps.ts';
import { findRange, outerId } from './ids.ts';
import { canWriteToMemory } from './isolate.ts';
import type { Isolation } from './isolation.ts';
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
  /** The words about users that this machine cannot give it, when it has them. */
  readonly warning: Warning | undefined;
}

async function readParts(cacheFolder: string, { tar, config }: RootfsImage): Promise<Parts> {
  const entries = await entriesOf(tar);
  const user = await findUser(config.User ?? '', entries);
  const workspace = await openWorkspace(join(cacheFolder, 'tmp'));
  const outer = await outerId();
  const range = Math.max(user.uid, user.gid) < idCount ? await findRange(outer) : tooHigh;
  const ids = 'reason' in range ? undefined : range;
  const lacksUsers = 'reason' in range && entries.some(({ path }) => path === 'etc/passwd');
  const warning = lacksUsers ? oneUser(range) : undefined;
  return { workspace, entries, user, outer, ids, warning };
}

const tooHigh: Refusal = {
  reason: `its user or group is above ${idCount - 1}`,
  cure: 'Name a lower one.',
};

const oneUser = ({ reason, cure }: Refusal): Warning => ({
  code: 'one-user',
  message: `On the namespace engine the image runs with one user alone, so that what changes users or owners fails: ${reason}.`,
  advice: cure,
});

/** The copies of an image's tree, below a folder of the cache. */
class Trees {
  #count = 0;
  #kept: Promise<string> | undefined;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Unpacks the image once more, and returns the folder that holds the tree. */
  async unpack(writesTo: Isolation['writesTo'], io: Io): Promise<string> {
    const { workspace, entries, outer, ids } = this.#parts;
    const folder = join(workspace.folder, this.nextName());
    await mkdir(folder, { mode: 0o700 });
    await unpackRootfs(entries, join(folder, treeFolder), 'image', outer, io);
    // What an ordinary user gave away on disk, that user could not remove.
    const canGiveAway = outer !== undefined || writesTo !== 'disk';
    if (ids !== undefined && canGiveAway) await writeOwners(entries, folder);
    if (outer !== undefined) {
      for (const each of [workspace.folder, folder]) await lchown(each, outer, outer);
    }
    return folder;
  }

  /** Returns the copy that is never written to. */
  keep(io: Io): Promise<string> {
    this.#kept ??= this.unpack('memory', io);
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
  { parts, trees, image }: Opened,
  place: Pick<UnpackedImage, 'folder' | 'writesTo'>,
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
  let told = false;
  const warnOnce = ({ warning }: Parts, io: Io) => {
    if (warning !== undefined && !told) io.emit({ type: 'warning', stage: 'test', warning });
    told = true;
  };
  let place: Isolation['writesTo'] = canWriteToMemory() ? 'memory' : 'disk';
  const open = async (): Promise<Opened> => {
    const parts = await readParts(cacheFolder, image);
    return { image, parts, trees: new Trees(parts) };
  };
  return {
    async run(options, io) {
      opening ??= open();
      const opened = await opening;
      warnOnce(opened.parts, io);
      if (place === 'disk') return runFromCopy(opened, 'disk', options, io);
      // The fault of a run that a person talks to cannot be told from the program's own words.
      if (options.stdio === 'inherit') return runFromCopy(opened, 'either', options, io);
      try {
        const folder = await opened.trees.keep(io);
        return await start(opened, { folder, writesTo: 'memory' }, options, io);
      } catch (error) {
        if (!(error instanceof CannotLayer)) throw error;
        place = 'disk';
        return runFromCopy(opened, 'disk', options, io);
      }
    },
    async close() {
      const opened = await opening?.catch(() => undefined);
      await opened?.parts.workspace.dispose();
    },
  };
}
