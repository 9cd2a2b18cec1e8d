import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { timesOf } from '../../support/proofs.ts';
import { missedNoMore } from '../../support/reseal/known-misses.ts';
import { makeChanges, told, type Workplace, workplace } from '../../support/reseal/make-changes.ts';
import { tableOf } from '../../support/reseal/outcome.ts';
import { everyEngine } from '../support/engines.ts';
import { environment, mkbase } from '../support/mkbase.ts';

const [{ engine } = { engine: 'auto' }] = everyEngine;
const isSample = timesOf('resealedChanges') < 1000;
/** A single change is made by naming its seed. */
const seed = process.env.MKBASE_SEED;
const times = seed === undefined ? timesOf('resealedChanges') : 1;

const scratch = temporaryFolder();
const places: Workplace[] = [];

/** Builds an image, and makes a copy of its output to change. */
async function built(name: string, recipe: string): Promise<Workplace> {
  const out = join(scratch, name);
  const args = [recipe, '--engine', engine, '--out', out, '--output', 'type=oci'];
  const run = await mkbase(args, { cwd: scratch });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  // The store has whole indexes, which takes a while to read; the sample goes without.
  const env = environment() as Record<string, string>;
  const around = isSample ? undefined : { env, ...(recipe !== name && { recipe }) };
  return workplace(name, out, join(scratch, `${name}-changed`), around);
}

beforeAll(async () => {
  const packages = join(scratch, 'packages.yaml');
  writeFileSync(packages, 'name: packages\nfrom:\n  debs: { packages: [netbase] }\n');
  places.push(await built('hello', 'hello'), await built('packages', packages));
});

test(
  `${times} changes whose sums were all made consistent again are found, or listed as only claimed`,
  async () => {
    const result = await makeChanges(places, times, seed === undefined ? 1 : Number(seed));
    process.stdout.write(tableOf(result.counts));
    process.stdout.write(result.known.map((each) => `known: ${told(each)}\n`).join(''));
    const known = result.known.map((each) => each.change);
    for (const { where, reason } of missedNoMore(known)) {
      process.stdout.write(`nothing of it was missed: ${where}: ${reason}\n`);
    }
    expect(result.missed.map(told)).toEqual([]);
  },
  60_000 + times * 2000,
);
