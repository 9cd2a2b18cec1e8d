import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import { type Io, stageName, type Warning } from '../base/events.ts';
import { turns } from '../base/turns.ts';
import type { Engine } from '../engines/engine.ts';
import type { ToolchainRef } from '../engines/step.ts';
import { runWork, type Workplace } from '../steps/run-work.ts';
import type { Visitor } from '../steps/visitor.ts';
import { type MadeTree, type MakeTree, once, type Settled, type Work } from '../steps/work.ts';
import type { Entry } from '../tar/entry.ts';
import { nodeKey, type WorkBuilder } from './key.ts';
import { knownNode, type NodeRecord, rememberNode, touchNode } from './node-state.ts';
import { readTaken, removeStored, storeTree, type TreeDigest } from './stored-tree.ts';
import { type NodePlace, takeNode } from './take-node.ts';

/** The builder, the engine and the folders with which the nodes of one build are found or made. */
export interface NodesContext extends NodePlace {
  readonly engine: Pick<Engine, 'runStep'>;
  readonly builder: WorkBuilder & { readonly reference: ToolchainRef };
  /** Makes sure that the engine holds the builder; called before each step that runs. */
  ready(io: Io): Promise<void>;
  /** Has the engine hold a tree for steps that begin in it (Workplace); left out where none does. */
  readonly hold?: Workplace['hold'];
  readonly now: Date;
  /** Version of mkbase. */
  readonly mkbase: string;
  /** Whoever is let into a step that fails. */
  readonly visitor?: Visitor | undefined;
}

/** A node of a build, as its evidence lists it. */
export interface Node {
  readonly does: string;
  /** Version of its maker. */
  readonly version: number;
  /** Hashes all that the tree is computed from; 64 hexadecimal digits. */
  readonly key: string;
  /** sha256 of the tar of the tree, 64 hexadecimal digits. */
  readonly tree: string;
}

/** The nodes of one build. */
export interface Nodes {
  readonly make: MakeTree;
  /** Resolves to all that were found or made, in their order, once the last of them is stored. */
  list(): Promise<readonly Node[]>;
  /** Resolves when none of them is being made or stored any more. */
  ended(): Promise<void>;
}

/** Says that a node came out otherwise than what others were computed from: all begins anew. */
export class StartAgain extends Error {}

const warnIn = ({ emit }: Io, warning: Warning) =>
  emit({ type: 'warning', stage: stageName.build, warning });

const damaged = ({ does, tree }: NodeRecord): Warning => ({
  code: 'node-damaged',
  message: `The stored result of ${does} is damaged and was removed; it is made again. Expected sha256:${tree}.`,
  advice: 'Check the disk.',
});

const differs = ({ does, tree }: NodeRecord, found: string): Warning => ({
  code: 'node-differs',
  message: `The result of ${does} was made anew from the same inputs and came out different: expected sha256:${tree}, as remembered, found sha256:${found}.`,
  advice:
    'Somebody changed what mkbase remembers, or the step is not reproducible: make it again with --no-cache to see which.',
});

const notKept = ({ does }: Work, { message }: MkbaseError): Warning => ({
  code: 'node-not-kept',
  message: `The next build will run ${does} again. ${message}`,
  advice: 'Make room in the cache, or point XDG_CACHE_HOME or XDG_STATE_HOME elsewhere.',
});

/** Returns the function that makes or finds a build's nodes, and the list of them. */
export function nodesOf(context: NodesContext): Nodes {
  /** Undefined for a node that could not be made: whoever asked for it gave up, or did without. */
  const nodes: Promise<Node | undefined>[] = [];
  return {
    make(work, io) {
      const making = makeNode(work, context, io);
      const listed = async ({ key, made }: Awaited<typeof making>): Promise<Node> => {
        const { does, version } = work;
        return { does, version, key, tree: await made.digest() };
      };
      // Listed as they begin, so that the order does not hang on which of two is done first.
      const node = making.then(listed, () => undefined);
      node.catch(() => undefined);
      nodes.push(node);
      return making.then(({ made }) => made);
    },
    list: async () => (await Promise.all(nodes)).filter((each) => each !== undefined),
    ended: async () => void (await Promise.allSettled(nodes)),
  };
}

/** Builds that go on side by side in one process do not run a step twice. */
const inTurn = turns();

async function makeNode(work: Work, context: NodesContext, io: Io) {
  const key = await nodeKey(work, context.builder);
  if (context.fresh) return { key, made: await runNode(work, key, context, io) };
  const made = await new Promise<MadeTree>((resolve, reject) => {
    const taking = inTurn(`${context.state} ${key}`, async () => {
      const node =
        (await findNode(work, key, context, io)) ?? (await runNode(work, key, context, io));
      resolve(node);
      // The next in turn finds what is stored by then; whoever made it goes on meanwhile.
      await node.digest().catch(() => undefined);
    });
    taking.catch(reject);
  });
  return { key, made };
}

/** Finds a node's result by its key; undefined when there is none, or this run believes none. */
async function findNode(
  work: Work,
  key: string,
  context: NodesContext,
  io: Io,
): Promise<MadeTree | undefined> {
  const taken = await takeNode(key, context);
  if (taken === undefined) return undefined;
  const { record, file } = taken;
  await touchNode(context.state, key, context.now).catch(() => undefined);
  io.emit({
    type: 'log',
    stage: stageName.build,
    line: `${work.does}: found as it was made before`,
  });
  return {
    digest: async () => record.tree,
    facts: record.facts,
    entries: once(
      async () => (await readTaken(record, file)) ?? makeDamaged(work, record, context, io),
    ),
  };
}

/** Makes a node again whose stored bytes are damaged; StartAgain where it is another one then. */
async function makeDamaged(
  work: Work,
  record: NodeRecord,
  context: NodesContext,
  io: Io,
): Promise<readonly Entry[]> {
  await removeStored(context.cache, record.tree);
  warnIn(io, damaged(record));
  const again = await runNode(work, record.key, context, io);
  if ((await again.digest()) !== record.tree) throw new StartAgain();
  return again.entries();
}

/** Runs a node's step, and stores its result beside what comes next. */
async function runNode(work: Work, key: string, context: NodesContext, io: Io): Promise<MadeTree> {
  await context.ready(io);
  const folder = await mkdtemp(join(context.folder, 'node-'));
  const { engine, builder, hold, visitor } = context;
  const place = { engine, toolchain: builder.reference, folder, visitor, ...(hold && { hold }) };
  const settled = await runWork(work, place, io);
  const stored = keepNode(work, key, { settled, file: join(folder, 'tree.tar') }, context, io);
  stored.catch(() => undefined);
  return {
    digest: async () => (await stored).tree,
    facts: settled.facts,
    entries: async () => settled.entries,
  };
}

/** A result, and the path at which its tar is written before it is stored. */
interface Result {
  readonly settled: Settled;
  readonly file: string;
}

/** Stores and remembers a node's result, and tells where it is not the one that was remembered. */
async function keepNode(
  work: Work,
  key: string,
  { settled: { entries, facts }, file }: Result,
  { cache, state, mkbase, now }: NodesContext,
  io: Io,
): Promise<TreeDigest> {
  const { tree, size, problem } = await storeTree(cache, entries, file);
  const { does, version } = work;
  const before = await knownNode(state, key);
  if (before !== undefined && before.tree !== tree) warnIn(io, differs(before, tree));
  try {
    if (problem !== undefined) throw problem;
    const record = { key, does, version, tree, size, mkbase };
    await rememberNode(state, facts === undefined ? record : { ...record, facts });
    await touchNode(state, key, now);
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    warnIn(io, notKept(work, error));
  }
  return { tree, size };
}
