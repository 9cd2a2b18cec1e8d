import { readAptSources } from '../sources/debian/apt-sources.ts';
import type { DebianContext } from '../sources/debian/context.ts';
import { debianMirrors } from '../sources/debian/mirrors.ts';
import type { Store } from '../store/store.ts';

/** Where this run takes Debian packages from: `--mirror`, the environment, the host's apt, Debian. */
export async function debianContext(
  store: Store,
  { mirror, offline }: { readonly mirror?: string; readonly offline: boolean },
  env: NodeJS.ProcessEnv,
): Promise<DebianContext> {
  const aptSources = await readAptSources();
  return { store, offline, mirrors: debianMirrors({ flag: mirror, env, aptSources }) };
}
