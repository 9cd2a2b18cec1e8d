import { isThirdParty } from '../../../packages/deb/archive/extra-source.ts';
import { usualPriority } from '../../../packages/deb/archive/releases.ts';
import type { OpenSuite } from '../../../packages/deb/choose/open-suite.ts';
import { requestedPackage } from '../../../packages/deb/choose/requested.ts';
import type { Pins } from '../../../packages/deb/index/universe.ts';

/** The words that tell apt of the suites that it chooses from. */
export interface Marked {
  /** For each index, in their order, the Release file that names its suite; empty where all are equal. */
  readonly marks: readonly string[];
  /** A file of apt_preferences(5); empty where all suites are equal. */
  readonly preferences: string;
  /** Returns a package as apt takes it. */
  wordFor(word: string): string;
}

/** Name of a suite among all: archives of two parties may have suites of the same name. */
const markOf = (number: number): string => `suite-${number}`;

const priorityOf = ({ pin, release }: OpenSuite): number => pin ?? release.priority;

/** Tells whether of each package the newest version counts, whichever suite has it. */
export const areEqual = (suites: readonly OpenSuite[], pins: Pins): boolean =>
  pins.size === 0 &&
  suites.every((each) => !isThirdParty(each.label) && priorityOf(each) === usualPriority);

/**
 * Marks suites for apt, which believes each index to be an archive of its own. A recipe without further
 * sources has none that differ, and apt is told nothing.
 */
export function marked(suites: readonly OpenSuite[], pins: Pins): Marked {
  if (areEqual(suites, pins)) return { marks: [], preferences: '', wordFor: (word) => word };
  const names = new Map(suites.map(({ label }, number) => [label, markOf(number)]));
  const marks = suites.flatMap(({ indexes }, number) =>
    indexes.map(() => `Suite: ${markOf(number)}\nCodename: ${markOf(number)}\n`),
  );
  const preferences = suites.flatMap((each, number) => {
    const pin = `Pin: release a=${markOf(number)}\nPin-Priority: ${priorityOf(each)}\n`;
    return priorityOf(each) === usualPriority ? [] : [`Package: *\n${pin}`];
  });
  return {
    marks,
    preferences: preferences.join('\n'),
    wordFor: (word) => {
      const { name, from } = requestedPackage(word);
      const label = pins.get(name);
      return from === undefined || label === undefined ? word : `${name}/${names.get(label)}`;
    },
  };
}
