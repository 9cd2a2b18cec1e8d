import { abi, singleSegments } from './abi.ts';
import { broken, type ElfHeader, exactly, numbersIn, type ReadAt } from './header.ts';

/** A program header (gABI, "Program Header"). */
export interface Segment {
  readonly type: number;
  /** PF_X 1, PF_W 2, PF_R 4. */
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  /** Bytes in the file, and in memory. */
  readonly size: number;
  readonly memorySize: number;
}

const hex = (value: number): string => `0x${value.toString(16)}`;

function checkSingle(segments: readonly Segment[]): void {
  for (const [type, name] of singleSegments) {
    const count = segments.filter((each) => each.type === type).length;
    if (count > 1) throw broken(`it has ${count} headers ${name}, and may have one`);
  }
}

/** Refuses segments of which one would be loaded over another, or has more bytes than memory. */
function checkLoads(loads: readonly Segment[]): void {
  for (const [at, { address, size, memorySize }] of loads.entries()) {
    if (size > memorySize) throw broken(`its segment at ${hex(address)} is larger than its memory`);
    const before = loads[at - 1];
    if (before !== undefined && address < before.address + before.memorySize) {
      throw broken(
        `its segments at ${hex(before.address)} and ${hex(address)} overlap or are out of order`,
      );
    }
  }
}

/**
 * Finds the place in the file of what is loaded at an address; undefined where no segment brings `size`
 * bytes there.
 */
export function placeOf(
  segments: readonly Segment[],
  address: number,
  size: number,
): number | undefined {
  const home = segments.find(
    (each) =>
      each.type === abi.ptLoad &&
      address >= each.address &&
      address + size <= each.address + each.size,
  );
  return home && home.offset + address - home.address;
}

/** Refuses a dynamic section of which loaders, which go by its address, would see other bytes. */
function checkDynamic(segments: readonly Segment[]): void {
  const dynamic = segments.find(({ type }) => type === abi.ptDynamic);
  if (dynamic === undefined) return;
  const { address, size, offset } = dynamic;
  const loaded = placeOf(segments, address, size);
  // A file of debugging symbols keeps the header of what it is about, and nothing is loaded there.
  if (size === 0 ? loaded === undefined : loaded === offset) return;
  throw broken(
    `its dynamic section at offset ${hex(offset)} is not what is loaded at ${hex(address)}`,
  );
}

/** Refuses a part to be made read-only that is nowhere in memory. */
function checkRelro(segments: readonly Segment[]): void {
  const relro = segments.find(({ type }) => type === abi.ptGnuRelro);
  if (relro === undefined) return;
  const isHome = ({ type, address, memorySize }: Segment) =>
    type === abi.ptLoad && relro.address >= address && relro.address < address + memorySize;
  if (relro.memorySize > 0 && segments.some(isHome)) return;
  throw broken(`its PT_GNU_RELRO at ${hex(relro.address)} protects no byte that is loaded`);
}

/** Reads the program headers of a file. Errors: BUILD_OUTPUT, also for headers that contradict each other. */
export async function segmentsOf(readAt: ReadAt, header: ElfHeader): Promise<Segment[]> {
  const { offset, entrySize, count } = header.segments;
  const wide = header.bits === 64;
  const expected = wide ? 56 : 32;
  if (count > 0 && entrySize !== expected) {
    throw broken(`its program headers have ${entrySize} bytes each, expected ${expected}`);
  }
  const table = await exactly(readAt, offset, entrySize * count, 'the program header table');
  const { u32, word } = numbersIn(table, header);
  const [flags, place, address, size, memory] = wide ? [4, 8, 16, 32, 40] : [24, 4, 8, 16, 20];
  const segments = Array.from({ length: count }, (_, index) => {
    const at = index * entrySize;
    return {
      type: u32(at),
      flags: u32(at + flags!),
      offset: word(at + place!),
      address: word(at + address!),
      size: word(at + size!),
      memorySize: word(at + memory!),
    };
  });
  checkSingle(segments);
  checkLoads(segments.filter(({ type, memorySize }) => type === abi.ptLoad && memorySize > 0));
  checkDynamic(segments);
  checkRelro(segments);
  return segments;
}
