import { MkbaseError } from '../../base/errors.ts';

const start = '-----BEGIN PGP SIGNED MESSAGE-----';
const middle = '-----BEGIN PGP SIGNATURE-----';
const end = '-----END PGP SIGNATURE-----';

function refused(what: string, problem: string): MkbaseError {
  return new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: `${what} is not a clear-signed file: ${problem}.`,
    hint: 'Check that the mirror is a Debian archive and that no proxy or login page answers in its place.',
  });
}

/**
 * Returns the file as text, provided that it is one clear-signed message from its first byte to its
 * last line and nothing else (RFC 9580 section 7). Text outside of the message, or a second message,
 * would look signed to a reader who parses the file itself. Throws SOURCE_UNTRUSTED.
 */
export function clearSignedBlock(bytes: Uint8Array, what: string): string {
  const text = decoded(bytes, what);
  const lines = text.replace(/\s+$/, '').split(/\r?\n/);
  const markers = lines.flatMap((line, index) =>
    line.startsWith('-----') ? [{ line: line.trimEnd(), index }] : [],
  );
  const [first, second, third] = markers;
  if (first === undefined) throw refused(what, 'it carries no signature');
  if (first.index !== 0) throw refused(what, 'there is text before the signed message');
  if (markers.map((marker) => marker.line).join() !== [start, middle, end].join()) {
    throw refused(what, `its parts are ${markers.map((marker) => marker.line).join(', ')}`);
  }
  if (third!.index !== lines.length - 1) throw refused(what, 'there is text after the signature');
  if (second!.index >= third!.index) throw refused(what, 'it has no signature');
  return text;
}

function decoded(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw refused(what, `it is not UTF-8 (${(error as Error).message})`);
  }
}
