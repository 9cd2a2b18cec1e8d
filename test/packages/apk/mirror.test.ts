import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { releaseKeyFile } from '../../../src/kinds/minirootfs/published.ts';
import { alpine, wolfi } from '../../../src/packages/apk/distribution.ts';
import { alpineContext, alpineMirror, mirrorOfRun } from '../../../src/packages/apk/mirror.ts';
import { readKeyFiles } from '../../../src/packages/openpgp/keys.ts';

describe('the mirror', () => {
  const env = { MKBASE_ALPINE_MIRROR: 'http://env.example/alpine' };
  const recipe = { mirror: 'https://recipe.example/alpine/' };
  const chosen = (flag: string | undefined, environment: object, wanted: { mirror?: string }) =>
    alpineMirror(wanted, { mirror: mirrorOfRun({ flag, env: { ...environment } }) });

  test('is that of the flag, else of the environment, else of the recipe, else Alpine’s own', () => {
    expect(chosen('http://flag.example/', env, recipe)).toBe('http://flag.example');
    expect(chosen(undefined, env, recipe)).toBe('http://env.example/alpine');
    expect(chosen(undefined, { MKBASE_ALPINE_MIRROR: '' }, recipe)).toBe(
      'https://recipe.example/alpine',
    );
    expect(chosen(undefined, {}, {})).toBe(alpine.mirror);
  });

  test('of Wolfi has a variable and a default of its own', () => {
    const sources = { store: {} as never, offline: false, allow: [], now: new Date() };
    const asked = (environment: object) =>
      alpineMirror(
        {},
        alpineContext({ ...sources, mirror: undefined, env: { ...environment } }, wolfi),
      );
    expect(asked(env)).toBe('https://packages.wolfi.dev');
    expect(asked({ MKBASE_WOLFI_MIRROR: 'http://env.example/wolfi' })).toBe(
      'http://env.example/wolfi',
    );
  });

  test('may be a folder', () => {
    expect(chosen('/srv/alpine', {}, {})).toBe('file:///srv/alpine');
  });

  test('is refused when it is none, without its password', () => {
    expect(() => chosen(undefined, {}, { mirror: 'ftp://me:secret@x/alpine' })).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: expect.not.stringContaining('secret'),
        hint: expect.stringContaining(alpine.mirror),
      }),
    );
  });
});

describe('the trust store', () => {
  test('holds exactly the key that its README names, and it is still good', async () => {
    const folder = dirname(releaseKeyFile);
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/\| `([0-9A-F]{40})` \|/g)].map((match) => match[1]);
    const files = (await readdir(folder)).filter((name) => name.endsWith('.asc'));
    for (const name of files) expect(readme).toContain(`\`${name}\``);
    const keys = await readKeyFiles(files.map((name) => join(folder, name)));
    expect(keys.map((each) => each.getFingerprint().toUpperCase())).toEqual(named);
    await expect(keys[0]?.getSigningKey(undefined, new Date())).resolves.toBeDefined();
  });
});
