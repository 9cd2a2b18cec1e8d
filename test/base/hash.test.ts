import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  hashedStream,
  hashesOfStream,
  hashOfBytes,
  sha256OfBytes,
  sha256OfFile,
  sha256OfStream,
} from '../../src/base/hash.ts';
import { temporaryFolder } from '../support/folder.ts';

/** FIPS 180-2, appendices A.1 and B.1: "abc". */
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

async function* parts() {
  yield Buffer.from('a');
  yield Buffer.from('bc');
}

test('bytes, text and a stream of the same bytes have the same hash', async () => {
  expect(sha256OfBytes('abc')).toBe(abc);
  expect(sha256OfBytes(Buffer.from('abc'))).toBe(abc);
  expect(await sha256OfStream(parts())).toBe(abc);
  expect(hashOfBytes('sha1', 'abc')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
});

test('several hashes of a stream are those of its bytes, in one chunk, in many and in none', async () => {
  const all = ['sha256', 'sha1', 'md5'] as const;
  const whole = async function* (text: string) {
    if (text !== '') yield Buffer.from(text);
  };
  const expected = (text: string) => all.map((each) => hashOfBytes(each, text));
  expect(await hashesOfStream(all, whole('abc'), 3)).toEqual(expected('abc'));
  expect(await hashesOfStream(all, parts(), 3)).toEqual(expected('abc'));
  expect(await hashesOfStream(all, whole(''), 0)).toEqual(expected(''));
});

test('a file has the hash of its bytes; one that is not there is an IO error that names it', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  await writeFile(file, 'abc');
  expect(await sha256OfFile(file)).toBe(abc);
  await expect(sha256OfFile(join(folder, 'none'))).rejects.toMatchObject({
    code: 'IO',
    message: expect.stringContaining(join(folder, 'none')),
  });
});

test('a hashed stream passes its bytes on, and knows their hash and number afterwards', async () => {
  const { bytes, sha256, size } = hashedStream(parts());
  let text = '';
  for await (const chunk of bytes) text += Buffer.from(chunk).toString();
  expect({ text, sha256: sha256(), size: size() }).toEqual({ text: 'abc', sha256: abc, size: 3 });
});
