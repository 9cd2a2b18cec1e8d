import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BuildResult } from '../../src/pipeline/request.ts';
import { folderForEachTest } from '../support/folder.ts';
import type { Server } from '../support/http-server.ts';
import { noAlpine, serveAlpine } from './support/alpine.ts';
import { everyEngine } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';

const folder = folderForEachTest();
const [setting] = everyEngine;

/** Writes a recipe of a kind and runs the very command that is shown as the next one. */
async function startAndBuild(kind: string, env: Readonly<Record<string, string>> = {}) {
  const cwd = folder();
  const started = await mkbase(['init', 'my-app', '--kind', kind, '--json'], { cwd });
  expect(started, started.stderr).toMatchObject({ code: 0 });
  const { next } = JSON.parse(started.stdout) as { next: string };
  const [, ...words] = next.split(' ');
  const flags = ['--engine', setting?.engine ?? 'auto', '--output', 'type=docker', '--json'];
  const build = await mkbase([...words, ...flags, ...extra(kind)], { cwd, env });
  expect(build, build.stderr).toMatchObject({ code: 0 });
  return { cwd, result: JSON.parse(build.stdout) as BuildResult };
}

/** The mirror of the tests holds no signatures. */
const extra = (kind: string) => (kind === 'minirootfs' ? ['--allow', 'unsigned-archive'] : []);

describe.skipIf(!setting)('what mkbase init writes builds at once, and passes its tests', () => {
  test.each(['static', 'debs', 'debootstrap'])('--kind %s', async (kind) => {
    const { cwd, result } = await startAndBuild(kind);
    expect(result.recipe).toBe('my-app');
    expect(result.tests.length).toBeGreaterThan(0);
    expect(result.tests.every(({ passed }) => passed)).toBe(true);
    const again = await mkbase(['init', 'my-app', '--kind', kind], { cwd });
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(readFileSync(join(cwd, 'my-app/recipe.yaml'), 'utf8')).toContain(`${kind}:`);
  });
});

const leftOut = noAlpine ? `: left out, ${noAlpine}` : '';

describe.skipIf(noAlpine || !setting)(`with Alpine's archives${leftOut}`, () => {
  let server: Server;
  beforeAll(async () => {
    server = await serveAlpine();
  });
  afterAll(() => server.close());

  test('--kind minirootfs builds as well', async () => {
    const { result } = await startAndBuild('minirootfs', { MKBASE_ALPINE_MIRROR: server.url });
    expect(result.tests.map(({ passed }) => passed)).toEqual([true, true]);
  });
});
