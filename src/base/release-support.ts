/** A numbered release of a distribution, and the last days on which it is supported. */
export interface ReleaseSupport {
  /** For people, for instance `Debian 11 (bullseye)`. */
  readonly title: string;
  /** Last day of regular support, `YYYY-MM-DD`; undefined for a release that has no such day yet. */
  readonly until: string | undefined;
  /** Last day of the long-term support that follows for nothing, where there is one. */
  readonly longTerm?: string | undefined;
}

const dayMs = 86_400_000;

/** Returns the time at which a day is over, in UTC. */
const endOfDay = (day: string): number => Date.parse(day) + dayMs;

const isOver = (day: string | undefined, now: Date): boolean =>
  day !== undefined && now.getTime() >= endOfDay(day);

/** Tells whether nobody supports a release any more. */
export const hasEnded = ({ until, longTerm }: ReleaseSupport, now: Date): boolean =>
  isOver(longTerm ?? until, now);

/** Tells when support ends or ended, for instance `long-term support until 2028-06-30`. */
export function supportWords({ until, longTerm }: ReleaseSupport, now: Date): string {
  const said = (name: string, day: string) =>
    `${name} ${isOver(day, now) ? 'ended on' : 'until'} ${day}`;
  if (until === undefined) return 'no end of support is known';
  const regular = longTerm === undefined ? 'support' : 'regular support';
  return [
    said(regular, until),
    ...(longTerm === undefined ? [] : [said('long-term support', longTerm)]),
  ].join(', ');
}

/** Says of an ended release that it has ended, and since when. */
export const endedWords = (support: ReleaseSupport, now: Date): string =>
  `${support.title} has ended (${supportWords(support, now)})`;
