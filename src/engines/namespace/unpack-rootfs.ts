import { lchown, lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Entry } from '../../tar/entry.ts';
import { extractEntries } from '../../tar/extract.ts';
import { writableFolders } from '../step.ts';

/** Folders that something is mounted on (prepare-script.ts), parents first. */
const mountPoints: Readonly<Record<'image' | 'step', readonly string[]>> = {
  image: ['proc', 'dev', 'sys'],
  step: ['proc', 'dev', 'var', ...writableFolders.map((folder) => folder.slice(1))],
};

async function makeMountPoint(rootfs: string, name: string, outer: number | undefined) {
  const path = join(rootfs, name);
  const there = await lstat(path).catch(() => undefined);
  if (there === undefined) {
    await mkdir(path, { mode: 0o755 });
    if (outer !== undefined) await lchown(path, outer, outer);
  } else if (!there.isDirectory()) {
    throw new MkbaseError({
      code: 'ENGINE_FAILED',
      message: `The namespace engine mounts a folder on /${name}, which is none in this root file system.`,
      hint: 'Use the docker or podman engine for it.',
    });
  }
}

/**
 * Unpacks a root file system into a folder that must not exist. Every file belongs to the one
 * user there is inside. The folders that something is mounted on are made, as container engines do.
 */
export async function unpackRootfs(
  entries: readonly Entry[],
  rootfs: string,
  kind: keyof typeof mountPoints,
  outer: number | undefined,
  { signal }: Io,
): Promise<void> {
  await mkdir(rootfs, { mode: 0o755 });
  if (outer !== undefined) await lchown(rootfs, outer, outer);
  const owned = outer === undefined ? entries : entries.map((entry) => ownedBy(entry, outer));
  await extractEntries(owned, rootfs, { ownership: outer !== undefined, signal });
  for (const name of mountPoints[kind]) await makeMountPoint(rootfs, name, outer);
}

const ownedBy = (entry: Entry, id: number): Entry => ({ ...entry, uid: id, gid: id });
