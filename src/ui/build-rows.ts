import type { Event } from '../base/events.ts';
import { createMeter } from './rate.ts';
import type { Palette } from './screen.ts';
import { stageLine } from './stage-line.ts';
import type { Row, TaskList } from './task-list.ts';
import { oneLine } from './text.ts';

interface Build {
  readonly row: Row;
  readonly name: string;
  readonly startedAt: number;
  /** The title of the stage that started last. */
  stage: string;
  meter: ReturnType<typeof createMeter>;
}

/** Turns the events of several builds into rows of an open list, of `listWidth()` columns: one row a build. */
export function createBuildRows(list: TaskList, listWidth: () => number, palette: Palette) {
  const running = new Map<string, Build>();
  let stopping = false;

  const start = (build: string, startedAt: number): Build => {
    const name = oneLine(build);
    const started = { row: list.add(name), name, startedAt, stage: '', meter: createMeter() };
    running.set(build, started);
    return started;
  };

  const lineOf = ({ name, startedAt, stage, meter }: Build, now: number) => {
    const title = `${name}  ${stopping ? 'stopping…' : stage}`;
    const state = { title, elapsed: now - startedAt, running: true, meter: meter.read(now) };
    return stageLine(state, listWidth(), palette);
  };

  const end = (build: string, mark: 'done' | 'failed', now: number) => {
    const { row, name, stage, startedAt } = running.get(build) ?? start(build, now);
    running.delete(build);
    const title = mark === 'done' || stage === '' ? name : `${name}  ${stage}`;
    const state = { title, elapsed: now - startedAt, running: false };
    row.end(mark, stageLine(state, listWidth(), palette));
  };

  return {
    apply(event: Event, at: number) {
      const { build = '' } = event;
      const state = running.get(build) ?? start(build, at);
      if (event.type === 'progress') state.meter.add(event, at);
      if (event.type !== 'stage-start') return;
      state.stage = oneLine(event.title);
      state.meter = createMeter();
    },
    redraw(now: number) {
      for (const build of running.values()) build.row.title(lineOf(build, now));
    },
    stop: () => {
      stopping = true;
    },
    end,
    finishAll(mark: 'done' | 'failed', at: number) {
      for (const build of running.keys()) end(build, mark, at);
    },
  };
}
