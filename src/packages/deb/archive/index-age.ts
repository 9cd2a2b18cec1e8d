import { type DistributionName, distributions } from './distribution.ts';

const pocket = /-(?:security|updates|backports|proposed-updates|proposed)$/;

/**
 * Days after which a suite's index is refused though it is signed: the base suites have no
 * Valid-Until and change with each point release only, some of which are many months apart; the
 * security and update suites are signed again every few hours. Infinity for a suite that its
 * distribution no longer changes, by its calendar.
 */
export function maxAgeDays(
  suite: string,
  distribution: DistributionName = 'debian',
  now = new Date(),
): number {
  const { lastChange, lastUpdate } = distributions[distribution];
  const isPocket = pocket.test(suite);
  const ended = isPocket ? lastUpdate[suite.replace(pocket, '')] : lastChange[suite];
  if (ended !== undefined && now.getTime() > Date.parse(ended)) return Number.POSITIVE_INFINITY;
  return isPocket ? 30 : 365;
}
