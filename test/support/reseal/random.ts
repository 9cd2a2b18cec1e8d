import { seeded } from '../random.ts';

/** Returns a whole number from 0 to below the given one. */
export type Random = (below: number) => number;

/** The same numbers on every machine. */
export function randomOf(seed: number): Random {
  const next = seeded(seed);
  return (below) => Math.floor(next() * below);
}

/** Chooses one of a list, which is not empty. */
export const pick = <T>(all: readonly T[], random: Random): T => all[random(all.length)]!;
