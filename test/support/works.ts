import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Step } from '../../src/engines/step.ts';
import { runWork, type Workplace } from '../../src/steps/run-work.ts';
import { type MakeTree, treeOf } from '../../src/steps/work.ts';
import { temporaryFolder } from './folder.ts';
import { noBuilder } from './node.ts';

/** Makes trees on an engine, and remembers nothing. */
export function makeOn(
  engine: Workplace['engine'],
  toolchain: Step['toolchain'] = noBuilder,
): MakeTree {
  const parent = temporaryFolder();
  return async (work, io) => {
    const folder = await mkdtemp(join(parent, 'work-'));
    const { entries, facts } = await runWork(work, { engine, toolchain, folder }, io);
    return { ...treeOf(entries), facts };
  };
}
