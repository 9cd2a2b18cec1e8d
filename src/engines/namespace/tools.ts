import type { Refusal } from '../engine.ts';
import { isOnPath } from '../on-path.ts';

/** Administrators' tools are not on every user's PATH. */
export const toolPath = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');

/** Programs that the scripts call, and the Debian package that each is in. */
const tools: Readonly<Record<string, string>> = {
  chown: 'coreutils',
  hostname: 'hostname',
  mkfifo: 'coreutils',
  mount: 'mount',
  pivot_root: 'util-linux',
  prlimit: 'util-linux',
  setpriv: 'util-linux',
  setsid: 'util-linux',
  sh: 'dash',
  umount: 'mount',
  unshare: 'util-linux',
  xargs: 'findutils',
};

/** Tells whether the scripts would find a program. */
export const isInstalled = (tool: string): Promise<boolean> => isOnPath(tool, toolPath);

/** Returns which tools are not there and how to get them; undefined when all are. */
export async function missingTools(): Promise<Refusal | undefined> {
  const names = Object.keys(tools);
  const installed = await Promise.all(names.map(isInstalled));
  const missing = names.filter((_, at) => !installed[at]);
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((tool) => tools[tool]))].join(' ');
  return {
    reason: `it needs ${missing.join(', ')}, not found in ${toolPath}`,
    cure: `Install util-linux and its like (on Debian and Ubuntu: sudo apt-get install ${packages}).`,
  };
}

/** Name of the folder that holds a root filesystem. */
export const treeFolder = 'tree';
