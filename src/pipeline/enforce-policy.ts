import { relative } from 'node:path';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Io } from '../base/events.ts';
import { withSlashes } from '../base/host.ts';
import type { Invocation } from '../base/invocation.ts';
import type { Findings } from '../evidence/gather-evidence.ts';
import type { TrustChain } from '../evidence/provenance/trust-chain.ts';
import type { Image } from '../image/image.ts';
import type { Lock } from '../lock/schema.ts';
import { evaluatePolicy } from '../policy/evaluate.ts';
import { policyWarnings, requirePolicy } from '../policy/finding-messages.ts';
import { loadPolicy, type Policy } from '../policy/load.ts';
import { sarif } from '../policy/sarif.ts';
import { declaredPaths } from '../policy/subject.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { writeWholeFile } from '../store/write-whole-file.ts';
import type { BuildRequest } from './request.ts';

/** Loads the policy that a request names. Errors: RECIPE_NOT_FOUND, RECIPE_INVALID, IO. */
export const policyOf = async (
  { policy }: BuildRequest,
  cwd: string,
): Promise<Policy | undefined> => (policy === undefined ? undefined : loadPolicy(policy, cwd));

/** The image that is held against a policy, and its sources. */
interface BuiltImage {
  readonly recipe: Recipe;
  readonly lock: Lock;
  readonly trust: TrustChain;
  readonly image: Image;
}

/**
 * Holds an image that is not visible yet against a policy. Findings that only warn become warnings; the
 * SARIF file, if asked for, is written in any case. Errors: POLICY with all findings, IO, NO_SPACE.
 */
export async function enforcePolicy(
  policy: Policy | undefined,
  { inventory, entries }: Findings,
  { recipe, lock, trust, image }: BuiltImage,
  request: BuildRequest,
  { cwd, now }: Invocation,
  io: Io,
): Promise<void> {
  if (policy === undefined) return;
  const { size } = image.rootfs;
  const findings = await evaluatePolicy(policy, {
    ...{ lock, trust, entries, inventory, size, now },
    declared: declaredPaths(recipe),
  });
  for (const warning of policyWarnings(findings)) {
    io.emit({ type: 'warning', stage: 'evidence', warning });
  }
  if (request.sarif !== undefined) {
    const place = { recipe: withSlashes(relative(cwd, recipe.origin.file)), image: recipe.name };
    await writeWholeFile(request.sarif, canonicalJson(sarif(findings, policy, place)));
  }
  requirePolicy(policy, findings);
}
