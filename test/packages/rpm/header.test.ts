import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Header } from '../../../src/packages/rpm/package/header.ts';
import { openRpm } from '../../../src/packages/rpm/package/open-rpm.ts';
import { unpackRpm } from '../../../src/packages/rpm/payload/unpack-rpm.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { headerOf, joinRpm, rpmFile } from '../../support/rpm/writer.ts';

const payload = Buffer.from('payload');
const plain = { 1000: 'a', 1001: '1', 1002: '1' };

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function opened(bytes: Uint8Array, size = 1000): Promise<Header> {
  const { header, rest } = await openRpm(pieces(bytes, size), 'sample.rpm');
  await rest.close();
  return header;
}

/** A package with a header in which a test changed something. */
const withHeader = (change: (header: Buffer) => void, tags = plain): Buffer => {
  const header = headerOf(tags);
  change(header);
  return joinRpm(headerOf({ 273: 'x' }, 62), header, payload);
};

/** Offset of a field of an entry of the index: the region's is the first. */
const field = (entry: number, at: number): number => 16 + entry * 16 + at;

describe('a header', () => {
  test('gives its values by their types', async () => {
    const tags = {
      1000: 'näme',
      1003: { int32: [7] },
      1030: { int16: [1, 65535] },
      1117: ['a', ''],
    };
    const header = await opened(joinRpm(headerOf({ 273: 'x' }, 62), headerOf(tags), payload), 3);
    expect(header.numbers(1003)).toEqual([7]);
    expect(header.numbers(1030)).toEqual([1, 65535]);
    expect(header.texts(1117)).toEqual(['a', '']);
    expect(header.has(9)).toBe(false);
    expect([header.text(9), header.texts(9), header.numbers(9), header.binary(9)]).toEqual([
      undefined,
      [],
      [],
      undefined,
    ]);
    expect(() => header.numbers(1000)).toThrow('tag 1000 is of type 6');
    expect(() => header.text(1003)).toThrow('tag 1003 is of type 4');
  });

  test('with more values than any package has is refused before they are read', async () => {
    const bytes = (count: number) =>
      joinRpm(
        headerOf({ 273: 'x', 278: new Array<string>(count).fill('') }, 62),
        headerOf(plain),
        payload,
      );
    await opened(bytes(2 ** 20), 2 ** 20);
    await expect(opened(bytes(2 ** 20 + 1), 2 ** 20)).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining('has 1048577 values; at most 1048576 are read'),
    });
  });

  test.each<[string, (header: Buffer) => void, string]>([
    ['more entries than bytes', (b) => b.writeUInt32BE(0xfff0, 8), 'is cut short'],
    [
      'more entries than are read',
      (b) => b.writeUInt32BE(0xffff_ffff, 8),
      'at most 65535 are read',
    ],
    [
      'more data than are read',
      (b) => b.writeUInt32BE(0xffff_ffff, 12),
      'at most 67108864 are read',
    ],
    ['no entries', (b) => b.writeUInt32BE(0, 8), 'it states 0 entries'],
    ['another magic number', (b) => b.writeUInt8(0, 0), 'it has no magic number'],
    [
      'a value before its data',
      (b) => b.writeInt32BE(-1, field(1, 8)),
      'starts outside of the data',
    ],
    [
      'a value behind its data',
      (b) => b.writeInt32BE(9999, field(1, 8)),
      'starts outside of the data',
    ],
    ['a value over another', (b) => b.writeInt32BE(0, field(2, 8)), 'lies over another'],
    [
      'a count that wraps',
      (b) => b.writeUInt32BE(0xffff_ffff, field(1, 12)),
      'has several values for one',
    ],
    [
      'more texts than bytes',
      (b) => {
        b.writeUInt32BE(8, field(1, 4));
        b.writeUInt32BE(0x7fff_ffff, field(1, 12));
      },
      'has more texts than there are bytes',
    ],
    ['a value without a count', (b) => b.writeUInt32BE(0, field(1, 12)), 'has no value'],
    ['an unknown type', (b) => b.writeUInt32BE(99, field(1, 4)), 'has the unknown type 99'],
    ['numbers that are not aligned', (b) => b.writeUInt32BE(4, field(2, 4)), 'is not aligned'],
    ['a tag twice', (b) => b.writeUInt32BE(1000, field(2, 0)), 'tag 1000 comes twice'],
    ['no region', (b) => b.writeUInt32BE(1, field(0, 0)), 'its first tag is 1, not 63'],
    ['a region of another type', (b) => b.writeUInt32BE(6, field(0, 4)), 'its region has no end'],
    [
      'a region that ends outside',
      (b) => b.writeInt32BE(0x7fff_ffff, field(0, 8)),
      'its region has no end',
    ],
    [
      'a region with fewer entries',
      (b) => b.writeInt32BE(-16 * 3, b.length - 8),
      'lies over another',
    ],
    [
      'a region with more entries',
      (b) => b.writeInt32BE(-16 * 9, b.length - 8),
      'its region ends behind it',
    ],
    [
      'a region of half an entry',
      (b) => b.writeInt32BE(-17, b.length - 8),
      'the end of its region',
    ],
  ])('with %s is refused', async (_, change, reason) => {
    await expect(opened(withHeader(change))).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining(reason),
    });
  });

  test('with an entry behind its region, which no signature covers, is refused', async () => {
    const header = headerOf(plain);
    const count = header.readUInt32BE(8);
    const data = header.subarray(16 + count * 16);
    const entry = Buffer.alloc(16);
    [1014, 6, data.length, 1].forEach((value, at) => {
      entry.writeUInt32BE(value, at * 4);
    });
    const more = Buffer.concat([
      header.subarray(0, 16 + count * 16),
      entry,
      data,
      Buffer.from('MIT\0'),
    ]);
    more.writeUInt32BE(count + 1, 8);
    more.writeUInt32BE(data.length + 4, 12);
    await expect(opened(joinRpm(headerOf({ 273: 'x' }, 62), more, payload))).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining('outside of its region'),
    });
  });

  test('of a source package, an old form or another file is refused', async () => {
    const bytes = withHeader(() => {});
    for (const [at, value] of [
      [0, 0],
      [4, 2],
      [7, 1],
      [79, 1],
    ] as const) {
      const other = Buffer.from(bytes);
      other[at] = value;
      await expect(opened(other)).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
    }
  });
});

describe('arbitrary changes', () => {
  let sample: Buffer;
  let folder: string;
  beforeAll(async () => {
    folder = temporaryFolder({ lasting: true });
    const files = [
      { path: '/etc/a', content: 'aaaa' },
      { path: '/etc/b', target: 'a' },
    ];
    sample = await rpmFile({ files });
  });

  /** Reads a package to its end; anything but a refusal with a code fails the test. */
  async function outcome(bytes: Buffer): Promise<string> {
    try {
      const opened = await openRpm(pieces(bytes, 97), 'sample.rpm');
      const spool = `${folder}/${Math.random()}`;
      await unpackRpm(opened, spool, { what: 'sample.rpm', maxBytes: 2 ** 20 });
      return 'read';
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  }

  test('end in a package that is read, or in a refusal', async () => {
    const change = fc.record({ at: fc.nat(sample.length - 1), value: fc.nat(255) });
    const changes = fc.array(change, { minLength: 1, maxLength: 6 });
    const cut = fc.option(fc.nat(sample.length));
    await fc.assert(
      fc.asyncProperty(changes, cut, async (made, length) => {
        const bytes = Buffer.from(sample.subarray(0, length ?? sample.length));
        for (const { at, value } of made) if (at < bytes.length) bytes[at] = value;
        expect(['read', 'ARCHIVE_REFUSED']).toContain(await outcome(bytes));
      }),
      { numRuns: 400 },
    );
  });

  test('of four bytes to a number that wraps end so, too', async () => {
    const word = fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_fff0, 16);
    await fc.assert(
      fc.asyncProperty(fc.nat((sample.length >> 2) - 1), word, async (at, value) => {
        const bytes = Buffer.from(sample);
        bytes.writeUInt32BE(value, at * 4);
        expect(['read', 'ARCHIVE_REFUSED']).toContain(await outcome(bytes));
      }),
      { numRuns: 400 },
    );
  });
});
