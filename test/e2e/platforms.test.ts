import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { everySetting } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';

/** A recipe that needs no step, so that any platform is made on any machine. */
const recipe = 'distroless-static';
const platforms = ['linux/amd64', 'linux/arm64'];
const asked = ['--platform', platforms.join(',')];

let work: string;
let index: string;
let layout: string;
let digest: string;

/** The result of `--json`, as far as the tests read it. */
interface Result {
  readonly indexDigest: string;
  readonly platforms: readonly { readonly platform: string; readonly manifestDigest: string }[];
}
let result: Result;

const outputs = () => ['-o', 'type=oci', '-o', `type=oci,dest=${layout}/`];

beforeAll(async () => {
  work = temporaryFolder();
  index = join(work, 'mkbase-out', `${recipe}-index`);
  layout = join(work, 'layout');
  const run = await mkbase([recipe, ...asked, ...outputs(), '--no-test', '--json'], { cwd: work });
  expect(run).toMatchObject({ code: 0 });
  result = JSON.parse(run.stdout);
  digest = result.indexDigest;
});

const text = (file: string, ...args: string[]) =>
  execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe('a build for several platforms', () => {
  test.each(everySetting)('gives the same index with $title', async ({ engine, settings }) => {
    const folder = temporaryFolder({ shared: true });
    const args = [recipe, ...asked, '--engine', engine, '--out', 'out', '--no-test', '--quiet'];
    const run = await mkbase([...args, '--no-cache'], { ...settings(), cwd: folder });
    expect(run).toMatchObject({ code: 0, stdout: `${digest}\n` });
  });

  test('says the second time that nothing has changed', async () => {
    const args = [recipe, ...asked, ...outputs(), '--no-test', '--json'];
    const run = await mkbase(args, { cwd: work });
    expect(JSON.parse(run.stdout)).toMatchObject({ indexDigest: digest, cached: true });
  });

  test.each(['archive', 'folder'])('skopeo copies all of its images out of the %s', (form) => {
    const from =
      form === 'folder' ? `oci:${layout}` : `oci-archive:${join(index, 'image.oci.tar')}`;
    const copy = join(work, `copy-of-${form}`);
    text('skopeo', 'copy', '--quiet', '--all', from, `dir:${copy}`);
    const listed = JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8')).manifests;
    expect(listed.map((each: { digest: string }) => each.digest)).toEqual(
      result.platforms.map(({ manifestDigest }) => manifestDigest),
    );
    expect(`sha256:${text('sha256sum', join(copy, 'manifest.json')).slice(0, 64)}`).toBe(digest);
  });

  test.each(platforms)('podman takes the image of %s out of it', (platform) => {
    const from = `oci-archive:${join(index, 'image.oci.tar')}`;
    const id = text('podman', 'pull', '--quiet', '--platform', platform, from).trim();
    const [found] = JSON.parse(text('podman', 'image', 'inspect', id));
    expect(`${found.Os}/${found.Architecture}`).toBe(platform);
    text('podman', 'rmi', '--force', id);
  });

  test('names one thing in its index.json, as official images are taken from a layout', () => {
    const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
    expect(manifests).toEqual([
      expect.objectContaining({ digest, mediaType: 'application/vnd.oci.image.index.v1+json' }),
    ]);
  });

  test('is verified whole, with a signature and by a rebuild', async () => {
    const key = join(work, 'key.pem');
    const env = { MKBASE_SIGN_PASSPHRASE: 'secret' };
    await mkbase(['sign', '--generate-key', key], { cwd: work, env });
    const signed = await mkbase([recipe, ...asked, '--no-test', '--sign', `key=${key}`], {
      cwd: work,
      env,
    });
    expect(signed).toMatchObject({ code: 0 });
    const args = ['verify', `${recipe}-index`, '--key', `${key}.pub`, '--rebuild'];
    const run = await mkbase(args, { cwd: work });
    expect(run).toMatchObject({ code: 0 });
    for (const each of platforms) expect(run.stdout).toMatch(new RegExp(`^holds +${each}: `, 'm'));
    expect(run.stdout).toMatch(
      /^holds +index\.provenance\.json against the images of 2 platforms/m,
    );
    expect(run.stdout).toMatch(/^holds +the signature of index\.provenance\.json/m);
    expect(run.stdout).toMatch(/^Verified distroless-static-index: \d+ checks, no mismatch/m);
  });

  test('does not pass verify when the image of one platform is another', async () => {
    const folder = temporaryFolder({ within: work });
    execFileSync('cp', ['-r', index, join(folder, 'out')]);
    const provenance = join(folder, 'out', 'linux-arm64', 'provenance.json');
    writeFileSync(
      provenance,
      readFileSync(provenance, 'utf8').replace('linux/arm64', 'linux/amd64'),
    );
    const run = await mkbase(['verify', 'out'], { cwd: folder });
    expect(run.code).toBe(11);
    expect(run.stdout).toMatch(/^mismatch +linux\/arm64: /m);
  });

  test('refuses a platform that there is none of, and outputs that hold one platform', async () => {
    const refused = async (...args: string[]) => {
      const run = await mkbase([recipe, ...args], { cwd: work });
      expect(run).toMatchObject({ code: 2, stdout: '' });
      return run.stderr;
    };
    expect(await refused('--platform', 'linux/amd64,linux/arm46')).toMatch(
      /no platform "linux\/arm46"\. Did you mean linux\/arm64\?/,
    );
    expect(await refused('--platform', 'all,linux/amd64')).toContain('is given alone');
    expect(await refused(...asked, '-o', 'type=docker')).toContain(
      '--output type=docker holds the image of one platform',
    );
  });
});
