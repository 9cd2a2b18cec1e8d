import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../support/folder.ts';
import { busyboxRecipe } from './support/busybox-recipe.ts';
import { everyEngine } from './support/engines.ts';
import { mkbase, type Run } from './support/mkbase.ts';

const folder = folderForEachTest();
const [{ engine } = { engine: 'auto' }] = everyEngine;

interface Verified {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly what: string;
    readonly skipped: string | null;
    readonly mismatches: readonly {
      readonly file: string;
      readonly field: string;
      readonly from: string | null;
    }[];
  }[];
}

const reportOf = ({ stdout }: Run): Verified => JSON.parse(stdout) as Verified;
const mismatchesOf = (run: Run) => reportOf(run).checks.flatMap(({ mismatches }) => mismatches);

/** Builds the small recipe into `out`; resolves to the arguments that were used. */
async function built(work: string, on: string, ...more: string[]): Promise<string> {
  const recipe = busyboxRecipe(join(work, 'recipe'));
  const out = join(work, 'out');
  const run = await mkbase([recipe, '--engine', on, '--out', out, ...more], { cwd: work });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  return out;
}

describe.each(everyEngine)('on $title', ({ engine: on, settings }) => {
  test('what a build left verifies, in its folder and in the store, and its sums are those of sha256sum', async () => {
    const work = folder();
    const recipe = busyboxRecipe(join(work, 'recipe'));
    const run = (args: string[]) => mkbase(args, { ...settings(), cwd: work });
    const tag = `mkbase-test/verify-${process.pid}:${on}`;
    const build = await run([recipe, '--engine', on, '--out', 'out', '--tag', tag]);
    expect(build, build.stderr).toMatchObject({ code: 0 });
    execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: join(work, 'out') });

    const verified = await run(['verify', 'out', '--json']);
    expect(verified, verified.stdout).toMatchObject({ code: 0 });
    if (on === 'namespace') return;
    try {
      const args = ['verify', tag, '--evidence', 'out', '--engine', on, '--json'];
      const stored = await run(args);
      expect(stored, stored.stdout + stored.stderr).toMatchObject({ code: 0 });
      const whats = reportOf(stored).checks.map(({ what }) => what);
      expect(whats).toContain(`rootfs.mtree against the rootfs in ${tag} in ${on}`);
    } finally {
      execFileSync(on, ['rmi', tag], { stdio: 'ignore' });
    }
  });

  test('it is built again from its lock, and a statement says that it came out the same', async () => {
    const work = folder();
    const out = await built(work, on, '--output', 'type=oci');
    const args = ['verify', out, '--rebuild', '--recipe', './recipe', '--engine', on];
    const run = await mkbase([...args, '--json'], { ...settings(), cwd: work });
    expect(run, run.stdout + run.stderr).toMatchObject({ code: 0 });
    const statement = JSON.parse(readFileSync(join(out, 'rebuild.json'), 'utf8'));
    expect(statement).toMatchObject({
      predicateType: 'urn:mkbase:rebuild:v1',
      predicate: { reproduced: true, engine: on },
    });
    const again = await mkbase(['verify', out, '--json'], { cwd: work });
    expect(again).toMatchObject({ code: 0 });
    expect(reportOf(again).checks.map(({ what }) => what)).toContain(
      'rebuild.json against the evidence',
    );
  });
});

/**
 * Puts a builder under the tag and the label of the genuine one that works as it does, but whose busybox,
 * which goes into the image, is another. Returns its id.
 */
function plantTrojan(on: string, tag: string, work: string): string {
  const cli = (...args: string[]) =>
    execFileSync(on, args, { encoding: 'utf8', stdio: 'pipe' }).trim();
  const [{ Config }] = JSON.parse(cli('image', 'inspect', tag));
  const [tar, program] = [join(work, 'trojan.tar'), join(work, 'usr/bin/busybox')];
  const container = cli('create', tag, '/bin/true');
  cli('export', '--output', tar, container);
  cli('rm', container);
  execFileSync('tar', ['-xf', tar, '-C', work, 'usr/bin/busybox']);
  appendFileSync(program, 'trojan');
  execFileSync('tar', ['--delete', '-f', tar, 'usr/bin/busybox']);
  execFileSync('tar', ['-rf', tar, '-C', work, 'usr/bin/busybox']);
  const labels = Object.entries(Config.Labels).map(([name, value]) => `LABEL ${name}=${value}`);
  return cli('import', ...labels.flatMap((label) => ['--change', label]), tar, tag);
}

describe.each(everyEngine.filter(({ engine: on }) => on !== 'namespace'))(
  'a trojaned builder under the tag and label of the genuine one, on $title',
  ({ engine: on, settings }) => {
    test('goes into no image, and a rebuild does not agree with it', async () => {
      const work = folder();
      const toolchainMark = `trojan-${on}-${process.pid}`;
      // A program of a size that no other test has: none of them makes this step's result again meanwhile.
      const programBytes = on === 'docker' ? 1_000_000 : 2_000_000;
      const recipe = busyboxRecipe(join(work, 'recipe'), { toolchainMark, programBytes });
      const run = (args: string[]) =>
        mkbase([...args, '--engine', on], { ...settings(), cwd: work });
      const build = (...more: string[]) =>
        run([recipe, '--out', 'out', '--output', 'type=oci', '--json', ...more]);
      const genuine = await build();
      expect(genuine, genuine.stderr).toMatchObject({ code: 0 });
      const provenance = JSON.parse(readFileSync(join(work, 'out/provenance.json'), 'utf8'));
      const [{ digest }] = provenance.predicate.runDetails.builder.builderDependencies;
      const tag = `mkbase-toolchain/busybox:${digest.mkbaseToolchain.slice(0, 16)}`;
      const layersOf = (image: string) =>
        execFileSync(on, ['image', 'inspect', '--format', '{{.RootFS.Layers}}', image], {
          encoding: 'utf8',
        }).trim();

      // A builder is only asked for where a step has to run.
      const step = provenance.predicate.runDetails.byproducts.at(-1);
      const { MKBASE_TEST_CACHE = '' } = process.env;
      rmSync(join(MKBASE_TEST_CACHE, 'mkbase/nodes', step.digest.sha256));
      plantTrojan(on, tag, work);
      expect(layersOf(tag)).not.toBe(`[sha256:${digest.sha256}]`);
      const again = await build('--no-test');
      expect(again, again.stderr).toMatchObject({ code: 0 });
      const { diffId, warnings } = JSON.parse(again.stdout);
      expect(diffId).toBe(JSON.parse(genuine.stdout).diffId);
      expect(warnings).toEqual([
        expect.objectContaining({
          code: 'builder-foreign',
          message: expect.stringContaining(`expected layers sha256:${digest.sha256}, found`),
        }),
      ]);
      expect(layersOf(tag)).toBe(`[sha256:${digest.sha256}]`);

      plantTrojan(on, tag, work);
      const rebuild = await run(['verify', 'out', '--rebuild', '--recipe', './recipe', '--json']);
      expect(rebuild, rebuild.stdout + rebuild.stderr).toMatchObject({ code: 0 });
      expect(reportOf(rebuild).checks).toContainEqual(
        expect.objectContaining({
          what: `a rebuild with ${on}: the builder busybox`,
          mismatches: [],
        }),
      );
      expect(layersOf(tag)).toBe(`[sha256:${digest.sha256}]`);
    });
  },
);

test('a rebuild that comes out otherwise is told path by path, and so says the statement', async () => {
  const work = folder();
  const out = await built(work, engine, '--output', 'type=oci');
  busyboxRecipe(join(work, 'recipe'), {
    build:
      'echo more >>/usr/bin/busybox || echo more >more; cp /usr/bin/busybox busybox; chmod 700 busybox',
    more: 'files:\n  - { path: /new, content: new }\n',
  });
  const args = ['verify', out, '--rebuild', '--recipe', './recipe', '--engine', engine, '--json'];
  const run = await mkbase(args, { cwd: work });
  expect(run, run.stderr).toMatchObject({ code: 11 });
  const found = mismatchesOf(run);
  expect(found.map(({ field }) => field)).toContain('subject[2].digest.sha256 (layer)');
  expect(found).toContainEqual(expect.objectContaining({ file: 'rootfs.mtree', field: './new' }));
  const statement = JSON.parse(readFileSync(join(out, 'rebuild.json'), 'utf8'));
  expect(statement).toMatchObject({ predicate: { reproduced: false } });
});

test('another lock beside the recipe than the one of the build is refused, with the command that mends it', async () => {
  const work = folder();
  const out = await built(work, engine, '--output', 'type=oci');
  const lock = join(work, 'recipe/recipe.lock.json');
  const args = ['verify', out, '--rebuild', '--recipe', './recipe', '--engine', engine];
  rmSync(lock);
  const run = await mkbase(args, { cwd: work });
  expect(run).toMatchObject({ code: 2 });
  const shown = run.stderr.replaceAll(/\s+/g, ' ');
  expect(shown).toContain(`cp ${join(out, 'lock.json')} ${lock}`);
  const unnamed = await mkbase(['verify', out, '--rebuild'], { cwd: work });
  expect(unnamed).toMatchObject({ code: 2 });
  expect(unnamed.stderr).toContain('--recipe');
});

test('with SOURCE_DATE_EPOCH it verifies, and is built again with the same', async () => {
  const work = folder();
  const recipe = busyboxRecipe(join(work, 'recipe'));
  const args = [recipe, '--engine', engine, '--out', 'out', '--output', 'type=oci'];
  const env = { SOURCE_DATE_EPOCH: '1700000000' };
  const build = await mkbase(args, { cwd: work, env });
  expect(build, build.stderr).toMatchObject({ code: 0 });
  const again = [
    'verify',
    'out',
    '--rebuild',
    '--recipe',
    './recipe',
    '--engine',
    engine,
    '--json',
  ];
  const run = await mkbase(again, { cwd: work });
  expect(run, run.stdout + run.stderr).toMatchObject({ code: 0 });
});

test('one changed byte in each of the files is found, and its file named', async () => {
  const work = folder();
  const out = await built(work, engine, '--output', 'type=oci');
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(out, name)).isFile())
    .sort();
  expect(files.length).toBeGreaterThan(7);
  for (const name of files) {
    const copy = join(work, 'copy');
    cpSync(out, copy, { recursive: true });
    const bytes = readFileSync(join(copy, name));
    const at = Math.floor(bytes.length / 2);
    bytes[at] = bytes[at]! ^ 1;
    writeFileSync(join(copy, name), bytes);
    const run = await mkbase(['verify', 'copy', '--json'], { cwd: work });
    expect(run, name).toMatchObject({ code: 11 });
    const told = mismatchesOf(run).flatMap(({ file, field, from }) => [file, field, from ?? '']);
    expect(told.join(' '), name).toContain(name);
    rmSync(copy, { recursive: true });
  }
});

test('what a person sees of a mismatch is claimed against computed', async () => {
  const work = folder();
  const out = await built(work, engine, '--output', 'type=oci');
  const mtree = join(out, 'rootfs.mtree');
  writeFileSync(mtree, readFileSync(mtree, 'utf8').replace(/mode=0755/, 'mode=4755'));
  const run = await mkbase(['verify', out], { cwd: work });
  expect(run).toMatchObject({ code: 11, stderr: '' });
  expect(run.stdout).toMatch(
    /^rootfs\.mtree: \.\/\S+ mode\n {2}claimed {2}4755\n {2}computed 0755 \(image\.oci\.tar\)$/m,
  );
  expect(run.stdout).toMatch(/^\d+ mismatches in /m);
});

test.each([
  ['nothing of that name', ['nonesuch'], /There is nothing called nonesuch/],
  ['a folder with nothing in it', ['.'], /holds neither evidence of a build nor an image/],
])('%s is refused', async (_, words, message) => {
  const work = folder();
  const run = await mkbase(['verify', ...words, '--engine', engine], { cwd: work });
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr.replaceAll(/\s+/g, ' ')).toMatch(message);
});

test('a file that is no image is told to be none', async () => {
  const work = folder();
  writeFileSync(join(work, 'image.oci.tar'), 'no tar at all');
  const run = await mkbase(['verify', 'image.oci.tar', '--json'], { cwd: work });
  expect(run).toMatchObject({ code: 11 });
  expect(mismatchesOf(run)[0]).toMatchObject({ file: 'image.oci.tar' });
});

test('the digests hold under every variation that this machine can make', async () => {
  const work = folder();
  const out = await built(work, engine, '--output', 'type=oci');
  const args = ['verify', out, '--vary', '--recipe', './recipe', '--engine', engine, '--json'];
  const run = await mkbase(args, { cwd: work });
  expect(run, run.stdout + run.stderr).toMatchObject({ code: 0 });
  const varied = reportOf(run).checks.filter(({ what }) => what.startsWith('a rebuild '));
  expect(varied.length).toBeGreaterThan(15);
  const made = varied.filter(({ skipped }) => skipped === null);
  expect(made.length, JSON.stringify(varied, null, 1)).toBeGreaterThan(10);
}, 300_000);
