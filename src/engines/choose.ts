import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { cacheFolder } from '../store/cache-folder.ts';
import { type Engine, type EngineName, engineNames, type Probe } from './engine.ts';

/** How each engine is asked; what an engine needs is loaded only when it is asked. */
const probes: Readonly<Record<EngineName, (io: Io) => Promise<Probe>>> = {
  docker: async (io) => (await import('./container-cli/probe-docker.ts')).probeDocker(io),
  podman: async (io) => (await import('./container-cli/probe-podman.ts')).probePodman(io),
  namespace: async (io) =>
    (await import('./namespace/probe.ts')).probeNamespace(cacheFolder(process.env), io),
};

/** Asks every engine whether it can work here; answers are in the order of preference. */
export function probeEngines(io: Io): Promise<Probe[]> {
  return Promise.all(engineNames.map((name) => probes[name](io)));
}

type Refused = Extract<Probe, { ok: false }>;

/** NO_ENGINE: every engine that was asked, why it cannot work, and the cure, one line each. */
export function noEngine(refused: readonly Refused[]): MkbaseError {
  const lines = refused.map(({ name, reason, cure }) => `  ${name}: ${reason}. ${cure}`);
  const [only] = refused;
  const single = refused.length === 1 && only !== undefined;
  return new MkbaseError({
    code: 'NO_ENGINE',
    message: `${single ? `The engine ${only.name} cannot work here` : 'No engine can work here'}:\n${lines.join('\n')}`,
    hint: single
      ? 'Follow the advice above, or leave --engine out to let mkbase choose.'
      : 'Follow the advice of any one of these lines; `mkbase doctor` shows what works.',
  });
}

/**
 * The engine to build with: the one named, or the first that can work here. NO_ENGINE lists every
 * engine that was asked, with its reason and its cure.
 */
export async function chooseEngine(choice: EngineName | 'auto', io: Io): Promise<Engine> {
  const refused: Refused[] = [];
  for (const name of choice === 'auto' ? engineNames : [choice]) {
    const probe = await probes[name](io);
    if (probe.ok) return probe.engine;
    refused.push(probe);
  }
  throw noEngine(refused);
}
