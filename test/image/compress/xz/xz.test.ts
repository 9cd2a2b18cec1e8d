import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { xz } from '../../../../src/image/compress/xz/xz.ts';
import { compressible, noise } from '../../../support/compressible.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { collect, streamOf } from '../../../support/tar.ts';

const folder = temporaryFolder();
const packed = (bytes: Uint8Array) => collect(xz(streamOf(bytes, 1_000_000)));
const unpacked = (bytes: Uint8Array) =>
  execFileSync('xz', ['-dc'], { input: bytes, maxBuffer: 1e9 });

/** What `xz --list --robot` says of a file (xz(1), "LIST MODE"). */
async function listed(bytes: Uint8Array): Promise<string[][]> {
  const file = join(folder, 'listed.xz');
  writeFileSync(file, await packed(bytes));
  const lines = execFileSync('xz', ['--list', '--robot', '-vv', file], { encoding: 'utf8' });
  return lines
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
}

describe('an .xz file', () => {
  test('is one stream of one block with a CRC-32, whose index has its sizes', async () => {
    const lines = await listed(compressible(500_000));
    const block = lines.find(([kind]) => kind === 'block') ?? [];
    expect(block.slice(1, 4)).toEqual(['1', '1', '1']);
    expect(block[7]).toBe('500000');
    expect(block[9]).toBe('CRC32');
    expect(block.at(-1)).toBe('--lzma2=dict=4MiB');
  });

  test('reaches as far back as its dictionary, and no farther', async () => {
    const passage = noise(200_000);
    const apart = (bytes: number) => Buffer.concat([passage, Buffer.alloc(bytes), passage]);
    expect((await packed(apart(3_900_000))).length).toBeLessThan(210_000);
    expect((await packed(apart(4_200_000))).length).toBeGreaterThan(400_000);
  });

  test('is whole when the window has moved many times', async () => {
    const bytes = Buffer.concat([
      compressible(6_000_000),
      noise(500_000),
      Buffer.alloc(20_000_000),
    ]);
    expect(unpacked(await packed(bytes)).equals(bytes)).toBe(true);
  });

  test('is hardly larger than bytes that do not compress', async () => {
    expect((await packed(noise(1_000_000))).length).toBeLessThan(1_000_200);
  });

  test('is about as small as that of xz itself at preset 2', async () => {
    const bytes = compressible(4_000_000);
    const theirs = execFileSync('xz', ['-2', '-c'], { input: bytes, maxBuffer: 1e9 }).length;
    expect((await packed(bytes)).length).toBeLessThan(theirs * 1.03);
  });

  test.each([271, 272, 273, 274, 545, 546, 547])('holds a run of %i bytes', async (length) => {
    const bytes = Buffer.from(`a${'b'.repeat(length)}c`);
    expect(unpacked(await packed(bytes)).equals(bytes)).toBe(true);
  });
});
