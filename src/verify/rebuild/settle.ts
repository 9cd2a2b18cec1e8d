import { type Check, outcomeOf } from '../report.ts';

/**
 * Returns the checks of a build with what a rebuild tells: where its digests and its evidence are the
 * build's, the claims that only a build can bear out hold.
 */
export function settledBy(rebuilt: readonly Check[], checks: readonly Check[]): Check[] {
  const isRepeated = rebuilt.length > 0 && rebuilt.every((each) => outcomeOf(each) === 'holds');
  return checks.map((check) => {
    if (!isRepeated || check.toldByRebuild !== true) return check;
    const { claimed: _, extent, ...rest } = check;
    return { ...rest, extent: extent ? `${extent}, as rebuilt` : 'as rebuilt' };
  });
}
