import { describe, expect, test } from 'vitest';
import { platforms } from '../../../../src/base/platform.ts';
import {
  applyPolicy,
  concerns,
  missedPaths,
} from '../../../../src/kinds/debootstrap/policy/apply-policy.ts';
import { containerFiles } from '../../../../src/kinds/debootstrap/policy/container-files.ts';
import { policyFor } from '../../../../src/kinds/debootstrap/policy/policy.ts';
import { debootstrap } from '../../../../src/kinds/debootstrap/schema.ts';
import { readContent } from '../../../../src/tar/content.ts';
import type { Entry } from '../../../../src/tar/entry.ts';
import { directory, file, hardlink, symlink } from '../../../support/tar.ts';

const day = 86_400;
const context = {
  source: debootstrap.parse({ suite: 'trixie' }),
  platform: platforms['linux/amd64'],
  mirror: 'http://mirror.example/debian',
  epoch: 20_000 * day + 5,
};

async function changed(entries: readonly Entry[]): Promise<Map<string, Entry>> {
  const result = await applyPolicy(entries, context);
  return new Map(result.map((entry) => [entry.path, entry]));
}

const textOf = async (entry: Entry | undefined) =>
  entry?.type === 'file' ? (await readContent(entry.content)).toString() : undefined;

describe('the policy', () => {
  test.each(['debian', 'ubuntu'] as const)(
    'of %s gives a reason with each rule',
    (distribution) => {
      for (const { reason, paths } of policyFor(distribution)) {
        expect(reason.length).toBeGreaterThan(20);
        for (const path of paths) expect(path).not.toMatch(/^\/|\/$|\/\//);
      }
    },
  );

  test('empties the folders that a runtime mounts, and keeps these', async () => {
    const after = await changed([
      directory('dev', { mode: 0o750 }),
      file('dev/null'),
      directory('dev/pts'),
      directory('proc'),
      file('proc/1'),
    ]);
    expect(after.get('dev')).toMatchObject({ type: 'directory', mode: 0o750 });
    expect([...after.keys()].filter((path) => /^(?:dev|proc)\//.test(path))).toEqual([]);
  });

  test('removes what was copied, logged, cached and backed up', async () => {
    const gone = [
      'etc/hostname',
      'etc/resolv.conf',
      'etc/ssh/ssh_host_ed25519_key',
      'var/cache/apt/archives/a.deb',
      'var/lib/apt/lists/x_Packages',
      'var/cache/ldconfig/aux-cache',
      'var/log/dpkg.log',
      'var/log/installer/deep/status.log',
      'var/log/apt/history.txt',
      'var/lib/dpkg/status-old',
      'etc/shadow-',
    ];
    const kept = ['etc/host.conf', 'etc/ssh/sshd_config', 'var/log/README', 'var/lib/dpkg/status'];
    const after = await changed([...gone, ...kept].map((path) => file(path, 'text')));
    for (const path of gone) expect(after.has(path), path).toBe(false);
    for (const path of kept) expect(await textOf(after.get(path)), path).toBe('text');
  });

  test('empties the machine-id but does not make one', async () => {
    expect((await changed([])).has('etc/machine-id')).toBe(false);
    const after = await changed([file('etc/machine-id', 'abc\n', { mtime: 1, mode: 0o444 })]);
    expect(after.get('etc/machine-id')).toMatchObject({ size: 0, mode: 0o444 });
  });

  test('gives shadow the day of the epoch, and no account an empty password', async () => {
    const text = 'root::20777:0:99999:7:::\nmail:*:20777:0:99999:7:::\nnew:!:0:0:::::\n';
    const after = await changed([file('etc/shadow', text, { mode: 0o640, gid: 42 })]);
    expect(await textOf(after.get('etc/shadow'))).toBe(
      'root:*:20000:0:99999:7:::\nmail:*:20000:0:99999:7:::\nnew:!:0:0:::::\n',
    );
    expect(after.get('etc/shadow')).toMatchObject({ mode: 0o640, gid: 42 });
  });

  test('leaves a file that already is as it should be with its own time', async () => {
    const after = await changed([file('etc/shadow', 'root:*:20000:0:::::\n', { mtime: 7 })]);
    expect(after.get('etc/shadow')).toMatchObject({ mtime: 7 });
  });

  test('adds what official images have, and the folders for it', async () => {
    const after = await changed([]);
    for (const { path, mode, content } of containerFiles) {
      expect(after.get(path)).toMatchObject({ mode, uid: 0, gid: 0, mtime: context.epoch });
      expect(await textOf(after.get(path))).toBe(content);
    }
    expect(after.get('etc/apt/apt.conf.d')).toMatchObject({ type: 'directory', mode: 0o755 });
  });

  test('writes a file in place of a link', async () => {
    const after = await changed([symlink('usr/sbin/policy-rc.d', '/bin/true')]);
    expect(after.get('usr/sbin/policy-rc.d')).toMatchObject({ type: 'file', mode: 0o755 });
  });

  test('keeps the other names of a file that loses one', async () => {
    const after = await changed([
      file('tmp/first', 'text', { mode: 0o600 }),
      hardlink('usr/second', 'tmp/first'),
      hardlink('usr/third', 'tmp/first'),
    ]);
    expect(after.has('tmp/first')).toBe(false);
    expect(after.get('usr/second')).toMatchObject({ type: 'file', size: 4, mode: 0o600 });
    expect(after.get('usr/third')).toMatchObject({ type: 'hardlink', target: 'usr/second' });
  });

  test('touches nothing else', async () => {
    const others = [
      directory('usr'),
      file('usr/bin/dpkg', 'x', { mode: 0o755, mtime: 3 }),
      symlink('bin', 'usr/bin'),
      file('etc/passwd', 'root:x:0:0:root:/root:/bin/bash\n'),
    ];
    const after = await changed(others);
    for (const entry of others) expect(after.get(entry.path)).toEqual(entry);
  });
});

describe('a rule', () => {
  const about = (path: string, subject: string) =>
    concerns({ remove: true, paths: [path], reason: '' })(subject);

  test.each([
    ['var/log/*.log', 'var/log/dpkg.log', true],
    ['var/log/*.log', 'var/log/apt/term.log', false],
    ['var/log/*.log', 'var/log/dpkgxlog', false],
    ['var/log/**/*.log', 'var/log/dpkg.log', true],
    ['var/log/**/*.log', 'var/log/a/b/c.log', true],
    ['dev/**', 'dev', false],
    ['dev/**', 'dev/pts/0', true],
    ['dev/**', 'devices/x', false],
    ['run/shm', 'run/shm/x', true],
    ['run/shm', 'run/shmx', false],
  ])('for %s on %s: %s', (path, subject, expected) => {
    expect(about(path, subject)).toBe(expected);
  });

  test('takes names with newlines for what they are', () => {
    expect(about('var/log/*.log', 'var/log/a\nb.log')).toBe(true);
    expect(about('var/log/*.log', 'x\nvar/log/b.log')).toBe(false);
  });
});

test('what a program may miss is listed with its reason, and what a runtime brings is not', () => {
  const listed = missedPaths(
    [
      directory('etc/ssl/private'),
      file('etc/ssl/private/ssl-cert-snakeoil.key', 'secret'),
      file('etc/ssh/ssh_host_ed25519_key', 'secret'),
      symlink('var/lib/dbus/machine-id', '/etc/machine-id'),
      file('etc/hostname', 'builder'),
      file('var/log/apt/history.log', ''),
      file('dev/null', ''),
    ],
    context,
  );
  expect(listed.map(({ path }) => path).sort()).toEqual([
    'etc/ssh/ssh_host_ed25519_key',
    'etc/ssl/private/ssl-cert-snakeoil.key',
    'var/lib/dbus/machine-id',
  ]);
  for (const { reason } of listed) expect(reason.length).toBeGreaterThan(20);
});
