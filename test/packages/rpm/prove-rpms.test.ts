import { join } from 'node:path';
import { readKey } from 'openpgp';
import { describe, expect, test } from 'vitest';
import { isProven } from '../../../src/packages/proof.ts';
import type { AskedRepository } from '../../../src/packages/rpm/fetch/asked-repository.ts';
import { fetchRpms } from '../../../src/packages/rpm/fetch/fetch-rpms.ts';
import { readListed } from '../../../src/packages/rpm/fetch/listed-rpms.ts';
import { metadataDownload, requiredFile } from '../../../src/packages/rpm/fetch/metadata-files.ts';
import { signedRepository } from '../../../src/packages/rpm/fetch/signed-repository.ts';
import type {
  LockedRpm,
  LockedRpmRepository,
  LockedRpms,
} from '../../../src/packages/rpm/locked-rpms.ts';
import { proveRpms } from '../../../src/packages/rpm/prove-rpms.ts';
import type { ListedRpm } from '../../../src/packages/rpm/repository/primary.ts';
import { openStore } from '../../../src/store/store.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { newKey, signDetached, weakCopy } from '../../support/openpgp-key.ts';
import { rpmFile } from '../../support/rpm/writer.ts';
import { quickLimits, recordingIo, serving, sha256Of } from '../../support/store.ts';

const { io } = recordingIo();
const distro = { id: 'rocky', release: 'rocky-9' };

const primaryOf = (bytes: Uint8Array, name = 'sample') =>
  Buffer.from(
    `<metadata><package type="rpm"><name>${name}</name><arch>noarch</arch><version epoch="0" ver="1.2" rel="3.td1"/><checksum type="sha256">${sha256Of(bytes)}</checksum><time build="0"/><size package="${bytes.length}"/><location href="p/sample.rpm"/></package></metadata>`,
  );

const repomdOf = (primary: Uint8Array) =>
  Buffer.from(
    `<repomd><data type="primary"><checksum type="sha256">${sha256Of(primary)}</checksum><location href="repodata/primary.xml"/><timestamp>1760000000</timestamp><size>${primary.length}</size></data></repomd>`,
  );

/** A repository of one package, a lock of it, and a proof of a lock with an empty cache. */
async function locked(signed: AskedRepository['signed']) {
  const key = await newKey({ rsa: true });
  const keys = [await readKey({ armoredKey: key.publicKey })];
  const bytes = await rpmFile({ key });
  const files = new Map<string, Uint8Array>([['/os/p/sample.rpm', bytes]]);
  const publish = async (primary: Buffer) => {
    const repomd = repomdOf(primary);
    files.set('/os/repodata/primary.xml', primary);
    files.set('/os/repodata/repomd.xml', repomd);
    files.set('/os/repodata/repomd.xml.asc', Buffer.from(await signDetached(repomd, key)));
    return sha256Of(repomd);
  };
  await publish(primaryOf(bytes));
  const { url } = await serving(files);
  const asked: AskedRepository = { name: 'os', url: `${url}/os`, signed, keys };
  const contextOf = async () => ({
    store: await openStore(join(temporaryFolder(), 'cache'), quickLimits),
    ...{ offline: false, allow: [], now: new Date() },
  });
  const context = await contextOf();
  const repository = await signedRepository(asked, context, io);
  const primary = requiredFile(repository.repomd, 'primary', 'os');
  await context.store.fetch([metadataDownload(primary, [asked.url], 'os')], { offline: false }, io);
  const chosen: ListedRpm[] = [];
  await readListed(primary, context.store, (each) => chosen.push(each), 'os', io);
  const packages = await fetchRpms(
    chosen.map((listed) => ({ listed, repository })),
    context,
    io,
  );
  const lock: LockedRpms = {
    ...{ arch: 'x86_64', distro, repositories: [repository.locked], wanted: ['sample'] },
    ...{ packages, date: 0 },
  };
  const prove = async (of: LockedRpms, changes: Partial<AskedRepository> = {}) => {
    const recipe = { arch: 'x86_64', distro, repositories: [{ ...asked, ...changes }] };
    return proveRpms(of, recipe, await contextOf(), io);
  };
  return { bytes, files, key, lock, prove, publish };
}

type Edit = (lock: LockedRpms) => LockedRpms;

const ofPackage =
  (change: Partial<LockedRpm>): Edit =>
  (lock) => ({ ...lock, packages: lock.packages.map((each) => ({ ...each, ...change })) });

const ofRepository =
  (change: Partial<LockedRpmRepository>): Edit =>
  (lock) => ({
    ...lock,
    repositories: lock.repositories.map((each) => ({ ...each, ...change })),
  });

/** Edits that every repository's proof notices. */
const edits: readonly (readonly [string, Edit, string])[] = [
  ['another name', ofPackage({ name: 'other' }), 'the name of'],
  ['another version', ofPackage({ version: '9-9' }), 'the version of'],
  ['another architecture of a package', ofPackage({ architecture: 'i686' }), 'the architecture of'],
  ['another header', ofPackage({ header: 'c'.repeat(64) }), 'the header of'],
  ['another source', ofPackage({ source: { name: 'x', version: '1' } }), 'the name of the source'],
  ['another signer', ofPackage({ signedBy: ['A'.repeat(40)] }), 'who signed'],
  ['another architecture', (lock) => ({ ...lock, arch: 'aarch64' }), 'the architecture is aarch64'],
  [
    'another distribution',
    (lock) => ({ ...lock, distro: { id: 'fedora', release: 'fedora-44' } }),
    'the distribution is fedora (fedora-44)',
  ],
  [
    'another repository',
    (lock) => ofPackage({ repository: 'o' })(ofRepository({ name: 'o' })(lock)),
    'the repository is o',
  ],
];

describe.each(['repomd', 'packages'] as const)(
  'a lock of a repository with signed %s',
  (signed) => {
    test('is proven', async () => {
      const { lock, prove, key } = await locked(signed);
      const { inputs, refusals, signed: files } = await prove(lock);
      expect(refusals).toEqual([]);
      expect(inputs.map((each) => isProven(each) && each.ground)).toEqual([
        signed === 'repomd' ? 'index' : 'signature',
      ]);
      const seen = { signedBy: [key.fingerprint], foreign: true };
      expect(files).toMatchObject(signed === 'repomd' ? [seen, seen] : []);
    });

    test.each(edits)('is refused with %s', async (_, edit, words) => {
      const { lock, prove } = await locked(signed);
      const { inputs, refusals } = await prove(edit(lock));
      expect(refusals.map(({ error }) => error.message).join()).toContain(words);
      expect(inputs.some(isProven)).toBe(false);
    });

    test('is refused where the key has signed itself with SHA-1 only', async () => {
      const { key, lock, prove } = await locked(signed);
      const { inputs, refusals } = await prove(lock, { keys: [await weakCopy(key)] });
      expect(refusals.map(({ error }) => error.message)).toEqual([
        expect.stringContaining('has signed itself with a broken hash only'),
      ]);
      expect(refusals[0]?.error.message).toMatch(
        signed === 'repomd' ? /^repomd.xml of/ : /^sample/,
      );
      expect(inputs.some(isProven)).toBe(false);
    });

    test('is refused where its package is one that nobody believed has signed', async () => {
      const { files, lock, prove, publish } = await locked(signed);
      const evil = await rpmFile({ key: await newKey(), tags: { 1014: 'evil' } });
      files.set('/os/p/sample.rpm', evil);
      const sha256 = await publish(primaryOf(evil));
      const signature = signed === 'repomd' && {
        signature: {
          ...lock.repositories[0]!.signature!,
          sha256: sha256Of(files.get('/os/repodata/repomd.xml.asc')!),
        },
      };
      const edit = ofRepository({ sha256, ...signature });
      const changed = ofPackage({ sha256: sha256Of(evil), size: evil.length })(edit(lock));
      const { inputs, refusals } = await prove(changed);
      expect(refusals.map(({ error }) => error.message).join()).toMatch(/no valid signature/);
      expect(inputs.some(isProven)).toBe(false);
    });
  },
);

describe('a lock of a repository whose list is signed', () => {
  test.each<readonly [string, Edit, string]>([
    ['the date of its list', ofRepository({ date: 1 }), 'the date of repomd.xml of os'],
    [
      'the way in which it is signed',
      ofRepository({ signed: 'packages', signature: undefined }),
      'how os is signed is packages; the recipe says repomd',
    ],
    [
      'who signed its list',
      (lock) => {
        const { signature } = lock.repositories[0]!;
        return ofRepository({ signature: { ...signature!, signedBy: ['A'.repeat(40)] } })(lock);
      },
      'who signed repomd.xml of os',
    ],
    ['the path of a package', ofPackage({ href: 'p/other.rpm' }), 'the href of sample'],
    ['the size of a package', ofPackage({ size: 7 }), 'the size of sample'],
  ])('is refused with %s changed', async (_, edit, words) => {
    const { lock, prove } = await locked('repomd');
    const { inputs, refusals } = await prove(edit(lock));
    expect(refusals.map(({ error }) => error.message).join()).toContain(words);
    expect(inputs.some(isProven)).toBe(false);
  });

  test('is refused with a signed package that its list does not have', async () => {
    const { files, key, lock, prove } = await locked('repomd');
    const older = await rpmFile({ key, tags: { 1001: '1.1' } });
    files.set('/os/p/sample.rpm', older);
    const changed = ofPackage({
      sha256: sha256Of(older),
      size: older.length,
      version: '1.1-3.td1',
    });
    const { inputs, refusals } = await prove(changed(lock));
    expect(refusals.map(({ error }) => error.message).join()).toContain('it lists no such package');
    expect(inputs.some(isProven)).toBe(false);
  });
});
