import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import * as fields from '../../../src/recipe/schema/fields.ts';
import { accounts } from '../../../src/recipe/schema/overlays.ts';
import { imageSettings, smokeTest } from '../../../src/recipe/schema/schema.ts';

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

/** Values that try to be more than what the field is for. */
const hostile: Readonly<Record<string, readonly [z.ZodType, readonly string[]]>> = {
  recipeName: [
    fields.recipeName,
    ['', '-x', '.', '..', 'a/b', 'a b', 'A', 'a\n', 'a..b', 'a-', '$(id)', 'a;rm', 'x'.repeat(65)],
  ],
  packageName: [
    fields.packageName,
    ['-y', '--root=/', 'a b', 'libc6=1', '../x', 'x;y', 'lib\nc', 'a'],
  ],
  suiteName: [
    fields.suiteName,
    ['../x', 'a/../b', 'a//b', '/etc', 'a/', '-x', 'a b', 'a?b', 'a#b', 'a%2e', 'a\n'],
  ],
  componentName: [fields.componentName, ['main contrib', 'a/b', '-x', '..', 'a..b']],
  imagePath: [
    fields.imagePath,
    [
      '',
      'bin/x',
      '/../x',
      '/a/../b',
      '/a/.',
      '/a//b',
      '/a/',
      '//',
      '/a\nb',
      '/a\u0000',
      '/a\u009b',
    ],
  ],
  recipePath: [
    fields.recipePath,
    [
      '',
      '/etc/passwd',
      '../x',
      'a/../../x',
      './x',
      'a//b',
      'a/',
      '-x.c',
      '@x.c',
      'a\nb',
      '..',
      '.',
    ],
  ],
  recipeFolder: [
    fields.recipeFolder,
    [
      '',
      '/',
      '/src',
      '..',
      '../',
      '../src',
      'a/../..',
      './src',
      'a//',
      '-a',
      '@a',
      'a\nb',
      '~/../x',
    ],
  ],
  mode: [fields.mode, ['644', '00644', '0888', '+0644', '0644 ']],
  sha256: [fields.sha256, ['', 'A'.repeat(64), 'a'.repeat(63), `${'a'.repeat(64)}\n`]],
  httpUrl: [
    fields.httpUrl,
    ['ftp://x/y', 'javascript:alert(1)', 'https://', 'https://a b', 'http://x\ny', '-o', '//x/y'],
  ],
  environmentName: [fields.environmentName, ['', '1A', 'A-B', 'A=B', 'A B', 'A\n', '-e']],
  text: [fields.text, ['a\nb', 'a\rb', 'a\tb', '\u001b[2J', '\u2028', '\u202e', '\u0085']],
  argument: [fields.argument, ['a\u0000b']],
  reason: [fields.reason, ['']],
};

describe.each(Object.entries(hostile))('%s', (_, [schema, values]) => {
  test.each(values)('refuses %j', (value) => {
    expect(accepts(schema, value)).toBe(false);
  });
});

test('ordinary values pass', () => {
  expect(accepts(fields.recipeName, 'distroless-cc.v2_1')).toBe(true);
  expect(accepts(fields.packageName, 'libstdc++6')).toBe(true);
  expect(accepts(fields.suiteName, 'trixie-backports')).toBe(true);
  expect(accepts(fields.suiteName, 'buster/updates')).toBe(true);
  expect(accepts(fields.componentName, 'non-free-firmware')).toBe(true);
  expect(accepts(fields.imagePath, '/')).toBe(true);
  expect(accepts(fields.imagePath, '/etc/..data/a b')).toBe(true);
  expect(accepts(fields.recipePath, 'src/größe/..x.c')).toBe(true);
  expect(accepts(fields.httpUrl, 'https://example.org:8443/a.tar.gz?x=1')).toBe(true);
  expect(accepts(fields.argument, '$(id); rm -rf / `x` "\'\n')).toBe(true);
});

test.each([
  { user: '-u' },
  { user: 'a:b:c' },
  { user: 'a b' },
  { env: { 'A=B': 'x' } },
  { env: { A: 'x\nENTRYPOINT ["evil"]' } },
  { labels: { 'a b': 'x' } },
  { labels: { 'a="b"': 'x' } },
  { labels: { a: 'x\ny' } },
  { labels: { '-a': 'x' } },
  { expose: ['65536'] },
  { expose: ['80 90'] },
  { expose: ['8010-8000'] },
  { expose: ['8000-70000'] },
  { expose: ['8000-'] },
  { expose: ['-90'] },
  { stopsignal: 'KILL -9' },
  { workdir: '../x' },
  { healthcheck: { test: ['x'], interval: '9999999h' } },
  { healthcheck: { test: ['x'], interval: '0s' } },
])('image settings refuse %j', (settings) => {
  expect(accepts(imageSettings, settings)).toBe(false);
});

test('a range of ports is every port in it, each once', () => {
  const expose = ['53/udp', '8000-8002', '8001', '9000-9000/tcp', '7000-7001/udp'];
  expect(imageSettings.parse({ expose }).expose).toEqual([
    ...['53/udp', '8000', '8001', '8002', '9000/tcp', '7000/udp', '7001/udp'],
  ]);
});

test('no field of an account can hold a second field of its line', () => {
  const user = { name: 'app', uid: 1 };
  expect(accepts(accounts, { users: [user] })).toBe(true);
  for (const field of ['name', 'comment', 'home', 'shell']) {
    expect(accepts(accounts, { users: [{ ...user, [field]: '/x:0:0' }] })).toBe(false);
    expect(accepts(accounts, { users: [{ ...user, [field]: '/x\nroot::0:0' }] })).toBe(false);
  }
});

test('a smoke test cannot wait forever', () => {
  expect(accepts(smokeTest, { run: [], timeout: '30' })).toBe(false);
  expect(accepts(smokeTest, { run: [], timeout: '1000000h' })).toBe(false);
});
