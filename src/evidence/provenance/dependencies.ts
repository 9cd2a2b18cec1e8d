import { inputSets } from '../../lock/inputs.ts';
import type { Lock } from '../../lock/schema.ts';
import type { LockedInput, SignedIndex } from '../../packages/contract.ts';
import type { Dependency, Role } from './dependency.ts';

/** Returns a signed index, or a signature, which is an input as well, as a dependency. */
const signedDependency = ({
  role,
  name,
  url,
  sha256,
  signedBy,
  signature,
}: SignedIndex): Dependency => ({
  name,
  uri: url,
  digest: { sha256 },
  annotations: {
    role,
    trust: { by: role === 'signature' ? 'key' : 'signature', signedBy },
    ...(signature !== undefined && { signature }),
  },
});

function inputDependency(input: LockedInput, role: Role): Dependency {
  const { name, uri, url, sha256, sha512, trust, source } = input;
  return {
    name,
    uri,
    digest: { sha256, ...(sha512 !== undefined && { sha512 }) },
    ...(uri !== url && { downloadLocation: url }),
    annotations: {
      role,
      trust,
      ...(source && { source: source.name }),
      ...(source?.version !== undefined && { sourceVersion: source.version }),
    },
  };
}

/**
 * Returns every outside input of a build, the toolchain's included, with its digest and why it is
 * believed: of each set the signed indexes, then the inputs, in the lock's order.
 */
export const dependenciesOf = (lock: Lock): Dependency[] =>
  inputSets(lock).flatMap(({ name, inputs, indexes }) => [
    ...indexes.map(signedDependency),
    ...inputs.map((input) => inputDependency(input, name === 'image' ? input.role : 'toolchain')),
  ]);
