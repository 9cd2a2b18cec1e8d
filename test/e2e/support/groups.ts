import { usableParents } from '../../../src/engines/namespace/cgroups/usable-parents.ts';

const io = { emit: () => {}, signal: new AbortController().signal };
let own: Promise<boolean> | undefined;

async function limitsMemory(): Promise<boolean> {
  return (await usableParents(io)).some(({ controllers }) => controllers.includes('memory'));
}

/**
 * Tells whether the namespace engine can limit memory by control groups in a setting (engines.ts).
 * An ordinary user that root stands in for has none: systemd knows nothing of it.
 */
export async function makesGroups(title: string): Promise<boolean> {
  if (process.getuid?.() === 0 && title.includes('ordinary')) return false;
  own ??= limitsMemory();
  return own;
}
