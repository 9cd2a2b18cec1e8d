import { readFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';

/** Tells which inputs reach code that none before has reached. */
export interface Coverage {
  /** Counts the blocks that were reached since the last call, and that are not known yet. */
  look(): number;
  /** Takes for known from now on what the last call of `look` has seen; returns its number of blocks. */
  learn(): number;
  stop(): void;
}

/** Marks the characters of a bundle that come from `src/`: esbuild names each module above its code. */
function ownCode(text: string): Uint8Array {
  const own = new Uint8Array(text.length);
  const modules = [...text.matchAll(/^\/\/ (\S+\.(?:[cm]?[jt]s|json))$/gm)];
  for (const [at, { 1: name = '', index }] of modules.entries()) {
    const end = modules[at + 1]?.index ?? text.length;
    if (name.startsWith('src/')) own.fill(1, index, end);
  }
  return own;
}

/** Characters from `start` to before `end`. */
interface Span {
  readonly start: number;
  readonly end: number;
}

const spanOf = ({ ranges }: Profiler.FunctionCoverage): Span => ({
  start: ranges[0]?.startOffset ?? 0,
  end: ranges[0]?.endOffset ?? 0,
});

const isInside = (inner: Span, outer: Span): boolean =>
  inner.start >= outer.start && inner.end <= outer.end;

/**
 * Marks which characters of a bundle have run since the last call. V8 reports functions that have run, and
 * the blocks of them that have not; a function within that has not run it reports once only.
 */
function painter(length: number) {
  const painted = new Uint8Array(length);
  const functions = new Map<string, Span>();
  const keyOf = ({ start, end }: Span) => `${start}-${end}`;
  return (reported: readonly Profiler.FunctionCoverage[]) => {
    const byKey = new Map(reported.map((each) => [keyOf(spanOf(each)), each]));
    for (const [key, each] of byKey) functions.set(key, spanOf(each));
    const spans = [...byKey.values()].map(spanOf);
    const outermost = spans.filter(
      (each) => !spans.some((other) => other !== each && isInside(each, other)),
    );
    for (const outer of outermost) {
      const within = [...functions].filter(([, each]) => isInside(each, outer));
      within.sort(([, a], [, b]) => a.start - b.start || b.end - a.end);
      for (const [key, span] of within) {
        const ranges = byKey.get(key)?.ranges;
        painted.fill(0, span.start, span.end);
        for (const { startOffset, endOffset, count } of ranges ?? []) {
          painted.fill(count > 0 ? 1 : 0, startOffset, endOffset);
        }
      }
    }
    return { painted, spans: outermost };
  };
}

/** Sends commands to V8's inspector in this thread; they are answered before the call returns. */
function inspector() {
  const session = new Session();
  session.connect();
  const post = <T>(method: string, params: object = {}): T => {
    let result: unknown;
    let failed: Error | null = null;
    session.post(method, params, (error, value) => {
      failed = error;
      result = value;
    });
    if (failed !== null) throw failed;
    return result as T;
  };
  return { post, stop: () => session.disconnect() };
}

/**
 * Watches a bundle's blocks with V8's own coverage (the inspector's Profiler). Has to be started before
 * the bundle's functions are called.
 */
export function startCoverage(url: string): Coverage {
  const { post, stop } = inspector();
  post('Profiler.enable');
  post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
  const own = ownCode(readFileSync(fileURLToPath(url), 'utf8'));
  const known = new Uint8Array(own.length);
  const paint = painter(own.length);
  let fresh: number[] = [];
  const blocks = () => fresh.filter((at, index) => fresh[index - 1] !== at - 1).length;
  return {
    look() {
      const { result } = post<Profiler.TakePreciseCoverageReturnType>(
        'Profiler.takePreciseCoverage',
      );
      const { painted, spans } = paint(result.find((each) => each.url === url)?.functions ?? []);
      fresh = [];
      for (const { start, end } of spans) {
        for (let at = start; at < end; at += 1) {
          if (own[at] === 1 && painted[at] === 1 && known[at] === 0) fresh.push(at);
        }
      }
      return blocks();
    },
    learn() {
      for (const at of fresh) known[at] = 1;
      return blocks();
    },
    stop,
  };
}
