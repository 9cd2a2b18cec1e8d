import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildArchive } from '../support/debian-archive.ts';
import { temporaryFolder } from '../support/folder.ts';
import { readLockFile } from './support/debootstrap-by-hand.ts';
import { everySetting } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';

const work = temporaryFolder();

/** Builds a recipe from the mirror in reach, and checks its evidence; returns its lock and its warnings. */
async function built(name: string, debs: string, files: Readonly<Record<string, string>> = {}) {
  const folder = join(work, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  writeFileSync(join(folder, 'recipe.yaml'), `name: ${name}\nfrom:\n  debs: ${debs}\n`);
  const out = join(folder, 'out');
  const args = [folder, '--engine', 'namespace', '--out', out, '--json'];
  const run = await mkbase(args, { cwd: work });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  const verified = await mkbase(['verify', out], { cwd: work });
  expect(verified, verified.stderr).toMatchObject({ code: 0 });
  const { warnings } = JSON.parse(run.stdout) as { warnings: { code: string; message: string }[] };
  return { out, lock: readLockFile(out), warnings };
}

const none = !everySetting.some(({ engine, missing }) => engine === 'namespace' && !missing);

describe.skipIf(none)("suites of Debian's archive beside the current one", () => {
  test('bullseye, which has ended and is still served, builds as it is and warns', async () => {
    const { warnings } = await built('ended', '{ suite: bullseye, packages: [libc6] }');
    expect(warnings).toMatchObject([
      { code: 'ended-release', message: expect.stringContaining('2026-08-31') },
    ]);
  });

  test("a third party's archive builds, bundles and verifies, and its package passes for nobody else's", async () => {
    const files = { 'usr/share/greeter/text': 'Hello' };
    const archive = await buildArchive({ packages: [{ name: 'greeter', files }] });
    const url = await archive.serve();
    onTestFinished(() => archive.close());
    const from = `name: vendor, url: "${url}", suite: trixie, keys: [vendor.asc]`;
    const debs = `{ suite: trixie, packages: [base-files, greeter], sources: [{ ${from} }] }`;
    const keys = { 'vendor.asc': readFileSync(archive.keyFile, 'utf8') };
    const { out } = await built('vendor', debs, keys);
    const bill = readFileSync(join(out, 'sbom.cdx.json'), 'utf8');
    const purls = [...bill.matchAll(/"purl":\s*"(pkg:deb[^"]*\/(?:base-files|greeter)@[^"]*)"/g)];
    expect(purls.map(([, purl]) => purl).sort()).toEqual([
      expect.stringMatching(/^pkg:deb\/debian\/base-files@.*distro=debian-13/),
      `pkg:deb/vendor/greeter@1.0-1?arch=amd64&repository_url=${encodeURIComponent(url)}`,
    ]);

    await archive.close();
    const recipe = join(work, 'vendor');
    const bundle = join(work, 'vendor-inputs.tar');
    const bundled = await mkbase(['bundle', recipe, '--out', out, '-o', bundle], { cwd: work });
    expect(bundled, bundled.stderr).toMatchObject({ code: 0 });
    const rebuild = ['--rebuild', '--inputs', bundle, '--offline', '--engine', 'namespace'];
    const env = { XDG_CACHE_HOME: join(work, 'empty') };
    const again = await mkbase(['verify', out, '--recipe', recipe, ...rebuild], { cwd: work, env });
    expect(again, again.stdout + again.stderr).toMatchObject({ code: 0 });
  });

  test('backports give what is asked from them, and nothing else', async () => {
    const sources = 'sources: [{ suite: trixie-backports }]';
    const { lock, warnings } = await built(
      'backported',
      `{ suite: trixie, ${sources}, packages: [tmux/trixie-backports] }`,
    );
    expect(warnings).toEqual([]);
    const text = JSON.stringify(lock);
    const suites = [...text.matchAll(/"name":"([a-z0-9.+-]+)"[^{}]*?"suite":"trixie-backports"/g)];
    expect(suites.map(([, name]) => name)).toEqual(['tmux']);
  });
});
