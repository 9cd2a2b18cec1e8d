import { crc32 } from '../../base/crc32.ts';

/** The length of a block without padding, and of what it unpacks to. */
export interface BlockSizes {
  readonly unpadded: number;
  readonly unpacked: number;
}

/** Writes a number in seven bits a byte, the lowest first (xz file format, 1.2). */
function variable(number: number): number[] {
  const bytes: number[] = [];
  let rest = number;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

/** Returns the index of blocks (xz file format, 4). */
export function indexBytes(blocks: readonly BlockSizes[]): Buffer {
  const records = blocks.flatMap(({ unpadded, unpacked }) => [
    ...variable(unpadded),
    ...variable(unpacked),
  ]);
  const bytes = Buffer.from([0, ...variable(blocks.length), ...records]);
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(crc32(padded));
  return Buffer.concat([padded, crc]);
}
