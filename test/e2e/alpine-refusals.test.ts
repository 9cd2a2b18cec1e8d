import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { alpineMirror } from '../support/alpine-mirror.ts';
import { apkIndex, buildApk, newApkKey } from '../support/apk.ts';
import { archive, rawMember } from '../support/tar.ts';
import { noAlpine } from './support/alpine.ts';
import {
  allowUnsigned,
  buildsFolder,
  engineArgs,
  rootRecipe,
  webRecipe,
} from './support/alpine-builds.ts';
import { type AlpineRepository, alpineRepository, writeAll } from './support/alpine-repository.ts';
import { everyEngine } from './support/engines.ts';
import { traces } from './support/traces.ts';

const { work, recipe, run } = buildsFolder();
const engine = everyEngine[0]?.engine ?? 'namespace';
const tag = 'mkbase/alpine-web:refused';

const left = noAlpine ? `: left out, ${noAlpine}` : '';

describe.skipIf(noAlpine)(`packages of Alpine are refused${left}`, () => {
  let mirror: AlpineRepository;
  beforeAll(async () => {
    mirror = await alpineRepository(join(work, 'mirror'));
  });

  /** A copy of the mirror with something wrong. */
  function wrong(name: string, change: (community: string, folder: string) => void): string {
    const folder = join(work, `mirror-${name}`);
    cpSync(mirror.folder, folder, { recursive: true });
    change(join(folder, 'v3.20/community/x86_64'), folder);
    return folder;
  }

  let count = 0;

  /** A clear error: its code, what it says, a hint; nothing tagged, nothing left. */
  async function expectRefusal(text: string, from: string, code: string, message: RegExp) {
    const folder = recipe(`refused-${count++}`, text);
    const pids: number[] = [];
    const done = await run([folder, ...engineArgs, ...allowUnsigned, '--tag', tag], from, {
      onStart: (pid) => pids.push(pid),
      env: { MKBASE_TEST_WORD: folder },
    });
    expect(done.stdout).toBe('');
    expect(done.stderr).toContain(`code: ${code}`);
    expect(done.stderr.replace(/\s+/g, ' ')).toMatch(message);
    expect(done.stderr).toMatch(/^hint: ./m);
    // Where the build failed, and not what comes before it, the lock is worth keeping.
    const out = join(folder, 'out');
    expect(existsSync(out) ? readdirSync(out) : ['lock.json']).toEqual(['lock.json']);
    const folders = [folder, process.env.MKBASE_TEST_CACHE ?? ''];
    expect(traces({ engine, pids, folders, word: folder })).toEqual([]);
    if (engine !== 'docker') return;
    expect(execFileSync('docker', ['images', '--quiet', tag]).toString()).toBe('');
  }

  test.each([
    [
      '[webap]',
      'PACKAGE_NOT_FOUND',
      /no package webap in v3\.20\/main and .* Did you mean webapp\b/,
    ],
    ['["webapp=9.9"]', 'PACKAGE_NOT_FOUND', /no package webapp 9\.9 in .* There is 1\.2\.3-r1/],
    ['[webapp, webapp-lite]', 'PACKAGE_CONFLICT', /breaks: webapp-lite-1\.0-r0\[!webapp-common\]/],
    ['[broken]', 'BUILD_FAILED', /it cannot be/],
  ])('as %s with %s', async (packages, code, message) => {
    const text = webRecipe.replace('[webapp, special]', packages);
    await expectRefusal(text, mirror.folder, code, message);
  });

  test('where the mirror has no index of them', async () => {
    const from = wrong('bare', (community) => rmSync(join(community, 'APKINDEX.tar.gz')));
    const message = /has no package index of v3\.20\/community for x86_64/;
    await expectRefusal(webRecipe, from, 'SOURCE_UNREACHABLE', message);
  });

  test('where nobody who is believed has signed their index', async () => {
    const { stanza } = await buildApk({ name: 'webapp' });
    const forger = newApkKey(mirror.key.name);
    for (const [name, index, message] of [
      [
        'stranger',
        await apkIndex([stanza], newApkKey('a.rsa.pub')),
        /a\.rsa\.pub, which is not bel/,
      ],
      ['forger', await apkIndex([stanza], forger), /does not hold/],
      ['unsigned', await apkIndex([stanza]), /is not signed/],
    ] as const) {
      const from = wrong(name, (community) => {
        writeFileSync(join(community, 'APKINDEX.tar.gz'), index);
      });
      await expectRefusal(webRecipe, from, 'SOURCE_UNTRUSTED', message);
    }
    const alpineOnly = rootRecipe('').replace(/ +keys:.*\n/, '');
    const message = /which is not believed here\. Believed are alpine-devel@/;
    await expectRefusal(alpineOnly, mirror.folder, 'SOURCE_UNTRUSTED', message);
  });

  test('where one is not what the index lists, or not there', async () => {
    const name = 'webapp-1.2.3-r1.apk';
    const changed = wrong('changed', (community) => {
      const bytes = readFileSync(join(community, name));
      bytes[bytes.length - 30]! ^= 1;
      writeFileSync(join(community, name), bytes);
    });
    const message = /r1\.apk: not the package that the signed index lists\. expected sha256 of its/;
    await expectRefusal(webRecipe, changed, 'SOURCE_CORRUPT', message);
    const gone = wrong('gone', (community) => rmSync(join(community, name)));
    await expectRefusal(webRecipe, gone, 'SOURCE_UNREACHABLE', /webapp-1\.2\.3-r1\.apk/);
  });

  test('where the root filesystem would reach outside of itself', async () => {
    const hostile = rawMember({ name: '../etc/passwd' }, 'root::0:0::/:/bin/sh\n');
    const release = { version: '3.20.3', archive: gzipSync(archive(hostile)) };
    const files = await alpineMirror(release);
    const from = wrong('hostile', (_, folder) => writeAll(folder, files));
    await expectRefusal(webRecipe, from, 'ARCHIVE_REFUSED', /\.\.\/etc\/passwd/);
  });

  test('where there is no such release', async () => {
    const text = webRecipe.replace('"3.20"', '"3.20.9"');
    await expectRefusal(text, mirror.folder, 'RELEASE_NOT_FOUND', /It has 3\.20\.3/);
  });
});
