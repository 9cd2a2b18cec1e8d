import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../src/base/canonical-json.ts';
import { trustFiles } from '../../../src/evidence/provenance/trust-chain.ts';
import type { Lock } from '../../../src/lock/schema.ts';
import { sourceOf } from '../../../src/recipe/kind.ts';
import { fromOf, lockedToolchain, lockOf } from '../../support/lock.ts';
import { provenChain } from '../../support/proof.ts';
import { debsLock, hash, index, locks, minirootfsLock, rootfs, staticLock } from './sample.ts';

/** A lock whose packages and builder are of one index. */
const sharing: Lock = { ...debsLock, toolchain: staticLock.toolchain };

describe('trustChain', () => {
  test('reads as the golden file has it, whole', async () => {
    const chains = Object.entries(locks).map(([kind, lock]) => [kind, provenChain(lock)]);
    await expect(canonicalJson(Object.fromEntries(chains))).toMatchFileSnapshot(
      '../../golden/evidence/trust.json',
    );
  });

  test('names an index once that packages and toolchain share, with what hangs on it', () => {
    const { links } = provenChain(sharing);
    const [inRelease] = links.filter(({ sha256 }) => sha256 === index.inRelease);
    expect(inRelease?.vouchesFor).toEqual(['gcc', 'libc6', 'libstdc++6']);
    expect(new Set(links.map(({ sha256 }) => sha256)).size).toBe(links.length);
  });

  test('gives two indexes of one suite two names', () => {
    const older = { ...index, inRelease: hash('f') };
    const toolchain = lockedToolchain('gcc', { indexes: [older], packages: [] });
    const mixed: Lock = { ...debsLock, toolchain };
    const names = trustFiles(mixed).map(({ name }) => name);
    expect(names).toContain('trixie.InRelease');
    expect(names).toContain('ffffffff-trixie.InRelease');
  });

  test('gives two indexes whose names differ in case alone two names that do not', () => {
    const shouted = { ...index, suite: index.suite.toUpperCase(), inRelease: hash('f') };
    const toolchain = lockedToolchain('gcc', { indexes: [shouted], packages: [] });
    const names = trustFiles({ ...debsLock, toolchain }).map(({ name }) => name);
    expect(names).toContain('trixie.InRelease');
    expect(names).toContain('ffffffff-TRIXIE.InRelease');
  });

  test('has names that any file system takes, whatever a lock says', () => {
    const indexes = [{ ...index, suite: '../../etc of /x\n' }];
    const strange = lockOf('debs', { indexes, packages: [] });
    expect(trustFiles(strange)).toHaveLength(1);
    for (const { name } of trustFiles(strange)) {
      expect(name).toMatch(/^[A-Za-z0-9._+-]+$/);
      expect(name).not.toMatch(/^\.{1,2}$/);
    }
  });

  test('lists what only the recipe or nobody vouches for', () => {
    const archive = { ...rootfs, trust: { by: 'unsigned-archive' } };
    const { apks } = sourceOf(minirootfsLock.from) as { apks: object };
    const from = fromOf('minirootfs', { archive, apks });
    const unsigned: Lock = { ...minirootfsLock, from };
    expect(provenChain(unsigned).unsigned).toEqual([
      { name: 'alpine-minirootfs.tar.gz', sha256: hash('6'), by: 'unsigned-archive' },
      { name: 'motd.txt', sha256: hash('9'), by: 'recipe' },
    ]);
  });
});
