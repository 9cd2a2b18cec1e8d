import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { platforms } from '../../src/base/platform.ts';
import { readElf, staticProblems } from '../../src/elf/elf.ts';
import { readHardening } from '../../src/elf/hardening.ts';
import { temporaryFolder } from '../support/folder.ts';
import {
  base,
  buildElf,
  dynamicAt,
  dynamicSegment,
  type MadeElf,
  type MadeSegment,
  stringsAt,
  whole,
} from './build-elf.ts';

const reader = (bytes: Buffer) => async (offset: number, length: number) =>
  bytes.subarray(offset, offset + length);
const hardeningOf = (bytes: Buffer) => readHardening(reader(bytes));
const elfOf = (bytes: Buffer) => readElf(reader(bytes));

const stack: MadeSegment = { type: 0x6474e551, flags: 6 };
const relro: MadeSegment = { type: 0x6474e552, flags: 4, address: base, size: 16 };
const strings = '\0libevil.so\0';
const [needed, strtab, strsz] = [
  [1, 1],
  [5, base + stringsAt],
  [10, strings.length],
] as const;
const now = [30, 8] as const;
const end = [0, 0] as const;

/** An amd64 program with these headers after its own, and this dynamic section. */
const made = (
  segments: readonly MadeSegment[],
  dynamic: readonly (readonly [number, number])[] = [end],
  size = dynamic.length,
): MadeElf => ({
  ...{ bits: 64, order: 'little', machine: 62, strings, dynamic },
  segments: [whole, dynamicSegment(64, size), ...segments],
});

/** Every class and byte order that a machine of docker-library's images has. */
const machines: readonly (readonly [string, MadeElf['bits'], MadeElf['order'], number])[] = [
  ['amd64', 64, 'little', 62],
  ['arm64', 64, 'little', 183],
  ['i386', 32, 'little', 3],
  ['arm', 32, 'little', 40],
  ['mips64le', 64, 'little', 8],
  ['mips', 32, 'big', 8],
  ['ppc64le', 64, 'little', 21],
  ['ppc64', 64, 'big', 21],
  ['s390x', 64, 'big', 22],
  ['riscv64', 64, 'little', 243],
  ['loong64', 64, 'little', 258],
];

/** The same by what binutils' readelf prints. */
function byReadelf(bytes: Buffer) {
  const file = join(temporaryFolder(), 'program');
  writeFileSync(file, bytes);
  const text = execFileSync('readelf', ['-hldW', file], { encoding: 'utf8', stdio: 'pipe' });
  return {
    nx: /GNU_STACK +(?:\S+ +){5}RW /.test(text),
    relro: text.includes('GNU_RELRO'),
    bindNow: /BIND_NOW/.test(text),
    pie: /Type: +DYN/.test(text),
    needed: [...text.matchAll(/Shared library: \[([^\]]*)\]/g)].map(([, name]) => name),
  };
}

describe('a program of any class and byte order', () => {
  test.each(machines)('of %s is read as readelf reads it', async (_, bits, order, machine) => {
    const dynamic = [needed, strtab, strsz, now, end];
    const segments = [whole, dynamicSegment(bits, dynamic.length), stack, relro];
    const bytes = buildElf({ bits, order, machine, type: 3, segments, dynamic, strings });
    const { needed: libraries, ...expected } = byReadelf(bytes);
    expect(expected).toEqual({ nx: true, relro: true, bindNow: true, pie: true });
    expect(libraries).toEqual(['libevil.so']);
    expect(await hardeningOf(bytes)).toMatchObject(expected);
    expect(await elfOf(bytes)).toMatchObject({ bits, order, machine, needed: libraries });
  });

  test('of 32 bits is read as readelf reads it where gcc makes one', async () => {
    const [source, file] = ['main.c', 'program'].map((name) => join(temporaryFolder(), name));
    writeFileSync(source!, 'void _start(void) { for (;;); }\n');
    const flags = ['-m32', '-nostdlib', '-static', '-Wl,-z,execstack', '-Wl,--build-id=none'];
    execFileSync('gcc', [
      source!,
      '-o',
      file!,
      ...(process.arch === 'x64' ? flags : flags.slice(1)),
    ]);
    const bytes = readFileSync(file!);
    const { nx, pie } = byReadelf(bytes);
    expect(await hardeningOf(bytes)).toMatchObject({ nx, pie });
    expect(nx).toBe(false);
  });

  test('is no program for a platform of 64 bits', async () => {
    const bytes = buildElf({ bits: 32, order: 'big', machine: 8, segments: [whole] });
    const problems = staticProblems(await elfOf(bytes), platforms['linux/amd64']);
    expect(problems.join()).toMatch(/machine 8, expected 62/);
  });
});

const refused: readonly (readonly [string, MadeElf, RegExp])[] = [
  ['two headers for the stack', made([stack, { ...stack, flags: 7 }]), /2 headers PT_GNU_STACK/],
  ['two loaders', made([{ type: 3 }, { type: 3 }]), /2 headers PT_INTERP/],
  ['two dynamic sections', made([dynamicSegment(64, 1)]), /2 headers PT_DYNAMIC/],
  ['two parts to protect', made([relro, relro]), /2 headers PT_GNU_RELRO/],
  ['two notes of properties', made([{ type: 0x6474e553 }, { type: 0x6474e553 }]), /GNU_PROPERTY/],
  ['a part to protect without bytes', made([{ ...relro, size: 0 }]), /protects no byte/],
  ['a part to protect elsewhere', made([{ ...relro, address: 0x90000 }]), /protects no byte/],
  ['segments that overlap', made([{ ...whole, address: base + 0x800 }]), /overlap/],
  ['segments out of order', made([{ ...whole, address: 0x1000 }]), /out of order/],
  ['more bytes than memory', made([{ ...whole, address: 0x90000, memorySize: 1 }]), /memory/],
  ['flags twice', made([], [now, [30, 0], end]), /DT_FLAGS more than once/],
  ['names twice', made([], [needed, strtab, strtab, strsz, end]), /DT_STRTAB more than once/],
  ['a dynamic section cut before its end', made([], [now, needed, end], 1), /no end \(DT_NULL\)/],
  ['a dynamic section said to be empty', made([], [needed, end], 0), /is not what is loaded/],
];

describe('a program that could be read in two ways', () => {
  test.each(refused)('is refused for %s', async (_, elf, why) => {
    await expect(hardeningOf(buildElf(elf))).rejects.toThrow(why);
    await expect(elfOf(buildElf(elf))).rejects.toThrow(why);
  });

  test('is refused for a dynamic section that lies elsewhere in the file than in memory', async () => {
    const [load, dynamic, ...rest] = made([]).segments;
    const segments = [load!, { ...dynamic!, offset: dynamicAt + 0x200 }, ...rest];
    await expect(hardeningOf(buildElf({ ...made([]), segments }))).rejects.toThrow(
      /is not what is loaded/,
    );
  });

  test('is believed nothing that stands behind the end of its dynamic section', async () => {
    const bytes = buildElf(made([stack], [end, now, needed]));
    expect(await hardeningOf(bytes)).toMatchObject({ bindNow: true });
    const bound = buildElf(made([stack], [strtab, strsz, end, now, needed]));
    expect(await hardeningOf(bound)).toMatchObject({ bindNow: false });
    expect(await elfOf(bound)).toMatchObject({ needed: [] });
  });

  test.each([
    ['a class of 32 bits', 4, 1],
    ['a class that does not exist', 4, 7],
    ['the other byte order', 5, 2],
    ['no byte order', 5, 0],
  ])('is refused for %s, which Linux does not look at', async (_, at, value) => {
    const bytes = buildElf(made([{ ...stack, flags: 7 }]));
    bytes[at] = value;
    await expect(hardeningOf(bytes)).rejects.toThrow(/machine 62, which has 64 bits, little/);
  });

  test('is refused for program headers of another size', async () => {
    const bytes = buildElf(made([stack]));
    bytes.writeUInt16LE(57, 54);
    await expect(hardeningOf(bytes)).rejects.toThrow(/57 bytes each, expected 56/);
  });
});

describe('the section headers of a program', () => {
  /** An amd64 program with these sections: types, and where their bytes are. */
  function withSections(types: readonly number[], stated = types.length): Buffer {
    const bytes = buildElf(made([stack], [strtab, strsz, end]));
    bytes.writeBigUInt64LE(0xa00n, 40);
    bytes.writeUInt16LE(64, 58);
    bytes.writeUInt16LE(stated, 60);
    for (const [index, type] of types.entries()) bytes.writeUInt32LE(type, 0xa00 + index * 64 + 4);
    bytes.writeBigUInt64LE(BigInt(types.length), 0xa00 + 32);
    return bytes;
  }

  test('tell of a symbol table also where their number stands in the first of them', async () => {
    expect((await elfOf(withSections([0, 2]))).symbols).toBe(true);
    expect((await elfOf(withSections([0, 2], 0))).symbols).toBe(true);
    expect((await elfOf(withSections([0, 3], 0))).symbols).toBe(false);
  });

  test('are refused with two symbol tables, and where they are cut', async () => {
    await expect(hardeningOf(withSections([0, 2, 2]))).rejects.toThrow(/2 symbol tables/);
    await expect(hardeningOf(withSections([0, 2], 60))).rejects.toThrow(/cut short/);
  });
});

test('the smallest programs, which are shorter than the header that they claim, are read as Linux reads them', async () => {
  const bytes = buildElf({ bits: 32, order: 'little', machine: 3, segments: [] });
  expect(await hardeningOf(bytes.subarray(0, 45))).toMatchObject({ nx: false, pie: false });
  expect(await hardeningOf(bytes.subarray(0, 16))).toBeUndefined();
});
