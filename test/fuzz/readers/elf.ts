import { readFileSync } from 'node:fs';
import { abi } from '../../../src/elf/abi.ts';
import { readElf } from '../../../src/elf/elf.ts';
import { readHardening } from '../../../src/elf/hardening.ts';
import { Finding, type Reader } from '../reader.ts';

interface Header {
  readonly type: number;
  readonly flags?: number;
  readonly offset?: number;
  readonly address?: number;
  readonly size?: number;
}

const programHeader = ({ type, flags = 4, offset = 0, address = 0, size = 0 }: Header): Buffer => {
  const bytes = Buffer.alloc(56);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(flags, 4);
  for (const [at, value] of [
    [8, offset],
    [16, address],
    [24, address],
    [32, size],
    [40, size],
  ]) {
    bytes.writeBigUInt64LE(BigInt(value!), at!);
  }
  return bytes;
};

const dynamicTag = (tag: bigint, value: number): Buffer => {
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64LE(tag, 0);
  bytes.writeBigUInt64LE(BigInt(value), 8);
  return bytes;
};

const loader = Buffer.from('/lib64/ld-linux-x86-64.so.2\0');
const strings = Buffer.from('\0libc.so.6\0__stack_chk_fail\0');
const canary = Buffer.from([0x64, 0x48, 0x8b, 0x04, 0x25, 0x28, 0, 0, 0]);

/** A small program with a loader, a library, and a table of symbols. */
function program(): Buffer {
  const start = 64 + 6 * 56;
  const dynamic = start + loader.length + strings.length;
  const tags = [
    dynamicTag(abi.dtNeeded, 1),
    dynamicTag(abi.dtStrtab, start + loader.length),
    dynamicTag(abi.dtStrsz, strings.length),
    dynamicTag(abi.dtFlags1, 1),
    dynamicTag(0n, 0),
  ];
  const code = dynamic + tags.length * 16;
  const sections = code + canary.length;
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  header.writeUInt16LE(abi.etDyn, 16);
  header.writeUInt16LE(abi.amd64, 18);
  header.writeBigUInt64LE(64n, 32);
  header.writeBigUInt64LE(BigInt(sections), 40);
  for (const [at, value] of [
    [52, 64],
    [54, 56],
    [56, 6],
    [58, 64],
    [60, 2],
  ]) {
    header.writeUInt16LE(value!, at!);
  }
  const symbols = Buffer.alloc(128);
  symbols.writeUInt32LE(abi.shtSymtab, 4);
  symbols.writeUInt32LE(1, 40);
  symbols.writeBigUInt64LE(BigInt(start + loader.length), 64 + 24);
  symbols.writeBigUInt64LE(BigInt(strings.length), 64 + 32);
  return Buffer.concat([
    header,
    programHeader({ type: abi.ptLoad, flags: 5, size: sections }),
    programHeader({ type: abi.ptInterp, offset: start, size: loader.length }),
    programHeader({
      type: abi.ptDynamic,
      offset: dynamic,
      address: dynamic,
      size: tags.length * 16,
    }),
    programHeader({ type: abi.ptGnuStack, flags: 6 }),
    programHeader({ type: abi.ptGnuRelro }),
    programHeader({ type: abi.ptLoad, flags: 6, offset: 0, address: 4096, size: 64 }),
    loader,
    strings,
    ...tags,
    canary,
    symbols,
  ]);
}

/** Refuses what no reader of a file in memory has to ask for. */
const readAtOf = (input: Buffer) => async (offset: number, length: number) => {
  if (offset < 0 || length < 0) throw new Finding(`it asks for ${length} bytes at ${offset}`);
  return input.subarray(offset, offset + length);
};

export const elf: Reader = {
  name: 'elf',
  form: 'bytes',
  seeds: async () => [
    program(),
    program().fill(0, 40, 48),
    readFileSync('/bin/true').subarray(0, 2048),
    readFileSync('/bin/true'),
  ],
  read: async (input) => ({
    elf: await readElf(readAtOf(input)),
    hardening: await readHardening(readAtOf(input)),
  }),
  words: [
    '\x7fELF',
    '\x02\x01',
    '\x51\xe5\x74\x64',
    '\x52\xe5\x74\x64',
    '\0__stack_chk_fail',
    '\xff\xff\xff\xff',
  ],
};
