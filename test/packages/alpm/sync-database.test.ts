import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSyncDatabase } from '../../../src/packages/alpm/sync-database.ts';
import { type BuiltAlpm, type Lies, repoAddDatabase } from '../../support/alpm.ts';

const built = (name: string, more: BuiltAlpm['info'] = {}): BuiltAlpm => ({
  file: `${name}-1-1-any.pkg.tar.zst`,
  bytes: Buffer.from(name),
  info: { pkgname: [name], pkgver: ['1-1'], arch: ['any'], ...more },
});

const packages = [built('bash', { provides: ['sh=5'], group: ['base-devel'] }), built('glibc')];
const read = (bytes: Uint8Array) => readSyncDatabase(bytes, 'core', 'core.db');

describe('a database', () => {
  test('lists packages, and all names that they can be asked for by', async () => {
    const { packages: found, names } = await read(await repoAddDatabase(packages));
    expect([...found.keys()]).toEqual(['bash', 'glibc']);
    expect(found.get('bash')).toMatchObject({
      version: '1-1',
      repository: 'core',
      file: 'bash-1-1-any.pkg.tar.zst',
      size: 4,
    });
    expect([...names].sort()).toEqual(['base-devel', 'bash', 'glibc', 'sh']);
  });

  test('may be compressed in any way that repo-add knows', async () => {
    const tar = gunzipSync(await repoAddDatabase(packages));
    const packed = (program: string) => execFileSync(program, ['-c'], { input: tar });
    for (const bytes of [tar, packed('xz'), packed('zstd')]) {
      expect((await read(bytes)).packages.size).toBe(2);
    }
  });

  test.each<[string, Lies, string]>([
    ['file name that leads out', { FILENAME: ['../../x'] }, 'none of pacman'],
    ['hash that is none', { SHA256SUM: ['x'] }, 'none of pacman'],
    ['size that is none', { CSIZE: ['-1'] }, 'none of pacman'],
    ['name that is an option', { NAME: ['--root'] }, 'none of pacman'],
    ['name other than that of its folder', { NAME: ['other'] }, 'is that of other-1-1'],
    ['second version', { VERSION: ['1-1', '2-1'] }, 'has no %VERSION%, or several'],
    ['missing hash', { SHA256SUM: [] }, 'has no %SHA256SUM%, or several'],
  ])('with a %s is refused', async (_, lies, problem) => {
    await expect(read(await repoAddDatabase(packages, { bash: lies }))).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining(problem),
      hint: expect.stringContaining('--mirror'),
    });
  });

  test('that lists a package twice is refused', async () => {
    const twice = await repoAddDatabase([...packages, built('bash')]);
    await expect(read(twice)).rejects.toMatchObject({
      code: expect.stringMatching(/SOURCE_CORRUPT|ARCHIVE_REFUSED/),
    });
  });

  test('is read, or refused with a code, whatever its bytes', async () => {
    const whole = await repoAddDatabase(packages);
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        const outcome = await read(bytes).catch((error: { code?: string }) => error.code);
        if (typeof outcome === 'object') return;
        expect(['SOURCE_CORRUPT', 'ARCHIVE_REFUSED']).toContain(outcome);
      }),
      { numRuns: 200 },
    );
  });
});
