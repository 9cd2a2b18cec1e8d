import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  fieldFolder,
  fieldPrograms,
  fieldRows,
  installedFolder,
  installedPrograms,
  installedRows,
} from '../support/field.ts';
import { temporaryFolder } from '../support/folder.ts';
import { timesOf } from '../support/proofs.ts';
import { everyEngine, type Setting } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';

const work = temporaryFolder({ shared: true });
for (const folder of [fieldFolder, installedFolder])
  cpSync(folder, join(work, 'field'), { recursive: true });
execFileSync('chmod', ['-R', 'a+rwX', work]);

/** Builds a program's recipe and runs its tests; returns where its evidence is, and what was built. */
async function build(name: string, { title, engine, settings }: Setting) {
  const out = join(work, `${name} ${title}`.replaceAll(' ', '-'));
  const args = [
    join(work, 'field', name),
    '--engine',
    engine,
    '--out',
    out,
    '--no-cache',
    '--json',
  ];
  const run = await mkbase(args, { cwd: work, ...settings() });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  // bash and perl start in every libtool and autoreconf.
  expect(run.stderr).not.toMatch(/cannot change locale|Setting locale failed/);
  const built = JSON.parse(run.stdout) as { diffId: string; rootfsBytes: number };
  return { out, ...built };
}

/** A size of docs/programs.md in bytes. */
function bytesOf(size: string): number {
  const [, count = '', unit = ''] = /^([\d.]+) ([kM]B)$/.exec(size) ?? [];
  return Number(count) * (unit === 'MB' ? 1e6 : 1e3);
}

/** Compares a size with that of the program's row; later versions are larger. */
function expectSize(bytes: number, rows: readonly { name: string; size: string }[], name: string) {
  const said = rows.find((row) => row.name === name)?.size ?? '';
  expect(bytes / bytesOf(said), `${bytes} bytes, said to be ${said}`).toBeCloseTo(1, 0);
}

/** Asks the first engine that is there: its bytes are those of the others, as the last test shows. */
const [first, ...others] = everyEngine as readonly [Setting, ...Setting[]];
const programs = fieldPrograms.slice(0, timesOf('fieldPrograms'));
const layers = new Map<string, Promise<string>>();

describe.each(programs)('%s', (name) => {
  test('is built from its sources, starts in scratch, verifies and is as large as is said', async () => {
    const building = build(name, first);
    layers.set(
      name,
      building.then(({ diffId }) => diffId),
    );
    const { out, rootfsBytes } = await building;
    expectSize(rootfsBytes, fieldRows(), name);
    const sbom = readFileSync(join(out, 'sbom.cdx.json'), 'utf8');
    expect(sbom).not.toContain('mkbase:unattributed');
    const verified = await mkbase(['verify', out], { cwd: work });
    expect(verified.code, verified.stdout).toBe(0);
  }, 1_800_000);
});

describe.each(installedPrograms.slice(0, timesOf('installedPrograms')))('%s', (name) => {
  test('is installed with all that its scripts do, works, verifies and is the same elsewhere', async () => {
    const { out, rootfsBytes, diffId } = await build(name, first);
    expectSize(rootfsBytes, installedRows(), name);
    const verified = await mkbase(['verify', out], { cwd: work });
    expect(verified.code, verified.stdout).toBe(0);
    const last = others.at(-1);
    if (last) expect((await build(name, last)).diffId, last.title).toBe(diffId);
  }, 1_800_000);
});

test.each(['dumb-init', 'tini'])('%s has one layer on every engine', async (name) => {
  const expected = await (layers.get(name) ?? build(name, first).then(({ diffId }) => diffId));
  for (const setting of others) {
    const { diffId } = await build(name, setting);
    expect(diffId, setting.title).toBe(expected);
  }
});
