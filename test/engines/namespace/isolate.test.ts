import { describe, expect, test } from 'vitest';
import type { IdMaps } from '../../../src/engines/namespace/id-maps.ts';
import { canWriteToMemory, isolate } from '../../../src/engines/namespace/isolate.ts';
import type { Isolation } from '../../../src/engines/namespace/isolation.ts';
import { mappedScript, mapScript, rebindScript } from '../../../src/engines/namespace/nested.ts';
import { prepareScript } from '../../../src/engines/namespace/prepare-script.ts';
import { argvOf } from '../../../src/engines/namespace/run-image.ts';
import { enterScript, gateScript, waitScript } from '../../../src/engines/namespace/scripts.ts';

const isolation: Isolation = {
  folder: '/cache/$(evil)',
  kind: 'step',
  writesTo: 'memory',
  memoryFolderBytes: 1024,
  env: { A: '$(evil)', 'not a name': 'x' },
  cwd: '/; evil',
  argv: ['sh', '-c', '`evil`'],
  capabilities: ['CAP_CHOWN'],
  limits: { memoryBytes: 2048, processes: 10 },
  groups: ['/groups/$(evil)', '/groups/b'],
  filters: true,
  pipe: "/cache/tmp/it's",
};

const ids: IdMaps = {
  writer: 'newidmap',
  users: [{ inside: 0, outside: 1000, count: 1 }],
  groups: [{ inside: 0, outside: 1000, count: 1 }],
};

const scripts = new Set([
  ...[enterScript, prepareScript, waitScript, gateScript],
  ...[mapScript, mappedScript, rebindScript],
]);
const scriptsOf = (args: readonly string[]) => args.filter((arg) => scripts.has(arg));

describe('a program behind walls', () => {
  test('reaches the shell only as parameters: the scripts are constants', () => {
    const { args } = isolate(isolation, 5);
    const given = args.filter((arg) => arg.includes('evil') || arg.includes("it's"));
    expect(args.filter((arg) => arg.includes('\n')).every((arg) => scripts.has(arg))).toBe(true);
    expect(given).toEqual([
      ...["/cache/tmp/it's", '/groups/$(evil)'],
      ...['/; evil', 'A=$(evil)', '`evil`'],
    ]);
    const nested = isolate({ ...isolation, ids }, 5);
    expect(nested.args.filter((arg) => arg.includes('\n')).every((arg) => scripts.has(arg))).toBe(
      true,
    );
  });

  test('has only the declared capabilities, limits, and no variable that a shell cannot set', () => {
    const { args } = isolate(isolation, undefined);
    expect(args).toEqual(
      expect.arrayContaining(['--bounding-set=-all,+chown', '--data=2048', '--nproc=14']),
    );
    expect(args).not.toContain('not a name=x');
  });

  test('that needs root alone is in one user namespace, as ever', () => {
    expect(scriptsOf(isolate(isolation, 5).args)).toEqual([
      enterScript,
      prepareScript,
      waitScript,
      gateScript,
    ]);
  });

  test('that has many users is in a second one, which is limited as a whole', () => {
    const { args } = isolate({ ...isolation, ids }, undefined);
    expect(scriptsOf(args)).toEqual([
      ...[enterScript, mapScript, mappedScript, prepareScript],
      ...[mapScript, mappedScript, rebindScript, waitScript, gateScript],
    ]);
    expect(args.join(' ')).toContain('--nproc=14 unshare --user --mount sh');
    expect(args).toContain('--clear-groups');
    expect(args).not.toContain('--map-root-user');
  });

  test('that would make devices may mount instead, where nothing mounted before can be undone', () => {
    const capabilities = ['CAP_CHOWN', 'CAP_MKNOD'];
    const { args } = isolate({ ...isolation, capabilities }, undefined);
    expect(args).toContain('--bounding-set=-all,+chown,+sys_admin');
    expect(scriptsOf(args)).toContain(rebindScript);
    expect(args).toContain('0 0 1');
  });

  test('of root runs as somebody else, and of an ordinary user as that user', () => {
    expect(isolate(isolation, 5).args).toContain('--reuid=5');
    expect(isolate(isolation, undefined).args.join(' ')).not.toContain('--reuid');
  });

  test.each([
    ['6.5.13-cloud', false],
    ['5.10.0', false],
    ['6.6.0', true],
    ['6.18.44-fc', true],
    ['7.0.1', true],
  ])('on Linux %s can write to memory: %s', (linux, expected) => {
    expect(canWriteToMemory(linux)).toBe(expected);
  });

  test.each([
    ['step', 'memory', 'step'],
    ['image', 'memory', 'image-kept'],
    ['image', 'either', 'image'],
    ['image', 'disk', 'image-on-disk'],
  ] as const)('%s that writes to %s is told as %s', (kind, writesTo, word) => {
    expect(isolate({ ...isolation, kind, writesTo }, undefined).args).toContain(word);
  });

  test('leaves the terminal’s session unless a person talks to it', () => {
    expect(isolate(isolation, undefined).args).toContain('setsid');
    expect(isolate({ ...isolation, pipe: undefined }, undefined).args).not.toContain('setsid');
  });
});

describe('what an image runs', () => {
  const config = { Entrypoint: ['/app'], Cmd: ['serve'] };

  test('is its entrypoint and its command', () => {
    expect(argvOf(config, { stdio: 'capture', network: 'none' })).toEqual(['/app', 'serve']);
  });

  test('is what a person puts in their place; another entrypoint drops the command', () => {
    const given = { stdio: 'capture', network: 'none' } as const;
    expect(argvOf(config, { ...given, args: ['x'] })).toEqual(['/app', 'x']);
    expect(argvOf(config, { ...given, entrypoint: ['/b'] })).toEqual(['/b']);
    expect(argvOf(config, { ...given, entrypoint: ['/b'], args: ['x'] })).toEqual(['/b', 'x']);
  });
});
