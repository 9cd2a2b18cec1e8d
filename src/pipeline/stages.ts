import type { Event, Io, Stage, Warning } from '../base/events.ts';

/** Runs a stage: emits `stage-start`, does the work and, if it succeeds, emits `stage-done`. */
export async function inStage<T>(
  io: Io,
  stage: Stage,
  title: string,
  work: () => Promise<T>,
  detail: (value: T) => string,
): Promise<T> {
  io.emit({ type: 'stage-start', stage, title });
  const value = await work();
  io.emit({ type: 'stage-done', stage, detail: detail(value) });
  return value;
}

/** The times and warnings that a build's events add up to. */
export interface StageClock {
  /** Passes every event on and keeps count. */
  readonly io: Io;
  readonly warnings: readonly Warning[];
  /** Whole milliseconds by stage, and since the clock was made. */
  timings(): Partial<Record<Stage | 'total', number>>;
}

/** Times the stages of a build by the events that they emit, and collects the warnings. */
export function stageClock({ emit, signal }: Io): StageClock {
  const begin = performance.now();
  const started = new Map<Stage, number>();
  const spent: Partial<Record<Stage, number>> = {};
  const warnings: Warning[] = [];
  const note = (event: Event) => {
    if (event.type === 'stage-start') started.set(event.stage, performance.now());
    if (event.type === 'stage-done') {
      const since = started.get(event.stage) ?? performance.now();
      spent[event.stage] = (spent[event.stage] ?? 0) + Math.round(performance.now() - since);
    }
    if (event.type === 'warning') warnings.push(event.warning);
    emit(event);
  };
  return {
    io: { emit: note, signal },
    warnings,
    timings: () => ({ ...spent, total: Math.round(performance.now() - begin) }),
  };
}
