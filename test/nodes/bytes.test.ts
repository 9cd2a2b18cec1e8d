import { expect, test } from 'vitest';
import type { Step } from '../../src/engines/step.ts';
import { readContent } from '../../src/tar/content.ts';
import { temporaryFolder } from '../support/folder.ts';
import { oneFile, openNodes, workOn } from '../support/node.ts';
import { recordingIo } from '../support/store.ts';

/** An engine whose step sends bytes that are no tar. */
function sending(...chunks: string[]) {
  const engine = {
    steps: 0,
    async runStep<T>({ input }: Step, consume: (stdout: AsyncIterable<Uint8Array>) => Promise<T>) {
      engine.steps++;
      for await (const _ of input);
      async function* stdout() {
        for (const chunk of chunks) yield Buffer.from(chunk);
      }
      return consume(stdout());
    },
  };
  return engine;
}

test('a step that sends bytes makes a tree of one file, which is found again', async () => {
  const folder = temporaryFolder();
  const engine = sending('not ', 'a tar');
  const work = workOn(oneFile('x'), { sends: 'bytes' });
  for (let turn = 0; turn < 2; turn++) {
    const nodes = openNodes(folder, engine);
    const made = await nodes.make(work, recordingIo().io);
    const [entry, ...others] = await made.entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ type: 'file', path: 'sent', size: 9 });
    const content = entry?.type === 'file' ? entry.content : { bytes: new Uint8Array() };
    expect((await readContent(content)).toString()).toBe('not a tar');
    await nodes.list();
  }
  expect(engine.steps).toBe(1);
});
