import { type ElfFile, elfFiles } from './elf-files.ts';
import type { Finding, Violation } from './finding.ts';
import type { Policy } from './load.ts';
import { capabilities } from './rules/capabilities.ts';
import { hardening } from './rules/hardening.ts';
import { indexAge } from './rules/index-age.ts';
import { keys } from './rules/keys.ts';
import { licences } from './rules/licences.ts';
import { setuid } from './rules/setuid.ts';
import { sha1Signatures } from './rules/sha1-signatures.ts';
import { size } from './rules/size.ts';
import { stackProtector } from './rules/stack-protector.ts';
import { unattributed } from './rules/unattributed.ts';
import { unsignedInputs } from './rules/unsigned-inputs.ts';
import { worldWritable } from './rules/world-writable.ts';
import type { RuleName, RuleSettings } from './schema.ts';
import type { PolicySubject } from './subject.ts';

/** The image that rules check; its programs are read once, when a rule first asks for them. */
interface CheckedImage {
  readonly subject: PolicySubject;
  readonly programs: () => Promise<readonly ElfFile[]>;
}

type Check<Name extends RuleName> = (
  settings: RuleSettings<Name>,
  image: CheckedImage,
) => Violation[] | Promise<Violation[]>;

/** The rules in the order in which findings are reported. */
const checks: { readonly [Name in RuleName]: Check<Name> } = {
  unsignedInputs: (settings, { subject }) => unsignedInputs(settings, subject),
  keys: (settings, { subject }) => keys(settings, subject),
  sha1Signatures: (_, { subject }) => sha1Signatures(subject),
  indexAge: (settings, { subject }) => indexAge(settings, subject),
  licences: (settings, { subject }) => licences(settings, subject),
  unattributed: (settings, { subject }) => unattributed(settings, subject),
  setuid: (settings, { subject }) => setuid(settings, subject),
  capabilities: (settings, { subject }) => capabilities(settings, subject),
  worldWritable: (settings, { subject }) => worldWritable(settings, subject),
  hardening: async (settings, { programs }) => hardening(settings, await programs()),
  stackProtector: async (settings, { programs }) => stackProtector(settings, await programs()),
  size: (settings, { subject }) => size(settings, subject),
};

async function findingsOf<Name extends RuleName>(
  rule: Name,
  { rules }: Policy,
  image: CheckedImage,
): Promise<Finding[]> {
  const settings = rules[rule] as RuleSettings<Name> | undefined;
  if (settings === undefined) return [];
  const { level = 'error', reason } = settings;
  const check: Check<Name> = checks[rule];
  const violations = await check(settings, image);
  return violations.map((violation) => ({
    rule,
    level,
    ...violation,
    ...(reason !== undefined && { reason }),
  }));
}

/**
 * Checks an image against a policy. Findings are in the order of the rules, those of one rule in the
 * order of the image. Errors: IO.
 */
export async function evaluatePolicy(policy: Policy, subject: PolicySubject): Promise<Finding[]> {
  let reading: Promise<readonly ElfFile[]> | undefined;
  const programs = () => {
    reading ??= elfFiles(subject.entries);
    return reading;
  };
  const findings: Finding[] = [];
  for (const rule of Object.keys(checks) as RuleName[]) {
    findings.push(...(await findingsOf(rule, policy, { subject, programs })));
  }
  return findings;
}
