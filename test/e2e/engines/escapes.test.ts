import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootfsCapabilities, treeCapabilities } from '../../../src/engines/step.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { engineSubject, type Subject, users } from '../../support/engine-subject.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { hostKey } from '../../support/host-key.ts';
import { everyEngine, everySetting } from '../support/engines.ts';
import {
  escapesRows,
  exceptions,
  formatTable,
  isException,
  type Outcome,
  outcomesOf,
  type Place,
  places,
  rowsOf,
} from '../support/escapes.ts';
import { makesGroups } from '../support/groups.ts';
import { mkbase, root } from '../support/mkbase.ts';

/** The attempts, as mkbase builds them: one static program. */
async function buildAttempts(): Promise<Entry> {
  const folder = temporaryFolder({ lasting: true });
  const tar = join(folder, 'rootfs.tar');
  // A copy, beside which the lock is written.
  const recipe = join(folder, 'escapes');
  cpSync(join(root, 'test/e2e/engines/escapes'), recipe, { recursive: true });
  const engine = ['--engine', everyEngine[0]?.engine ?? 'auto'];
  const output = ['--output', `type=rootfs,dest=${tar}`, '--out', join(folder, 'out')];
  const run = await mkbase(['build', recipe, ...engine, ...output], { cwd: folder });
  if (run.code !== 0) throw new Error(run.stderr + run.stdout);
  const bytes = execFileSync('tar', ['-xOf', tar, 'escapes']);
  const program = { path: 'escapes', mode: 0o755, type: 'file', size: bytes.length } as const;
  return { ...program, uid: 0, gid: 0, mtime: 0, xattrs: [], content: { bytes } };
}

const lists = ['calls', 'files', 'kernel'];
/** Attempts for which the kernel ends a whole step, where it can. */
const greedy = [
  ...['memory of its own', 'shared memory (mmap)', 'shared memory (memfd_create)'],
  ...['shared memory (shmget)', 'fill /tmp', 'fill /dev/shm', 'fill /dev', 'fill the root'],
];
/** What a step is given, and what attempts try to take; an image may write a gibibyte. */
const memoryMiB = 64;
const wantedMiB = { step: '160', rootfs: '160', tree: '160', image: '1100' } as const;
/** Images in containers have what the engine gives them. */
const limitsOf = (engine: string) => ['processes', ...(engine === 'namespace' ? ['disk'] : [])];

/** What a step asks for besides. */
const rightsOf = {
  step: {},
  rootfs: { capabilities: rootfsCapabilities, ids: 'range' },
  tree: { capabilities: treeCapabilities, ids: 'range', root: 'own' },
  image: {},
} as const;

const isRoot = process.getuid?.() === 0;
const usable = everySetting.filter(({ missing }) => !missing);
const measured = new Map<string, ReadonlyMap<Place, ReadonlyMap<string, Outcome>>>();
let attempts: Entry;

beforeAll(async () => {
  attempts = await buildAttempts();
});

describe.each(usable)('on $title', ({ title, engine }) => {
  let subject: Subject;
  let grouped = false;
  const found = new Map<Place, ReadonlyMap<string, Outcome>>();

  beforeAll(async () => {
    const uid = isRoot && title.includes('ordinary') ? users.nobody : undefined;
    subject = await engineSubject(engine, {
      ...(uid !== undefined && { uid }),
      programs: [attempts],
      through: hostKey.planting,
    });
    measured.set(title, found);
    grouped = await makesGroups(title);
  });
  afterAll(() => subject.dispose());

  const about = (place: Place) => [subject.cacheFolder, hostname(), wantedMiB[place]];

  async function printedByImage(): Promise<string> {
    const args = [...about('image'), ...lists, ...limitsOf(engine)];
    const options = { stdio: 'capture', network: 'none', args };
    const config = { Entrypoint: ['/escapes'] };
    return String((await subject.runImage({ config, options })).stdout);
  }

  const step = (place: Place, names: readonly string[]) => {
    const rights = rightsOf[place];
    const argv = ['/escapes', ...about(place), ...names] as const;
    return subject.step({ argv, memoryMiB, seconds: 300, ...rights });
  };

  /** The kernel may end a whole step for its memory: that attempt is limited, and it was the last. */
  async function printedAlone(place: Place, name: string): Promise<string> {
    const { stdout, message = '' } = await step(place, [name]);
    const ended = /took more than its limit of 64 MiB of memory/.test(message);
    return stdout ?? (ended ? `${name}: limited\n` : message);
  }

  async function printed(place: Place): Promise<string> {
    if (place === 'image') return printedByImage();
    const all = await step(place, [...lists, 'processes', ...greedy]);
    if (all.stdout !== undefined) return all.stdout;
    const { stdout, message = '' } = await step(place, [...lists, 'processes']);
    const rest: string[] = [];
    for (const name of greedy) rest.push(await printedAlone(place, name));
    return [stdout ?? message, ...rest].join('');
  }

  test.each(places.map(({ what, place }) => [what, place] as const))(
    'nothing gets out of a %s',
    async (_, place) => {
      const outcomes = outcomesOf(await printed(place));
      found.set(place, outcomes);
      expect(outcomes.size).toBeGreaterThan(75);
      const out = [...outcomes]
        .filter(([, outcome]) => outcome === 'allowed')
        .map(([name]) => name);
      expect(out.filter((name) => !isException(name, place, title, grouped))).toEqual([]);
    },
  );
});

describe('docs/escapes.md', () => {
  const file = join(root, 'docs/escapes.md');
  const text = () => readFileSync(file, 'utf8');

  test('has what came of every attempt', () => {
    const titles = everySetting.map(({ title }) => title);
    const rows = escapesRows(titles, measured);
    if (process.env.MKBASE_ESCAPES === 'write') {
      const table = formatTable([['attempt', ...titles], ...rows]);
      writeFileSync(file, text().replace(/^\| attempt .*\n(?:\|.*\n)*/m, table));
    }
    const told = rowsOf(text(), 'attempt');
    expect(told.map(([name]) => name)).toEqual(rows.map(([name]) => name));
    const tested = titles.flatMap((title, at) => (measured.has(title) ? [at + 1] : []));
    const part = (row: readonly string[]) => [row[0], ...tested.map((at) => row[at])];
    expect(told.map(part)).toEqual(rows.map(part));
  });

  test('gives the reason of every exception', () => {
    expect(rowsOf(text(), 'exception')).toEqual(
      exceptions.map((each) => [each.attempt, each.places.join(', '), each.settings, each.reason]),
    );
  });
});
