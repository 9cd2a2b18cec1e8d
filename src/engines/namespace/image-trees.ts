import { createReadStream } from 'node:fs';
import { lchown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io, Warning } from '../../base/events.ts';
import { openWorkspace, type Workspace } from '../../store/workspace.ts';
import type { Entry } from '../../tar/entry.ts';
import { readTar } from '../../tar/read.ts';
import type { Refusal } from '../engine.ts';
import { idCount } from '../step.ts';
import {
  capabilitiesRefusal,
  filesWithCapabilities,
  noCapabilities,
  writeCapabilities,
} from './capabilities.ts';
import { findUser, type User } from './find-user.ts';
import type { IdMaps } from './id-maps.ts';
import { findRange } from './ids.ts';
import type { Isolation } from './isolation.ts';
import { writeOwners } from './owners.ts';
import type { RootfsImage } from './run-image.ts';
import type { Host } from './run-step.ts';
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
export interface ImageParts {
  readonly workspace: Workspace;
  readonly entries: readonly Entry[];
  readonly user: User;
  /** An id as `outerId` gives it. */
  readonly outer: number | undefined;
  readonly ids: IdMaps | undefined;
  /** The machine can give files their capabilities. */
  readonly givesCapabilities: boolean;
  /** The users and capabilities that this machine cannot give it, where it has some. */
  readonly gaps: readonly Warning[];
}

/** Reads the parts of an image. Errors: ENGINE_FAILED for an unknown user, IO, NO_SPACE. */
export async function readParts(
  { cacheFolder, outer }: Host,
  { tar, config }: RootfsImage,
): Promise<ImageParts> {
  const entries = await entriesOf(tar);
  const user = await findUser(config.User ?? '', entries);
  const workspace = await openWorkspace(join(cacheFolder, 'tmp'));
  const range = Math.max(user.uid, user.gid) < idCount ? await findRange(outer) : tooHigh;
  const ids = 'reason' in range ? undefined : range;
  const lacksUsers = 'reason' in range && entries.some(({ path }) => path === 'etc/passwd');
  const capable = filesWithCapabilities(entries).length > 0;
  const refusal = 'reason' in range ? range : capable ? await capabilitiesRefusal() : undefined;
  const gaps = [
    ...(lacksUsers ? [oneUser(range)] : []),
    ...(capable && refusal ? [noCapabilities(refusal)] : []),
  ];
  return { workspace, entries, user, outer, ids, givesCapabilities: refusal === undefined, gaps };
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
export class ImageTrees {
  #count = 0;
  #kept: Promise<string> | undefined;
  readonly #parts: ImageParts;

  constructor(parts: ImageParts) {
    this.#parts = parts;
  }

  /** Unpacks the image once more, and returns the folder that holds the tree. */
  async unpack(writesTo: Isolation['writesTo'], io: Io): Promise<string> {
    const { workspace, entries, outer, ids, givesCapabilities } = this.#parts;
    const folder = join(workspace.folder, this.nextName());
    await mkdir(folder, { mode: 0o700 });
    await unpackRootfs(entries, join(folder, treeFolder), 'image', outer, io);
    // An ordinary user could not remove what that user gave away on disk.
    const canGiveAway = outer !== undefined || writesTo !== 'disk';
    if (ids !== undefined && canGiveAway) {
      await writeOwners(entries, folder);
      if (givesCapabilities) await writeCapabilities(entries, folder);
    }
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
