const nanosecondsIn = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
type Unit = keyof typeof nanosecondsIn;

/**
 * Returns the nanoseconds in a recipe's duration, for instance `30s`. The result is exact for all that
 * the recipe's schema allows: every hour is a multiple of 8192 ns, so even 999999h is one double.
 */
export function nanoseconds(duration: string): number {
  const unit = duration.replace(/^[0-9]+/, '') as Unit;
  return Number.parseInt(duration, 10) * nanosecondsIn[unit];
}

/** Returns the seconds in a recipe's duration, not rounded. */
export const seconds = (duration: string): number => nanoseconds(duration) / 1e9;
