/** A program header of a file to be made; what is left out is 0 or follows from the bytes. */
export interface MadeSegment {
  readonly type: number;
  readonly flags?: number;
  readonly offset?: number;
  readonly address?: number;
  readonly size?: number;
  readonly memorySize?: number;
}

/** An ELF file to be made. */
export interface MadeElf {
  readonly bits: 32 | 64;
  readonly order: 'little' | 'big';
  readonly machine: number;
  /** ET_EXEC when left out. */
  readonly type?: number;
  /** e_flags; 0 when left out. */
  readonly flags?: number;
  /** Contents of a section of a type, the only one besides the first; they lie at `sectionAt`. */
  readonly section?: { readonly type: number; readonly bytes: Buffer };
  readonly segments: readonly MadeSegment[];
  /** Tags and values of the dynamic section, which lies at `dynamicAt`; DT_NULL is not added. */
  readonly dynamic?: readonly (readonly [tag: number, value: number])[];
  /** Names that lie at `stringsAt`. */
  readonly strings?: string;
}

/** Offsets at which the parts of a made file lie, which is loaded whole at `base`. */
export const dynamicAt = 0x400;
export const stringsAt = 0x800;
export const sectionAt = 0xc00;
export const fileSize = 0x1000;
export const base = 0x10000;

/** The segment that loads a made file whole. */
export const whole: MadeSegment = { type: 1, flags: 5, address: base, size: fileSize };

/** The header of the dynamic section with so many entries. */
export const dynamicSegment = (bits: 32 | 64, entries: number): MadeSegment => ({
  type: 2,
  flags: 6,
  offset: dynamicAt,
  address: base + dynamicAt,
  size: (entries * bits) / 4,
});

/** Makes the bytes of an ELF file by the letter of the gABI, in any class and byte order. */
export function buildElf({ bits, order, machine, type = 2, ...made }: MadeElf): Buffer {
  const bytes = Buffer.alloc(fileSize);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [little, wide] = [order === 'little', bits === 64];
  const u16 = (at: number, value: number) => view.setUint16(at, value, little);
  const u32 = (at: number, value: number) => view.setUint32(at, value, little);
  const word = (at: number, value: number) =>
    wide ? view.setBigUint64(at, BigInt(value), little) : u32(at, value);
  bytes.write('\x7fELF', 'latin1');
  bytes.set([wide ? 2 : 1, little ? 1 : 2, 1], 4);
  u16(16, type);
  u16(18, machine);
  u32(20, 1);
  word(24, base);
  u32(wide ? 48 : 36, made.flags ?? 0);
  const [programs, sizes, header, entry] = wide ? [32, 52, 64, 56] : [28, 40, 52, 32];
  word(programs!, header!);
  u16(sizes!, header!);
  u16(sizes! + 2, entry!);
  u16(sizes! + 4, made.segments.length);
  u16(sizes! + 6, wide ? 64 : 40);
  for (const [index, each] of made.segments.entries()) {
    const at = header! + index * entry!;
    const { size = 0, memorySize = size } = each;
    const [flags, offset, address, inFile, inMemory] = wide
      ? [4, 8, 16, 32, 40]
      : [24, 4, 8, 16, 20];
    u32(at, each.type);
    u32(at + flags!, each.flags ?? 0);
    word(at + offset!, each.offset ?? 0);
    word(at + address!, each.address ?? 0);
    word(at + inFile!, size);
    word(at + inMemory!, memorySize);
  }
  if (made.section !== undefined) {
    const [entrySize, at] = [wide ? 64 : 40, sectionAt + 0x100];
    word(wide ? 40 : 32, at);
    u16(sizes! + 8, 2);
    u32(at + entrySize + 4, made.section.type);
    word(at + entrySize + (wide ? 24 : 16), sectionAt);
    word(at + entrySize + (wide ? 32 : 20), made.section.bytes.length);
    bytes.set(made.section.bytes, sectionAt);
  }
  for (const [index, [tag, value]] of (made.dynamic ?? []).entries()) {
    word(dynamicAt + (index * bits) / 4, tag);
    word(dynamicAt + (index * bits) / 4 + bits / 8, value);
  }
  bytes.write(made.strings ?? '', stringsAt, 'latin1');
  return bytes;
}
