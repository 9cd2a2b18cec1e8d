import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BuildResult } from '../../src/pipeline/request.ts';
import { type ApkKey, type ApkSignatureForm, newApkKey } from '../support/apk.ts';
import { type Server, serve } from '../support/http-server.ts';
import { noAlpine } from './support/alpine.ts';
import { buildsFolder, engineArgs, readJson } from './support/alpine-builds.ts';
import { everySetting } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';
import { wolfiRepository } from './support/wolfi-repository.ts';

const { work, recipe } = buildsFolder();
const settingsThere = everySetting.filter((each) => !each.missing);

const wolfiRecipe = (key: string) => `name: wolfi-root
from:
  apk:
    distro: wolfi
    packages: [alpine-baselayout, apk-tools, busybox]
    keys: ["${key}"]
image: { cmd: [/bin/sh] }
test: [{ run: [apk, info, -ev, musl], stdout: musl-1.2.5-r0 }]
`;

describe.skipIf(noAlpine)(
  `a repository as Wolfi has it${noAlpine ? `: left out, ${noAlpine}` : ''}`,
  () => {
    const key: ApkKey = newApkKey('wolfi-test.rsa.pub');
    let server: Server;

    const publish = (form?: ApkSignatureForm) => wolfiRepository(join(work, 'mirror'), key, form);

    beforeAll(async () => {
      await publish();
      server = await serve(join(work, 'mirror'));
      return server.close;
    });

    const project = (name: string) =>
      recipe(name, wolfiRecipe(key.name), { [key.name]: key.publicKey });

    const build = (folder: string, args: readonly string[] = engineArgs, settings = {}) =>
      mkbase(['build', folder, ...args, '--out', join(folder, 'out'), '--json'], {
        cwd: work,
        ...settings,
        env: { MKBASE_WOLFI_MIRROR: server.url },
      });

    test('makes one digest on every engine, signed over a SHA-256 by the recipe’s key', async () => {
      const digests = new Set<string>();
      const folder = project('wolfi');
      for (const { engine, settings } of settingsThere) {
        const done = await build(folder, ['--engine', engine], settings());
        expect(done, done.stderr).toMatchObject({ code: 0 });
        const { diffId, manifestDigest } = JSON.parse(done.stdout) as BuildResult;
        digests.add(`${diffId} ${manifestDigest}`);
      }
      expect([...digests]).toHaveLength(1);
      const lock = readJson<{ from: { apk: object } }>(join(folder, 'out/lock.json'));
      expect(lock.from.apk).toMatchObject({
        distro: 'wolfi',
        indexes: [{ repository: 'os', signedBy: key.name, signature: 'rsa-sha256' }],
      });
      const evidence = (name: string) => readFileSync(join(folder, 'out', name), 'utf8');
      expect(evidence('provenance.json')).toContain('rsa-sha256');
      expect(evidence('sbom.cdx.json')).toContain('pkg:apk/');
    });

    test('a policy refuses the same index when it is signed over a SHA-1', async () => {
      const policy = join(work, 'sha256.yaml');
      writeFileSync(policy, 'name: ours\nrules: { sha1Signatures: { reason: ours } }\n');
      const args = [...engineArgs, '--policy', policy];
      const fine = await build(project('strong'), args);
      expect(fine, fine.stderr).toMatchObject({ code: 0 });
      await publish('RSA');
      const refused = await build(project('weak'), args);
      await publish();
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toContain('code: POLICY');
      expect(refused.stderr).toMatch(
        /APKINDEX.tar.gz is signed by wolfi-test.rsa.pub over a SHA-1/,
      );
    });

    test('goes through the other commands, and is built offline from a bundle', async () => {
      const folder = project('commands');
      const out = join(folder, 'out');
      const image = join(out, 'image.oci.tar');
      const bundle = join(folder, 'inputs.tar');
      const run = async (words: readonly string[], env: Readonly<Record<string, string>> = {}) => {
        const settings = { cwd: work, env: { MKBASE_WOLFI_MIRROR: server.url, ...env } };
        const done = await mkbase(words, settings);
        expect(done, `${words.join(' ')}\n${done.stderr}`).toMatchObject({ code: 0 });
        return done.stdout;
      };
      const oci = [...engineArgs, '--output', 'type=oci', '--json', '--frozen'];
      await run(['lock', folder]);
      const built = JSON.parse(await run(['build', folder, '--out', out, ...oci])) as BuildResult;
      expect(await run(['show', folder, '--out', out])).toContain('wolfi');
      expect(JSON.parse(await run(['verify', image, '--json']))).toMatchObject({ ok: true });
      const rebuild = ['--rebuild', '--recipe', folder, ...engineArgs, '--json'];
      expect(JSON.parse(await run(['verify', image, ...rebuild]))).toMatchObject({ ok: true });
      await run(['bundle', folder, '-o', bundle]);
      const away = ['build', folder, '--out', join(folder, 'away'), ...oci];
      const nowhere = { XDG_CACHE_HOME: join(work, 'empty'), MKBASE_WOLFI_MIRROR: '/nowhere' };
      const bundled = await run([...away, '--inputs', bundle, '--offline'], nowhere);
      expect(JSON.parse(bundled).manifestDigest).toBe(built.manifestDigest);
      const updated = JSON.parse(await run(['update', folder, '--json']));
      expect(updated.changes).toEqual([]);
      const other = join(folder, 'away/image.oci.tar');
      expect(JSON.parse(await run(['diff', image, other, '--json']))).toMatchObject({
        identical: true,
      });
    });

    test('asks for its key, which does not ship with mkbase', async () => {
      const folder = recipe('no-key', wolfiRecipe('').replace('    keys: [""]\n', ''));
      const done = await build(folder);
      expect(done.stderr).toContain('the key of Wolfi does not ship with mkbase');
      expect(done.stderr).toMatch(/recipe\.yaml:\d+:\d+/);
      expect(done.stderr).toContain('code: RECIPE_INVALID');
    });
  },
);
