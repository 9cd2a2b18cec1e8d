import type { ReadAt } from './elf.ts';

const shtSymtab = 2;
/** More sections than any program has. */
const mostBytes = 1024 * 1024;

/** Where the names of a file's full symbol table are; undefined for a stripped file. */
export async function symbolNames(
  readAt: ReadAt,
  header: Buffer,
): Promise<{ readonly offset: number; readonly size: number } | undefined> {
  const size = header.readUInt16LE(58);
  const count = header.readUInt16LE(60);
  const offset = Number(header.readBigUInt64LE(40));
  if (offset === 0 || size < 64 || size * count > mostBytes) return undefined;
  const table = await readAt(offset, size * count);
  const sections = Array.from({ length: Math.floor(table.length / size) }, (_, at) => ({
    type: table.readUInt32LE(at * size + 4),
    offset: Number(table.readBigUInt64LE(at * size + 24)),
    size: Number(table.readBigUInt64LE(at * size + 32)),
    link: table.readUInt32LE(at * size + 40),
  }));
  const symbols = sections.find(({ type }) => type === shtSymtab);
  return symbols && sections[symbols.link];
}
