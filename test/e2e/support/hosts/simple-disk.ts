import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { works } from '../engines.ts';

const mebibyte = 1024 ** 2;

/** The reason why no such disk can be made; undefined where one can. */
export function noSimpleDisk(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can mount a disk';
  const isThere = ['mkfs.exfat', 'mount.exfat-fuse'].every((each) =>
    works('sh', '-c', `command -v ${each}`),
  );
  return isThere ? undefined : 'exfat-fuse and exfatprogs are not installed';
}

/**
 * Mounts a file system (exFAT) at `folder/disk` that knows no upper and lower case, no owners and modes, no
 * links, and none of the characters in names that Windows forbids. `remove` unmounts it.
 */
export function simpleDisk(folder: string): { readonly path: string; remove(): void } {
  const [image, path] = [join(folder, 'image'), join(folder, 'disk')];
  mkdirSync(path);
  writeFileSync(image, '');
  truncateSync(image, 1024 * mebibyte);
  execFileSync('mkfs.exfat', [image], { stdio: 'ignore' });
  const loop = execFileSync('losetup', ['--find', '--show', image], { encoding: 'utf8' }).trim();
  execFileSync('mount.exfat-fuse', [loop, path], { stdio: 'ignore' });
  return {
    path,
    remove() {
      // Lazily: the program that serves it may be a moment behind.
      execFileSync('umount', ['--lazy', path]);
      execFileSync('losetup', ['--detach', loop]);
      rmSync(image);
    },
  };
}
