import type { Io } from '../base/events.ts';
import { quoteWord } from '../base/shell-word.ts';
import type { Engine } from './engine.ts';
import type { Step } from './step.ts';
import { tookTooLong } from './step-failure.ts';

/**
 * POSIX shell that waits for one line of its input and becomes the program that the line tells: the rest
 * of the input is that program's. read(1) takes no byte behind the line. Newlines and backslashes are
 * escaped there, for printf's %b.
 */
const waiting = 'IFS= read -r line && eval "$(printf %b "$line")"';

/** Writes the line that makes a waiting shell the step's program, with the step's environment. */
export function lineOf({ argv, env }: Pick<Step, 'argv' | 'env'>): string {
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quoteWord(value)}`);
  const text = [...exports, `exec ${argv.map(quoteWord).join(' ')}`].join('; ');
  return `${text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`;
}

/** The part of a step that its container is made of. */
type Shape = Pick<Step, 'toolchain' | 'limits' | 'capabilities' | 'ids' | 'root'>;

const shapeOf = ({ toolchain, limits, capabilities, ids, root }: Step): Shape => ({
  ...{ toolchain, limits, capabilities },
  ...(ids && { ids }),
  ...(root && { root }),
});

type Consume<T> = (stdout: AsyncIterable<Uint8Array>) => Promise<T>;

/** What is to be done in a container that is ready. */
interface Given {
  readonly step: Step;
  readonly consume: Consume<unknown>;
  readonly io: Io;
}

/** A step that has been started and waits. */
interface Ready {
  /** Runs a step in it, once; undefined where it has ended meanwhile. */
  run<T>(given: Given): Promise<T> | undefined;
  /** Ends it. */
  close(): Promise<void>;
}

/** Lines of the end of a log that the error of a step shows that took too long. */
const tailLines = 40;

/** A day: a step that waits is not to be ended for it; its own limit begins when it is given something to do. */
const waitingSeconds = 24 * 60 * 60;

/** Passes a stream on whose first chunk has been asked for. */
async function* resumed(
  first: Promise<IteratorResult<Uint8Array>>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (let next = await first; !next.done; next = await rest.next()) yield next.value;
}

/**
 * Waits for what is to be done with a step's output, and does it. Throws where the output ends before: then
 * the step has ended by itself.
 */
async function whenGiven(
  giving: Promise<Given>,
  stdout: AsyncIterable<Uint8Array>,
  onEnd: () => void,
) {
  const iterator = stdout[Symbol.asyncIterator]();
  const first = iterator.next();
  const { consume } = await Promise.race([
    giving,
    first.then((): never => {
      onEnd();
      throw new Error('a step that waits has ended');
    }),
  ]);
  return consume(resumed(first, iterator));
}

/** Starts a step of a shape that waits for what to do. */
function startReady(engine: Engine, shape: Shape): Ready {
  const ending = new AbortController();
  let given: Given | undefined;
  let give: (what: Given) => void = () => {};
  const giving = new Promise<Given>((resolve) => {
    give = resolve;
  });
  let ended = false;
  const tail: string[] = [];
  const io: Io = {
    signal: ending.signal,
    emit(event) {
      if (event.type === 'log') tail.push(event.line);
      if (tail.length > tailLines) tail.shift();
      given?.io.emit(event);
    },
  };
  async function* input(): AsyncGenerator<Uint8Array> {
    const { step } = await giving;
    yield Buffer.from(lineOf(step));
    yield* step.input;
  }
  const step: Step = {
    ...shape,
    argv: ['/bin/sh', '-c', waiting],
    env: {},
    limits: { ...shape.limits, seconds: waitingSeconds },
    input: input(),
    diagnosis: {
      take: (line) => given?.step.diagnosis?.take(line),
      read: async () => given?.step.diagnosis?.read(),
    },
  };
  const end = () => {
    ended = true;
  };
  const running = engine.runStep(step, (stdout) => whenGiven(giving, stdout, end), io).finally(end);
  running.catch(() => undefined);
  return {
    run<T>(what: Given): Promise<T> | undefined {
      if (ended) return undefined;
      given = what;
      const { signal } = what.io;
      const stop = () => ending.abort(signal.reason);
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      const late = () => ending.abort(tookTooLong(what.step, tail.join('\n')));
      const clock = setTimeout(late, what.step.limits.seconds * 1000);
      give(what);
      return (running as Promise<T>).finally(() => {
        clearTimeout(clock);
        signal.removeEventListener('abort', stop);
      });
    },
    async close() {
      ending.abort();
      await running.catch(() => undefined);
    },
  };
}

/**
 * Containers that are up before anybody knows what is to be done in them: one for each shape of step that
 * ran in the last turn of work. Each is used once, so that a step finds what it finds in any other.
 */
export interface ReadySteps {
  /** Returns the engine, whose steps run in what is ready where that is of their shape. */
  with(engine: Engine): Engine;
  /** Starts one for each shape that ran since the last call, and ends those of others. */
  refill(): Promise<void>;
  /** Ends them all. */
  close(): Promise<void>;
}

export function readySteps(): ReadySteps {
  const ready = new Map<string, Ready>();
  const ran = new Map<string, { readonly engine: Engine; readonly shape: Shape }>();
  const end = async (keys: readonly string[]) => {
    const closing = keys.map((key) => ready.get(key)?.close());
    for (const key of keys) ready.delete(key);
    await Promise.all(closing);
  };
  return {
    with: (engine) => ({
      ...engine,
      runStep<T>(step: Step, consume: Consume<T>, io: Io): Promise<T> {
        // A step that may be entered, or whose exit code is asked for, is judged by its own engine alone.
        if (step.hold || step.ended) return engine.runStep(step, consume, io);
        const shape = shapeOf(step);
        const key = JSON.stringify([engine.name, shape]);
        ran.set(key, { engine, shape });
        const waiting = ready.get(key);
        ready.delete(key);
        return waiting?.run<T>({ step, consume, io }) ?? engine.runStep(step, consume, io);
      },
    }),
    async refill() {
      if (ran.size === 0) return;
      await end([...ready.keys()].filter((key) => !ran.has(key)));
      for (const [key, { engine, shape }] of ran) {
        if (!ready.has(key)) ready.set(key, startReady(engine, shape));
      }
      ran.clear();
    },
    close: () => end([...ready.keys()]),
  };
}
