import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compressible } from '../support/compressible.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startRegistry } from '../support/registry/registry.ts';
import { busyboxRecipe } from './support/busybox-recipe.ts';
import { everyEngine } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';

const work = temporaryFolder({ shared: true });

/** Larger than what mkbase compresses by itself. */
const large = 21 * 1024 ** 2;
const more = 'files:\n  - { path: /data, source: data.bin }';

/** The result of `--json`, as far as the tests read it. */
interface Result {
  readonly diffId: string;
  readonly manifestDigest: string;
  readonly compressed: readonly {
    readonly compression: string;
    readonly manifestDigest: string;
    readonly layers: readonly { readonly digest: string; readonly size: number }[];
  }[];
  readonly outputs: readonly { readonly dest: string }[];
}

let recipe: string;
beforeAll(async () => {
  mkdirSync(join(work, 'recipe'));
  writeFileSync(join(work, 'recipe', 'data.bin'), compressible(large));
  recipe = busyboxRecipe(join(work, 'recipe'), { more });
  const first = ['-o', 'type=rootfs,compression=gzip', '--out', 'first', '--engine', 'namespace'];
  expect(await mkbase([recipe, ...first], { cwd: work })).toMatchObject({ code: 0 });
});

async function build(...args: string[]): Promise<{ result: Result; stderr: string }> {
  const run = await mkbase([recipe, ...args, '--json'], { cwd: work });
  expect(run).toMatchObject({ code: 0 });
  return { result: JSON.parse(run.stdout), stderr: run.stderr };
}

const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const dockerVersion = () =>
  Number.parseInt(
    execFileSync('docker', ['version', '-f', '{{.Server.Version}}'], { encoding: 'utf8' }),
    10,
  );

const programs = { gzip: 'gzip', zstd: 'zstd' } as const;

describe.each(['gzip', 'zstd'] as const)('a large layer compressed with %s', (form) => {
  const out = `${form}-namespace`;
  let told: Result;
  beforeAll(async () => {
    const args = ['--compress', form, '-o', 'type=oci', '-o', `type=oci,dest=${form}/`];
    told = (await build(...args, '--engine', 'namespace', '--out', out)).result;
  });

  test.each(everyEngine)('has the same digests with $title', async ({ engine, title }) => {
    const folder = `${form}-${title.replaceAll(' ', '-')}-again`;
    const args = ['--compress', form, '-o', 'type=oci', '--engine', engine, '--out', folder];
    const { result } = await build(...args, '--no-cache', '--no-test');
    expect(result.compressed).toEqual(told.compressed);
    expect(result.manifestDigest).toBe(told.manifestDigest);
  });

  test('is read by skopeo, and unpacks to the tar of the diffID', () => {
    const archive = `oci-archive:${join(work, out, 'image.oci.tar')}`;
    const seen = JSON.parse(execFileSync('skopeo', ['inspect', archive], { encoding: 'utf8' }));
    const [{ manifestDigest = '', layers = [] } = {}] = told.compressed;
    expect(seen).toMatchObject({ Digest: manifestDigest, Layers: [layers[0]?.digest] });
    const blob = join(work, form, 'blobs', layers[0]?.digest.replace(':', '/') ?? '');
    const options = { input: readFileSync(blob), maxBuffer: 1e9 };
    expect(sha256(execFileSync(programs[form], ['-dc'], options))).toBe(told.diffId);
  });

  test('is found again, and made again without a network', async () => {
    const flags = ['--compress', form, '--engine', 'namespace', '--offline', '--frozen'];
    const { stderr, result } = await build(...flags, '-o', 'type=oci', '--out', `${form}-offline`);
    expect(stderr).toContain('compress: found as it was made before');
    expect(result.compressed).toEqual(told.compressed);
    const anew = await build(...flags, '-o', 'type=oci', '--out', `${form}-anew`, '--no-cache');
    expect(anew.result.compressed).toEqual(told.compressed);
  });

  test('is loaded by docker, and run, or refused by one that does not know it', async () => {
    const tag = `mkbase-test/${form}:large`;
    const flags = ['--engine', 'docker', '--compress', form, '--tag', tag];
    if (form === 'zstd' && dockerVersion() < 23) {
      const args = [...flags, '-o', 'type=docker', '--out', 'refused'];
      const run = await mkbase([recipe, ...args], { cwd: work });
      expect(run).toMatchObject({ code: 5, stdout: '' });
      expect(run.stderr).toContain('Docker before 23 cannot load layers compressed with zstd');
      expect(existsSync(join(work, 'refused', 'image.docker.tar'))).toBe(false);
      return;
    }
    await build(...flags, '-o', 'type=docker', '--out', `${form}-docker`);
    const said = execFileSync('docker', ['run', '--rm', tag], { encoding: 'utf8' });
    expect(said).toBe('hello\n');
    execFileSync('docker', ['rmi', tag]);
  });

  test('is verified, and a rebuild comes to the same evidence', async () => {
    const run = await mkbase(
      ['verify', out, '--rebuild', '--engine', 'namespace', '--recipe', recipe],
      { cwd: work },
    );
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain('no mismatch');
    const provenance = join(work, out, 'provenance.json');
    const [{ manifestDigest = '' } = {}] = told.compressed;
    const hex = manifestDigest.replace('sha256:', '');
    expect(readFileSync(provenance, 'utf8')).toContain(hex);
    const forged = readFileSync(provenance, 'utf8').replaceAll(hex, 'f'.repeat(64));
    writeFileSync(join(work, 'provenance.json'), forged);
    execFileSync('cp', ['-r', join(work, out), join(work, `${form}-forged`)]);
    writeFileSync(join(work, `${form}-forged`, 'provenance.json'), forged);
    const other = await mkbase(['verify', `${form}-forged`], { cwd: work });
    expect(other).toMatchObject({ code: 11 });
    expect(other.stdout).toContain('subject[3].digest.sha256');
  });

  test('is pushed to a registry under the manifest that is told', async () => {
    const registry = await startRegistry();
    const ref = `${registry.domain}/team/app:1`;
    const flags = ['--compress', form, '--engine', 'namespace', '--tag', ref, '--push'];
    await build(...flags, '--out', `${form}-push`);
    const [{ manifestDigest = '', layers = [] } = {}] = told.compressed;
    expect(registry.tags.get('team/app:1')).toBe(manifestDigest);
    expect(registry.blobs.get(`team/app ${layers[0]?.digest}`)?.length).toBe(layers[0]?.size);
    const run = await mkbase(['verify', ref], { cwd: work });
    expect(run).toMatchObject({ code: 0 });
    await registry.server.close();
  });
});

test('a lock that pins no compressor is refused with --frozen, and nothing is left', async () => {
  const own = join(work, 'unpinned');
  mkdirSync(own);
  writeFileSync(join(own, 'data.bin'), compressible(large));
  const folder = busyboxRecipe(own, { more });
  expect(await mkbase(['lock', folder], { cwd: work })).toMatchObject({ code: 0 });
  const args = [folder, '--engine', 'namespace', '--frozen', '--out', 'none', '-o', 'type=oci'];
  const run = await mkbase([...args, '--compress', 'gzip'], { cwd: work });
  expect(run).toMatchObject({ code: 10 });
  expect(run.stderr).toContain('pins no compressor');
});

test('there has to be an output that holds a layer', async () => {
  const run = await mkbase([recipe, '--compress', 'gzip', '-o', 'type=import'], { cwd: work });
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain('no output holds a layer that could be compressed');
});

test('the images of an index have one form', async () => {
  const platforms = ['distroless-static', '--platform', 'linux/amd64,linux/arm64', '--no-test'];
  const flags = ['--engine', 'namespace', '--out', 'index', '--json', '--compress', 'gzip'];
  const run = await mkbase([...platforms, ...flags], { cwd: work });
  expect(run).toMatchObject({ code: 0 });
  const { platforms: built, indexDigest } = JSON.parse(run.stdout);
  const from = `oci-archive:${join(work, 'index', 'image.oci.tar')}`;
  execFileSync('skopeo', ['copy', '--quiet', '--all', from, `dir:${join(work, 'copy')}`]);
  const text = readFileSync(join(work, 'copy', 'manifest.json'));
  expect(sha256(text)).toBe(indexDigest);
  expect(JSON.parse(text.toString()).manifests.map((each: Result) => each)).toMatchObject(
    built.map(({ compressed }: Result) => ({ digest: compressed[0]?.manifestDigest })),
  );
  expect(await mkbase(['verify', 'index'], { cwd: work })).toMatchObject({ code: 0 });
  const both = ['-o', 'type=oci', '-o', 'type=oci,dest=other.tar,compression=zstd'];
  const refused = await mkbase([...platforms, ...both], { cwd: work });
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain('One index lists its images in one form');
});

describe('an image that keeps the layer of its base', () => {
  const keep = ['--layers', 'base', '--engine', 'namespace', '-o', 'type=oci'];
  const folder = join(work, 'on-base');
  const app = join(folder, 'app.yaml');
  beforeAll(() => {
    mkdirSync(folder);
    const base = 'name: kept\nfrom: { debs: { packages: [busybox-static] } }\n';
    writeFileSync(join(folder, 'base.yaml'), base);
    const more = 'files: [{ path: /greeting, content: "Hello\\n" }]';
    const test = 'test: [{ run: [busybox, cat, /greeting], stdout: Hello }]';
    writeFileSync(app, `name: on-kept\nextends: ./base.yaml\n${more}\n${test}\n`);
  });

  test.each(['gzip', 'zstd'])('has both layers compressed with %s', async (form) => {
    const out = `on-base-${form}`;
    const flags = ['--compress', form, '-o', 'type=rootfs,compression=gzip', '--json'];
    const built = await mkbase([app, ...keep, ...flags, '--out', out], { cwd: work });
    expect(built, built.stderr).toMatchObject({ code: 0 });
    const [{ compression = '', layers = [] } = {}] = (JSON.parse(built.stdout) as Result)
      .compressed;
    expect(compression).toBe(form);
    expect(layers).toHaveLength(2);
    const verified = await mkbase(['verify', out, '--recipe', app, '--rebuild'], { cwd: work });
    expect(verified, verified.stdout).toMatchObject({ code: 0 });
    const tar = execFileSync('gzip', ['-dc', join(work, out, 'rootfs.tar.gz')], {
      maxBuffer: 64 * 1024 ** 2,
    });
    expect(sha256(tar)).toBe(JSON.parse(built.stdout).diffId);
    const same = await mkbase(['diff', out, join(out, 'rootfs.tar.gz')], { cwd: work });
    expect(same, same.stderr).toMatchObject({ code: 0 });
  });
});
