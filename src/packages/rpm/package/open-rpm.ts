import { type ByteReader, byteReader } from '../../../tar/byte-reader.ts';
import { Header, headerRest } from './header.ts';
import { refusedRpm } from './refusal.ts';
import { tags } from './tags.ts';

/** A package's file, read up to its payload. */
export interface OpenedRpm {
  /** The signatures, which nothing vouches for. */
  readonly signatures: Header;
  readonly header: Header;
  /** All bytes before the payload. */
  readonly start: readonly Buffer[];
  /** Stands at the payload. */
  readonly rest: ByteReader;
}

const leadLength = 96;
const leadMagic = Buffer.from('edabeedb', 'hex');
/** The type of the signature that every package has: a header follows (rpm's manual, "Lead"). */
const headerSignature = 5;

function checkLead(lead: Buffer): void {
  if (lead.length < leadLength) throw new SyntaxError('it is cut short');
  if (!lead.subarray(0, 4).equals(leadMagic)) throw new SyntaxError('it is no package of rpm');
  const [major, type, signature] = [lead[4], lead.readUInt16BE(6), lead.readUInt16BE(78)];
  if (major !== 3 && major !== 4) throw new SyntaxError(`its format is ${major}; 3 and 4 are read`);
  if (type !== 0) throw new SyntaxError('it is a source package');
  if (signature !== headerSignature) throw new SyntaxError('its signatures are of another form');
}

const padding = (length: number): number => (8 - (length % 8)) % 8;

async function exactly(reader: ByteReader, length: number): Promise<Buffer> {
  const bytes = await reader.read(length);
  if (bytes.length < length) throw new SyntaxError('it is cut short');
  return bytes;
}

async function headerBytes(reader: ByteReader): Promise<Buffer> {
  const intro = await exactly(reader, 16);
  return Buffer.concat([intro, await exactly(reader, headerRest(intro))]);
}

/** Reads one part of a file, and says which it was when it cannot be read. */
async function part<T>(what: string, name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusedRpm(what, `${name} cannot be read: ${error.message}`);
  }
}

/**
 * Reads lead, signatures and header of a package's file (rpm's manual, "Package format"), as a stream; the
 * caller closes `rest`. Nothing of it is authenticated. `what` names it in messages. Throws
 * ARCHIVE_REFUSED for anything that rpm would not read in the same way.
 */
export async function openRpm(source: AsyncIterable<Uint8Array>, what: string): Promise<OpenedRpm> {
  const rest = byteReader(source);
  try {
    const lead = await part(what, 'its lead', async () => {
      const bytes = await rest.read(leadLength);
      checkLead(bytes);
      return bytes;
    });
    const signatures = await part(what, 'its header of signatures', async () => {
      const bytes = await headerBytes(rest);
      return Header.ofPackage(bytes, tags.headerSignatures);
    });
    const header = await part(what, 'its header', async () => {
      const gap = await exactly(rest, padding(signatures.bytes.length));
      const bytes = await headerBytes(rest);
      return { gap, header: Header.ofPackage(bytes, tags.headerImmutable) };
    });
    const start = [lead, signatures.bytes, header.gap, header.header.bytes];
    return { signatures, header: header.header, start, rest };
  } catch (error) {
    await rest.close();
    throw error;
  }
}
