import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { filesIn } from '../support/store.ts';
import { busyboxRecipe } from './support/busybox-recipe.ts';
import { everyEngine } from './support/engines.ts';
import { mkbase, type Run } from './support/mkbase.ts';

const work = temporaryFolder({ lasting: true });
const env = { XDG_CACHE_HOME: join(work, 'cache'), XDG_STATE_HOME: join(work, 'state') };
const recipe = join(work, 'recipe');

/** Writes the recipe with a file of that text over its program. */
const write = (text: string) =>
  busyboxRecipe(recipe, { more: `files: [{ path: /note, content: ${text} }]` });

async function build(out: string, engine: string, ...more: string[]): Promise<Run> {
  const args = [recipe, '--engine', engine, '--out', out, '--output', 'type=oci', '--json'];
  const run = await mkbase([...args, '--progress', 'plain', ...more], { cwd: work, env });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  return run;
}

/** Every file that a build left, by its name. */
async function left(out: string): Promise<Map<string, string>> {
  const names = await filesIn(join(work, out));
  return new Map(
    names.map((name) => [name, readFileSync(join(work, out, name)).toString('base64')]),
  );
}

const found = /compile: found as it was made before/;
const warningsOf = ({ stdout }: Run) => (JSON.parse(stdout) as { warnings: object[] }).warnings;
const { engine: first } = everyEngine[0]!;

test('a step runs once for all engines, and what is found gives the same files as what is made', async () => {
  write('one');
  expect((await build('made', first)).stderr).not.toMatch(found);
  write('two');
  for (const { engine } of everyEngine) {
    expect((await build(`found-${engine}`, engine)).stderr).toMatch(found);
  }
  const anew = await build('anew', first, '--no-cache');
  expect(anew.stderr).not.toMatch(found);
  expect(warningsOf(anew)).toEqual([]);
  const expected = await left('anew');
  for (const { engine } of everyEngine) expect(await left(`found-${engine}`)).toEqual(expected);
  const { predicate } = JSON.parse(readFileSync(join(work, 'anew/provenance.json'), 'utf8'));
  expect(predicate.runDetails.byproducts.at(-1)).toEqual({
    name: 'compile',
    annotations: { role: 'step', version: 1 },
    digest: {
      mkbaseNode: expect.stringMatching(/^[0-9a-f]{64}$/),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  });
});

test('--dry-run tells what would be found, and builds nothing', async () => {
  write('three');
  const dry = async (...more: string[]) => {
    const args = ['build', recipe, '--engine', first, '--out', 'dry', '--dry-run', ...more];
    const run = await mkbase(args, { cwd: work, env });
    expect(run, run.stderr).toMatchObject({ code: 0 });
    return run.stdout;
  };
  expect(await dry()).toMatch(/^step {5}compile: found, sha256:[0-9a-f]{64}$/m);
  expect(await dry('--no-cache')).toMatch(/^step {5}compile: made$/m);
  expect(JSON.parse(await dry('--json'))).toMatchObject({ steps: [{ does: 'compile' }] });
  expect(readdirSync(work)).not.toContain('dry');
});

describe('verify', () => {
  test('--rebuild runs every step, and names a step whose result is not the one that is told', async () => {
    const verify = () =>
      mkbase(['verify', 'anew', '--rebuild', '--recipe', './recipe', '--engine', first], {
        cwd: work,
        env,
      });
    write('two');
    const good = await verify();
    expect(good, good.stdout + good.stderr).toMatchObject({ code: 0 });
    const file = join(work, 'anew/provenance.json');
    const statement = JSON.parse(readFileSync(file, 'utf8'));
    statement.predicate.runDetails.byproducts.at(-1).digest.sha256 = 'f'.repeat(64);
    writeFileSync(file, JSON.stringify(statement));
    const forged = await verify();
    expect(forged.code).not.toBe(0);
    expect(forged.stdout).toMatch(/byproducts\[\d+\]\.digest\.sha256/);
  });
});

test.skipIf(!everyEngine.some(({ engine }) => engine === 'namespace'))(
  'no builder is made, nor are its packages fetched, where every step is found',
  async () => {
    const toolchains = join(work, 'cache/mkbase/toolchains');
    rmSync(toolchains, { recursive: true, force: true });
    write('four');
    const offline = await build('lazy', 'namespace', '--offline');
    expect(offline.stderr).toMatch(found);
    expect(offline.stderr).not.toContain('Making builder');
    rmSync(join(work, 'cache/mkbase/nodes'), { recursive: true });
    write('five');
    const made = await build('lazy', 'namespace');
    expect(made.stderr).toContain('Making builder');
    expect(made.stderr).not.toMatch(found);
  },
);
