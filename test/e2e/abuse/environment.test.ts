import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../../support/folder.ts';
import { everySetting } from '../support/engines.ts';
import { cliFile, environment, root } from '../support/mkbase.ts';

const folder = folderForEachTest();
const [{ engine } = { engine: 'auto' }] = everySetting.filter(({ missing }) => !missing);

/** Runs a line of shell in which `mkbase` is the command line; stdout, stderr and exit code. */
function shell(line: string, env: Readonly<Record<string, string>> = {}) {
  const script = `mkbase() { "${process.execPath}" "${cliFile()}" "$@"; }\n{ ${line}\n} 2>&1`;
  const options = { cwd: folder(), env: environment(env), stdio: 'pipe' } as const;
  try {
    return { code: 0, text: execFileSync('bash', ['-c', script], options).toString() };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: Buffer };
    return { code: status, text: stdout.toString() };
  }
}

function recipe(): string {
  const file = join(folder(), 'recipe.yaml');
  writeFileSync(file, 'name: environment\nfrom:\n  debs: { packages: [netbase] }\n');
  return './recipe.yaml';
}

const build = (more = '') => `mkbase ${recipe()} --engine ${engine} ${more}`;

describe('a cache or an output that cannot be', () => {
  test.each([
    ['a home where nothing can be made', { HOME: '/proc', XDG_CACHE_HOME: '' }, ''],
    ['a home that is a file', { HOME: '/dev/null', XDG_CACHE_HOME: '' }, ''],
    ['an output folder where nothing can be made', {}, '--out /proc/out'],
    ['an output folder that is a file', {}, '--out /etc/passwd'],
    ['a metadata file in no folder', {}, '--metadata-file /nonexistent/x'],
    ['an image ID file that is a folder', {}, '--iidfile /tmp'],
  ])('%s is named, with a hint', (_, env, more) => {
    const { code, text } = shell(build(more), env as Record<string, string>);
    expect(text).toMatch(/^error: Failed [a-z]+ \/.*\(E[A-Z]+\)\.$/m);
    expect(text).toMatch(/^hint: ./m);
    expect(text).toContain('code: IO');
    expect(code).toBe(9);
  });

  test('a folder that is gone is named', () => {
    for (const command of [build(), 'mkbase show hello', 'mkbase gc']) {
      const { code, text } = shell(`mkdir gone; cd gone; rmdir ../gone; ${command}`);
      expect(text).toContain('does not exist any more');
      expect(code).toBe(9);
    }
  });
});

describe('standard streams', () => {
  test('that are closed are no reason to fail', () => {
    expect(shell(`${build('--quiet')} <&-`)).toMatchObject({ code: 0 });
    expect(shell('mkbase list >&-')).toEqual({ code: 0, text: '' });
    expect(shell('mkbase list 2>&-')).toMatchObject({ code: 0 });
  });

  test('whose reader has gone are none either', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own
    expect(shell('mkbase list | head -n 1; exit ${PIPESTATUS[0]}')).toMatchObject({ code: 0 });
  });

  test('that lead to a full disk are, since the result was lost', () => {
    const { code, text } = shell('mkbase list >/dev/full');
    expect(text).toContain('code: NO_SPACE');
    expect(code).toBe(9);
  });
});

test('umask, locale and a terminal of few columns change neither the result nor what can be read', () => {
  const plain = shell(build('--json')).text;
  const { diffId } = JSON.parse(plain.split('\n').find((line) => line.startsWith('{')) ?? '{}');
  expect(diffId).toMatch(/^sha256:/);
  mkdirSync(join(folder(), 'strict'));
  const strict = shell(`umask 077; cd strict; ${build('--json').replace('./', '../')}`, {
    LC_ALL: 'tr_TR.UTF-8',
    TERM: 'dumb',
    COLUMNS: '20',
  });
  expect(strict.code).toBe(0);
  expect(strict.text).toContain(`"diffId":"${diffId}"`);
  const terminal = join(root, 'test/e2e/support/terminal.py');
  const narrow = shell(`python3 ${terminal} 20 10 "" 0 "${process.execPath}" "${cliFile()}" helo`);
  expect(narrow.code).toBe(3);
  for (const line of narrow.text.split('\r\n').filter((line) => line.startsWith(' '))) {
    expect(line.length).toBeLessThanOrEqual(20);
  }
});

test('without programs on PATH each engine is listed with what it lacks', () => {
  const { code, text } = shell(
    `PATH=/nonexistent ${build()}`.replace(`--engine ${engine}`, '--engine docker'),
  );
  expect(text).toContain('docker');
  expect(text).toContain('code: NO_ENGINE');
  expect(code).toBe(5);
});
