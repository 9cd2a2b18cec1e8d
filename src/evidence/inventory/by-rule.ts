import { type ByteString, toByteString } from '../../base/byte-string.ts';
import type { Claim } from '../../packages/claim.ts';
import type { GeneratedRule } from '../../packages/contract.ts';
import { type Glob, glob } from '../../rootfs/glob.ts';
import type { RootfsView } from '../../rootfs/view.ts';
import type { Entry } from '../../tar/entry.ts';
import type { Owner } from './attribute.ts';

/** The rootfs that rules are applied to. */
export interface RuleContext {
  readonly view: RootfsView;
  readonly claims: ReadonlyMap<ByteString, readonly Claim[]>;
  /** Ids of the installed packages by their names. */
  readonly packages: ReadonlyMap<string, string>;
  /** Id of the step that makes the root file system; undefined when it is published as it is. */
  readonly build: string | undefined;
}

const maxLinks = 8;
const globOf = (path: string): Glob => glob(toByteString(path.slice(1)));

/** Returns the package that ships a link's target, over further links that no package ships. */
function targetOwner(entry: Entry, { view, claims }: RuleContext): string | undefined {
  let link: Entry | undefined = entry;
  for (let count = 0; count < maxLinks && link?.type === 'symlink'; count += 1) {
    const place = view.targetOf(link);
    const claim = claims.get(place)?.[0];
    if (claim !== undefined) return claim.component;
    link = view.at(place);
  }
  return undefined;
}

function makerOf({ by }: GeneratedRule, entry: Entry, context: RuleContext): string | undefined {
  if (by === 'build') return context.build;
  if (by === 'target') return targetOwner(entry, context);
  return by.map((name) => context.packages.get(name)).find((id) => id !== undefined);
}

/**
 * Returns a function that finds a path's owner by the first rule that fits it and whose maker is there.
 */
export function ruleFinder(
  rules: readonly GeneratedRule[],
  context: RuleContext,
): (entry: Entry) => Owner | undefined {
  const compiled = rules.map((rule) => ({
    rule,
    matches: globOf(rule.paths),
    leads: rule.leadsTo === undefined ? undefined : globOf(rule.leadsTo),
  }));
  return (entry) => {
    for (const { rule, matches, leads } of compiled) {
      if (!matches(entry.path)) continue;
      if (leads && !(entry.type === 'symlink' && leads(context.view.targetOf(entry)))) continue;
      const component = makerOf(rule, entry, context);
      if (component !== undefined) {
        return { component, attribution: { by: 'rule', reason: rule.reason } };
      }
    }
    return undefined;
  };
}
