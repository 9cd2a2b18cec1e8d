import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MkbaseError } from '../../../src/base/errors.ts';
import { hashOfBytes, sha256OfBytes } from '../../../src/base/hash.ts';
import { readLayer } from '../../../src/verify/image/layer.ts';
import { layerFinder } from '../../../src/verify/image/layer-finder.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { directory, file, tarOf } from '../../support/tar.ts';

const { signal } = new AbortController();

/** Larger than the chunks below, so that its content comes in several. */
const long = createHash('sha256').update('long').digest('hex').repeat(100);
const rootfs = async () => tarOf([directory('etc'), file('etc/motd', 'hello'), file('long', long)]);

/** Streams bytes in chunks whose memory is used again, as an archive's reader does. */
async function* borrowed(bytes: Buffer): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(1024);
  for (let at = 0; at < bytes.length; at += buffer.length) {
    const size = bytes.copy(buffer, 0, at, at + buffer.length);
    yield buffer.subarray(0, size);
  }
}

const place = (bytes: Buffer, offset = 0) => ({ file: '/archive', offset, size: bytes.length });

/** Hashes bytes, and returns what was read of them besides. */
async function found(bytes: Buffer) {
  const finder = layerFinder('layer');
  const sha256 = await finder.hash(borrowed(bytes), place(bytes));
  expect(sha256).toBe(sha256OfBytes(bytes));
  return finder.at({ ...place(bytes), sha256 });
}

describe('while a part of an archive is hashed', () => {
  test('its paths, digests and places are read, as they are of a file', async () => {
    const bytes = await rootfs();
    const path = join(temporaryFolder(), 'rootfs.tar');
    writeFileSync(path, bytes);
    const part = { ...place(bytes), file: path, sha256: `sha256:${sha256OfBytes(bytes)}` };
    const { layer, mismatches } = await readLayer(part, 'layer', signal);
    const read = await found(bytes);
    expect(read?.mismatches).toEqual(mismatches);
    expect(read?.paths).toEqual(layer?.paths);
    expect(read?.contents?.digests).toEqual(layer?.contents?.digests);
    expect(read?.contents?.digests.get('long')).toEqual({
      sha256: sha256OfBytes(long),
      sha1: hashOfBytes('sha1', long),
      md5: hashOfBytes('md5', long),
    });
    const entry = read?.contents?.entries.find((each) => each.path === 'long');
    const content = entry && 'content' in entry && 'offset' in entry.content && entry.content;
    const { offset, size } = content || { offset: 0, size: 0 };
    expect(bytes.toString('latin1', offset, offset + size)).toBe(long);
  });

  test.each([
    ['a header that is damaged', (bytes: Buffer) => bytes.fill(0x37, 512, 518)],
    ['an end that is cut', (bytes: Buffer) => bytes.subarray(0, -1024)],
    ['bytes after its end', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('more')])],
    ['a content that is cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 3000)],
  ])('%s is told as it is of a file, and the hash is that of every byte', async (_, damage) => {
    const bytes = damage(await rootfs());
    const path = join(temporaryFolder(), 'rootfs.tar');
    writeFileSync(path, bytes);
    const part = { ...place(bytes), file: path, sha256: `sha256:${sha256OfBytes(bytes)}` };
    const { layer, mismatches } = await readLayer(part, 'layer', signal);
    const read = await found(bytes);
    expect(mismatches).toHaveLength(1);
    expect(read).toEqual({ mismatches });
    expect(layer).toEqual({ part, diffId: part.sha256, size: bytes.length });
  });

  test.each([
    ['a text', Buffer.from('{}')],
    ['nothing', Buffer.alloc(0)],
    ['a compressed layer', Buffer.concat([Buffer.from('1f8b', 'hex'), Buffer.alloc(2000)])],
  ])('%s is hashed alone', async (_, bytes) => {
    // Everywhere a reader of a tar looks for it, also behind the first bytes of a compressed form.
    if (bytes.length > 262) bytes.write('ustar', 257);
    expect(await found(bytes)).toBeUndefined();
  });

  test('only the first of several tars is read, and only its own place has what was read', async () => {
    const bytes = await rootfs();
    const finder = layerFinder('layer');
    const sha256 = await finder.hash(borrowed(bytes), place(bytes, 512));
    expect(await finder.hash(borrowed(bytes), place(bytes, 8192))).toBe(sha256);
    expect(finder.at({ ...place(bytes, 512), sha256 })?.paths).toHaveLength(3);
    expect(finder.at({ ...place(bytes, 8192), sha256 })).toBeUndefined();
    expect(finder.at({ ...place(bytes, 512), file: '/other', sha256 })).toBeUndefined();
  });

  test('what ends the archive itself is no flaw of the layer', async () => {
    const bytes = await rootfs();
    const cut = new MkbaseError({ code: 'ARCHIVE_REFUSED', message: 'The archive is cut.' });
    const failing = async function* () {
      yield bytes.subarray(0, 1024);
      throw cut;
    };
    const finder = layerFinder('layer');
    await expect(finder.hash(failing(), place(bytes))).rejects.toBe(cut);
  });
});
