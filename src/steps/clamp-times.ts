import { readContent } from '../tar/content.ts';
import type { Entry } from '../tar/entry.ts';

/** What a step leaves for this: the seconds at which its work began and was done. */
export const clockFile = '.mkbase-clock';

/** When a step worked, seconds since 1970. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Paths that are left out unless they were there before, and why. */
export type Traces = Readonly<Record<string, string>>;

export interface SettleOptions {
  readonly before: readonly Entry[];
  readonly traces: Traces;
  /** Seconds since 1970. */
  readonly epoch: number;
}

const day = 24 * 60 * 60;

const within = (time: number, { from, to }: Span): boolean => time >= from && time <= to;

/** A file's time may come from a coarser clock than that of date(1), which runs up to a tick behind. */
async function spanOf(tree: readonly Entry[]): Promise<Span> {
  const entry = tree.find(({ path }) => path === clockFile);
  if (entry?.type !== 'file') throw new Error('the step left no clock');
  const [from = '', to = ''] = (await readContent(entry.content)).toString('latin1').split('\n');
  return { from: Number(from) - 1, to: Number(to) + 1 };
}

/** A new account's password was changed on the day on which it was made (shadow(5)): that of the epoch. */
async function settledShadow(entry: Entry, span: Span, epoch: number): Promise<Entry> {
  if (entry.type !== 'file' || entry.path !== 'etc/shadow') return entry;
  const days = { from: Math.floor(span.from / day), to: Math.floor(span.to / day) };
  const lines = (await readContent(entry.content)).toString('latin1').split('\n');
  const settled = lines.map((line) => {
    const fields = line.split(':');
    if (fields.length < 3 || fields[2] === '' || !within(Number(fields[2]), days)) return line;
    return [...fields.slice(0, 2), Math.floor(epoch / day), ...fields.slice(3)].join(':');
  });
  const bytes = Buffer.from(settled.join('\n'), 'latin1');
  return { ...entry, size: bytes.length, content: { bytes } };
}

/**
 * A tree as a step left it, without its traces and what shows when it ran: times of that span become
 * the epoch, whatever the clock says (packages' files bring their own, older times), in /etc/shadow,
 * too. `before` is the tree that it was given.
 */
export async function settle(
  tree: readonly Entry[],
  { before, traces, epoch }: SettleOptions,
): Promise<Entry[]> {
  const span = await spanOf(tree);
  const old = new Set(before.map(({ path }) => path));
  const isTrace = (path: string) => path === clockFile || Object.hasOwn(traces, path);
  const kept = tree.filter(({ path }) => old.has(path) || !isTrace(path));
  return Promise.all(
    kept.map(async (entry) => {
      const settled = await settledShadow(entry, span, epoch);
      return within(entry.mtime, span) ? { ...settled, mtime: epoch } : settled;
    }),
  );
}
