import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { growingFile } from '../../src/rootfs/growing-file.ts';
import { temporaryFolder } from '../support/folder.ts';

async function read(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of bytes) text += Buffer.from(chunk).toString('latin1');
  return text;
}

test('a reader sees every byte once and in order, however reading and writing take turns', async () => {
  const folder = temporaryFolder();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.string({ unit: 'binary-ascii' }), fc.nat(3))),
      async (pieces) => {
        count += 1;
        const file = join(folder, String(count));
        writeFileSync(file, '');
        const growing = growingFile(file);
        const reading = read(growing.bytes());
        let whole = '';
        for (const [piece, turns] of pieces) {
          appendFileSync(file, piece, 'latin1');
          whole += piece;
          growing.grow(whole.length);
          for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
        }
        growing.end();
        expect(await reading).toBe(whole);
        expect(await read(growing.bytes())).toBe(whole);
      },
    ),
    { numRuns: 50 },
  );
});

test('a writer that fails lets the reader fail alike, and nobody take the part for the whole', async () => {
  const file = join(temporaryFolder(), 'tar');
  writeFileSync(file, 'a part');
  const growing = growingFile(file);
  const reading = read(growing.bytes());
  growing.grow(6);
  const failure = new Error('the disk is full');
  growing.end(failure);
  growing.end();
  await expect(reading).rejects.toThrow('the disk is full');
  await expect(read(growing.bytes())).rejects.toBe(failure);
});

test('a file that is cut while it is read is no whole one', async () => {
  const file = join(temporaryFolder(), 'tar');
  writeFileSync(file, 'a');
  const growing = growingFile(file);
  growing.grow(2);
  growing.end();
  await expect(read(growing.bytes())).rejects.toMatchObject({
    code: 'IO',
    message: `Failed reading ${file}: it ends at byte 1, though more was written`,
  });
});
