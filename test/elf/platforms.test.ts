import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { type Platform, platformNames, platforms } from '../../src/base/platform.ts';
import { readElf, staticProblems } from '../../src/elf/elf.ts';
import { buildElf, type MadeElf, whole } from './build-elf.ts';

const readBytes = (bytes: Buffer) =>
  readElf(async (offset, length) => bytes.subarray(offset, offset + length));

/** A program in the form of a platform. */
const programOf = ({ elf }: Platform, more: Partial<MadeElf> = {}): Buffer =>
  buildElf({
    ...{ bits: elf.bits, order: elf.order, machine: elf.machine, segments: [whole] },
    flags: elf.flags?.value ?? 0,
    ...more,
  });

const arm = 40;
const softFloat = 0x5000200;
const hardFloat = 0x5000400;

/** Build attributes as GNU's assembler writes them, with a processor by name and the number of its architecture. */
function armAttributes(architecture: number, name = '7-A'): Buffer {
  const attributes = Buffer.from([
    5,
    ...Buffer.from(`${name}\0`),
    6,
    architecture,
    8,
    1,
    67,
    0x32,
    0,
  ]);
  const file = Buffer.alloc(5);
  file.writeUInt8(1);
  file.writeUInt32LE(5 + attributes.length, 1);
  const vendor = Buffer.from('aeabi\0');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(4 + vendor.length + file.length + attributes.length);
  return Buffer.concat([Buffer.from('A'), length, vendor, file, attributes]);
}

const armProgram = (flags: number, bytes?: Buffer): Buffer =>
  buildElf({
    ...{ bits: 32, order: 'little', machine: arm, segments: [whole], flags },
    ...(bytes && { section: { type: 0x70000003, bytes } }),
  });

/** Platforms of ARM that take a program. */
const takenBy = async (program: Buffer): Promise<string[]> => {
  const elf = await readBytes(program);
  return platformNames.filter((name) => staticProblems(elf, platforms[name]).length === 0);
};

describe('a program in the form of a platform', () => {
  test.each(platformNames)('is one for %s, and for no other but its relatives', async (name) => {
    const taken = await takenBy(programOf(platforms[name]));
    expect(taken).toContain(name);
    const isArm = name.startsWith('linux/arm/');
    expect(taken.every((each) => (isArm ? each.startsWith('linux/arm/') : each === name))).toBe(
      true,
    );
  });

  test.each(platformNames)(
    'that claims the other class or byte order is refused by %s',
    async (name) => {
      const { elf } = platforms[name];
      const others = [
        { bits: elf.bits === 64 ? 32 : 64, order: elf.order },
        { bits: elf.bits, order: elf.order === 'little' ? 'big' : 'little' },
      ] as const;
      for (const other of others) {
        const found = await readBytes(programOf(platforms[name], other)).then(
          (read) => staticProblems(read, platforms[name]),
          (error: unknown) => [String(error)],
        );
        expect(found).toHaveLength(1);
      }
    },
  );

  test('reads the same in both byte orders and classes', async () => {
    const form = fc.record({
      bits: fc.constantFrom(32 as const, 64 as const),
      order: fc.constantFrom('little' as const, 'big' as const),
      flags: fc.nat(0xffffffff),
    });
    // MIPS has all four.
    const property = fc.asyncProperty(form, async (made) => {
      const elf = await readBytes(buildElf({ ...made, machine: 8, segments: [whole] }));
      expect(elf).toMatchObject({ ...made, machine: 8, needed: [], interpreter: undefined });
    });
    await fc.assert(property);
  });
});

describe('the variants of 32-bit ARM', () => {
  test('are told apart by soft and hard float', async () => {
    expect(await takenBy(armProgram(softFloat))).toEqual(['linux/arm/v5', 'linux/arm/v6']);
    expect(await takenBy(armProgram(hardFloat))).toEqual(['linux/arm/v6', 'linux/arm/v7']);
    expect(await takenBy(armProgram(0x5000000))).toEqual(['linux/arm/v6']);
  });

  test.each([
    [4, softFloat, ['linux/arm/v5', 'linux/arm/v6']],
    [6, softFloat, ['linux/arm/v6']],
    [7, hardFloat, ['linux/arm/v6', 'linux/arm/v7']],
    [8, hardFloat, ['linux/arm/v7']],
    [10, hardFloat, ['linux/arm/v7']],
    [10, softFloat, []],
    [14, hardFloat, []],
  ])('are told apart by Tag_CPU_arch %i', async (architecture, flags, names) => {
    expect(await takenBy(armProgram(flags, armAttributes(architecture)))).toEqual(names);
  });

  test('say what was found and what was expected', async () => {
    const problems = async (flags: number, bytes?: Buffer) =>
      staticProblems(await readBytes(armProgram(flags, bytes)), platforms['linux/arm/v5']);
    expect(await problems(hardFloat)).toEqual([
      'its flags (e_flags) say 0x400, expected 0x200 (linux/arm/v5): 0x200 is soft float, 0x400 hard float',
    ]);
    expect(await problems(softFloat, armAttributes(10))).toEqual([
      'it was compiled for a newer processor than linux/arm/v5 has (Tag_CPU_arch 10, expected at most 5)',
    ]);
  });

  test('take a program that has functions for newer processors and chooses them when it starts', async () => {
    const elf = await readBytes(armProgram(softFloat, armAttributes(10)));
    expect(staticProblems(elf, platforms['linux/arm/v5'])).toHaveLength(1);
    const choosing = { ...elf, choosesFunctions: true };
    expect(staticProblems(choosing, platforms['linux/arm/v5'])).toEqual([]);
  });

  test('with attributes that are damaged end in an answer or a refusal', async () => {
    const edit = fc.record({ at: fc.nat(30), value: fc.nat(255) });
    const property = fc.asyncProperty(fc.array(edit, { minLength: 1 }), async (edits) => {
      const bytes = armAttributes(7);
      for (const { at, value } of edits) bytes[at % bytes.length] = value;
      const outcome = await readBytes(armProgram(softFloat, bytes)).catch(
        (error: unknown) => error,
      );
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(MkbaseError);
    });
    await fc.assert(property, { numRuns: 500 });
  });

  test('with attributes that name two architectures are refused', async () => {
    const two = Buffer.concat([armAttributes(5), armAttributes(10).subarray(1)]);
    await expect(readBytes(armProgram(softFloat, two))).rejects.toThrow('name two architectures');
  });
});
