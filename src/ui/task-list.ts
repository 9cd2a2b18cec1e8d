import type { DefaultRenderer, ListrTask, ListrTaskWrapper } from 'listr2';
import type { Palette, Screen } from './screen.ts';

/** One line of the list, and the last few lines of output below it while it runs. */
export interface Row {
  title(text: string): void;
  output(line: string): void;
  /** The title that stays, and the mark before it. */
  end(mark: 'done' | 'failed' | 'skipped', text: string): void;
}

export interface TaskList {
  add(title: string): Row;
  /** Draws the list for the last time and gives the terminal back. Every row must have ended. */
  close(): Promise<void>;
}

/** A tool's output is shown by its last lines while it runs. */
const outputLines = 5;

type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;
type Task = ListrTask<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;

/** A promise that is settled from outside (`Promise.withResolvers` of later Node versions). */
interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

function createDeferred<T>(): Deferred<T> {
  let settle: Pick<Deferred<T>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle! };
}

/** A row that has been asked for, and the promise of the one after it. */
interface Link {
  readonly task: Task;
  readonly next: Promise<Link | undefined>;
}

/**
 * Waits for the next row. listr2 runs tasks that are known beforehand, but stages become known as they
 * start; so the list is a chain: one task without a title waits for the next row, and hands on to that
 * row and to another such task.
 */
const waitFor = (link: Promise<Link | undefined>): Task => ({
  task: async (_, wrapper) => {
    const found = await link;
    return found && wrapper.newListr([found.task, waitFor(found.next)], { concurrent: true });
  },
});

function createRow(title: string): { readonly row: Row; readonly task: Task } {
  const started = createDeferred<Wrapper>();
  const ended = createDeferred<void>();
  const whenStarted = (act: (wrapper: Wrapper) => void) => void started.promise.then(act);
  return {
    task: {
      title,
      task: (_, wrapper) => {
        started.resolve(wrapper);
        return ended.promise;
      },
      rendererOptions: { outputBar: outputLines },
    },
    row: {
      title: (text) =>
        whenStarted((wrapper) => {
          wrapper.title = text;
        }),
      output: (line) =>
        whenStarted((wrapper) => {
          wrapper.output = line;
        }),
      end: (mark, text) =>
        whenStarted((wrapper) => {
          wrapper.title = text;
          if (mark === 'skipped') wrapper.skip(text);
          if (mark === 'failed') ended.reject(new Error(text));
          else ended.resolve();
        }),
    },
  };
}

/** Opens a live list on a terminal. Loads listr2, so only what is slow enough to be seen pays for it. */
export async function openTaskList(screen: Screen, palette: Palette): Promise<TaskList> {
  const { DefaultRenderer, Listr, ListrDefaultRendererLogLevels, ListrLogger, ProcessOutput } =
    await import('listr2');
  const level = ListrDefaultRendererLogLevels;

  /** listr2 asks whether stdout is a terminal; the list is drawn on stderr. */
  class StderrRenderer extends DefaultRenderer {
    static override nonTTY = true;
  }

  // A stream of our own, so that listr2 takes over the writes of nothing else.
  const stream = Object.assign(Object.create(null), {
    columns: screen.columns,
    rows: (screen as { rows?: number }).rows,
    write: (text: string) => screen.write(text),
  }) as NodeJS.WriteStream;

  let last = createDeferred<Link | undefined>();
  const list = new Listr([waitFor(last.promise)], {
    exitOnError: false,
    collectErrors: false,
    registerSignalListeners: false,
    renderer: StderrRenderer,
    rendererOptions: {
      collapseErrors: false,
      showErrorMessage: false,
      logger: new ListrLogger({ processOutput: new ProcessOutput(stream, stream) }),
      icon: {
        [level.COMPLETED]: '✓',
        [level.FAILED]: '✗',
        [level.SKIPPED_WITH_COLLAPSE]: '-',
        [level.OUTPUT]: '│',
      },
      color: {
        [level.COMPLETED]: palette.green,
        [level.FAILED]: palette.red,
        [level.PENDING]: palette.cyan,
        [level.SKIPPED_WITH_COLLAPSE]: palette.dim,
        [level.OUTPUT]: palette.dim,
      },
    },
  } as never);
  const finished = list.run();

  return {
    add(title) {
      const { row, task } = createRow(title);
      const next = createDeferred<Link | undefined>();
      last.resolve({ task, next: next.promise });
      last = next;
      return row;
    },
    async close() {
      last.resolve(undefined);
      await finished;
    },
  };
}
