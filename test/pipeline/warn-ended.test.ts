import { symlink } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { proveInputs } from '../../src/pipeline/inputs/prove-inputs.ts';
import { resolveLock } from '../../src/pipeline/inputs/resolve-lock.ts';
import { warnEnded, warnPinnedEnded } from '../../src/pipeline/warn-ended.ts';
import { buildArchive } from '../support/debian-archive.ts';
import { temporaryFolder } from '../support/folder.ts';
import { lockOf } from '../support/lock.ts';
import { openedBuild } from '../support/opened-build.ts';
import { newKey } from '../support/openpgp-key.ts';
import { refusal, writeTree } from '../support/recipe.ts';
import { recordingIo, serving } from '../support/store.ts';

const now = new Date('2026-11-20T00:00:00Z');

async function warningsOf(from: string, at = now) {
  const folder = temporaryFolder();
  await writeTree(folder, { 'recipe.yaml': `name: demo\nfrom:\n  ${from}\n` });
  const { plan } = await openedBuild({ folder, cache: temporaryFolder(), now: at });
  const { io, events } = recordingIo();
  warnEnded(plan, at, io);
  return events.flatMap((each) => (each.type === 'warning' ? [each.warning] : []));
}

test.each([
  [
    'debootstrap: { suite: bullseye }',
    /^Debian 11 .*long-term support ended on 2026-08-31\): demo/,
  ],
  ['debs: { suite: buster, packages: [libc6] }', /^Debian 10 \(buster\) has ended/],
  ['debootstrap: { distro: ubuntu, suite: focal }', /^Ubuntu 20.04 LTS .*2025-05-29/],
  ['apk: { branch: "3.20", packages: [busybox] }', /^Alpine 3.20 .*2026-04-01/],
  ['minirootfs: { distro: alpine, release: "3.19.1" }', /^Alpine 3.19 .*2025-11-01/],
])('a build of %s warns that it has ended, and since when', async (from, message) => {
  expect(await warningsOf(from)).toEqual([
    expect.objectContaining({ code: 'ended-release', message: expect.stringMatching(message) }),
  ]);
});

test.each([
  'debootstrap: { suite: trixie }',
  'debootstrap: { suite: bookworm }',
  'debs: { suite: sid, packages: [libc6] }',
  'debootstrap: { distro: ubuntu, suite: noble }',
  'minirootfs: { distro: alpine, release: latest-stable }',
])('a build of %s does not', async (from) => {
  expect(await warningsOf(from)).toEqual([]);
});

test('the builder of a release that has ended is named', async () => {
  const from = 'debootstrap: { suite: sid }';
  const [warning] = await warningsOf(from, new Date('2035-01-01'));
  expect(warning?.message).toMatch(/^Debian 13 .*the builder debootstrap gets no more/);
});

test('a lock of an ended suite, made where that was allowed, needs the word again at each build', async () => {
  const key = await newKey({ created: new Date('2019-01-01T00:00:00Z') });
  const date = new Date('2022-09-10T00:00:00Z');
  const packages = [{ name: 'hello' }];
  const past = await buildArchive({ packages, suite: 'buster', date, key });
  onTestFinished(() => past.close());
  const { url } = await serving((_, response) => response.writeHead(404).end());
  const folder = temporaryFolder();
  const from = 'debs: { suite: buster, packages: [hello], security: false, keyrings: [a.asc] }';
  const recipe = (more = '') => `name: demo\nfrom:\n  ${from.replace(' }', `${more} }`)}\n`;
  await writeTree(folder, { 'recipe.yaml': recipe(), 'a.asc': key.publicKey });
  const root = temporaryFolder();
  await symlink(past.folder, `${root}/debian`);
  const env = { MKBASE_DEBIAN_MIRROR: url, MKBASE_DEBIAN_ARCHIVE: root };
  const cache = temporaryFolder();
  const open = (allow: readonly 'ended'[] = []) =>
    openedBuild({ folder, cache, env, now, request: { allow } });
  const refused = await refusal(resolveLock(await open(), recordingIo().io));
  expect(refused).toMatchObject({ code: 'RELEASE_NOT_FOUND' });
  const lock = await resolveLock(await open(['ended']), recordingIo().io);
  for (let build = 0; build < 2; build++) {
    const unasked = await refusal(proveInputs(await open(), lock, {}, recordingIo().io));
    expect(unasked).toMatchObject({ code: 'SOURCE_UNTRUSTED' });
    const proof = await proveInputs(await open(['ended']), lock, {}, recordingIo().io);
    expect(proof.signed.map(({ signedBy }) => signedBy)).toEqual([[key.fingerprint]]);
  }
  await writeTree(folder, { 'recipe.yaml': recipe(', ended: accept') });
  const proof = await proveInputs(await open(), lock, {}, recordingIo().io);
  expect(proof.signed).toHaveLength(1);
});

test.each([
  ['3.20.3', 'Alpine 3.20 has ended'],
  ['3.23.0', undefined],
])(
  'a recipe that follows the newest release, whose lock pins %s, is warned once that has ended',
  async (version, words) => {
    const folder = temporaryFolder();
    const from = 'minirootfs: { distro: alpine, release: latest-stable }';
    await writeTree(folder, { 'recipe.yaml': `name: demo\nfrom:\n  ${from}\n` });
    const { plan } = await openedBuild({ folder, cache: temporaryFolder(), now });
    const release = { distro: 'alpine', version, arch: 'x86_64', date: 0, path: `v${version}/x` };
    const lock = lockOf('minirootfs', { archive: { release } });
    const { io, events } = recordingIo();
    warnPinnedEnded(plan, lock, now, io);
    const warnings = events.flatMap((each) => (each.type === 'warning' ? [each.warning] : []));
    expect(warnings.map(({ message }) => message)).toEqual(
      words === undefined ? [] : [expect.stringContaining(words)],
    );
    for (const { advice } of warnings) expect(advice).toContain('mkbase update');
  },
);
