import { abi, indirect } from './abi.ts';
import { type ElfHeader, exactly, numbersIn, type ReadAt } from './header.ts';
import type { Section } from './sections.ts';

/** Relocations that are read at a time: a large program has hundreds of thousands. */
const atOnce = 16_384;

/** Tells whether a table of relocations (gABI, "Relocation") has one of a type. */
async function has(type: number, readAt: ReadAt, header: ElfHeader, table: Section) {
  const wide = header.bits === 64;
  const wordSize = header.bits / 8;
  const entrySize = (table.type === abi.shtRela ? 3 : 2) * wordSize;
  const end = table.offset + Math.floor(table.size / entrySize) * entrySize;
  for (let at = table.offset; at < end; at += atOnce * entrySize) {
    const length = Math.min(atOnce * entrySize, end - at);
    const { word } = numbersIn(await exactly(readAt, at, length, 'its relocations'), header);
    for (let entry = 0; entry < length; entry += entrySize) {
      const info = word(entry + wordSize);
      if (info % (wide ? 2 ** 32 : 2 ** 8) === type) return true;
    }
  }
  return false;
}

/**
 * Tells whether the C library has to choose functions when the program starts (the attribute ifunc): glibc
 * does, in static programs too, and others do not, so that these call an address that nobody has set.
 */
export async function choosesFunctions(
  readAt: ReadAt,
  header: ElfHeader,
  sections: readonly Section[],
): Promise<boolean> {
  const type = indirect.get(header.machine);
  if (type === undefined) return false;
  for (const section of sections) {
    const isTable = section.type === abi.shtRela || section.type === abi.shtRel;
    if (!isTable || (section.flags & abi.shfAlloc) === 0) continue;
    if (await has(type, readAt, header, section)) return true;
  }
  return false;
}
