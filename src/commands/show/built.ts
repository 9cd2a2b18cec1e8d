import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { ReleaseSupport } from '../../base/release-support.ts';
import { readImage } from '../../image/read-image.ts';
import { kindOf } from '../../kinds/kinds.ts';
import { inputSets } from '../../lock/inputs.ts';
import { readLock } from '../../lock/lock-file.ts';
import { sourceOf } from '../../recipe/kind.ts';

/** An image archive on disk, and its digests as computed from its bytes. */
export interface BuiltArchive {
  /** Absolute path. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly platform: string;
  /** Digests of the layers, the lowest first. */
  readonly diffIds: readonly string[];
  readonly manifestDigest: string;
  readonly configDigest: string;
}

/** Matches archives that `--output` writes without a dest. */
const archiveEnding = /^image\.[a-z]+\.tar$/;

async function readArchive(file: string, io: Io): Promise<BuiltArchive> {
  const { size } = await stat(file);
  const { platform, layers, manifestDigest, configDigest } = await readImage(file, io);
  return {
    file,
    size,
    platform,
    diffIds: layers.map(({ sha256 }) => sha256),
    manifestDigest,
    configDigest,
  };
}

/** Finds the image archives in an output folder, by name; none when there is no such folder. */
export async function findBuilt(outDir: string, io: Io): Promise<BuiltArchive[]> {
  const names = await readdir(outDir).catch(() => []);
  const found: BuiltArchive[] = [];
  for (const name of names.filter((each) => archiveEnding.test(each)).sort()) {
    found.push(await readArchive(join(outDir, name), io));
  }
  return found;
}

/** A summary of what a lock pins. */
export interface BuiltLock {
  /** Absolute path. */
  readonly file: string;
  /** Packages of the image and of its builder. */
  readonly packages: number;
  /** Seconds since 1970. */
  readonly epoch: number;
  /** Until when the release is supported that it pins, where that is known of it. */
  readonly support: ReleaseSupport | null;
}

/** Finds the lock in an output folder; null when there is none of this version. Errors: IO. */
export async function findLock(outDir: string): Promise<BuiltLock | null> {
  const file = join(outDir, 'lock.json');
  const lock = await readLock(file, false).catch((error: unknown) => {
    if (error instanceof MkbaseError && error.code === 'LOCK_INVALID') return undefined;
    throw error;
  });
  if (lock === undefined) return null;
  const inputs = inputSets(lock).flatMap((set) => set.inputs);
  const packages = inputs.filter(({ role }) => role === 'package').length;
  const support = kindOf(lock.from).pinnedSupport?.(sourceOf(lock.from)) ?? null;
  return { file, packages, epoch: lock.epoch, support };
}
