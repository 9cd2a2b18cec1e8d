import { MkbaseError } from '../base/errors.ts';
import type { Warning } from '../base/events.ts';
import type { Finding } from './finding.ts';
import type { Policy } from './load.ts';

/** Findings of one rule that are shown: nobody reads more at once, and SARIF holds them all. */
const mostShown = 20;

/** Findings of one rule; never empty. */
type Group = readonly [Finding, ...Finding[]];

/** Groups findings by rule, in the order of each rule's first finding. */
function byRule(findings: readonly Finding[], level: Finding['level']): Group[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings.filter((each) => each.level === level)) {
    const group = groups.get(finding.rule);
    if (group === undefined) groups.set(finding.rule, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}

const more = (count: number): string => `and ${count} more, which --sarif FILE lists`;

/** Writes a rule's reason, its findings and their remedies, each remedy once. */
function paragraph(group: Group): string {
  const [{ rule, reason }] = group;
  const rest = group.length - mostShown;
  const remedies = new Set(group.slice(0, mostShown).map(({ remedy }) => `→ ${remedy}`));
  return [
    reason === undefined ? rule : `${rule}: ${reason}`,
    ...group.slice(0, mostShown).map(({ message }) => `  ${message}`),
    ...(rest > 0 ? [`  … ${more(rest)}`] : []),
    ...[...remedies].map((remedy) => `  ${remedy}`),
  ].join('\n  ');
}

/** Turns findings of level warning into one warning for each rule, however much it found. */
export const policyWarnings = (findings: readonly Finding[]): Warning[] =>
  byRule(findings, 'warning').map(([{ rule, message, remedy }, ...others]) => ({
    code: `policy-${rule}`,
    message: others.length === 0 ? message : `${message} … ${more(others.length)}.`,
    advice: remedy,
  }));

/** Throws POLICY with every finding of level error, if there is any. */
export function requirePolicy(policy: Policy, findings: readonly Finding[]): void {
  const groups = byRule(findings, 'error');
  if (groups.length === 0) return;
  const count = groups.flat().length;
  const paragraphs = groups.map((group) => `\n  ${paragraph(group)}`).join('');
  throw new MkbaseError({
    code: 'POLICY',
    message: `The image is not what the policy ${policy.name} asks for: ${count} finding${count === 1 ? '' : 's'}.${paragraphs}`,
    hint: 'Do what the arrows say, or say in a policy of your own ("extends: strict") why it is fine as it is.',
  });
}
