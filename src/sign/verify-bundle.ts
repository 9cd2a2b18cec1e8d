import { canonicalJson } from '../base/canonical-json.ts';
import { type Difference, differences } from '../base/json-differences.ts';
import {
  type Statement,
  statementMediaType,
  statementType,
} from '../evidence/provenance/statement.ts';
import { type Bundle, bundleMediaType, preAuthenticationEncoding } from './bundle.ts';
import type { VerificationKey } from './keys/verification-key.ts';

/** The statement that a bundle vouches for, or everything that is wrong with the bundle. */
export type Verdict =
  | { readonly ok: true; readonly statement: Statement }
  | { readonly ok: false; readonly problems: readonly [Difference, ...Difference[]] };

/** The field of a bundle that names the key. */
export const hintField = 'verificationMaterial.publicKey.hint';
const payloadField = 'dsseEnvelope.payload';
const signatureField = 'dsseEnvelope.signatures[0].sig';

/** Returns the bundle's two variable parts, empty where they are missing. */
function variableParts(bundle: unknown): { readonly payload: Buffer; readonly signature: Buffer } {
  const { payload, signatures } = (bundle as Partial<Bundle> | null)?.dsseEnvelope ?? {};
  const bytesOf = (text: unknown) => Buffer.from(typeof text === 'string' ? text : '', 'base64');
  return { payload: bytesOf(payload), signature: bytesOf(signatures?.[0]?.sig) };
}

function parsed(text: string): { readonly value?: unknown; readonly problems: Difference[] } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && canonicalJson(value) === text) {
      return { value, problems: [] };
    }
    // Any other form is refused, so that a changed blank does not go unseen.
    const claimed = 'JSON in another form';
    return { value, problems: [{ field: '', claimed, computed: 'the one form of it' }] };
  } catch (error) {
    const claimed = (error as Error).message;
    return { problems: [{ field: '', claimed, computed: 'JSON' }] };
  }
}

/** Returns the statement in a payload whose signature is valid. */
function statementIn(payload: Buffer): Verdict {
  try {
    const statement = JSON.parse(payload.toString('utf8')) as Statement | null;
    if (statement?._type === statementType) return { ok: true, statement };
    const problem = differences(statement?._type, statementType, `${payloadField}._type`)[0]!;
    return { ok: false, problems: [problem] };
  } catch (error) {
    const claimed = (error as Error).message;
    return { ok: false, problems: [{ field: payloadField, claimed, computed: 'JSON' }] };
  }
}

/** Returns the key's hint that a bundle names, unproven; undefined where it names none. */
export function claimedHint(text: string): string | undefined {
  const { value } = parsed(text);
  const hint = (value as Partial<Bundle> | undefined)?.verificationMaterial?.publicKey?.hint;
  return typeof hint === 'string' ? hint : undefined;
}

/**
 * Checks the text of a bundle that `mkbase sign` wrote: every field, that the key is the one given, and
 * its signature over type and payload. The payload is parsed only if the signature is valid. Lists
 * everything that is wrong; never throws.
 */
export function verifyBundle(text: string, key: VerificationKey): Verdict {
  const { value, problems } = parsed(text);
  const { payload, signature } = variableParts(value);
  const expected: Bundle = {
    mediaType: bundleMediaType,
    verificationMaterial: { publicKey: { hint: key.hint } },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: statementMediaType,
      signatures: [{ sig: signature.toString('base64') }],
    },
  };
  if (value !== undefined) problems.push(...differences(value, expected));
  if (!key.verifies(preAuthenticationEncoding(statementMediaType, payload), signature)) {
    const claimed = `a signature of ${signature.length} bytes`;
    const computed = `none that the ${key.algorithm.name} key ${key.hint} made over type and payload`;
    problems.push({ field: signatureField, claimed, computed });
  }
  const [first, ...others] = problems;
  return first === undefined ? statementIn(payload) : { ok: false, problems: [first, ...others] };
}
