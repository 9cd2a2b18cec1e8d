import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/folder.ts';
import type { RunSettings } from './mkbase.ts';

/** A way to run mkbase: an engine, and the user that it runs as. */
export interface Setting {
  readonly title: string;
  readonly engine: 'docker' | 'podman' | 'namespace';
  /** What `mkbase` is run with besides the arguments; made once. */
  readonly settings: () => Omit<RunSettings, 'cwd'>;
  readonly missing: string | undefined;
}

const nobody = '65534';
const complete = process.env.MKBASE_TEST_COMPLETE === '1';

export function works(file: string, ...args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The reason to leave something out; where everything has to be tested, none is left out. */
export function missing(reason: string, present: boolean): string | undefined {
  return present || complete ? undefined : reason;
}

const isRoot = process.getuid?.() === 0;
let copied: Omit<RunSettings, 'cwd'> | undefined;

/** A home and a cache of that user's own, and the packages that are stored already. */
function asOrdinaryUser(): Omit<RunSettings, 'cwd'> {
  if (!isRoot) return {};
  if (copied) return copied;
  const cache = process.env.MKBASE_TEST_CACHE ?? '';
  const home = temporaryFolder({ within: cache, lasting: true });
  const packages = join(cache, 'mkbase/blobs');
  execFileSync('sh', [
    '-c',
    'mkdir -p "$2/cache/mkbase" && cp -r "$1" "$2/cache/mkbase/" 2>/dev/null || true',
    'sh',
    packages,
    home,
  ]);
  execFileSync('chown', ['-R', `${nobody}:${nobody}`, home]);
  copied = {
    through: ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--'],
    env: { HOME: home, XDG_CACHE_HOME: join(home, 'cache') },
  };
  return copied;
}

/** Every way that a build must give the same bytes. */
export const everySetting: readonly Setting[] = [
  {
    title: 'docker',
    engine: 'docker',
    settings: () => ({}),
    missing: missing('no Docker daemon answers', works('docker', 'version')),
  },
  {
    title: 'podman',
    engine: 'podman',
    settings: () => ({}),
    missing: missing('podman is not installed', works('podman', '--version')),
  },
  {
    title: 'namespace as root',
    engine: 'namespace',
    settings: () => ({}),
    missing: missing('the tests do not run as root', isRoot),
  },
  {
    title: 'namespace as an ordinary user',
    engine: 'namespace',
    settings: asOrdinaryUser,
    missing: missing(
      'user namespaces are not permitted',
      works('unshare', '--user', '--map-root-user', 'true'),
    ),
  },
];

/**
 * Every engine once: those ways that are there, without the ordinary user that root stands in for
 * where root is tested too.
 */
export const everyEngine: readonly Setting[] = everySetting.filter(
  ({ title, missing: reason }) => !reason && !(isRoot && title.includes('ordinary')),
);
