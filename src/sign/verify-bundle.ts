import { canonicalJson } from '../base/canonical-json.ts';
import { type Difference, differences } from '../base/json-differences.ts';
import {
  type Statement,
  statementMediaType,
  statementType,
} from '../evidence/provenance/statement.ts';
import { type Bundle, bundleMediaType } from './bundle.ts';
import { preAuthenticationEncoding } from './envelope.ts';
import type { VerificationKey } from './keys/verification-key.ts';

/** The statement that a bundle vouches for, or all that is wrong with the bundle. */
export type Verdict =
  | { readonly ok: true; readonly statement: Statement }
  | { readonly ok: false; readonly problems: readonly [Difference, ...Difference[]] };

const payloadField = 'dsseEnvelope.payload';
const signatureField = 'dsseEnvelope.signatures[0].sig';

/** The bundle's two variable parts, as far as they are there. */
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
    // Otherwise a bundle would have forms without number, and a changed blank would go unseen.
    const claimed = 'JSON in another form';
    return { value, problems: [{ field: '', claimed, computed: 'the one form of it' }] };
  } catch (error) {
    const claimed = (error as Error).message;
    return { problems: [{ field: '', claimed, computed: 'JSON' }] };
  }
}

/** The statement in bytes whose signature held. */
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

/**
 * Checks a bundle that `mkbase sign` wrote, from its text: every field, that the key is the one given,
 * and its signature over type and payload. The payload is parsed once its signature holds. Lists all
 * that is wrong; never throws.
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
