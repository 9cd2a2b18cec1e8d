import { expect, test } from 'vitest';
import { toByteString } from '../../../src/base/byte-string.ts';
import { diagnoseRun } from '../../../src/steps/failure/diagnose.ts';
import { failedRun } from '../../../src/steps/failure/run-in-rootfs.ts';
import type { Entry } from '../../../src/tar/entry.ts';

const attributes = { uid: 0, gid: 0, mtime: 0, xattrs: [] } as const;

function file(path: string, text = '', mode = 0o644): Entry {
  const bytes = Buffer.from(text);
  const entry = { ...attributes, path: toByteString(path), mode, size: bytes.length };
  return { ...entry, type: 'file', content: { bytes } };
}

const link = (path: string, target: string): Entry => ({
  ...attributes,
  ...{ type: 'symlink', mode: 0o777 },
  ...{ path: toByteString(path), target: toByteString(target) },
});

const dpkg = 'Package: dash\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n\n';
const apk = 'P:busybox\nV:1\nA:x86_64\nL:GPL-2.0-only\n\n';
const [dash, busybox] = [file('usr/bin/dash', '', 0o755), file('bin/busybox', '', 0o755)];

/** Root filesystems: one of Debian with a shell below merged folders, one of Alpine, two without a shell. */
const trees = {
  debian: [
    ...[link('bin', 'usr/bin'), dash, link('usr/bin/sh', 'dash')],
    file('var/lib/dpkg/status', dpkg),
  ],
  alpine: [busybox, link('bin/sh', '/bin/busybox'), file('lib/apk/db/installed', apk)],
  distroless: [file('var/lib/dpkg/status.d/base-files', dpkg.replaceAll('dash', 'base-files'))],
  archive: [file('srv/data')],
};

async function hintIn(tree: keyof typeof trees, line: string): Promise<string | undefined> {
  const { take, read } = diagnoseRun(failedRun(trees[tree], tree !== 'archive'));
  for (const each of ['+ the command', line, 'its last words']) take(each);
  return (await read())?.hint;
}

/** Messages as Debian's and Alpine's programs print them. */
test.each([
  ['debian', "env: 'useradd': No such file or directory", 'packages: [passwd]'],
  ['debian', 'sh: 1: python3: not found', 'packages: [python3]'],
  ['debian', '/srv/setup.sh: 3: curl: not found', 'packages: [curl]'],
  ['debian', 'bash: line 1: our-own-tool: command not found', 'the package that has it'],
  ['debian', "env: '/usr/sbin/locale-gen': No such file or directory", 'packages: [locales]'],
  ['debian', 'sh: 1: /srv/x.py: not found', 'first line (#!)'],
  ['alpine', "env: '/entrypoint.sh': No such file or directory", 'line ends of Windows'],
  ['alpine', 'sh: useradd: not found', 'packages: ["cmd:useradd"]'],
  ['alpine', "env: 'bash': No such file or directory", 'packages: ["cmd:bash"]'],
  ['distroless', "env: 'sh': No such file or directory", 'no shell. Add it: `packages: [dash]`'],
  ['distroless', "env: '/bin/sh': No such file or directory", 'no shell. Add it'],
  ['archive', "env: 'sh': No such file or directory", 'no shell. Bring it with `files`'],
  ['archive', "env: 'chmod': No such file or directory", 'Bring it with `files`'],
  ['debian', "env: '/srv/start': Permission denied", 'mode: "0755"'],
  ['debian', 'E: Unable to locate package nginx', '`packages`'],
  ['alpine', 'ERROR: unable to select packages:', '`packages`'],
  ['debian', 'curl: (6) Could not resolve host: example.org', 'no network'],
  ['debian', 'Err:1 http://mirror.example/debian trixie InRelease', undefined],
  ['alpine', "wget: bad address 'example.org'", 'no network'],
  ['debian', "chown: invalid user: 'app:app'", 'There is no user app in'],
  ['alpine', 'chown: unknown user/group app:app', 'There is no user app in'],
  ['alpine', 'chgrp: unknown group app', 'There is no group app'],
  ['debian', 'mount: /mnt: permission denied.', 'without privileges'],
  ['alpine', 'mknod: /dev/x: Operation not permitted', 'without privileges'],
  ['debian', "sh: 1: cd: can't cd to /srv/www", 'path: /srv/www, directory: true'],
  [
    'debian',
    "System has not been booted with systemd as init system (PID 1). Can't operate.",
    '`systemctl enable` works',
  ],
] as const)('in a root filesystem of %s, `%s` has its cure', async (tree, line, cure) => {
  const hint = await hintIn(tree, line);
  if (cure === undefined) expect(hint).toBeUndefined();
  else expect(hint).toContain(cure);
});
