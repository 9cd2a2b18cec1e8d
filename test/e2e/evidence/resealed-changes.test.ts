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

/**
 * Builds an image, and makes copies of its output to change: one that is verified where nothing of the build
 * is at hand, and one that is verified beside its store, which has whole indexes and takes a while to read,
 * so that the sample goes without.
 */
async function built(name: string, recipe: string): Promise<Workplace[]> {
  const out = join(scratch, name);
  const args = [recipe, '--engine', engine, '--out', out, '--output', 'type=oci'];
  const run = await mkbase(args, { cwd: scratch });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  const env = environment() as Record<string, string>;
  const nowhere = join(scratch, 'nowhere');
  const elsewhere = { env: { ...env, XDG_CACHE_HOME: nowhere, XDG_STATE_HOME: nowhere } };
  const alone = await workplace(name, out, join(scratch, `${name}-elsewhere`), elsewhere);
  if (isSample) return [alone];
  const beside = { env, ...(recipe !== name && { recipe }) };
  return [alone, await workplace(`${name}, store`, out, join(scratch, `${name}-here`), beside)];
}

beforeAll(async () => {
  const packages = join(scratch, 'packages.yaml');
  writeFileSync(packages, 'name: packages\nfrom:\n  debs: { packages: [netbase] }\n');
  places.push(...(await built('hello', 'hello')), ...(await built('packages', packages)));
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
