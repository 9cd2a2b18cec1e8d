import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/tar/entry.ts';
import { writeTar } from '../../src/tar/write.ts';
import { temporaryFolder } from '../support/folder.ts';
import {
  arbitraryTree,
  collect,
  device,
  directory,
  entriesOf,
  file,
  symlink,
  tarOf,
} from '../support/tar.ts';

const folder = temporaryFolder();

/** Names of the PAX records of an archive's only PAX header, in their order. */
const paxKeywords = (tar: Buffer): string[] => {
  const size = Number.parseInt(tar.subarray(124, 135).toString(), 8);
  const body = tar.subarray(512, 512 + size).toString('latin1');
  return [...body.matchAll(/(?:^|\n)\d+ ([^=]+)=/g)].map((match) => match[1]!);
};

describe('writeTar', () => {
  test('writes what readTar reads back, whatever the tree', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTree(), fc.integer({ min: 1, max: 5000 }), async (tree, chunk) => {
        expect(await entriesOf(await tarOf(tree), {}, chunk)).toEqual(tree);
      }),
      { numRuns: 60 },
    );
  });

  test('ends with exactly two zero blocks', async () => {
    expect(await tarOf([])).toEqual(Buffer.alloc(1024));
    const tar = await tarOf([file('a', 'x')]);
    expect(tar.length).toBe(512 + 512 + 1024);
  });

  test('writes the one header that mkbase writes', async () => {
    const tar = await tarOf([file('etc/hello', 'hi', { mode: 0o600, uid: 7, gid: 8, mtime: 9 })]);
    const header = tar.subarray(0, 512).toString('latin1').replaceAll('\0', '·');
    expect(header).toBe(
      [
        'etc/hello'.padEnd(100, '·'),
        '0000600·',
        '0000007·',
        '0000010·',
        '00000000002·',
        '00000000011·',
        '011000· ',
        '0',
        '·'.repeat(100),
        'ustar·00',
        '·'.repeat(64),
        '0000000·0000000·',
        '·'.repeat(167),
      ].join(''),
    );
  });

  test('uses PAX only for what ustar has no room for', async () => {
    const type = async (entry: Entry) => String.fromCharCode((await tarOf([entry]))[156]!);
    expect(await type(file('a'.repeat(100)))).toBe('0');
    expect(await type(file('a'.repeat(101)))).toBe('x');
    expect(await type(directory('a'.repeat(99)))).toBe('5');
    expect(await type(directory('a'.repeat(100)))).toBe('x');
    expect(await type(symlink('a', 'b'.repeat(100)))).toBe('2');
    expect(await type(symlink('a', 'b'.repeat(101)))).toBe('x');
    expect(await type(file('caf\xc3\xa9'))).toBe('x');
    expect(await type(symlink('a', 'caf\xc3\xa9'))).toBe('x');
  });

  test.each([
    ['a/b'.padEnd(101, 'b'), 'a'],
    [`${'p'.repeat(155)}/${'n'.repeat(100)}`, 'p'.repeat(155)],
    [`${'p/'.repeat(60)}n`, 'p/'.repeat(60).slice(0, -1)],
    [`${'p'.repeat(156)}/n`, undefined],
    [`p/${'n'.repeat(101)}`, undefined],
  ])('divides the long name %s where its prefix ends', async (path, prefix) => {
    const tar = await tarOf([file(path)]);
    const found = tar.subarray(345, 500).toString('latin1').replace(/\0+$/, '');
    expect(tar[156] === 0x78 ? undefined : found).toBe(prefix);
  });

  test('sorts PAX records by their keyword', async () => {
    const entry = file(`${'a'.repeat(100)}\xff`, 'x', {
      uid: 2_097_152,
      gid: 3_000_000,
      mtime: -1,
      xattrs: [
        ['user.z', '1'],
        ['user.a', '2'],
      ],
    });
    expect(paxKeywords(await tarOf([entry]))).toEqual([
      'SCHILY.xattr.user.a',
      'SCHILY.xattr.user.z',
      'gid',
      'mtime',
      'path',
      'uid',
    ]);
  });

  test('gives the same bytes whether content is in memory or a range of a file', async () => {
    const path = join(folder, 'range');
    const bytes = Buffer.from('x'.repeat(300_000));
    writeFileSync(path, Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')]));
    const inMemory = { ...file('big'), size: bytes.length, content: { bytes } };
    const onDisk = { ...inMemory, content: { file: path, offset: 6, size: bytes.length } };
    const small = { ...file('small'), size: 3, content: { file: path, offset: 0, size: 3 } };
    const both = await tarOf([onDisk, small] as never);
    expect(both.equals(await tarOf([inMemory, file('small', 'bef')] as never))).toBe(true);
  });

  test('refuses a content that is shorter than it says', async () => {
    const path = join(folder, 'short');
    writeFileSync(path, 'abc');
    for (const size of [10, 100_000]) {
      const entry = { ...file('a'), size, content: { file: path, offset: 1, size } };
      await expect(tarOf([entry as never])).rejects.toMatchObject({
        code: 'IO',
        message: expect.stringContaining(path),
      });
    }
    const lost = { ...file('a'), size: 1, content: { file: `${path}.gone`, offset: 0, size: 1 } };
    await expect(tarOf([lost as never])).rejects.toMatchObject({ code: 'IO' });
    const wrong = { ...file('a', 'abc'), size: 2 };
    await expect(tarOf([wrong as never])).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  test('refuses an extended attribute whose name a PAX record cannot hold', async () => {
    const entry = file('a', '', { xattrs: [['user.a=b', 'x']] });
    await expect(tarOf([entry])).rejects.toMatchObject({ code: 'ROOTFS_REFUSED' });
  });

  test('opens many files without running out of descriptors', async () => {
    const entries = Array.from({ length: 300 }, (_, index) => {
      const path = join(folder, `many-${index}`);
      writeFileSync(path, `content ${index}`);
      const size = `content ${index}`.length;
      return { ...file(`f${index}`), size, content: { file: path, offset: 0, size } } as never;
    });
    const read = await entriesOf(await tarOf([...entries, ...entries]));
    expect(read).toHaveLength(600);
    expect(read[599]).toMatchObject({ content: { bytes: Buffer.from('content 299') } });
  });

  test('writes a size above 8 GiB as a PAX size', async () => {
    const size = 8 * 1024 ** 3;
    const path = join(folder, 'huge');
    writeFileSync(path, '');
    truncateSync(path, size);
    const stream = writeTar([
      { ...file('huge'), size, content: { file: path, offset: 0, size } } as never,
    ]);
    const { value } = await stream.next();
    await stream.return(undefined);
    expect(paxKeywords(Buffer.from(value!))).toEqual(['size']);
    expect(
      Buffer.from(value!)
        .subarray(1024 + 124, 1024 + 136)
        .toString(),
    ).toBe('00000000000\0');
  });

  test('keeps devices', async () => {
    const entries = [device('dev/null', 'character', 1, 3), device('dev/sda', 'block', 8, 0)];
    expect(await entriesOf(await tarOf(entries))).toEqual(entries);
  });

  test('stays flat in memory with a content of 512 MiB', async () => {
    const size = 512 * 1024 * 1024;
    const path = join(folder, 'sparse');
    writeFileSync(path, '');
    truncateSync(path, size);
    const script = join(folder, 'memory.mjs');
    await build({
      stdin: {
        resolveDir: import.meta.dirname,
        loader: 'ts',
        contents: `
          import { writeTar } from '../../src/tar/write.ts';
          import { readTar } from '../../src/tar/read.ts';
          const content = { file: ${JSON.stringify(path)}, offset: 0, size: ${size} };
          const entry = { type: 'file', path: 'big', mode: 420, uid: 0, gid: 0, mtime: 0, xattrs: [], size: ${size}, content };
          let bytes = 0;
          for await (const member of readTar(writeTar([entry as never]))) {
            for await (const chunk of member.content) bytes += chunk.length;
          }
          process.stdout.write(JSON.stringify({ bytes, rss: process.resourceUsage().maxRSS * 1024 }));
        `,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: script,
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
    const { bytes, rss } = JSON.parse(
      execFileSync(process.execPath, [script], { encoding: 'utf8' }),
    );
    expect(bytes).toBe(size);
    expect(rss).toBeLessThan(150 * 1024 * 1024);
  });

  test('yields chunks with memory of their own', async () => {
    const bytes = Buffer.alloc(600_000, 'x');
    const entry = { ...file('a'), size: bytes.length, content: { bytes } } as never;
    const kept: Uint8Array[] = [];
    for await (const chunk of writeTar([entry])) kept.push(chunk);
    expect(kept.length).toBeGreaterThan(2);
    expect(Buffer.concat(kept).equals(await collect(writeTar([entry])))).toBe(true);
  });
});
