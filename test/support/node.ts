import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../../src/engines/step.ts';
import { type Nodes, type NodesContext, nodesOf } from '../../src/nodes/nodes.ts';
import type { NamedTree, Work } from '../../src/steps/work.ts';
import { inputOf, treeOf } from '../../src/steps/work.ts';
import { readContent } from '../../src/tar/content.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { writeTar } from '../../src/tar/write.ts';

/** A builder that stands on no engine. */
export const noBuilder = { name: 'rootfs', platform: 'linux/amd64', key: 'a' } as const;

export const fileEntry = (path: string, text: string | Buffer): Entry => {
  const bytes = Buffer.from(text);
  const common = { mode: 0o644, uid: 0, gid: 0, mtime: 7, xattrs: [] } as const;
  return { ...common, type: 'file', path, size: bytes.length, content: { bytes } };
};

/** An engine that counts its steps, and whose step makes one file of all that it is sent. */
export function countingEngine(make: (sent: Buffer) => Entry[]) {
  const engine = {
    steps: 0,
    async runStep<T>(step: Step, consume: (stdout: AsyncIterable<Uint8Array>) => Promise<T>) {
      engine.steps++;
      const sent: Uint8Array[] = [];
      for await (const chunk of step.input) sent.push(Buffer.from(chunk));
      return consume(writeTar(make(Buffer.concat(sent))));
    },
  };
  return engine;
}

/** A work on a tree, with facts. */
export const workOn = (tree: NamedTree, more: Partial<Work> = {}): Work => ({
  does: 'copy',
  version: 1,
  step: {
    argv: ['copy'],
    env: {},
    limits: { memoryBytes: 1, processes: 1, seconds: 1, outputBytes: 1024 ** 3 },
    capabilities: [],
  },
  shell: ['/bin/sh'],
  input: inputOf(tree),
  settledBy: {},
  output: 'the copy',
  settle: async (entries) => ({ entries, facts: { count: entries.length } }),
  ...more,
});

export const oneFile = (text: string): NamedTree => treeOf([fileEntry('a', text)]);

/** Opens the nodes of one run in a folder that has a cache and a state. */
export function openNodes(
  folder: string,
  engine: NodesContext['engine'],
  more: Partial<NodesContext> = {},
): Nodes {
  const cache = join(folder, 'cache');
  const run = join(cache, 'tmp', `run-${process.pid}-${runs++}`);
  mkdirSync(run, { recursive: true });
  return nodesOf({
    engine,
    builder: { tree: 'b'.repeat(64), reference: noBuilder },
    ready: async () => {},
    ...{ cache, state: join(folder, 'state'), folder: run },
    fresh: false,
    now: new Date(),
    mkbase: '1.2.3',
    ...more,
  });
}
let runs = 0;

/** Reads the files of a tree, path → text. */
export async function textsOf(tree: NamedTree): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const entry of await tree.entries()) {
    if (entry.type === 'file') texts[entry.path] = (await readContent(entry.content)).toString();
  }
  return texts;
}

/** A quarter of a megabyte that is another for each number. */
const largeOf = (number: number): Buffer => Buffer.alloc(256 * 1024, `${number} `);

/** A work whose result is as large. */
export const numbered = (number: number): Work => workOn(treeOf([fileEntry('a', largeOf(number))]));

/** An engine whose step makes one file of the whole archive that it is sent. */
export const copyingEngine = () => countingEngine((sent) => [fileEntry('made', sent)]);

/** Returns what the step on a numbered work makes. */
export async function expectedOf(number: number): Promise<string> {
  const sent: Uint8Array[] = [];
  for await (const chunk of await numbered(number).input.bytes()) sent.push(Buffer.from(chunk));
  return Buffer.concat(sent).toString();
}
