import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { exitCodes } from '../../src/base/errors.ts';
import { packageRoot } from '../../src/base/package-root.ts';
import { createProgram } from '../../src/commands/program.ts';
import { listRecipes } from '../../src/kinds/kinds.ts';
import { temporaryFolder } from '../support/folder.ts';
import { edit, reseal } from '../support/forge.ts';
import { serve } from '../support/http-server.ts';
import { writeTree } from '../support/recipe.ts';
import { createContext } from '../support/ui/context.ts';

// One line in the registry is all that a kind needs outside its folder: here it is put there.
vi.mock(import('../../src/kinds/registry.ts'), async (original) => {
  const registry = await original();
  const sample = () => import('./sample/pages.ts').then(({ pages }) => pages);
  const top = () => import('./sample/motto.ts').then(({ motto }) => motto);
  return { ...registry, kindModules: { ...registry.kindModules, pages: sample, motto: top } };
});

const site = generateKeyPairSync('ed25519');
const served = new Map<string, Uint8Array>();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Publishes an edition of the site: page → text. */
function publish(edition: string, date: number, pages: Readonly<Record<string, string>>): void {
  const index = JSON.stringify({
    date,
    pages: Object.entries(pages).map(([name, text]) => ({
      ...{ name, version: sha256(text).slice(0, 8), path: `${name}.txt` },
      ...{ size: Buffer.byteLength(text), sha256: sha256(text) },
    })),
  });
  served.set(`/${edition}/index.json`, Buffer.from(index));
  served.set(`/${edition}/index.json.sig`, sign(null, Buffer.from(index), site.privateKey));
  for (const [name, text] of Object.entries(pages)) {
    served.set(`/${edition}/${name}.txt`, Buffer.from(text));
  }
}

let url = '';
let close = async () => {};

beforeAll(async () => {
  const server = await serve(served);
  ({ url, close } = server);
});
afterAll(() => close());

/** Runs a command line in this process: its exit code and what it printed as JSON. */
async function mkbase(cache: string, ...words: string[]) {
  vi.stubEnv('XDG_CACHE_HOME', cache);
  const context = createContext({ XDG_CACHE_HOME: cache });
  let code = 0;
  const program = createProgram(context, (exitCode) => {
    code = exitCode;
  });
  await program.parseAsync(words, { from: 'user' });
  return { code, out: context.stdout.text(), err: context.stderr.text() };
}

/** A recipe of the sample kind in a folder of its own, and a cache. */
async function project() {
  const folder = temporaryFolder();
  await writeTree(folder, {
    'mine/recipe.yaml': `name: mine
from:
  pages: { site: "${url}", key: site.pem, pages: [home, news] }
files:
  - { path: /motd, content: "hello\\n" }
`,
    'mine/site.pem': site.publicKey.export({ type: 'spki', format: 'pem' }),
  });
  const at = (...parts: string[]) => join(folder, ...parts);
  return { at, recipe: at('mine'), cache: at('cache') };
}

const today = Math.floor(Date.now() / 1000) - 3600;

test('a kind of one folder and one line goes through every command', async () => {
  publish('2026', today, { home: 'welcome\n', news: 'nothing new\n', more: 'unasked\n' });
  const { at, recipe, cache } = await project();
  const lockFile = at('mine', 'recipe.lock.json');
  const building = ['--engine', 'namespace', '--progress', 'plain', '--json'];
  const build = (out: string, ...more: string[]) =>
    mkbase(cache, 'build', recipe, '--out', at(out), ...building, '--output', 'type=oci', ...more);

  // list
  const root = at('shelf');
  await writeTree(root, {
    'recipes/mine/recipe.yaml': readFileSync(at('mine', 'recipe.yaml')),
    'recipes/mine/site.pem': readFileSync(at('mine', 'site.pem')),
  });
  expect(await listRecipes(new Date(0), root)).toEqual([
    expect.objectContaining({ name: 'mine', kind: 'pages' }),
  ]);

  // init
  const started = await mkbase(cache, 'init', at('started'), '--kind', 'pages', '--json');
  expect(JSON.parse(started.out)).toMatchObject({ kind: 'pages', name: 'started' });
  expect(readFileSync(at('started', 'site.pem'), 'utf8')).toBe('the key of the site\n');

  // lock, and what show says of it
  expect((await mkbase(cache, 'lock', recipe)).code).toBe(0);
  const lock = JSON.parse(readFileSync(lockFile, 'utf8'));
  expect(lock.from.kind).toBe('pages');
  expect(lock.from.pages.pages.map(({ name }: { name: string }) => name)).toEqual(['home', 'news']);
  mkdirSync(at('out'), { recursive: true });
  writeFileSync(at('out', 'lock.json'), readFileSync(lockFile));
  const shown = JSON.parse((await mkbase(cache, 'show', recipe, '--out', at('out'), '--json')).out);
  expect(shown.recipe.from).toMatchObject({ kind: 'pages', pages: { edition: '2026' } });
  expect(shown.lock).toMatchObject({ packages: 2, epoch: today });

  // build, and verify what was built
  const built = JSON.parse((await build('out', '--frozen')).out);
  const again = JSON.parse((await build('again', '--frozen')).out);
  expect(again.manifestDigest).toBe(built.manifestDigest);
  const evidence = (name: string) => JSON.parse(readFileSync(at('out', name), 'utf8'));
  const { components } = evidence('sbom.cdx.json');
  expect(components).toContainEqual(expect.objectContaining({ 'bom-ref': 'pages:site' }));
  expect(evidence('trust/trust.json').links).toMatchObject([
    { file: 'pages.index.json', vouchesFor: ['home', 'news'] },
  ]);
  const verified = await mkbase(cache, 'verify', at('out', 'image.oci.tar'), '--json');
  expect(JSON.parse(verified.out)).toMatchObject({ ok: true });
  const rebuilt = await mkbase(
    cache,
    ...['verify', at('out', 'image.oci.tar'), '--rebuild', '--recipe', recipe],
    ...['--engine', 'namespace', '--json'],
  );
  expect(JSON.parse(rebuilt.out)).toMatchObject({ ok: true });

  // a bundle is enough where nothing else is
  await mkbase(cache, 'bundle', recipe, '-o', at('inputs.tar'));
  served.delete('/2026/home.txt');
  const bundled = await mkbase(
    at('another cache'),
    ...['build', recipe, '--out', at('from-bundle'), ...building, '--output', 'type=oci'],
    ...['--inputs', at('inputs.tar'), '--offline'],
  );
  expect(JSON.parse(bundled.out).manifestDigest).toBe(built.manifestDigest);

  // update moves only what it is asked to
  publish('2026', today + 60, { home: 'welcome back\n', news: 'something new\n' });
  const updated = await mkbase(cache, 'update', recipe, '--only', 'news', '--json');
  expect(JSON.parse(updated.out).changes).toMatchObject([
    { in: 'image', name: 'news', old: sha256('nothing new\n').slice(0, 8) },
  ]);

  // diff names it
  const newer = JSON.parse((await build('newer')).out);
  expect(newer.manifestDigest).not.toBe(built.manifestDigest);
  const diff = await mkbase(
    cache,
    ...['diff', at('out', 'image.oci.tar'), at('newer', 'image.oci.tar'), '--json'],
  );
  expect(diff.out).toContain('"news"');
  expect(diff.out).not.toContain('"more"');

  // policy: the key of the site is not among those that strict allows, and one's own policy allows it
  const strict = await build('strict', '--policy', join(packageRoot, 'policies/strict.yaml'));
  expect(strict.code).toBe(exitCodes.POLICY);
  expect(strict.err).toMatch(/is signed by [0-9A-F]+, which is not among the allowed keys/);
  const key = createHash('sha256')
    .update(site.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .toUpperCase();
  writeFileSync(
    at('policy.yaml'),
    `name: ours\nrules:\n  keys: { reason: ours, allow: { "${key}": the site } }\n`,
  );
  const allowed = await build('allowed', '--policy', at('policy.yaml'));
  expect(allowed.code).toBe(0);
});

test('the tree of one kind laid over that of another goes through every command', async () => {
  publish('2026', today, { home: 'welcome\n', news: 'nothing new\n', motto: 'of the site\n' });
  const { at, recipe: below, cache } = await project();
  await writeTree(below, {
    'over.yaml': `name: over
extends: ./recipe.yaml
packages: [motto]
from: { motto: { text: "own words" } }
`,
  });
  const recipe = join(below, 'over.yaml');
  const words = ['--engine', 'namespace', '--json', '--output', 'type=oci'];
  const built = await mkbase(cache, 'build', recipe, '--out', at('out'), ...words);
  expect(built.code, built.err).toBe(0);
  const { manifestDigest } = JSON.parse(built.out);
  const evidence = (name: string) => JSON.parse(readFileSync(at('out', name), 'utf8'));
  expect(evidence('lock.json').from).toMatchObject({
    stack: {
      base: { pages: { pages: [{ name: 'home' }, { name: 'news' }, { name: 'motto' }] } },
      top: { motto: {} },
    },
  });

  // Both trees are in the bill; the file of the base that the top has as well is the top's.
  const { components } = evidence('sbom.cdx.json') as {
    components: { 'bom-ref': string; evidence?: { occurrences: { location: string }[] } }[];
  };
  const filesOf = (id: string) =>
    components
      .find((each) => each['bom-ref'] === id)
      ?.evidence?.occurrences.map(({ location }) => location);
  expect(filesOf('pages:site')).toEqual(['/home.txt', '/news.txt']);
  expect(filesOf('motto:own')).toEqual(['/motto.txt']);
  expect(evidence('trust/trust.json').links).toMatchObject([
    { file: 'pages.index.json', vouchesFor: ['home', 'motto', 'news'] },
  ]);

  // show, verify with and without the recipe, and by building again
  const shown = await mkbase(cache, 'show', recipe, '--out', at('out'));
  expect(shown.out).toContain('motto on pages');
  const verify = ['verify', at('out'), '--json'];
  expect(JSON.parse((await mkbase(cache, ...verify)).out)).toMatchObject({ ok: true });
  const rebuild = ['--recipe', recipe, '--rebuild', '--engine', 'namespace'];
  const rebuilt = await mkbase(cache, ...verify, ...rebuild);
  expect(JSON.parse(rebuilt.out), rebuilt.out).toMatchObject({ ok: true });

  // a bundle is enough where nothing else is
  await mkbase(cache, 'bundle', recipe, '-o', at('inputs.tar'));
  served.delete('/2026/home.txt');
  const bundle = ['--inputs', at('inputs.tar'), '--offline'];
  const away = await mkbase(at('away'), 'build', recipe, '--out', at('b'), ...words, ...bundle);
  expect(JSON.parse(away.out).manifestDigest).toBe(manifestDigest);

  // update and diff name what changed in the base
  publish('2026', today + 60, { home: 'welcome back\n', news: 'old\n', motto: 'other\n' });
  const updated = await mkbase(cache, 'update', recipe, '--only', 'home', '--json');
  expect(JSON.parse(updated.out).changes).toMatchObject([{ in: 'image', name: 'home' }]);
  await mkbase(cache, 'build', recipe, '--out', at('newer'), ...words);
  const diff = await mkbase(cache, 'diff', at('out'), at('newer'), '--json');
  expect(diff.out).toContain('"home"');
  expect(diff.out).not.toContain('"news"');

  // a forged claim about the base, and a base of another kind in the lock
  const forge = (name: string, change: (value: never) => void) => edit(at('out'), name, change);
  type Claimed = {
    predicate: {
      buildDefinition: {
        externalParameters: {
          recipe: { from: { stack: { base: { pages: { edition: string } } } } };
        };
      };
    };
  };
  forge('provenance.json', ({ predicate }: Claimed) => {
    const { recipe } = predicate.buildDefinition.externalParameters;
    recipe.from.stack.base.pages.edition = '1999';
  });
  reseal(at('out'));
  const forged = await mkbase(cache, ...verify);
  expect(forged.code).toBe(exitCodes.MISMATCH);
  expect(forged.out).toContain('recipe.from.stack.base.pages.edition');
  const lockFile = at('mine', 'over.lock.json');
  const lock = JSON.parse(readFileSync(lockFile, 'utf8'));
  lock.from.stack.base = { kind: 'motto', motto: {} };
  writeFileSync(lockFile, JSON.stringify(lock));
  const other = await mkbase(cache, 'build', recipe, '--out', at('c'), '--frozen', ...words);
  expect(other.code).not.toBe(0);
  expect(existsSync(at('c', 'image.oci.tar'))).toBe(false);
});

test('an index with another signature is refused, and a lock whose part is none of the kind', async () => {
  publish('2026', today, { home: 'welcome\n', news: 'nothing new\n' });
  const { at, recipe, cache } = await project();
  served.set('/2026/index.json.sig', Buffer.alloc(64));
  const refused = await mkbase(cache, 'lock', recipe);
  expect(refused.code).toBe(exitCodes.SOURCE_UNTRUSTED);
  expect(refused.err).toContain('is not signed by the key');
  publish('2026', today, { home: 'welcome\n', news: 'nothing new\n' });
  await mkbase(cache, 'lock', recipe);
  const file = at('mine', 'recipe.lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  lock.from.pages.pages[0].path = '../../etc/passwd';
  writeFileSync(file, JSON.stringify(lock));
  const built = await mkbase(cache, 'build', recipe, '--out', at('out'), '--engine', 'namespace');
  expect(built.code).toBe(exitCodes.LOCK_INVALID);
  expect(built.err).toContain('"from.pages.pages.0.path"');
});
