import { basename, relative } from 'node:path';
import { withSlashes } from '../../base/host.ts';
import { packageRoot, packageVersion } from '../../base/package-root.ts';
import { type InputSet, inputSets } from '../../lock/inputs.ts';
import type { Lock } from '../../lock/schema.ts';
import type { InputRole, LockedInput, SignedIndex } from '../../packages/contract.ts';
import { purl } from '../../packages/purl.ts';
import type { Origin, Recipe, Toolchain } from '../../recipe/recipe.ts';
import type { DigestSet, ResourceDescriptor } from './statement.ts';
import type { TrustDocument, Unsigned } from './trust-chain.ts';

/** The use of an input. */
type Role = InputRole | SignedIndex['role'] | 'recipe' | 'beside-recipe' | 'toolchain';

/** The reason why an input is believed. */
type Trust =
  /** A signature holds; fingerprints, or names of keys where the format has only those. */
  | { readonly by: 'signature'; readonly signedBy: readonly string[] }
  /** Listed in a signed index, which is an input, too; `sha256` is the index's own. */
  | { readonly by: 'index'; readonly index: string; readonly sha256: string }
  /** A key that vouches for the lock stands in for signatures that were not seen. */
  | { readonly by: 'lock-key'; readonly signedBy: readonly string[] }
  /** No signature was seen: see Unsigned. */
  | { readonly by: Unsigned['by'] }
  /** It came with mkbase. */
  | { readonly by: 'mkbase' }
  /** It is a signature, which is checked with the key. */
  | { readonly by: 'key'; readonly signedBy: readonly string[] };

/** An input, and why it is trusted, in the one form that all kinds of inputs have. */
interface Dependency extends ResourceDescriptor {
  readonly name: string;
  readonly digest: DigestSet;
  readonly annotations: {
    readonly role: Role;
    readonly trust: Trust;
    /** Source package, where a binary package was built from one. */
    readonly source?: string;
    readonly sourceVersion?: string;
    /** The way in which an index was signed, if its format knows several. */
    readonly signature?: string;
  };
}

/** Returns why a signed file is believed, as the chain has it. */
function trustInSigned({ links }: TrustDocument, { role, sha256 }: SignedIndex): Trust {
  const { signedBy = [], by } = links.find((link) => link.sha256 === sha256) ?? {};
  if (signedBy.length === 0) return { by: 'foreign-lock' };
  return { by: by ?? (role === 'signature' ? 'key' : 'signature'), signedBy };
}

/** Returns a signed index, or a signature, which is an input as well, as a dependency. */
const signedDependency = (chain: TrustDocument, index: SignedIndex): Dependency => ({
  name: index.name,
  uri: index.url,
  digest: { sha256: index.sha256 },
  annotations: {
    role: index.role,
    trust: trustInSigned(chain, index),
    ...(index.signature !== undefined && { signature: index.signature }),
  },
});

/** Returns why an input is believed: as the chain has it; the lock only says where that is looked up. */
function trustIn(
  { unsigned, links }: TrustDocument,
  { sha256, name, trust }: LockedInput,
  indexes: readonly SignedIndex[],
): Trust {
  const none = unsigned.find((each) => each.sha256 === sha256 && each.name === name);
  if (none !== undefined) return { by: none.by };
  if (trust.by === 'index') return { by: trust.by, index: trust.index, sha256: trust.sha256 };
  const signature = indexes.find(({ signs }) => signs === name);
  const link = links.find((each) => each.sha256 === signature?.sha256);
  return { by: link?.by ?? 'signature', signedBy: link?.signedBy ?? [] };
}

function inputDependency(
  chain: TrustDocument,
  input: LockedInput,
  { of, indexes }: InputSet,
): Dependency {
  const { name, uri, url, sha256, sha512, source } = input;
  const role = of === 'image' ? input.role : 'toolchain';
  const trust = trustIn(chain, input, indexes);
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
 * believed: of each set the signed indexes, then the inputs, in the lock's order. A verifier computes
 * the same from the chain that a build wrote.
 */
export const dependenciesOf = (lock: Lock, chain: TrustDocument): Dependency[] =>
  inputSets(lock).flatMap((set) => [
    ...set.indexes.map((index) => signedDependency(chain, index)),
    ...set.inputs.map((input) => inputDependency(chain, input, set)),
  ]);

/** A file on this machine that a build read, as its recipe names it. */
export interface LocalFile {
  /** For instance `src/hello.c`, relative to the recipe or toolchain that names it. */
  readonly path: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** The recipe or toolchain that it stands beside. */
  readonly beside: Pick<Origin, 'file' | 'folder' | 'builtIn'>;
}

type Place = Pick<Origin, 'file' | 'builtIn'>;

/**
 * Names mkbase's own file as a part of its package (purl-spec, "subpath"); gives no path of other
 * files.
 */
function uriOf({ file, builtIn }: Place): { readonly uri?: string } {
  if (!builtIn) return {};
  const subpath = withSlashes(relative(packageRoot, file));
  return { uri: purl({ type: 'npm', name: 'mkbase', version: packageVersion, subpath }) };
}

const trustInOwn = ({ builtIn }: Place): Dependency['annotations']['trust'] => ({
  by: builtIn ? 'mkbase' : 'recipe',
});

const recipeFile = (origin: Origin): Dependency => ({
  name: basename(origin.file),
  ...uriOf(origin),
  digest: { sha256: origin.sha256 },
  annotations: { role: 'recipe', trust: trustInOwn(origin) },
});

const localFile = ({ path, sha256, beside }: LocalFile): Dependency => ({
  name: path,
  ...uriOf({ ...beside, file: `${beside.folder}/${path}` }),
  digest: { sha256 },
  annotations: { role: 'beside-recipe', trust: trustInOwn(beside) },
});

/** Returns the recipe's file, those that it extends, its toolchain's, and the files beside them. */
export const recipeDependencies = (
  { origin, ancestors }: Recipe,
  toolchain: Toolchain | undefined,
  files: readonly LocalFile[],
): Dependency[] => [
  ...[origin, ...ancestors, ...(toolchain ? [toolchain.origin] : [])].map(recipeFile),
  ...[...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map(localFile),
];
