import { createHash } from 'node:crypto';
import { openStore } from '../../../src/store/store.ts';

/** Stores `count` blobs, each in several chunks, and says when it begins. */
const [folder = '', count = '0'] = process.argv.slice(2);
const store = await openStore(folder);
process.stdout.write('begun\n');

async function* chunks(index: number) {
  for (let chunk = 0; chunk < 8; chunk++) yield Buffer.alloc(32 * 1024, `${index} ${chunk} `);
}

for (let index = 0; index < Number(count); index++) {
  const hash = createHash('sha256');
  for await (const chunk of chunks(index)) hash.update(chunk);
  await store.write(chunks(index), hash.digest('hex'));
}
process.stdout.write('ended\n');
