import { type ErrorCode, MkbaseError } from '../base/errors.ts';
import { record, text } from '../base/json.ts';
import { TransferFailure } from '../store/transfer/failure.ts';

/** Makes the error of a registry that does not do what it was asked. */
export const registryFailed = (message: string, hint: string, cause?: unknown): MkbaseError =>
  new MkbaseError({ code: 'REGISTRY_FAILED', message, hint, cause });

/** Makes the error of a registry that sent other bytes than those asked for. */
export const registryCorrupt = (message: string, hint = liesHint): MkbaseError =>
  new MkbaseError({ code: 'REGISTRY_CORRUPT', message, hint });

const liesHint =
  'Nothing of it was used. Ask whoever runs the registry, and look for a proxy or a mirror in between.';

const networkHint =
  'Check the name of the registry, the network and the proxy settings (http_proxy, https_proxy, no_proxy).';

const codes: Readonly<Record<TransferFailure['code'], ErrorCode>> = {
  SOURCE_UNREACHABLE: 'REGISTRY_FAILED',
  SOURCE_CORRUPT: 'REGISTRY_CORRUPT',
};

/** Words that hints about mirrors have, which registries have none of. */
const ofMirrors = /mirror/i;

/** Turns what a transfer failed with into a registry's error; any other error stays as it is. */
export function registryError(error: unknown): unknown {
  if (!(error instanceof TransferFailure)) return error;
  const { code, message, hint } = error;
  const corrupt = code === 'SOURCE_CORRUPT';
  const instead = corrupt ? liesHint : networkHint;
  return new MkbaseError({
    code: codes[code],
    message: `The registry: ${message}`,
    hint: ofMirrors.test(hint) ? instead : hint,
    cause: error,
  });
}

/** Control characters, which a terminal could take for commands. */
const unprintable = /[^\x20-\x7e]+/g;

const longestWords = 200;

/** Returns the words of an error's body (distribution-spec, "Error Codes"), short and printable; '' for none. */
export function wordsOf(body: Uint8Array): string {
  try {
    const { errors } = record(JSON.parse(Buffer.from(body).toString('utf8')));
    const [first] = Array.isArray(errors) ? errors : [];
    const { code, message } = record(first);
    const words = [text(code), text(message)].filter((each) => each !== '').join(': ');
    return words.replace(unprintable, ' ').slice(0, longestWords);
  } catch {
    return '';
  }
}
