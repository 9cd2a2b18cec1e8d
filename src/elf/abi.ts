/**
 * Constants of the System V ABI (gABI, chapters 4 and 5) and of GNU (binutils,
 * include/elf/common.h).
 */
export const abi = {
  magic: Buffer.from('\x7fELF', 'latin1'),
  /** e_type: an executable, and one or a library that is loaded at any address. */
  etExec: 2,
  etDyn: 3,
  /** e_machine of x86-64. */
  amd64: 62,
  ptLoad: 1,
  ptDynamic: 2,
  ptInterp: 3,
  ptGnuStack: 0x6474e551,
  ptGnuRelro: 0x6474e552,
  pfExecutable: 1,
  pfWritable: 2,
  dtNull: 0n,
  dtNeeded: 1n,
  dtStrtab: 5n,
  dtStrsz: 10n,
  dtBindNow: 24n,
  dtFlags: 30n,
  dtFlags1: 0x6ffffffbn,
  /** DF_BIND_NOW and DF_1_NOW. */
  dfBindNow: 8,
  df1Now: 1,
  shtSymtab: 2,
  shtRela: 4,
  shtRel: 9,
  shfAlloc: 2,
  /** e_machine of 32-bit ARM, and the section of its build attributes. */
  arm: 40,
  shtArmAttributes: 0x70000003,
} as const;

/** The type by which each machine has a function chosen at the program's start (R_*_IRELATIVE), by e_machine. */
export const indirect: ReadonlyMap<number, number> = new Map([
  [3, 42],
  [20, 248],
  [21, 248],
  [22, 61],
  [40, 160],
  [abi.amd64, 37],
  [183, 1032],
  [243, 58],
  [258, 12],
]);

/** Names of the program headers of which a file has one at most: two readers could choose another of two. */
export const singleSegments: ReadonlyMap<number, string> = new Map([
  [abi.ptDynamic, 'PT_DYNAMIC'],
  [abi.ptInterp, 'PT_INTERP'],
  [6, 'PT_PHDR'],
  [7, 'PT_TLS'],
  [0x6474e550, 'PT_GNU_EH_FRAME'],
  [abi.ptGnuStack, 'PT_GNU_STACK'],
  [abi.ptGnuRelro, 'PT_GNU_RELRO'],
  [0x6474e553, 'PT_GNU_PROPERTY'],
]);

/** Names of the tags of which a dynamic section has one at most; loaders take the last. */
export const singleTags: ReadonlyMap<bigint, string> = new Map([
  [abi.dtStrtab, 'DT_STRTAB'],
  [abi.dtStrsz, 'DT_STRSZ'],
  [abi.dtBindNow, 'DT_BIND_NOW'],
  [abi.dtFlags, 'DT_FLAGS'],
  [abi.dtFlags1, 'DT_FLAGS_1'],
  [15n, 'DT_RPATH'],
  [29n, 'DT_RUNPATH'],
]);

interface Form {
  readonly bits: readonly (32 | 64)[];
  readonly orders: readonly ('little' | 'big')[];
}

const either = ['little', 'big'] as const;

/**
 * The classes and byte orders of machines, by e_machine. Linux goes by e_machine alone: a program that
 * claims another class is run, and would be read here as something else. x32, which is ELF32 on x86-64, is
 * of no distribution.
 */
export const forms: ReadonlyMap<number, Form> = new Map<number, Form>([
  [3, { bits: [32], orders: ['little'] }],
  [8, { bits: [32, 64], orders: either }],
  [20, { bits: [32], orders: either }],
  [21, { bits: [64], orders: either }],
  [22, { bits: [32, 64], orders: ['big'] }],
  [40, { bits: [32], orders: either }],
  [abi.amd64, { bits: [64], orders: ['little'] }],
  [183, { bits: [64], orders: either }],
  [243, { bits: [32, 64], orders: ['little'] }],
  [258, { bits: [32, 64], orders: ['little'] }],
]);
