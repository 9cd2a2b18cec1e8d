import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../src/base/crc32.ts';

/** Fields of a member's record in the directory or before its contents. */
interface Fields {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly name: string;
  readonly extra: Buffer;
}

/** A member of a zip archive as a test describes it; what is left out is as it should be. */
export interface TestMember extends Partial<Fields> {
  readonly name: string;
  readonly content?: string;
  /** Mode and type (inode(7)) of Unix; left out for a member made on DOS. */
  readonly mode?: number;
  /** Attributes as they are, in place of `mode`. */
  readonly attributes?: number;
  readonly madeBy?: number;
  /** Bytes in the archive in place of the compressed content. */
  readonly bytes?: Buffer;
  /** Differences of its own header from the directory. */
  readonly local?: Partial<Fields>;
  /** Bytes between its contents and what follows. */
  readonly after?: Buffer;
  /** Place of its header as the directory states it. */
  readonly offset?: number;
}

/** An archive around its members. */
interface Around {
  readonly before?: Buffer;
  readonly comment?: Buffer;
  readonly after?: Buffer;
  readonly count?: number;
  /** Names of members that the directory leaves out. */
  readonly unlisted?: readonly string[];
}

const u16 = (...values: number[]) => {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt16LE(value, 2 * at);
  return bytes;
};

export const u32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, 4 * at);
  return bytes;
};

const nameBytes = (name: string) => Buffer.from(name, 'latin1');

function localRecord({ flags, method, crc, packed, size, name, extra }: Fields): Buffer {
  const bytes = nameBytes(name);
  return Buffer.concat([
    ...[u32(0x04034b50), u16(20, flags, method, 0, 0x21), u32(crc, packed, size)],
    ...[u16(bytes.length, extra.length), bytes, extra],
  ]);
}

/** Writes a zip archive as told, whether or not it can be read. */
export function zipOf(members: readonly TestMember[], around: Around = {}): Buffer {
  const parts = [around.before ?? Buffer.alloc(0)];
  const directory: Buffer[] = [];
  for (const member of members) {
    const content = Buffer.from(member.content ?? '');
    const { method = content.length > 0 ? 8 : 0 } = member;
    const bytes = member.bytes ?? (method === 8 ? deflateRawSync(content) : content);
    const fields: Fields = {
      ...{ flags: 0, method, crc: crc32(content), packed: bytes.length, size: content.length },
      extra: Buffer.alloc(0),
      ...member,
    };
    const at = parts.reduce((sum, { length }) => sum + length, 0);
    parts.push(localRecord({ ...fields, ...member.local }), bytes, member.after ?? Buffer.alloc(0));
    if (around.unlisted?.includes(member.name)) continue;
    const { mode, madeBy = mode === undefined ? 20 : 0x0314 } = member;
    const { attributes = ((mode ?? 0) << 16) >>> 0, offset = at } = member;
    const name = nameBytes(fields.name);
    directory.push(
      Buffer.concat([
        ...[u32(0x02014b50), u16(madeBy, 20, fields.flags, fields.method, 0, 0x21)],
        ...[u32(fields.crc, fields.packed, fields.size)],
        ...[u16(name.length, fields.extra.length, 0, 0, 0), u32(attributes, offset)],
        ...[name, fields.extra],
      ]),
    );
  }
  const start = parts.reduce((sum, { length }) => sum + length, 0);
  const listed = Buffer.concat(directory);
  const { comment = Buffer.alloc(0), count = directory.length, after = Buffer.alloc(0) } = around;
  return Buffer.concat([
    ...[...parts, listed, u32(0x06054b50), u16(0, 0, count, count)],
    ...[u32(listed.length, start), u16(comment.length), comment, after],
  ]);
}
