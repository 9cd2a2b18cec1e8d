import type { SourceContext } from '../kinds/source-context.ts';
import { mirrorOfRun } from '../packages/apk/mirror.ts';
import { readAptSources } from '../packages/deb/archive/apt-sources.ts';
import { debianMirrors } from '../packages/deb/archive/mirrors.ts';
import { namedUbuntuMirrors } from '../packages/deb/archive/ubuntu-mirrors.ts';
import type { From } from '../recipe/kinds.ts';
import type { Store } from '../store/store.ts';
import type { BuildRequest } from './request.ts';

/** Whose mirror `--mirror` names: the recipe's own distribution's, whatever its builder is made from. */
function distributionOf(from: From): 'alpine' | 'debian' | 'ubuntu' {
  switch (from.kind) {
    case 'minirootfs':
    case 'apk':
      return 'alpine';
    case 'debootstrap':
      return from.debootstrap.distro;
    case 'debs':
    case 'static':
      return 'debian';
  }
}

/**
 * Chooses where this run takes bytes from: `--mirror`, the environment, the host's apt, the
 * distribution. `now` is the time that all its signatures and dates are checked against.
 */
export async function sourceContext(
  store: Store,
  { mirror, offline, allow = [] }: Pick<BuildRequest, 'mirror' | 'offline' | 'allow'>,
  from: From,
  env: NodeJS.ProcessEnv,
  now = new Date(),
): Promise<SourceContext> {
  const aptSources = await readAptSources();
  const allowUnsigned = allow.includes('unsigned-archive');
  const named = (distribution: ReturnType<typeof distributionOf>) => ({
    flag: distributionOf(from) === distribution ? mirror : undefined,
    env,
  });
  const debian = named('debian');
  return {
    debian: { store, offline, now, mirrors: debianMirrors({ ...debian, aptSources }) },
    alpine: { store, offline, now, mirror: mirrorOfRun(named('alpine')), allowUnsigned },
    named: {
      debian: Boolean(debian.flag || env.MKBASE_DEBIAN_MIRROR),
      ubuntu: namedUbuntuMirrors(named('ubuntu')),
    },
  };
}
