import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readKeyFiles } from '../../../src/packages/openpgp/keys.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { newKey } from '../../support/openpgp-key.ts';

const fingerprints = async (content: string | Uint8Array) => {
  const file = join(temporaryFolder(), 'keys');
  writeFileSync(file, content);
  return (await readKeyFiles([file])).map((key) => key.getFingerprint().toUpperCase());
};

test('a file may hold several armored blocks, with text around them', async () => {
  const [one, two] = await Promise.all([newKey(), newKey()]);
  const text = `the keys\n${one.publicKey}\nand another\n${two.publicKey}`;
  expect(await fingerprints(text)).toEqual([one.fingerprint, two.fingerprint]);
});

test('a file of binary keys is read, and one without a key refused', async () => {
  const { privateKey, fingerprint } = await newKey();
  expect(await fingerprints(privateKey.toPublic().write())).toEqual([fingerprint]);
  await expect(fingerprints('nothing')).rejects.toMatchObject({ code: 'SOURCE_UNTRUSTED' });
});
