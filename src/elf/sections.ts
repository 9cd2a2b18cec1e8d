import { abi } from './abi.ts';
import {
  broken,
  type ElfHeader,
  exactly,
  type FileRange,
  numbersIn,
  type ReadAt,
} from './header.ts';

/** A section header (gABI, "Section Header"). */
export interface Section extends FileRange {
  readonly type: number;
  readonly flags: number;
  /** Index of the section that this one refers to: of a symbol table, its names. */
  readonly link: number;
}

/**
 * Reads the section headers of a file; none where it has none. Only symbol tables and the relocations of
 * static programs are taken from them: loaders do not read them. Errors: BUILD_OUTPUT.
 */
export async function sectionsOf(readAt: ReadAt, header: ElfHeader): Promise<Section[]> {
  const { offset, entrySize, count: stated } = header.sections;
  const wide = header.bits === 64;
  const least = wide ? 64 : 40;
  if (offset === 0) return [];
  if (entrySize < least) throw broken('its section headers are too small');
  const what = 'the section header table';
  const [place, size, link] = wide ? [24, 32, 40] : [16, 20, 24];
  // With more than 65,279 sections the first one holds their number (gABI, "e_shnum").
  const first = numbersIn(await exactly(readAt, offset, entrySize, what), header);
  const count = stated === 0 ? first.word(size!) : stated;
  const table = await exactly(readAt, offset, entrySize * count, what);
  const { u32, word } = numbersIn(table, header);
  return Array.from({ length: count }, (_, index) => {
    const at = index * entrySize;
    return {
      type: u32(at + 4),
      flags: word(at + 8),
      offset: word(at + place!),
      size: word(at + size!),
      link: u32(at + link!),
    };
  });
}

/** The symbol table of a file that is not stripped. */
export interface SymbolTable {
  /** The names in it; undefined where its header does not lead to any. */
  readonly names: FileRange | undefined;
}

/** Finds the symbol table (SHT_SYMTAB); undefined for a stripped file. Errors: BUILD_OUTPUT for two. */
export function symbolTable(sections: readonly Section[]): SymbolTable | undefined {
  const [table, ...others] = sections.filter(({ type }) => type === abi.shtSymtab);
  if (others.length > 0)
    throw broken(`it has ${others.length + 1} symbol tables, and may have one`);
  return table && { names: sections[table.link] };
}
