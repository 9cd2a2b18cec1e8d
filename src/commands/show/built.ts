import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from '../../base/events.ts';
import { readImage } from '../../image/read-image.ts';
import { readLock } from '../../lock/lock-file.ts';

/** An image archive on disk, and its digests as computed from its bytes. */
export interface BuiltArchive {
  /** Absolute path. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly platform: string;
  readonly diffId: string;
  readonly manifestDigest: string;
  readonly configDigest: string;
}

/** Archives that `--output` writes without a dest. */
const archiveEnding = /^image\.[a-z]+\.tar$/;

async function readArchive(file: string, io: Io): Promise<BuiltArchive> {
  const { size } = await stat(file);
  const { platform, layer, manifestDigest, configDigest } = await readImage(file, io);
  return { file, size, platform, diffId: layer.sha256, manifestDigest, configDigest };
}

/** The image archives in an output folder, by name; none when there is no such folder. */
export async function findBuilt(outDir: string, io: Io): Promise<BuiltArchive[]> {
  const names = await readdir(outDir).catch(() => []);
  const found: BuiltArchive[] = [];
  for (const name of names.filter((each) => archiveEnding.test(each)).sort()) {
    found.push(await readArchive(join(outDir, name), io));
  }
  return found;
}

/** What a lock pins, in short. */
export interface BuiltLock {
  /** Absolute path. */
  readonly file: string;
  /** Packages of the image and of its builder. */
  readonly packages: number;
  /** Seconds since 1970. */
  readonly epoch: number;
}

/** The lock in an output folder; null when there is none. Errors: IO. */
export async function findLock(outDir: string): Promise<BuiltLock | null> {
  const file = join(outDir, 'lock.json');
  const lock = await readLock(file);
  if (lock === undefined) return null;
  const sets = [lock.debs, lock.toolchain?.debs];
  const packages = sets.reduce((sum, debs) => sum + (debs?.packages.length ?? 0), 0);
  return { file, packages, epoch: lock.epoch };
}
