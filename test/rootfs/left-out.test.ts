import { expect, test } from 'vitest';
import { leftOutWarnings } from '../../src/rootfs/left-out.ts';
import { file, symlink } from '../support/tar.ts';

const reason = 'secrets would be the same everywhere';
const key = { path: 'etc/ssl/private/snakeoil.key', reason };
const certificate = { path: 'etc/ssl/certs/snakeoil.pem', reason };

const config = `# ssl_key_file = '/etc/ssl/private/snakeoil.key'
ssl = on
ssl_cert_file = '/etc/ssl/certs/snakeoil.pem'
ssl_key_file = '/etc/ssl/private/snakeoil.key'
`;

test('a path that was left out is told with the link that dangles and the line that names it', async () => {
  const warnings = await leftOutWarnings(
    [key, certificate],
    [
      symlink('etc/ssl/certs/1a2b3c4d.0', 'snakeoil.pem'),
      file('etc/postgresql/17/main.conf', config),
    ],
  );
  expect(warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    `left-out-yet-named: "/etc/ssl/private/snakeoil.key" is left out of the image (${reason}), and it is still referred to by line 4 of "/etc/postgresql/17/main.conf".`,
    `left-out-yet-named: "/etc/ssl/certs/snakeoil.pem" is left out of the image (${reason}), and it is still referred to by the link "/etc/ssl/certs/1a2b3c4d.0" and line 3 of "/etc/postgresql/17/main.conf".`,
  ]);
});

test.each([
  ['nothing refers to it', [file('etc/other.conf', 'ssl = off\n')]],
  ['only comments do', [file('etc/a.conf', '; key /etc/ssl/private/snakeoil.key\n')]],
  ['a longer path does', [file('etc/a.conf', 'key /etc/ssl/private/snakeoil.key.old\n')]],
  ['a path that ends in it does', [file('etc/a.conf', 'key /srv/etc/ssl/private/snakeoil.key\n')]],
  ['a file outside /etc does', [file('usr/share/doc/a', '/etc/ssl/private/snakeoil.key\n')]],
  ['it is there again', [file(key.path, ''), file('etc/a.conf', `/${key.path}\n`)]],
  [
    'it is there again by a link',
    [symlink(key.path, '/run/key'), file('etc/a.conf', `/${key.path}\n`)],
  ],
])('there is no warning where %s', async (_, entries) => {
  expect(await leftOutWarnings([key], entries)).toEqual([]);
});

test('an absolute link, and one through a linked folder, dangle alike; of many five are named', async () => {
  const links = [
    symlink('etc/absolute', '/etc/ssl/private/snakeoil.key'),
    symlink('etc/tls', 'ssl'),
    symlink('etc/through', 'tls/private/snakeoil.key'),
    ...[1, 2, 3, 4, 5].map((n) => symlink(`opt/${n}`, '../etc/ssl/private/snakeoil.key')),
  ];
  const [warning] = await leftOutWarnings([key], links);
  expect(warning?.message).toContain(
    'the link "/etc/absolute", the link "/etc/through", the link "/opt/1"',
  );
  expect(warning?.message).toContain(' and 2 more.');
});
