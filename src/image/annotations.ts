import { withoutUrlSecrets } from '../store/show-url.ts';

/** Names and values of annotations (image-spec, annotations.md). */
export type Annotations = Readonly<Record<string, string>>;

/** Everything about a recipe that its image's annotations are made of. */
export interface AnnotatedRecipe {
  readonly name: string;
  readonly description?: string | undefined;
  /** The release that was chosen with the name. */
  readonly release?: string | undefined;
  readonly about?:
    | {
        readonly version?: string | undefined;
        readonly licence?: string | undefined;
        readonly supplier?: string | undefined;
        readonly source?: string | undefined;
      }
    | undefined;
  readonly labels: Annotations;
  readonly annotations: Annotations;
}

/** The annotations that the specification itself defines begin with it. */
const predefined = 'org.opencontainers.image.';

/** Formats a time as RFC 3339 in UTC and whole seconds, as Docker does without a fraction. */
export const timestamp = (epoch: number): string =>
  new Date(epoch * 1000).toISOString().replace('.000Z', 'Z');

/**
 * Returns the annotations of an image's manifest: those that follow from the recipe and its lock (`created` is
 * the epoch, seconds since 1970), over them labels of the specification's own names, then the recipe's own
 * annotations, and last those that the build was asked for. Secrets in URLs are left out.
 */
export function annotationsOf(
  recipe: AnnotatedRecipe,
  created: number,
  asked: Annotations = {},
): Annotations {
  const { name: title, description, about = {}, release, labels, annotations } = recipe;
  const { version = release, licence: licenses, supplier: vendor, source } = about;
  const own = {
    created: timestamp(created),
    title,
    description,
    version,
    licenses,
    vendor,
    source,
  };
  const found = Object.entries(own).flatMap(([key, value]) =>
    value === undefined ? [] : [[`${predefined}${key}`, value] as const],
  );
  const labelled = Object.entries(labels).filter(([key]) => key.startsWith(predefined));
  const all = { ...Object.fromEntries(found), ...Object.fromEntries(labelled), ...annotations };
  return withoutUrlSecrets({ ...all, ...asked });
}
