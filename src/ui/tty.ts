import type { MkbaseError } from '../base/errors.ts';
import type { Event, Stage } from '../base/events.ts';
import { createBuildRows } from './build-rows.ts';
import { createMeter } from './rate.ts';
import { columnsOf, type Palette, type Screen } from './screen.ts';
import { stageLine } from './stage-line.ts';
import type { Row, TaskList } from './task-list.ts';
import { oneLine, truncate } from './text.ts';
import type { Clock, View } from './view.ts';

/** A build that ends sooner shows no list, which would only flash by. */
const showAfterMs = 150;
const redrawMs = 100;
/** Room that listr2 takes for the mark, the space after it and its margin. */
const margin = 4;

/** The list shows so many of a tool's last lines. */
const shownLines = 5;

interface Running {
  readonly row: Row;
  /** Lines that have come since the last redraw. */
  lines: string[];
  readonly title: string;
  readonly startedAt: number;
  readonly meter: ReturnType<typeof createMeter>;
}

/** Turns the events of a build into rows of an open list, of `listWidth()` columns. */
function createRows(list: TaskList, listWidth: () => number, palette: Palette) {
  const running = new Map<Stage, Running>();
  let stopping = false;

  const lineOf = (stage: Running, now: number, isRunning: boolean, detail?: string) =>
    stageLine(
      {
        title: stage.title,
        elapsed: now - stage.startedAt,
        running: isRunning,
        meter: stage.meter.read(now),
        detail: detail === undefined ? undefined : oneLine(detail),
      },
      listWidth(),
      palette,
    );

  const start = (stage: Stage, title: string, at: number): Running => {
    finish(stage, 'done', at);
    const shown = oneLine(title);
    const started: Running = {
      row: list.add(shown),
      lines: [],
      title: shown,
      startedAt: at,
      meter: createMeter(),
    };
    running.set(stage, started);
    return started;
  };

  const of = (stage: Stage, at: number) => running.get(stage) ?? start(stage, stage, at);

  const finish = (stage: Stage, mark: 'done' | 'failed', at: number, detail?: string) => {
    const found = running.get(stage);
    running.delete(stage);
    found?.row.end(mark, lineOf(found, at, false, detail));
  };

  const skip = (stage: Stage, reason: string, at: number) => {
    const found = of(stage, at);
    running.delete(stage);
    const text = truncate(`${found.title}  ${oneLine(reason)}`, listWidth());
    found.row.end('skipped', palette.dim(text));
  };

  return {
    apply(event: Event, at: number) {
      if (event.type === 'stage-start') start(event.stage, event.title, at);
      else if (event.type === 'stage-done') finish(event.stage, 'done', at, event.detail);
      else if (event.type === 'stage-skip') skip(event.stage, event.reason, at);
      else if (event.type === 'progress') of(event.stage, at).meter.add(event, at);
      else if (event.type === 'log') {
        const stage = of(event.stage, at);
        stage.lines = [...stage.lines.slice(1 - shownLines), event.line];
      }
    },
    redraw(now: number) {
      for (const stage of running.values()) {
        for (const line of stage.lines) {
          stage.row.output(truncate(oneLine(line), listWidth() - margin));
        }
        stage.lines = [];
        stage.row.title(stopping ? `${stage.title}  stopping…` : lineOf(stage, now, true));
      }
    },
    stop: () => {
      stopping = true;
    },
    /** Does nothing: a build that is alone ends with the list. */
    end() {},
    finishAll(mark: 'done' | 'failed', at: number) {
      for (const stage of running.keys()) finish(stage, mark, at);
    },
  };
}

/** The screen that the list is drawn on, stderr, and the stdout beside it. */
interface TtyScreens {
  readonly stdout: Screen;
  readonly stderr: Screen;
}

type Rows = ReturnType<typeof createRows | typeof createBuildRows>;

/** Draws a live list on stderr with listr2: one row a stage, or one row a build where there are several. */
export function createTtyView(
  { stdout, stderr: screen }: TtyScreens,
  palette: Palette,
  clock: Clock,
  several: boolean,
): View {
  const early: ((rows: Rows) => void)[] = [];
  let rows: Rows | undefined;
  let list: TaskList | undefined;
  let ticker: NodeJS.Timeout | undefined;
  let opening: Promise<void> | undefined;

  const open = async () => {
    const { openTaskList } = await import('./task-list.ts');
    list = await openTaskList(screen, palette);
    // listr2 wraps by the width of stdout, which may be no terminal, and then by 80.
    const width = () => Math.min(columnsOf(screen), stdout.columns ?? 80) - margin;
    rows = (several ? createBuildRows : createRows)(list, width, palette);
    for (const act of early) act(rows);
    ticker = setInterval(() => rows?.redraw(clock()), redrawMs);
  };
  const delay = setTimeout(() => {
    opening = open();
  }, showAfterMs);

  /** Acts on the rows at once, or as soon as there are any. */
  const onRows = (act: (rows: Rows, at: number) => void) => {
    const at = clock();
    if (rows !== undefined) act(rows, at);
    else early.push((opened) => act(opened, at));
  };

  return {
    emit: (event) => onRows((open, at) => open.apply(event, at)),
    stopping: () => rows?.stop(),
    ended: (build, error) =>
      onRows((open, at) => open.end(build, error === undefined ? 'done' : 'failed', at)),
    async end(error?: MkbaseError) {
      clearTimeout(delay);
      await opening;
      clearInterval(ticker);
      rows?.finishAll(error === undefined ? 'done' : 'failed', clock());
      await list?.close();
      if (list !== undefined) screen.write('\n');
    },
  };
}
