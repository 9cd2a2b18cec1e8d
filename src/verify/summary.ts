import { join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import { sha256OfFile } from '../base/hash.ts';
import { list } from '../base/json.ts';
import { packageVersion } from '../base/package-root.ts';
import { evidenceNames } from '../evidence/file-names.ts';
import {
  type ResourceDescriptor,
  type Statement,
  type Subject,
  statementOf,
} from '../evidence/provenance/statement.ts';
import { signedFiles } from '../sign/signed-files.ts';
import { exists } from './evidence-files.ts';
import { recordedDigests } from './provenance.ts';
import { rebuildFiles } from './rebuild/check-statement.ts';
import { mismatchesOf, outcomeOf, type Report } from './report.ts';
import type { Answer } from './require.ts';
import type { Verification, Verified } from './verify.ts';

/** The type of SLSA's verification summary (https://slsa.dev/spec/v1.0/verification_summary). */
export const summaryType = 'https://slsa.dev/verification_summary/v1';

/** Names mkbase on somebody's own machine as the verifier. */
const verifierId = 'urn:mkbase:verifier:local';

/** Names the rules by which `verify` decides. */
const rules = 'urn:mkbase:verify:v1';

/** A verification, what was asked of it, and when it was made. */
export interface SummaryInput {
  readonly report: Verification;
  readonly answers: readonly Answer[];
  /** Hints of the public keys that were named. */
  readonly keys: readonly string[];
  /** The value of `--not-older-than`. */
  readonly notOlderThan: string | undefined;
  readonly now: Date;
}

/** Says whether a verification passes: every claim holds, and all is there that is required. */
export const isPassed = (report: Report, answers: readonly Answer[]): boolean =>
  mismatchesOf(report).length === 0 && answers.every(({ missing }) => missing === undefined);

const digestsOf = (digest: string | undefined, name: string): Subject[] =>
  digest === undefined ? [] : [{ name, digest: { sha256: digest.replace(/^sha256:/, '') } }];

/** Returns the digests of the images that were found; without any, those that the provenance records. */
function subjectsOf({ images, provenance }: Verified): Subject[] {
  const { manifest, config, layer } = recordedDigests(provenance);
  const found = images.map((image) => ({
    manifest: image.manifestDigest,
    config: image.configDigest,
    layer: image.layer?.diffId,
  }));
  const [first] = list(provenance?.subject) as readonly { readonly name?: unknown }[];
  const name = typeof first?.name === 'string' ? first.name : 'image';
  const all = (found.length > 0 ? found : [{ manifest, config, layer }]).flatMap((each) => [
    ...digestsOf(each.manifest, name),
    ...digestsOf(each.config, 'config.json'),
    ...digestsOf(each.layer, 'rootfs.tar'),
  ]);
  return [...new Map(all.map((each) => [each.digest.sha256, each])).values()];
}

/** Names the image by its digest (purl-spec, oci type), as a verifier of the summary has to ask for it. */
const resourceUri = ([first]: readonly Subject[]): string =>
  `pkg:oci/${first?.name}@sha256%3A${first?.digest.sha256}`;

/** Lists the statements that were read, with their digests. */
async function attestations(folder: string | undefined): Promise<ResourceDescriptor[]> {
  if (folder === undefined) return [];
  const names = [
    ...[evidenceNames.provenance, evidenceNames.spdx, evidenceNames.cyclonedx],
    ...signedFiles.map(({ bundle }) => bundle),
    ...Object.values(rebuildFiles),
  ];
  const found: ResourceDescriptor[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (!(await exists(path))) continue;
    found.push({ uri: name, digest: { sha256: await sha256OfFile(path) } });
  }
  return found;
}

const isProven = ({ checks }: Report, proof: string): boolean =>
  checks.some((check) => check.proves === proof && outcomeOf(check) === 'holds');

/**
 * Returns what was verified. Provenance that fits the image is SLSA's build level 1 and, as mkbase runs on
 * anybody's machine, never more; the others are mkbase's own words.
 */
function levelsOf({ report, answers }: SummaryInput): string[] {
  if (!isPassed(report, answers)) return ['FAILED'];
  const { images, provenance } = report.verified;
  const levels = [
    ...(images.length > 0 && provenance !== undefined ? ['SLSA_BUILD_LEVEL_1'] : []),
    ...(isProven(report, 'signature') ? ['MKBASE_SIGNED'] : []),
    ...(isProven(report, 'rebuild') ? ['MKBASE_REPRODUCED'] : []),
  ];
  return levels.length > 0 ? levels : ['SLSA_BUILD_LEVEL_0'];
}

/** Names the rules, and after them what was asked for (RFC 8141, "q-component"). */
function policyOf({ answers, keys, notOlderThan }: SummaryInput): ResourceDescriptor {
  const asked = new URLSearchParams();
  for (const { requirement } of answers) asked.append('require', requirement);
  for (const key of keys) asked.append('key', key);
  if (notOlderThan !== undefined) asked.append('not-older-than', notOlderThan);
  return { uri: asked.size === 0 ? rules : `${rules}?=${asked}` };
}

/**
 * Makes the summary of a verification (SLSA v1, in an in-toto statement about the image). Throws USAGE when
 * there is no digest that it could be about.
 */
export async function summaryStatement(input: SummaryInput): Promise<Statement> {
  const { report, answers, now } = input;
  const { verified } = report;
  const subjects = subjectsOf(verified);
  if (subjects.length === 0) {
    throw new MkbaseError({
      code: 'USAGE',
      message: `${report.subject} has no digest of an image that a summary could be about.`,
      hint: 'Name an image or the output folder of a build.',
    });
  }
  return statementOf(subjects, summaryType, {
    verifier: { id: `${verifierId}:${packageVersion}` },
    timeVerified: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    resourceUri: resourceUri(subjects),
    policy: policyOf(input),
    inputAttestations: await attestations(verified.evidence),
    verificationResult: isPassed(report, answers) ? 'PASSED' : 'FAILED',
    verifiedLevels: levelsOf(input),
    slsaVersion: '1.0',
  });
}
