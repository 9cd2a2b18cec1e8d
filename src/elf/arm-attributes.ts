import { abi } from './abi.ts';
import { broken, type ElfHeader, exactly, numbersIn, type ReadAt } from './header.ts';
import type { Section } from './sections.ts';

// Tags of the ABI for the Arm Architecture, "Addenda to, and Errata in, the ABI" (build attributes).
const tagFile = 1;
const tagCpuArch = 6;
const tagCompatibility = 32;
const textTags = new Set([4, 5]);

/** A place in the section that moves on as it is read. Errors: BUILD_OUTPUT at its end. */
class Cursor {
  at: number;
  readonly bytes: Buffer;
  readonly end: number;

  constructor(bytes: Buffer, at: number, end: number) {
    [this.bytes, this.at, this.end] = [bytes, at, end];
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    if (this.isAtEnd) throw broken('its build attributes are cut short');
    return this.bytes[this.at++]!;
  }

  /** Reads a number of seven bits a byte (ULEB128) of at most four bytes. */
  number(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw broken('its build attributes hold a number that is too large');
  }

  text(): string {
    const start = this.at;
    while (this.byte() !== 0);
    return this.bytes.toString('latin1', start, this.at - 1);
  }

  /** Returns what is in a block that starts with its own length in four bytes, and steps over it. */
  block(header: ElfHeader, start = this.at): Cursor {
    const [before, from] = [start, this.at];
    if (from + 4 > this.end) throw broken('its build attributes are cut short');
    const end = before + numbersIn(this.bytes, header).u32(from);
    if (end < from + 4 || end > this.end) throw broken('its build attributes overlap');
    this.at = end;
    return new Cursor(this.bytes, from + 4, end);
  }
}

/** Returns the value of Tag_CPU_arch among the attributes of a file. */
function cpuArchIn(attributes: Cursor): number | undefined {
  let found: number | undefined;
  while (!attributes.isAtEnd) {
    const tag = attributes.number();
    if (tag === tagCompatibility) attributes.number();
    const isText = textTags.has(tag) || tag === tagCompatibility || (tag > 32 && tag % 2 === 1);
    const value = isText ? attributes.text() : attributes.number();
    if (tag !== tagCpuArch || typeof value !== 'number') continue;
    if (found !== undefined) throw broken('its build attributes name two architectures');
    found = value;
  }
  return found;
}

/**
 * Returns the architecture that a program for 32-bit ARM was compiled for (Tag_CPU_arch); undefined where no
 * section header leads to it, or for another machine. Errors: BUILD_OUTPUT for attributes that are not whole.
 */
export async function armArchitectureOf(
  readAt: ReadAt,
  header: ElfHeader,
  sections: readonly Section[],
): Promise<number | undefined> {
  if (header.machine !== abi.arm) return undefined;
  const [section, ...others] = sections.filter(({ type }) => type === abi.shtArmAttributes);
  if (section === undefined || section.size === 0) return undefined;
  if (others.length > 0) throw broken('it has build attributes twice');
  const bytes = await exactly(readAt, section.offset, section.size, 'its build attributes');
  const whole = new Cursor(bytes, 0, bytes.length);
  if (whole.byte() !== 0x41) throw broken('its build attributes are of no known version');
  let found: number | undefined;
  while (!whole.isAtEnd) {
    const vendor = whole.block(header);
    if (vendor.text() !== 'aeabi') continue;
    while (!vendor.isAtEnd) {
      const start = vendor.at;
      const tag = vendor.number();
      const attributes = vendor.block(header, start);
      if (tag !== tagFile) continue;
      if (found !== undefined) throw broken('its build attributes name two architectures');
      found = cpuArchIn(attributes);
    }
  }
  return found;
}
