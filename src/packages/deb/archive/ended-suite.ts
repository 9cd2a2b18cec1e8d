import { endedWords, hasEnded, type ReleaseSupport } from '../../../base/release-support.ts';
import type { DebianContext } from './debian-context.ts';
import type { Expectation } from './release.ts';
import { type DistributionName, releasesOut, supportOfSuite } from './releases.ts';

/** Returns the distribution that an archive is of. */
export const distributionIn = ({ distribution = 'debian' }: DebianContext): DistributionName =>
  distribution;

/** Returns the support of a suite that has ended; undefined for one that has not, or is no release. */
export function endedSupport(suite: string, context: DebianContext): ReleaseSupport | undefined {
  if (context.thirdParty !== undefined) return undefined;
  const support = supportOfSuite(suite, distributionIn(context), context.now);
  return support !== undefined && hasEnded(support, context.now) ? support : undefined;
}

/** Tells whether the recipe or `--allow ended` lets an ended suite be taken from where only the past is kept. */
export const acceptsEnded = ({ allow = [], acceptEnded = false }: DebianContext): boolean =>
  acceptEnded || allow.includes('ended');

/** Names what can be done about a suite that has ended. */
export function endedAdvice(context: DebianContext): string {
  const supported = releasesOut(distributionIn(context), context.now).filter(
    ({ suite }) => endedSupport(suite, context) === undefined,
  );
  const names = supported.map(({ suite }) => suite).reverse();
  return `Name a suite that is supported (${names.join(', ')}); to go on with this one, say "ended: accept" beside "suite" in the recipe, or --allow ended.`;
}

/** Returns the rules for the index of a suite that has ended; undefined for one that has not. */
export function endedRules(suite: string, context: DebianContext): Expectation['ended'] {
  const support = endedSupport(suite, context);
  return (
    support && {
      words: endedWords(support, context.now),
      accepted: acceptsEnded(context),
      advice: endedAdvice(context),
    }
  );
}
