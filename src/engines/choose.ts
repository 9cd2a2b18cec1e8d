import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { type Engine, type EngineName, engineNames, type Probe } from './engine.ts';
import type { Surroundings } from './surroundings.ts';

/** Asks each engine whether it can work here; its code is loaded only when it is asked. */
const probes: Readonly<Record<EngineName, (surroundings: Surroundings, io: Io) => Promise<Probe>>> =
  {
    docker: async (surroundings, io) =>
      (await import('./container/probe-docker.ts')).probeDocker(surroundings, io),
    podman: async ({ cache }, io) =>
      (await import('./container/probe-podman.ts')).probePodman(cache, io),
    namespace: async ({ cache }, io) =>
      (await import('./namespace/namespace-engine.ts')).probeNamespace(cache, io),
  };

/** Asks every engine whether it can work here; answers are in the order of preference. */
export function probeEngines(surroundings: Surroundings, io: Io): Promise<Probe[]> {
  return Promise.all(engineNames.map((name) => probes[name](surroundings, io)));
}

type Refused = Extract<Probe, { ok: false }>;

/** Makes NO_ENGINE, which names every engine that was asked, why it cannot work, and the cure. */
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
 * Returns the engine to build with: the one named, or the first that can work here. NO_ENGINE lists every
 * engine that was asked, with its reason and its cure.
 */
export async function chooseEngine(
  choice: EngineName | 'auto',
  surroundings: Surroundings,
  io: Io,
): Promise<Engine> {
  const refused: Refused[] = [];
  for (const name of choice === 'auto' ? engineNames : [choice]) {
    const probe = await probes[name](surroundings, io);
    if (probe.ok) return probe.engine;
    refused.push(probe);
  }
  throw noEngine(refused);
}
