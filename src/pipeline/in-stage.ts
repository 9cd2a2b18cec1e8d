import type { Io, Stage } from '../base/events.ts';

/** Does the work of a stage between its `stage-start` and, when it went well, its `stage-done`. */
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
