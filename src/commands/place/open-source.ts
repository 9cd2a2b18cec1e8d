import type { Content, Which } from '../../attach/content.ts';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import {
  type OpenRepository,
  openRepository,
  type RegistryOptions,
} from '../../registry/session.ts';
import type { Place } from './place.ts';

/** An image, found at its place. */
export interface Source {
  readonly content: Content;
  readonly which: Which;
  readonly tag: string | undefined;
  /** The repository of a registry. */
  readonly repository?: OpenRepository;
}

/** Opens the place of an image. `word` is how it was named. Errors: USAGE, REGISTRY_*, ARCHIVE_REFUSED, IO. */
export async function openSource(
  place: Place,
  word: string,
  options: RegistryOptions,
  io: Io,
): Promise<Source> {
  if (place.kind === 'remote') {
    const { reference } = place;
    const { digest, tag } = reference;
    const { remoteContent } = await import('../../attach/remote-content.ts');
    const repository = await openRepository(reference, options, io);
    const which = digest ? { digest } : { tag: tag ?? 'latest' };
    return { content: remoteContent(repository), which, tag, repository };
  }
  const { layoutContent } = await import('../../attach/layout-content.ts');
  const content = await layoutContent(place.path, word, io).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new MkbaseError({
      code: 'USAGE',
      message: `${word}: there is nothing at ${place.path}.`,
      hint: 'Name an OCI layout or an archive of one that is there.',
    });
  });
  return { content, which: { tag: place.tag ?? 'latest' }, tag: place.tag };
}
