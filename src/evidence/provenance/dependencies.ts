import { basename, relative } from 'node:path';
import { packageRoot, packageVersion } from '../../base/package-root.ts';
import { inputSets } from '../../lock/inputs.ts';
import type { Lock } from '../../lock/schema.ts';
import type {
  InputRole,
  LockedInput,
  Trust as LockedTrust,
  SignedIndex,
} from '../../packages/contract.ts';
import { purl } from '../../packages/purl.ts';
import type { Origin, Recipe, Toolchain } from '../../recipe/recipe.ts';
import type { DigestSet, ResourceDescriptor } from './statement.ts';

/** The use of an input. */
type Role = InputRole | SignedIndex['role'] | 'recipe' | 'beside-recipe' | 'toolchain';

/** The reason why an input is believed. */
type Trust =
  | LockedTrust
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
  inputSets(lock).flatMap(({ of, inputs, indexes }) => [
    ...indexes.map(signedDependency),
    ...inputs.map((input) => inputDependency(input, of === 'image' ? input.role : 'toolchain')),
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
  const subpath = relative(packageRoot, file);
  return { uri: purl({ type: 'npm', name: 'mkbase', version: packageVersion, subpath }) };
}

const trustIn = ({ builtIn }: Place): Dependency['annotations']['trust'] => ({
  by: builtIn ? 'mkbase' : 'recipe',
});

const recipeFile = (origin: Origin): Dependency => ({
  name: basename(origin.file),
  ...uriOf(origin),
  digest: { sha256: origin.sha256 },
  annotations: { role: 'recipe', trust: trustIn(origin) },
});

const localFile = ({ path, sha256, beside }: LocalFile): Dependency => ({
  name: path,
  ...uriOf({ ...beside, file: `${beside.folder}/${path}` }),
  digest: { sha256 },
  annotations: { role: 'beside-recipe', trust: trustIn(beside) },
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
