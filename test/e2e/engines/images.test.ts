import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BuildResult } from '../../../src/pipeline/request.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { engineSubject, type Subject, users } from '../../support/engine-subject.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { everySetting } from '../support/engines.ts';
import { mkbase } from '../support/mkbase.ts';

const isRoot = process.getuid?.() === 0;
const usable = everySetting.filter(({ missing }) => !missing);

const owned = (path: string, uid: number, gid: number, mode: number): Entry => ({
  ...{ path, uid, gid, mode, mtime: 0, xattrs: [], type: 'file', size: 1 },
  content: { bytes: Buffer.from('x') },
});
const link = (path: string, target: string): Entry => ({
  ...{ path, target, uid: 0, gid: 0, mode: 0o777, mtime: 0, xattrs: [], type: 'symlink' },
});
const hardLink = (path: string, target: string, { uid, gid, mode }: Entry): Entry => ({
  ...{ path, target, uid, gid, mode, mtime: 0, xattrs: [], type: 'hardlink' },
});
const theirs = owned('etc/theirs', 10001, 50, 0o6755);
const programs: readonly Entry[] = [
  theirs,
  hardLink('etc/theirs-too', 'etc/theirs', theirs),
  owned('etc/own er', 10001, 50, 0o640),
  owned('etc/set-id', 10001, 50, 0o6755),
  owned('etc/nobodys', 65534, 65534, 0o600),
  link('etc/dangling', '/nowhere/at/all'),
];

/** Each question, and what a container answers to it. */
const questions: readonly (readonly [title: string, script: string, answer: string | RegExp])[] = [
  [
    'drops its privileges, groups too',
    'su app -c "id -u; id -G; cat /etc/nobodys" 2>&1',
    /^10001\n50\ncat: .*Permission denied\n$/,
  ],
  ['starts as the user it was given, not as root', 'id -u; id -g', '0\n0\n'],
  [
    'finds the owners and modes of its files',
    "stat -c '%u:%g %a' /etc/own\\ er /etc/set-id /etc/nobodys",
    '10001:50 640\n10001:50 6755\n65534:65534 600\n',
  ],
  [
    'finds each name of a file with its owner and mode',
    "stat -c '%u:%g %a' /etc/theirs /etc/theirs-too",
    '10001:50 6755\n10001:50 6755\n',
  ],
  [
    'gives files away, as nginx does to nobody',
    'touch /tmp/a && chown 65534:65534 /tmp/a && stat -c %u /tmp/a',
    '65534\n',
  ],
  [
    'finds the names of its own machine',
    'grep -c "127.0.0.1.*localhost" /etc/hosts; test -s /etc/hostname && echo there',
    '1\nthere\n',
  ],
  [
    'sees /sys, and cannot change it',
    'ls -d /sys/class/net/lo; echo x 2>/dev/null >/sys/kernel/uevent_seqnum || echo refused',
    '/sys/class/net/lo\nrefused\n',
  ],
  [
    'cannot change the kernel',
    'echo x 2>/dev/null >/proc/sys/kernel/hostname || echo refused',
    'refused\n',
  ],
  ['can open terminals', 'test -c /dev/pts/ptmx && test -c /dev/ptmx && echo there', 'there\n'],
  [
    'serves itself',
    'printf "HTTP/1.0 200 OK\\r\\n\\r\\nserved" | nc -l -p 8080 >/dev/null & sleep 1; wget -q -O - http://127.0.0.1:8080/',
    'served',
  ],
];

describe.each(usable)('an image on $title', ({ title, engine }) => {
  let subject: Subject;
  const answers = new Map<string, string>();
  const config = { Entrypoint: ['/bin/sh', '-c'] };
  const capture = { stdio: 'capture', network: 'none' };

  beforeAll(async () => {
    const uid = isRoot && title.includes('ordinary') ? users.nobody : undefined;
    subject = await engineSubject(engine, { programs, ...(uid !== undefined && { uid }) });
    const script = questions.map(([name, each]) => `echo "== ${name}"; (${each}\n)`).join('\n');
    const { stdout } = await subject.runImage({ config, options: { ...capture, args: [script] } });
    for (const part of String(stdout).split('== ').slice(1)) {
      const end = part.indexOf('\n');
      answers.set(part.slice(0, end), part.slice(end + 1));
    }
  });
  afterAll(() => subject.dispose());

  test.each(questions)('%s', (name, _, answer) => {
    expect(answers.get(name)).toEqual(
      typeof answer === 'string' ? answer : expect.stringMatching(answer),
    );
  });

  test('is in the groups that list its user, when it names one', async () => {
    const options = { ...capture, args: ['id -u; id -G; su 2>&1 root -c true || echo refused'] };
    const { stdout } = await subject.runImage({ config: { ...config, User: 'app' }, options });
    expect(stdout).toMatch(/^10001\n50\n.*refused\n$/s);
  });
});

const nginx = `name: nginx-alike
from:
  debs: { packages: [base-files, nginx], exclude: { init-system-helpers: no init, iproute2: no configuration } }
accounts:
  users: [{ name: root, uid: 0 }, { name: nobody, uid: 65534, gid: 65534 }]
  groups: [{ name: root, gid: 0 }, { name: nogroup, gid: 65534 }]
files:
  - { path: /var/log/nginx, directory: true }
  - { path: /var/lib/nginx, directory: true }
  - path: /etc/nginx/nginx.conf
    content: |
      user nobody nogroup;
      events {}
      http { server { listen 8080; } }
image: { entrypoint: [/usr/sbin/nginx], cmd: [-g, daemon off;] }
test:
  - { run: [-t], stderr: test is successful }
`;

test('nginx makes its folders and gives them to nobody, on every engine', async () => {
  const work = temporaryFolder({ shared: true });
  const recipe = join(work, 'nginx');
  mkdirSync(recipe);
  writeFileSync(join(recipe, 'recipe.yaml'), nginx);
  const digests = new Set<string>();
  for (const { title, engine, settings } of usable) {
    const out = ['--out', join(work, title.replaceAll(' ', '-')), '--output', 'type=oci'];
    const args = ['build', recipe, '--engine', engine, ...out, '--json'];
    const run = await mkbase(args, { cwd: work, ...settings() });
    expect(run, run.stderr).toMatchObject({ code: 0 });
    const { diffId, tests } = JSON.parse(run.stdout) as BuildResult;
    expect(tests).toHaveLength(1);
    digests.add(diffId);
  }
  expect(digests.size).toBe(1);
});
