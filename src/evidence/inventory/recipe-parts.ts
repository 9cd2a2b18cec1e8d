import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type ByteString, toByteString } from '../../base/byte-string.ts';
import { sha256OfBytes } from '../../base/hash.ts';
import type { Component, ComponentKind } from '../../kinds/component.ts';
import type { FileBeside } from '../../kinds/contract.ts';
import type { Claim, Expected } from '../../packages/claim.ts';
import { unknownLicence } from '../../packages/licences/licence.ts';
import type { Recipe, RecipeFile } from '../../recipe/recipe.ts';
import { accountFiles, namesIn } from '../../rootfs/accounts.ts';
import { glob } from '../../rootfs/glob.ts';
import { sourceFile } from '../../rootfs/source-file.ts';
import type { RootfsView } from '../../rootfs/view.ts';
import { showUrl } from '../../store/show-url.ts';
import { contentReader, contentSize, readContent } from '../../tar/content.ts';
import type { Content } from '../../tar/entry.ts';

/** The files that `files:` asks for, and their inputs. */
interface FileClaims {
  readonly claims: readonly Claim[];
  readonly inputs: Component['inputs'];
}

const pieceSize = 256 * 1024;

async function sha256Of(contents: readonly Content[]): Promise<string> {
  const hash = createHash('sha256');
  const reader = contentReader();
  const piece = Buffer.allocUnsafe(pieceSize);
  try {
    for (const content of contents) {
      const size = contentSize(content);
      for (let at = 0; at < size; at += pieceSize) {
        const bytes = piece.subarray(0, Math.min(pieceSize, size - at));
        await reader.fill(content, at, bytes);
        hash.update(bytes);
      }
    }
    return hash.digest('hex');
  } finally {
    reader.close();
  }
}

/** Returns the place of an overlay in the rootfs, whose folders may be links. */
const placeOf = ({ path }: RecipeFile, view: RootfsView): ByteString =>
  view.resolve(toByteString(path.slice(1)));

/**
 * Returns the files that rootfs/file-overlays.ts joins: those that were there before the overlay's
 * turn.
 */
function concatenated(
  pattern: string,
  later: ReadonlySet<ByteString>,
  view: RootfsView,
): Content[] {
  const matches = glob(toByteString(pattern.slice(1)));
  return view.entries
    .filter(({ path }) => matches(path) && !later.has(path))
    .map(({ path }) => view.at(path))
    .flatMap((entry) => (entry?.type === 'file' ? [entry.content] : []));
}

async function expectedOf(
  overlay: Exclude<RecipeFile, { directory: true }>,
  later: ReadonlySet<ByteString>,
  recipe: Recipe,
  view: RootfsView,
): Promise<Expected> {
  if ('symlink' in overlay) return { type: 'symlink', target: toByteString(overlay.symlink) };
  if ('url' in overlay) return { type: 'file', algorithm: 'sha256', digest: overlay.sha256 };
  const contents =
    'content' in overlay
      ? [{ bytes: Buffer.from(overlay.content) }]
      : 'source' in overlay
        ? [await sourceFile(overlay.beside ?? recipe.origin, overlay.source)]
        : concatenated(overlay.concatenate, later, view);
  return { type: 'file', algorithm: 'sha256', digest: await sha256Of(contents) };
}

/** Returns the recipes' own files by their names, with the sha256 of their bytes. */
const recipeInputs = ({ origin, ancestors }: Recipe): Component['inputs'] =>
  [origin, ...ancestors].map(({ file, sha256 }) => ({ path: basename(file), sha256 }));

/**
 * Returns what is recorded of a file beside the recipe; undefined when nothing is. Two recipes, one of which
 * extends the other, may have files of one name: the one that stands in the rootfs counts.
 */
async function recordedFile(
  source: string,
  path: ByteString,
  beside: readonly FileBeside[],
  view: RootfsView,
): Promise<Expected | undefined> {
  const recorded = beside.filter((each) => each.path === source).map(({ sha256 }) => sha256);
  const entry = recorded.length > 1 ? view.at(view.resolve(path)) : undefined;
  const found = entry?.type === 'file' ? await sha256Of([entry.content]) : undefined;
  const digest = recorded.find((each) => each === found) ?? recorded[0];
  return digest === undefined ? undefined : { type: 'file', algorithm: 'sha256', digest };
}

/** Returns the claims of `files:`. */
async function fileClaims(
  recipe: Recipe,
  view: RootfsView,
  beside: readonly FileBeside[] | undefined,
): Promise<FileClaims> {
  const claims: Claim[] = [];
  const inputs = [...recipeInputs(recipe)];
  for (const [index, overlay] of recipe.files.entries()) {
    if ('directory' in overlay) continue;
    const later = new Set(recipe.files.slice(index).map((each) => placeOf(each, view)));
    const place = placeOf(overlay, view);
    const expected =
      beside !== undefined && 'source' in overlay
        ? await recordedFile(overlay.source, place, beside, view)
        : await expectedOf(overlay, later, recipe, view);
    if (expected === undefined) continue;
    claims.push({ component: 'recipe:files', path: place, expected });
    const from =
      'source' in overlay ? overlay.source : 'url' in overlay ? showUrl(overlay.url) : undefined;
    if (from !== undefined && expected.type === 'file') {
      inputs.push({ path: from, sha256: expected.digest });
    }
  }
  return { claims, inputs };
}

/** Returns the claims of `accounts:`: a file is the recipe's if it has every line that was added. */
async function accountClaims(recipe: Recipe, view: RootfsView): Promise<Claim[]> {
  const { users, groups } = recipe.accounts;
  if (users.length + groups.length === 0) return [];
  const claims: Claim[] = [];
  for (const path of accountFiles) {
    const lines = path === 'etc/passwd' || path === 'etc/shadow' ? users : groups;
    const entry = view.at(path);
    if (entry?.type !== 'file') continue;
    const bytes = await readContent(entry.content);
    const names = namesIn(bytes.toString('latin1'));
    if (!lines.every(({ name }) => names.has(name))) continue;
    const digest = sha256OfBytes(bytes);
    const expected = { type: 'file', algorithm: 'sha256', digest } as const;
    claims.push({ component: 'recipe:accounts', path, expected });
  }
  return claims;
}

/** The parts of a rootfs that the recipe itself adds. */
interface RecipeParts {
  readonly claims: readonly Claim[];
  /** Every component that a recipe may have; an inventory leaves out those that own no path. */
  readonly components: readonly Component[];
  /** The step that makes the root file system, where mkbase runs one. */
  readonly build: Component | undefined;
}

function ownComponent(
  recipe: Recipe,
  kind: ComponentKind,
  inputs: Component['inputs'] = recipeInputs(recipe),
): Component {
  return {
    id: `recipe:${kind}`,
    kind,
    name: recipe.name,
    licence: unknownLicence("the recipe's own; mkbase does not guess at its licence"),
    inputs,
    linked: [],
  };
}

/** Returns the parts that `files:`, `accounts:`, `run:` and the step that makes the rootfs add. */
export async function recipeParts(
  recipe: Recipe,
  madeByBuild: boolean,
  view: RootfsView,
  beside?: readonly FileBeside[],
): Promise<RecipeParts> {
  const files = await fileClaims(recipe, view, beside);
  const claims = [...files.claims, ...(await accountClaims(recipe, view))];
  const build = madeByBuild ? ownComponent(recipe, 'from') : undefined;
  return {
    claims,
    components: [
      ownComponent(recipe, 'files', files.inputs),
      ownComponent(recipe, 'accounts'),
      ownComponent(recipe, 'run'),
      ...(build ? [build] : []),
    ],
    build,
  };
}
