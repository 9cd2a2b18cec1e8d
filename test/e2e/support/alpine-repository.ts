import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Entry } from '../../../src/tar/entry.ts';
import { alpineMirror } from '../../support/alpine-mirror.ts';
import {
  type ApkKey,
  apkRepository,
  type BuiltApk,
  buildApk,
  newApkKey,
  type TestApk,
} from '../../support/apk.ts';
import { directory, file, symlink, tarOf } from '../../support/tar.ts';
import { publishedEntries, realPackages, releasePackage } from './alpine-packages.ts';

const script = (...lines: string[]) => `#!/bin/sh\n${lines.join('\n')}\n`;

const program = { mode: 0o755, mtime: 1_725_000_000 };

/** A web application as a distribution has them: with a library, an account and a service program. */
const own: readonly TestApk[] = [
  {
    name: 'webapp',
    version: '1.2.3-r1',
    depends: ['webapp-common>=1.2', '/bin/sh'],
    provides: ['cmd:webapp=1.2.3-r1'],
    entries: [
      directory('usr'),
      directory('usr/bin'),
      file('usr/bin/webapp', script('exec nc -lk -p 8080 -e /usr/bin/webapp-answer'), program),
      file(
        'usr/bin/webapp-answer',
        script(
          'read -r request',
          'printf "HTTP/1.0 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n"',
          'cat /usr/share/webapp/index.html',
        ),
        program,
      ),
      symlink('usr/bin/webapp-start', 'webapp', { mtime: 1_725_000_000 }),
    ],
    scripts: {
      'pre-install': script(
        'addgroup -S -g 150 webapp',
        'adduser -S -D -H -u 150 -G webapp webapp',
      ),
      'post-install': script(
        'mkdir -p /var/lib/webapp',
        'chown webapp:webapp /var/lib/webapp',
        'echo installed >/var/lib/webapp/state',
        'test -c /dev/null',
      ),
    },
  },
  {
    name: 'webapp-common',
    version: '1.2.3-r1',
    arch: 'noarch',
    origin: 'webapp',
    license: 'MIT AND BSD-2-Clause',
    triggers: ['/usr/share/webapp*'],
    entries: [
      directory('usr'),
      directory('usr/share'),
      directory('usr/share/webapp'),
      file('usr/share/webapp/index.html', '<p>Hello from webapp</p>\n', { mtime: 1_725_000_000 }),
    ],
    scripts: { trigger: script('ls "$@" >/var/lib/webapp-trigger') },
  },
  {
    name: 'special',
    entries: [
      directory('usr'),
      directory('usr/bin'),
      file('usr/bin/setuid', 'nothing\n', { mode: 0o4755 }),
      file('usr/bin/capable', 'nothing\n', {
        mode: 0o755,
        // CAP_NET_RAW, permitted and effective (capabilities(7), revision 2).
        xattrs: [
          [
            'security.capability',
            Buffer.from('0100000200200000000000000000000000000000', 'hex').toString('latin1'),
          ],
        ],
      }),
    ],
  },
  // Newer than the one that is in the root filesystem.
  {
    name: 'scanelf',
    version: '9.0-r0',
    entries: [directory('usr'), directory('usr/bin'), file('usr/bin/scanelf', 'new\n', program)],
  },
  { name: 'inspector', depends: ['scanelf>=9'], entries: [directory('usr')] },
  { name: 'webapp-lite', depends: ['!webapp-common'], provides: ['cmd:webapp=0.9'] },
  {
    name: 'broken',
    entries: [directory('usr')],
    scripts: { 'post-install': script('echo it cannot be >&2', 'exit 3') },
  },
];

/** A small distribution that is a copy of Alpine 3.20.3 with another key. */
export interface AlpineRepository {
  readonly key: ApkKey;
  /** Builds and indexes anew with further packages. */
  readonly write: (arch: string, more?: readonly TestApk[]) => Promise<void>;
  /** A mirror's root, as a folder. */
  readonly folder: string;
}

/** A release as Alpine publishes it, whose root filesystem believes the test's key besides its own. */
async function release(entries: readonly Entry[], arch: string, key: ApkKey) {
  const believed = [
    ...entries,
    file(`etc/apk/keys/${key.name}`, key.publicKey, { mtime: 1_725_000_000 }),
  ];
  const archive = gzipSync(await tarOf(believed));
  return alpineMirror({ version: '3.20.3', arch, archive });
}

/** Writes files by their paths below a folder. */
export function writeAll(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
}

/**
 * Makes a mirror of one branch in a folder: the release with a key of the test's, a repository `main`
 * of Alpine's real packages and `community` with small ones of the test's own.
 */
export async function alpineRepository(
  folder: string,
  architectures: readonly string[] = ['x86_64'],
): Promise<AlpineRepository> {
  const key = newApkKey();
  const write = async (arch: string, more: readonly TestApk[] = []) => {
    const packages: BuiltApk[] = [];
    for (const each of [...own, ...more]) packages.push(await buildApk(each, key, arch));
    writeAll(join(folder, 'v3.20/community'), await apkRepository(packages, key, { arch }));
  };
  for (const arch of architectures) {
    const entries = await publishedEntries(arch);
    writeAll(folder, await release(entries, arch, key));
    const real = [
      ...(await realPackages(entries, arch, key)),
      await buildApk(releasePackage(entries), key, arch),
    ];
    writeAll(join(folder, 'v3.20/main'), await apkRepository(real, key, { arch }));
    await write(arch);
  }
  return { key, folder, write };
}
