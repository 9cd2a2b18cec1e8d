import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlatformName } from '../../src/base/platform.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { loadBuilder, loadRecipe } from '../../src/kinds/kinds.ts';
import { sourcesOfRun } from '../../src/pipeline/inputs/fetch-inputs.ts';
import type { OpenBuild } from '../../src/pipeline/open-build.ts';
import type { BuildRequest } from '../../src/pipeline/request.ts';
import { openStore } from '../../src/store/store.ts';
import { quickLimits } from './store.ts';

/** The circumstances of a run. */
export interface Run {
  /** Folder of `recipe.yaml`. */
  readonly folder: string;
  readonly cache: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: Date;
  readonly platform?: PlatformName;
  readonly request?: Partial<Pick<BuildRequest, 'mirror' | 'offline' | 'allow'>>;
}

/** Opens the recipe in a folder for work that needs no engine: pinning, fetching, proving. */
export async function openedBuild({
  folder,
  cache,
  env = {},
  now = new Date(),
  platform = 'linux/amd64',
  request = {},
}: Run): Promise<OpenBuild> {
  const recipe = await loadRecipe('./recipe.yaml', folder);
  const toolchain = await loadBuilder(recipe, folder);
  const plan: OpenBuild['plan'] = {
    ...{ recipe, toolchain, platform, outDir: join(folder, 'out') },
    lockFile: join(folder, 'recipe.lock.json'),
    tags: [],
    epoch: undefined,
  };
  const store = await openStore(cache, quickLimits);
  const asked = { offline: false, ...request };
  const sources = sourcesOfRun(plan, asked, { cwd: folder, env, now }, store);
  const runInBuilder = () => () => {
    throw new Error('there is no builder');
  };
  const work = join(cache, 'work');
  await mkdir(work, { recursive: true });
  return {
    ...{
      plan,
      store,
      sources,
      folder: work,
      read: {},
      state: join(cache, 'no-state'),
      fresh: false,
      engine: {} as Engine,
      builders: {} as OpenBuild['builders'],
    },
    locking: {
      sources: sources.image,
      builderSources: sources.builder,
      runInBuilder,
      folder: work,
    },
    dispose: async () => {},
  };
}
