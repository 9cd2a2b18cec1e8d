import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchAlpm } from '../../../src/packages/alpm/fetch-alpm.ts';
import {
  type LockedAlpm,
  type LockedAlpms,
  lockedAlpms,
} from '../../../src/packages/alpm/locked-alpm.ts';
import { proveAlpm } from '../../../src/packages/alpm/prove-alpm.ts';
import { readWeb, type WebOfTrust } from '../../../src/packages/openpgp/web-of-trust.ts';
import { isProven } from '../../../src/packages/proof.ts';
import { openStore } from '../../../src/store/store.ts';
import { newWeb, type Packager, signPackage, type TestWeb } from '../../support/alpm-keys.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Server, serve } from '../../support/http-server.ts';
import { quickLimits, recordingIo, serving, sha256Of } from '../../support/store.ts';
import { file, tarOf } from '../../support/tar.ts';

const { io } = recordingIo();
const snapshot = '2026-05-30';
const arch = 'x86_64';

const packageOf = (version: string) =>
  tarOf([
    file(
      '.PKGINFO',
      `pkgname = hello\npkgbase = hello\npkgver = ${version}\nbuilddate = 1780000000\narch = any\nlicense = MIT\n`,
    ),
  ]);

async function contextOf() {
  const store = await openStore(join(temporaryFolder({ lasting: true }), 'cache'), quickLimits);
  const now = new Date('2026-06-01T00:00:00Z');
  return { store, offline: false, allow: [], now, mirror: undefined, env: {} };
}

describe('a lock of packages of Arch', () => {
  let keys: TestWeb;
  let packager: Packager;
  let stranger: Packager;
  let web: WebOfTrust;
  let lock: LockedAlpms;
  let mirror: string;
  let server: Server;
  const files = new Map<string, Uint8Array>();
  const path = `2026/05/30/core/os/${arch}/hello-1-1-any.pkg.tar`;

  beforeAll(async () => {
    keys = await newWeb();
    packager = await keys.packager('Packager', 3);
    stranger = await keys.packager('Stranger', 2);
    const keyring = join(temporaryFolder({ lasting: true }), 'keyring.asc');
    writeFileSync(keyring, keys.keyring([packager, stranger]));
    const masters = keys.fingerprints;
    web = await readWeb({ files: [keyring], masters, revoked: [], foreign: true });
    const bytes = await packageOf('1-1');
    files.set(`/${path}`, bytes);
    files.set(`/${path}.sig`, await signPackage(bytes, packager));
    server = await serve(files);
    mirror = server.url;
    const proposed = {
      ...{ name: 'hello', version: '1-1', repository: 'core', file: 'hello-1-1-any.pkg.tar' },
      ...{ size: bytes.length, sha256: sha256Of(bytes) },
    };
    const place = { snapshot, arch, mirror, web };
    const packages = await fetchAlpm([proposed], place, await contextOf(), io);
    lock = { arch, snapshot, mirror, wanted: ['hello'], packages, date: 1_780_000_000 };
  });

  afterAll(() => server.close());

  test.each([
    ['name', { name: 'other' }],
    ['version', { version: '2-1' }],
  ])('is not made where the database gives a signed package another %s', async (_, lie) => {
    const [hello] = lock.packages;
    const { name, version, repository, size, sha256 } = hello!;
    const proposed = { name, version, repository, size, sha256, file: 'hello-1-1-any.pkg.tar' };
    const place = { snapshot, arch, mirror, web };
    const fetching = fetchAlpm([{ ...proposed, ...lie }], place, await contextOf(), io);
    await expect(fetching).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('not the package that the database'),
    });
  });

  const prove = async (of: LockedAlpms) =>
    proveAlpm(of, { arch, mirror, web }, await contextOf(), io);

  const ofPackage = (change: Partial<LockedAlpm>): LockedAlpms => ({
    ...lock,
    packages: lock.packages.map((each) => ({ ...each, ...change })),
  });

  test('is proven', async () => {
    expect(lockedAlpms.parse(lock)).toEqual(lock);
    const { inputs, refusals, signed } = await prove(lock);
    expect(refusals).toEqual([]);
    expect(inputs.every(isProven)).toBe(true);
    const masters = keys.fingerprints.slice(0, 3).sort();
    expect(signed).toMatchObject([{ signedBy: [packager.fingerprint, ...masters], foreign: true }]);
  });

  test.each<readonly [string, () => LockedAlpms, string]>([
    ['another name', () => ofPackage({ name: 'other' }), 'the name of'],
    ['another version', () => ofPackage({ version: '2-1' }), 'the version of'],
    ['another architecture', () => ofPackage({ arch: 'x86_64' }), 'the arch of'],
    ['another base', () => ofPackage({ base: 'other' }), 'the base of'],
    ['another licence', () => ofPackage({ license: '0BSD' }), 'the license of'],
    ['another time of building', () => ofPackage({ built: 1 }), 'the built of'],
    [
      'another packager',
      () => ofPackage({ signature: { ...lock.packages[0]!.signature, signedBy: 'A'.repeat(40) } }),
      'who signed hello',
    ],
    [
      'a master who does not certify the packager',
      () =>
        ofPackage({
          signature: { ...lock.packages[0]!.signature, masters: [keys.fingerprints[4]!] },
        }),
      'the masters who certify the packager of hello',
    ],
    [
      'another architecture of all',
      () => ({ ...lock, arch: 'aarch64' }),
      'the architecture is aarch64; the recipe says x86_64',
    ],
  ])('is refused with %s', async (_, edited, words) => {
    const { inputs, refusals } = await prove(edited());
    expect(refusals.map(({ error }) => error.message).join()).toContain(words);
    expect(inputs.some(isProven)).toBe(false);
  });

  test('is refused with a package that two masters vouch for', async () => {
    const evil = await packageOf('1-1');
    const signature = await signPackage(evil, stranger);
    const [other, at] = [
      await serving(
        new Map([
          [`/${path}`, evil],
          [`/${path}.sig`, signature],
        ]),
      ),
      lock.packages[0]!,
    ];
    const pinned = { ...at.signature, sha256: sha256Of(signature), signedBy: stranger.fingerprint };
    const edited = { ...ofPackage({ signature: pinned }), mirror: other.url };
    const asked = { arch, mirror: other.url, web };
    const { inputs, refusals } = await proveAlpm(edited, asked, await contextOf(), io);
    expect(refusals.map(({ error }) => error.message).join()).toContain('certified by 2 of 5');
    expect(inputs.some(isProven)).toBe(false);
  });

  test.each<readonly [string, (each: LockedAlpm) => Partial<LockedAlpm>, string]>([
    ['a name twice', () => ({ filename: 'other.pkg.tar' }), 'expected hello once'],
    ['a file twice', () => ({ name: 'other' }), 'hello-1-1-any.pkg.tar once'],
    [
      'a file that leads elsewhere',
      () => ({ name: 'other', filename: 'core/%2e%2e%2fx.pkg.tar' }),
      'expected the path of a package',
    ],
  ])('is no lock with %s', (_, change, words) => {
    const [hello] = lock.packages;
    const packages = [hello, { ...hello!, ...change(hello!) }];
    const { error } = lockedAlpms.safeParse({ ...lock, packages });
    expect(error?.issues.map(({ message }) => message).join()).toContain(words);
  });
});
