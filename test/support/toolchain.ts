import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostPlatform } from '../../src/base/platform.ts';
import type { ToolchainRef } from '../../src/engines/step.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { writeTar } from '../../src/tar/write.ts';

/** Debian's busybox-static: a whole toolchain's worth of programs in one file, and no compiler. */
function busybox(): Buffer {
  const installed = ['/bin/busybox', '/usr/bin/busybox'].find(
    (path) => existsSync(path) && existsSync('/usr/share/doc/busybox-static'),
  );
  if (installed !== undefined) return readFileSync(installed);
  const folder = mkdtempSync(join(tmpdir(), 'mkbase-busybox-'));
  try {
    const run = (file: string, ...args: string[]) =>
      execFileSync(file, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    run('apt-get', '-o', 'APT::Sandbox::User=root', 'download', 'busybox-static');
    run('sh', '-c', 'dpkg-deb -x busybox-static_*.deb .');
    return readFileSync(
      join(folder, existsSync(join(folder, 'bin')) ? 'bin' : 'usr/bin', 'busybox'),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const common = { uid: 0, gid: 0, mtime: 0, xattrs: [] };

const directory = (path: string, mode = 0o755): Entry => ({
  ...common,
  path,
  mode,
  type: 'directory',
});

export const textFile = (path: string, text: string): Entry => {
  const bytes = Buffer.from(text);
  return { ...common, path, mode: 0o644, type: 'file', size: bytes.length, content: { bytes } };
};

const applets = [
  ...['awk', 'cat', 'chmod', 'chown', 'chroot', 'cp', 'dd', 'echo', 'env', 'false', 'find', 'grep'],
  ...[
    'head',
    'hostname',
    'id',
    'kill',
    'ln',
    'ls',
    'mkdir',
    'mknod',
    'mount',
    'mv',
    'nc',
    'nsenter',
  ],
  ...[
    'ps',
    'readlink',
    'rm',
    'sh',
    'sleep',
    'stat',
    'su',
    'tail',
    'tar',
    'test',
    'touch',
    'tr',
    'true',
  ],
  ...['umount', 'unshare', 'wc', 'wget', 'yes'],
];

let made: Entry[] | undefined;

/** A root file system with busybox in it; canonical order. */
export function busyboxEntries(): Entry[] {
  if (made !== undefined) return made;
  const bytes = busybox();
  made = [
    directory('bin'),
    ...['busybox', ...applets].sort().map((name): Entry => {
      const path = `bin/${name}`;
      return name === 'busybox'
        ? { ...common, path, mode: 0o755, type: 'file', size: bytes.length, content: { bytes } }
        : { ...common, path, mode: 0o777, type: 'symlink', target: 'busybox' };
    }),
    directory('etc'),
    textFile('etc/group', 'root:x:0:\nstaff:x:50:\n'),
    textFile('etc/passwd', 'root:x:0:0::/root:/bin/sh\napp:x:10001:50::/home/app:/bin/sh\n'),
    directory('tmp', 0o1777),
  ];
  return made;
}

/** This machine's GNU tar, as bin/gtar, and the libraries that it loads. */
function gnuTarEntries(): Entry[] {
  const listed = execFileSync('ldd', ['/bin/tar'], { encoding: 'utf8' });
  const libraries = [...listed.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path = '']) => path);
  const folders = libraries.flatMap((path) => {
    const parts = path.slice(1).split('/').slice(0, -1);
    return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
  });
  const program = (path: string, source: string): Entry => {
    const bytes = readFileSync(source);
    return {
      ...common,
      path,
      mode: 0o755,
      type: 'file',
      size: bytes.length,
      content: { bytes },
    };
  };
  return [
    program('bin/gtar', '/bin/tar'),
    ...[...new Set(folders)].sort().map((path) => directory(path)),
    ...libraries.map((path) => program(path.slice(1), path)),
  ];
}

/** Tools for whole root file systems: busybox, and a tar that knows extended attributes. */
export const rootfsToolsTar = (more: readonly Entry[] = []): AsyncIterable<Uint8Array> =>
  writeTar([...busyboxEntries(), ...gnuTarEntries(), ...more]);

/** Busybox alone as a tar, which can be read once. */
export const busyboxTar = (): AsyncIterable<Uint8Array> => writeTar(busyboxEntries());

/** How engines call it; `key` tells toolchains of several tests apart. */
export const busyboxToolchain = (key: string): ToolchainRef => ({
  name: 'busybox-test',
  platform: hostPlatform().name,
  key: key.padEnd(64, '0'),
});
