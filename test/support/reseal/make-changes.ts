import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MkbaseError } from '../../../src/base/errors.ts';
import { tarOf } from '../tar.ts';
import { type Change, change } from './changes.ts';
import { knownMiss } from './known-misses.ts';
import { type Counts, type Outcome, outcomeOf } from './outcome.ts';
import { archiveName, type Output, readOutput } from './output.ts';
import { randomOf } from './random.ts';
import { resealed } from './reseal.ts';
import { type Around, verifyFolder } from './verify-folder.ts';

/** The files of an output as they lie on disk. */
async function filesOf({ files, archive }: Output): Promise<Map<string, Buffer>> {
  return new Map([...files, [archiveName, await tarOf(archive)]]);
}

function write(folder: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

/** Returns those files of `files` that are others in `before`. */
const differing = (files: ReadonlyMap<string, Buffer>, before: ReadonlyMap<string, Buffer>) =>
  new Map([...files].filter(([name, bytes]) => !before.get(name)?.equals(bytes)));

/** An output to change, and a folder to change it in. */
export interface Workplace {
  readonly name: string;
  readonly built: Output;
  readonly onDisk: ReadonlyMap<string, Buffer>;
  readonly folder: string;
  readonly around: Around | undefined;
}

/** Copies the output of a build into a folder of its own, where it is changed again and again. */
export async function workplace(
  name: string,
  from: string,
  folder: string,
  around?: Around,
): Promise<Workplace> {
  const built = await readOutput(from);
  const onDisk = await filesOf(built);
  write(folder, onDisk);
  return { name, built, onDisk, folder, around };
}

async function outcomeIn({ folder, around }: Workplace, made: Change): Promise<Outcome> {
  const report = await verifyFolder(folder, around).catch((error: unknown) => {
    // A refusal of the whole is found as well.
    if (error instanceof MkbaseError) return undefined;
    throw error;
  });
  return report === undefined ? 'caught' : outcomeOf(report, made);
}

/** A change that was made, and how it ended. */
export interface Made {
  readonly seed: number;
  readonly build: string;
  readonly change: Change;
  readonly outcome: Outcome;
}

/**
 * Makes the change of a seed, makes the sums consistent again, and verifies the result; undefined when
 * nothing is changed by it. The same seed makes the same change of the same output.
 */
export async function makeChange(seed: number, place: Workplace): Promise<Made | undefined> {
  const { name: build, built, onDisk, folder } = place;
  const made = await change(built, randomOf(seed));
  if (made === undefined) return undefined;
  const changed = differing(await filesOf(resealed(made.output, built)), onDisk);
  if (changed.size === 0) return undefined;
  write(folder, changed);
  try {
    return { seed, build, change: made, outcome: await outcomeIn(place, made) };
  } finally {
    write(folder, new Map([...changed.keys()].map((name) => [name, onDisk.get(name)!])));
  }
}

/** All that came of many changes. */
export interface Result {
  readonly counts: Counts;
  /** Those that were missed, and are not known to be. */
  readonly missed: readonly Made[];
  /** Those that are known to be missed. */
  readonly known: readonly Made[];
}

/** Makes `times` changes, one after another and of one output after another, from a seed on. */
export async function makeChanges(
  places: readonly Workplace[],
  times: number,
  firstSeed = 1,
): Promise<Result> {
  const counts: Counts = new Map();
  const all: Made[] = [];
  for (let seed = firstSeed; all.length < times; seed += 1) {
    const made = await makeChange(seed, places[seed % places.length]!);
    if (made === undefined) continue;
    all.push(made);
    const row = counts.get(made.change.where) ?? { caught: 0, claimed: 0, missed: 0 };
    counts.set(made.change.where, { ...row, [made.outcome]: row[made.outcome] + 1 });
  }
  const missed = all.filter(({ outcome }) => outcome === 'missed');
  return {
    counts,
    missed: missed.filter((each) => !knownMiss(each.change)),
    known: missed.filter((each) => knownMiss(each.change)),
  };
}

const extent = process.env.MKBASE_PROOFS ?? 'sample';
const command = `MKBASE_PROOFS=${extent} npx vitest run --project e2e test/e2e/evidence/resealed-changes.test.ts`;

/** Says of a change what it was, and by which command it is made alone. */
export const told = ({ seed, build, change: { where, field, how } }: Made): string =>
  `${build}: ${where} ${field}: ${how}; alone: MKBASE_SEED=${seed} ${command}`;
