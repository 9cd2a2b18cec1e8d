import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** A file system of a few megabytes. */
export interface SmallDisk {
  grow(megabytes: number): void;
  remove(): void;
}

/** Mounts a small file system in memory on `folder`, which is made. Only root can. */
export function smallDisk(folder: string, megabytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `mode=1777,size=${megabytes}m`, 'tmpfs', folder]);
  return {
    grow: (more) => {
      execFileSync('mount', ['-o', `remount,size=${more}m`, folder]);
    },
    remove: () => {
      execFileSync('umount', [folder]);
    },
  };
}
