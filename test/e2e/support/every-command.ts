import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { resealLock } from '../../support/reseal/reseal.ts';
import { engineArgs, readJson } from './alpine-builds.ts';
import { type Run, root } from './mkbase.ts';

/** A recipe of a kind, and what its repositories can be made to do. */
export interface Walk {
  readonly kind: string;
  /** A recipe that ships with mkbase and is of the kind. */
  readonly shipped: string;
  /** The recipe's folder, in which more is made. */
  readonly folder: string;
  /** The start of its packages' URLs, and how many packages the recipe comes to. */
  readonly purl: string;
  readonly packages: number;
  /** Runs a command line with the repositories at hand. */
  run(args: readonly string[]): Promise<Run>;
  /** Runs a command line with an empty cache and without the repositories. */
  away(args: readonly string[]): Promise<Run>;
  /** Makes the repositories have a newer version of one package. */
  renew(): void | Promise<void>;
  readonly renewed: { readonly name: string; readonly old: string; readonly new: string };
  /** Fingerprint of a key that a policy of one's own has to allow. */
  readonly allowed: string;
  /** Fingerprint of the key that signed the packages, and of one that signed none of them. */
  readonly signer: string;
  readonly stranger: string;
}

interface Paths {
  readonly at: (...parts: string[]) => string;
  readonly ok: (...words: string[]) => Promise<string>;
}

const archive = ['--output', 'type=oci', ...engineArgs, '--json'];

const pathsOf = ({ folder, run }: Walk): Paths => ({
  at: (...parts) => join(folder, ...parts),
  ok: async (...words) => {
    const done = await run(words);
    expect(done, `${words.join(' ')}\n${done.stderr}`).toMatchObject({ code: 0 });
    return done.stdout;
  },
});

/** list and init */
async function start({ kind, shipped }: Walk, { at, ok }: Paths): Promise<void> {
  const { recipes } = JSON.parse(await ok('list', '--json'));
  expect(recipes).toContainEqual(expect.objectContaining({ name: shipped, kind }));
  const started = JSON.parse(await ok('init', at('started'), '--kind', kind, '--json'));
  expect(started).toMatchObject({ kind, name: 'started' });
  expect(JSON.parse(await ok('show', at('started'), '--json')).recipe.from).toMatchObject({ kind });
}

/** lock, show, build and verify; resolves to the manifest's digest. */
async function build({ folder, purl, packages }: Walk, { at, ok }: Paths): Promise<string> {
  await ok('lock', folder);
  const first = JSON.parse(await ok('build', folder, '--out', at('out'), '--frozen', ...archive));
  const shown = JSON.parse(await ok('show', folder, '--out', at('out'), '--json'));
  expect(shown.lock.packages).toBeGreaterThan(packages);
  const { components } = readJson<{ components: { purl?: string }[] }>(at('out/sbom.cdx.json'));
  expect(components.filter((each) => each.purl?.startsWith(purl))).toHaveLength(packages);
  const again = ['--out', at('again'), '--frozen', '--no-cache', ...archive];
  const { manifestDigest } = JSON.parse(await ok('build', folder, ...again));
  expect(manifestDigest).toBe(first.manifestDigest);
  const image = at('out/image.oci.tar');
  expect(JSON.parse(await ok('verify', image, '--json'))).toMatchObject({ ok: true });
  const rebuild = ['--rebuild', '--recipe', folder, ...engineArgs, '--json'];
  expect(JSON.parse(await ok('verify', image, ...rebuild))).toMatchObject({ ok: true });
  return manifestDigest;
}

/** A bundle is enough where nothing else is. */
async function bundle({ folder, away }: Walk, { at, ok }: Paths, digest: string): Promise<void> {
  const inputs = at('inputs.tar');
  await ok('bundle', folder, '-o', inputs);
  const words = ['--inputs', inputs, '--offline', '--frozen', ...archive];
  const done = await away(['build', folder, '--out', at('away'), ...words]);
  expect(done, done.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(done.stdout).manifestDigest).toBe(digest);
}

/** sign and export */
async function handOn({ folder }: Walk, { at, ok }: Paths): Promise<void> {
  await ok('sign', '--generate-key', at('key.pem'));
  await ok('sign', at('out'), '--key', at('key.pem'));
  const verified = await ok('verify', at('out'), '--key', at('key.pem.pub'), '--json');
  expect(JSON.parse(verified)).toMatchObject({ ok: true });
  await ok(
    'export',
    folder,
    '--dockerfile',
    at('exported'),
    '--out',
    at('for-export'),
    ...engineArgs,
  );
  expect(readFileSync(at('exported/Dockerfile'), 'utf8')).toMatch(/^FROM scratch$/m);
  expect(existsSync(at('exported/rootfs.tar.xz'))).toBe(true);
}

/** update, and diff of what was built before and after it */
async function renew(walk: Walk, { at, ok }: Paths): Promise<void> {
  const { folder, renewed } = walk;
  await walk.renew();
  const updated = JSON.parse(await ok('update', folder, '--only', renewed.name, '--json'));
  expect(updated.changes).toMatchObject([{ in: 'image', ...renewed }]);
  await ok('build', folder, '--out', at('newer'), '--frozen', ...archive);
  const images = ['out', 'newer'].map((name) => at(name, 'image.oci.tar'));
  const diff = await walk.run(['diff', ...images, '--json']);
  expect(diff.stdout).toContain(`"${renewed.name}"`);
  expect(diff.stdout).toContain(renewed.new);
}

/** policy: the keys of the test are not among those that ship, and a policy of one's own allows them */
async function judge({ folder, run, allowed }: Walk, { at, ok }: Paths): Promise<void> {
  const words = ['build', folder, '--out', at('judged'), ...archive];
  const refused = await run([...words, '--policy', 'strict']);
  expect(refused.stderr).toContain('which is not among the allowed keys');
  expect(refused.stderr).toContain('code: POLICY');
  const strict = parse(readFileSync(join(root, 'policies/strict.yaml'), 'utf8'));
  const keys = { reason: 'ours', allow: { ...strict.rules.keys.allow, [allowed]: 'ours' } };
  writeFileSync(at('policy.yaml'), stringify({ name: 'ours', rules: { keys } }));
  await ok(...words, '--policy', at('policy.yaml'));
}

/** A lock that names another signer. */
async function forge(walk: Walk, { at }: Paths): Promise<void> {
  const { folder, run, signer, stranger } = walk;
  const file = at('recipe.lock.json');
  const text = readFileSync(file, 'utf8');
  const forged = text.replaceAll(signer, stranger);
  expect(forged).not.toBe(text);
  writeFileSync(file, resealLock(forged));
  const lied = await run(['build', folder, '--out', at('forged'), '--frozen', ...archive]);
  expect(lied.code).not.toBe(0);
  expect(lied.stderr).toContain('code: SOURCE_UNTRUSTED');
  expect(existsSync(at('forged/image.oci.tar'))).toBe(false);
}

/** Takes a recipe through every command, in the order in which they need one another. */
export async function walkEveryCommand(walk: Walk): Promise<void> {
  const paths = pathsOf(walk);
  await start(walk, paths);
  const digest = await build(walk, paths);
  expect(readJson(paths.at('out/trust/trust.json'))).toMatchObject({ links: expect.anything() });
  await bundle(walk, paths, digest);
  await handOn(walk, paths);
  await renew(walk, paths);
  await judge(walk, paths);
  await forge(walk, paths);
}
