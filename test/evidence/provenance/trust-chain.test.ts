import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../src/base/canonical-json.ts';
import { trustChain, trustFiles } from '../../../src/evidence/provenance/trust-chain.ts';
import type { Lock } from '../../../src/lock/schema.ts';
import { hash, index, lock } from './sample.ts';

describe('trustChain', () => {
  test('reads as the golden file has it, whole', async () => {
    await expect(canonicalJson(trustChain(lock))).toMatchFileSnapshot(
      '../../golden/evidence/trust.json',
    );
  });

  test('names an index once that packages and toolchain share, with what hangs on it', () => {
    const { links } = trustChain(lock);
    const [inRelease] = links.filter(({ sha256 }) => sha256 === index.inRelease);
    expect(inRelease?.vouchesFor).toEqual(['gcc', 'libc6', 'libstdc++6']);
    expect(new Set(links.map(({ sha256 }) => sha256)).size).toBe(links.length);
  });

  test('gives two indexes of one suite two names', () => {
    const older = { ...index, inRelease: hash('f') };
    const mixed: Lock = {
      ...lock,
      toolchain: { ...lock.toolchain!, debs: { ...lock.toolchain!.debs, indexes: [older] } },
    };
    const names = trustFiles(trustChain(mixed)).map(({ name }) => name);
    expect(names).toContain('trixie.InRelease');
    expect(names).toContain('ffffffff-trixie.InRelease');
  });

  test('has names that any file system takes, whatever a lock says', () => {
    const strange: Lock = {
      ...lock,
      debs: { indexes: [{ ...index, suite: '../../etc of /x\n' }], packages: [] },
    };
    for (const { name } of trustFiles(trustChain(strange))) {
      expect(name).toMatch(/^[A-Za-z0-9._+-]+$/);
      expect(name).not.toMatch(/^\.{1,2}$/);
    }
  });

  test('lists what only the recipe or nobody vouches for', () => {
    const unsigned: Lock = {
      ...lock,
      rootfs: { ...lock.rootfs!, trust: { by: 'unsigned-archive' } },
    };
    expect(trustChain(unsigned).unsigned).toEqual([
      { name: 'alpine-minirootfs.tar.gz', sha256: hash('6'), by: 'unsigned-archive' },
      { name: 'motd.txt', sha256: hash('9'), by: 'recipe' },
    ]);
  });
});
