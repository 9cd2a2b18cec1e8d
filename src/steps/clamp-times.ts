import { readContent } from '../tar/content.ts';
import type { Entry } from '../tar/entry.ts';

/** The file in which a step leaves the seconds at which its work began and was done. */
export const clockFile = '.mkbase-clock';

/** When a step worked, seconds since 1970. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Paths that are left out unless they were there before, and why. */
export type Traces = Readonly<Record<string, string>>;

export interface ClampOptions {
  readonly before: readonly Entry[];
  readonly traces: Traces;
  /** Seconds since 1970. */
  readonly epoch: number;
}

const day = 24 * 60 * 60;

const within = (time: number, { from, to }: Span): boolean => time >= from && time <= to;

/**
 * Reads when a step worked. A file's time may come from a coarser clock than that of date(1), which
 * runs up to a tick behind.
 */
async function spanOf(tree: readonly Entry[]): Promise<Span> {
  const entry = tree.find(({ path }) => path === clockFile);
  if (entry?.type !== 'file') throw new Error('the step left no clock');
  const [from = '', to = ''] = (await readContent(entry.content)).toString('latin1').split('\n');
  return { from: Number(from) - 1, to: Number(to) + 1 };
}

/** Sets the day on which a new account's password was changed (shadow(5)) to that of the epoch. */
async function clampedShadow(entry: Entry, span: Span, epoch: number): Promise<Entry> {
  if (entry.type !== 'file' || entry.path !== 'etc/shadow') return entry;
  const days = { from: Math.floor(span.from / day), to: Math.floor(span.to / day) };
  const lines = (await readContent(entry.content)).toString('latin1').split('\n');
  const clamped = lines.map((line) => {
    const fields = line.split(':');
    if (fields.length < 3 || fields[2] === '' || !within(Number(fields[2]), days)) return line;
    return [...fields.slice(0, 2), Math.floor(epoch / day), ...fields.slice(3)].join(':');
  });
  const bytes = Buffer.from(clamped.join('\n'), 'latin1');
  return { ...entry, size: bytes.length, content: { bytes } };
}

/**
 * Returns the tree that a step left without its traces and without the times that show when it ran:
 * those of that span become the epoch (packages' files bring their own, older times), in
 * /etc/shadow, too. `before` is the tree that the step was given; its paths are no traces.
 */
export async function clampTimes(
  tree: readonly Entry[],
  { before, traces, epoch }: ClampOptions,
): Promise<Entry[]> {
  const span = await spanOf(tree);
  const old = new Set(before.map(({ path }) => path));
  const isTrace = (path: string) => path === clockFile || Object.hasOwn(traces, path);
  const kept = tree.filter(({ path }) => old.has(path) || !isTrace(path));
  return Promise.all(
    kept.map(async (entry) => {
      const clamped = await clampedShadow(entry, span, epoch);
      return within(entry.mtime, span) ? { ...clamped, mtime: epoch } : clamped;
    }),
  );
}
