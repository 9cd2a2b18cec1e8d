import { mirrorOfRun } from '../sources/alpine/mirror.ts';
import type { SourceContext } from '../sources/context.ts';
import { readAptSources } from '../sources/debian/apt-sources.ts';
import { debianMirrors } from '../sources/debian/mirrors.ts';
import type { Store } from '../store/store.ts';
import type { BuildRequest } from './request.ts';

/** Where this run takes bytes from: `--mirror`, the environment, the host's apt, the distribution. */
export async function sourceContext(
  store: Store,
  { mirror, offline, allow = [] }: Pick<BuildRequest, 'mirror' | 'offline' | 'allow'>,
  env: NodeJS.ProcessEnv,
): Promise<SourceContext> {
  const aptSources = await readAptSources();
  const allowUnsigned = allow.includes('unsigned-archive');
  return {
    debian: { store, offline, mirrors: debianMirrors({ flag: mirror, env, aptSources }) },
    alpine: { store, offline, mirror: mirrorOfRun({ flag: mirror, env }), allowUnsigned },
  };
}
